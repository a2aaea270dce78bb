"""The shape of a document from outside: ``{"unit", "fields"}``, and nothing beside it unseen.

Laws:
  * A name that is not known is refused, not passed over: ``Unit`` would file a record elsewhere.
  * What ``record show`` prints and an export writes may come back as it is; of that, unit and
    fields count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NAME_SHOWN: Final = 40
READ: Final = frozenset({"unit", "fields"})
SHOWN: Final = frozenset(
    {
        *("id", "type", "tier", "state", "ticks", "history", "conflicts", "author", "continues"),
        *("updated_at", "questions", "statuses", "media"),
    }
)
EXPORTED: Final = frozenset(
    {"id", "county", "sub_county", "author", "author_role", "officer", "tier", "created_at"}
)


def unit_and_fields(raw: object) -> tuple[str | None, Mapping[str, Any]] | None:
    """Return what counts of a document; None for what is none."""
    if not isinstance(raw, dict) or not isinstance(raw.get("fields"), dict):
        return None
    unit = raw.get("unit")
    return (unit, raw["fields"]) if isinstance(unit, str | None) else None


def unknown_name(raw: object) -> str | None:
    """Return the first name of a document that nobody reads, shortened; None when there is none."""
    names = raw if isinstance(raw, dict) else {}
    return next(
        (str(name)[:NAME_SHOWN] for name in names if name not in READ | SHOWN | EXPORTED), None
    )
