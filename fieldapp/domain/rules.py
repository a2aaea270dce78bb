"""Cross-field rules that several record types share, made from the names of fields.

Laws:
  * A rule only speaks when all values it compares are there and well formed: what is missing or
    misspelt is told once, by the field itself.
  * The problem is put on the field that a person would change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from fieldapp.domain.clock import instant_millis
from fieldapp.domain.fields import FieldProblem, Fields
from fieldapp.domain.record_type import Facts, Rule
from fieldapp.domain.text import Text
from fieldapp.domain.values import whole


def items_of(fields: Fields, group: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give each well-formed item of a group with its path."""
    items = fields.get(group)
    for place, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield f"{group}/{item.get('id') or place}", item


def day(value: object) -> date | None:
    """Read a date, or None when it is no date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def count(value: object) -> int | None:
    """Read a whole number that is not negative, or None."""
    number = whole(value)
    return number if number is not None and number >= 0 else None


def point(value: object) -> int | None:
    """Read a date or an instant as a number that can be compared with its like."""
    found = day(value)
    if found is not None:
        return found.toordinal()
    try:
        return instant_millis(value) if isinstance(value, str) else None
    except ValueError:
        return None


def in_order(name: str, says: Text, *names: str, group: str | None = None) -> Rule:
    """Make the rule that dates or instants follow one another; missing ones are passed over."""

    def find(facts: Facts) -> list[FieldProblem]:
        if group is None:
            return _out_of_order(name, "", facts.fields, names)
        problems: list[FieldProblem] = []
        for path, item in items_of(facts.fields, group):
            problems += _out_of_order(name, path + "/", item, names)
        return problems

    return Rule(name, says, find)


def _out_of_order(
    code: str, prefix: str, item: Fields, names: tuple[str, ...]
) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    latest: int | None = None
    for name in names:
        moment = point(item.get(name))
        if moment is None:
            continue
        if latest is not None and moment < latest:
            problems.append(FieldProblem(prefix + name, code))
        latest = moment if latest is None else max(latest, moment)
    return problems


def subset(name: str, says: Text, smaller: str, larger: str) -> Rule:
    """Make the rule that one multi-choice holds only what the other one holds."""

    def find(facts: Facts) -> list[FieldProblem]:
        few, many = facts.fields.get(smaller), facts.fields.get(larger) or []
        if not isinstance(few, list) or not isinstance(many, list):
            return []
        return [FieldProblem(smaller, name)] if any(key not in many for key in few) else []

    return Rule(name, says, find)
