"""What a record type is: one frozen declaration with a few pure functions.

Laws:
  * Version goes up by one whenever a field is added; fields are never removed or renamed.
  * A rule looks at the whole document and has a name; the schema lists the names, so a caller
    can tell which refusals a schema alone cannot foresee.
  * The tier is computed from the document, never stored: who may read follows from what is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Section
from fieldapp.domain.text import Text


class Tier(StrEnum):
    """How sensitive a record is."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may look at: the document, its unit, and the day it is checked."""

    fields: Fields
    unit: str
    today: date


@dataclass(frozen=True, slots=True)
class Rule:
    """A cross-field rule; its name is the code of the problems it finds."""

    name: str
    says: Text
    find: Callable[[Facts], list[FieldProblem]]


@dataclass(frozen=True, slots=True)
class RecordType:
    """One type of record, declared once for forms, checks, tables, lists and routing.

    Attributes:
        icon: the name of a Material icon.
        title: the words that stand for a record in a list.
        subtitle: the second line in a list.
        tier: how sensitive a document is.
        route_class: the name of the channel class that carries the document.
        accused_unit: the unit whose own chain must not read the document, or None.
        sealed_unit: the unit under which a document is sealed; coarser than where it was
            written when the place itself would tell too much.
        presets: values that follow from what is already filled in and is still empty.
    """

    key: str
    version: int
    label: Text
    plural: Text
    icon: str
    fields: tuple[FieldSpec, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    title: Callable[[Fields], Text]
    subtitle: Callable[[Fields], Text]
    tier: Callable[[Fields], Tier]
    route_class: Callable[[Fields], str]
    accused_unit: Callable[[Fields], str | None]
    sealed_unit: Callable[[str, Fields], str]
    presets: Callable[[Fields], Fields]

    def field(self, name: str) -> FieldSpec | None:
        """Return the declaration of a top-level field, or None."""
        return next((spec for spec in self.fields if spec.name == name), None)

    @property
    def list_columns(self) -> tuple[str, ...]:
        """Return the names of the fields that a list shows as columns."""
        return tuple(spec.name for spec in self.fields if spec.list_column)

    def spec_at(self, path: str) -> FieldSpec | None:
        """Return the declaration at a flat path such as ``resolutions/ab12cd34/text``."""
        name, _, rest = path.partition("/")
        spec = self.field(name)
        if spec is None or not rest:
            return spec
        _, _, inner = rest.partition("/")
        if not inner:
            return spec
        return next((sub for sub in spec.subfields if sub.name == inner), None)
