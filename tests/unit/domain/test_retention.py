"""How long each kind of record is shown, as domain 7.5 has it."""

from __future__ import annotations

from datetime import date

import pytest

from fieldapp.domain.record_types import record_type
from fieldapp.domain.retention import Keeping, Since, keeping_of, kept_until, months

SEALED, CHANGED = date(2026, 1, 10), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("type_key", "fields", "until"),
    [
        ("meeting", {}, date(2028, 1, 11)),
        ("concern", {"category": "theft", "closed_on": "2026-02-01"}, date(2027, 2, 2)),
        ("concern", {"category": "theft", "status": "closed"}, date(2027, 3, 2)),
        ("concern", {"category": "theft", "status": "open"}, None),
        ("concern", {"category": "theft", "confidential": True, "status": "closed"},
         date(2026, 3, 31)),
        ("concern", {"category": "unknown_visitor", "status": "open"}, date(2026, 2, 9)),
        ("response", {}, date(2027, 1, 11)),
        ("problem", {"stage": "closed"}, date(2028, 3, 1)),
        ("problem", {"stage": "analysis"}, None),
        ("export_log", {}, date(2027, 1, 11)),
    ],
)  # fmt: skip
def test_each_kind_is_kept_for_its_time(
    type_key: str, fields: dict[str, object], until: date | None
) -> None:
    declared = record_type(type_key)
    line = keeping_of(declared.retention, declared.tier(fields).value, fields)
    assert line is not None
    assert kept_until(line, fields, SEALED, CHANGED) == until


def test_the_narrowest_line_counts() -> None:
    lines = (
        Keeping(1), Keeping(2, tier="confidential"), Keeping(3, Since.CLOSED, category="theft"),
    )  # fmt: skip
    assert keeping_of(lines, "ordinary", {}) is lines[0]
    assert keeping_of(lines, "confidential", {}) is lines[1]
    assert keeping_of(lines, "confidential", {"category": "theft"}) is lines[2]


def test_what_declares_no_line_stays() -> None:
    assert keeping_of(record_type("cluster").retention, "ordinary", {}) is None


def test_a_month_is_never_too_short() -> None:
    assert months(24) >= 366 + 365
