"""What the cells of an attendance say to each other: sums, shares and what does not add up.

Laws:
  * Pure arithmetic on counts; a cell that is missing or no number is passed over.
  * A finding is a code with numbers. Only a finding that ``is_wrong`` would be refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fieldapp.domain.meeting_choices import AGE_CELLS, SEX_CELLS
from fieldapp.domain.rules import count

THIRDS: Final = 3
HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a count matrix."""

    code: str
    params: Mapping[str, int]
    is_wrong: bool = False


def findings(cells: Mapping[str, Any] | None) -> list[Finding]:
    """Say how far an attendance is counted, and what in it cannot be."""
    found = {key: count(value) for key, value in (cells or {}).items()}
    counts = {key: value for key, value in found.items() if value is not None}
    return [*_by_sex(counts), *_by_age(counts), *_pwd(counts), *_thirds(counts)]


def _by_sex(counts: Mapping[str, int]) -> Iterator[Finding]:
    given = [counts[cell] for cell in SEX_CELLS if cell in counts]
    total, by_sex = counts.get("total"), sum(given)
    if not given:
        if total is not None:
            yield Finding("estimate", {"total": total})
        return
    if total is None or total == by_sex:
        return
    is_complete = all(cell in counts for cell in ("female", "male"))
    params = {"sum": by_sex, "total": total, "count": abs(total - by_sex)}
    if by_sex > total:
        yield Finding("sex_over", params, is_wrong=True)
    elif is_complete:
        yield Finding("sex_under", params, is_wrong=True)


def _by_age(counts: Mapping[str, int]) -> Iterator[Finding]:
    given = [counts[cell] for cell in AGE_CELLS if cell in counts]
    total = counts.get("total")
    if not given or total is None:
        return
    params = {"sum": sum(given), "total": total}
    over = sum(given) > total
    yield Finding("age_over" if over else "age", params, is_wrong=over)


def _pwd(counts: Mapping[str, int]) -> Iterator[Finding]:
    pwd, total = counts.get("pwd"), counts.get("total")
    if pwd is not None and total is not None and pwd > total:
        yield Finding("pwd_over", {"sum": pwd, "total": total}, is_wrong=True)


def _thirds(counts: Mapping[str, int]) -> Iterator[Finding]:
    """Remind gently where one sex is less than a third of those counted."""
    if "female" not in counts or "male" not in counts:
        return
    by_sex = sum(counts.get(cell, 0) for cell in SEX_CELLS)
    needed = -(-by_sex // THIRDS)
    for cell in ("female", "male"):
        if by_sex and counts[cell] * THIRDS < by_sex:
            share = round(HUNDRED * counts[cell] / by_sex)
            params = {"here": counts[cell], "total": by_sex, "share": share, "needed": needed}
            yield Finding(f"thirds_{cell}", params)
