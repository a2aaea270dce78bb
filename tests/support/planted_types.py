"""Documents of all declared types whose every text field holds a marker, recorded by who may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_types
from fieldapp.domain.validation import drop_hidden
from fieldapp.errors import NoRightError
from fieldapp.services.facade import Services
from tests.support.markers import TEXTS, Planter
from tests.support.whole_documents import whole_document

TIERED: Final = frozenset({"meeting", "concern"})
"""Types whose tier depends on what they say: they are planted tier by tier."""
PUBLISHED: Final = frozenset({"notice"})
"""A type that has its own way out."""
SHOWING: Final[dict[str, dict[str, Any]]] = {
    "mediation": {"outcome": "agreed", "agreed_on": "2023-11-01"},
    "body": {"status": "pending"},
    "activity": {"status": "delayed"},
}
"""Answers that let a type show the text fields which it hides by default."""


def recorded_alike() -> Iterator[RecordType]:
    """Return the types that anybody with the right records by their form alone."""
    others = TIERED | PUBLISHED
    return (one for one in record_types() if one.is_listed and one.key not in others)


def plant_every_type(planter: Planter, homes: Sequence[Services]) -> None:
    """Record a planted document of each type at the first of these homes that may."""
    made: dict[str, str] = {}
    for declared in recorded_alike():
        document = planter.fill(declared.key, _bare(declared))
        if declared.key == "progress":
            document["values"][0]["indicator"] = made["indicator"]
        made[declared.key] = _create(homes, declared.key, document)


def _bare(declared: RecordType) -> dict[str, Any]:
    """Fill in what a type must have, and no text."""
    fields = whole_document(declared) | SHOWING.get(declared.key, {})
    texts = {spec.name for spec in declared.fields if _holds_text(spec)}
    shown = drop_hidden(declared.key, fields)
    return {name: value for name, value in shown.items() if name not in texts}


def _holds_text(spec: FieldSpec) -> bool:
    if spec.kind is Kind.GROUP:
        return any(sub.kind in TEXTS for sub in spec.subfields)
    return spec.kind in TEXTS and not spec.pattern


def _create(homes: Sequence[Services], key: str, document: dict[str, Any]) -> str:
    for home in homes:
        try:
            return home.records.create(key, None, document)
        except NoRightError:
            continue
    raise AssertionError(key)
