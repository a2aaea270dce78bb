"""What a record type is: one frozen declaration with a few pure functions.

Laws:
  * Version goes up by one whenever a field is added; fields are never removed or renamed.
  * A rule looks at the whole document and has a name; the schema lists the names, so a caller
    can tell which refusals a schema alone cannot foresee.
  * The tier is computed from the document, never stored: who may read follows from what is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fieldapp.domain.actions import Rights
from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Section
from fieldapp.domain.month_names import month_text
from fieldapp.domain.parties import PartyRules
from fieldapp.domain.retention import Keeping
from fieldapp.domain.text import Text, same

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class Tier(StrEnum):
    """How sensitive a record is."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class Menu(StrEnum):
    """Where an officer begins a record of a type."""

    FIRST = "first"
    FIELD = "field"
    PLANS = "plans"
    PARTNERS = "partners"
    NOWHERE = "nowhere"


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
class LinkRule:
    """What a linked record may not be; its name is the code of the problem it finds.

    It is asked where a document is written and the linked record can be read.
    """

    name: str
    says: Text
    field: str
    forbids: Callable[[Fields], bool]


@dataclass(frozen=True, slots=True)
class Start:
    """How such a record is begun from others: the type they have, and what they fill in.

    Attributes:
        type: the key of the type it is begun from.
        label: the words of the button on their page.
        fill: the first values, by the ids and documents of the others; None where it is not
            offered.
        several: whether more than one may be chosen.
    """

    type: str
    label: Text
    fill: Callable[[Mapping[str, Fields]], Fields | None]
    several: bool = False


def linked_start(of: str, label: Text, field: str) -> Start:
    """Begin from one record by linking to it."""
    return Start(of, label, lambda found: {field: next(iter(found))})


@dataclass(frozen=True, slots=True)
class Remark:
    """What follows from a document and is shown beside a field, never stored."""

    path: str
    text: Text
    is_care: bool = False


def first_words(fallback: Text, *names: str) -> Callable[[Fields], Text]:
    """Make the words that stand for a record: what these fields hold, else ``fallback``.

    >>> first_words(Text("Plan", "Mpango"), "name", "day")({"name": "A", "day": "2026-10-01"}).en
    'A, 01/10/2026'
    """

    def words(fields: Fields) -> Text:
        values = (fields.get(name) for name in names)
        found = ", ".join(_written(v.strip()) for v in values if isinstance(v, str) and v.strip())
        return same(found) if found else fallback

    return words


def _written(words: str) -> str:
    """Return a day as people write it; other words are returned as they are."""
    return f"{day[3]}/{day[2]}/{day[1]}" if (day := _DAY.fullmatch(words)) else words


def month_words(named: Text, name: str) -> Callable[[Fields], Text]:
    """Make the words that stand for a month's record: what it is, and the month.

    >>> month_words(Text("Return", "Ripoti"), "month")({"month": "2026-10-01"}).sw
    'Ripoti Oktoba 2026'
    """

    def words(fields: Fields) -> Text:
        value = fields.get(name)
        month = month_text(value) if isinstance(value, str) else None
        return named if month is None else Text(f"{named.en} {month.en}", f"{named.sw} {month.sw}")

    return words


def option_words(spec: FieldSpec, fallback: Text) -> Callable[[Fields], Text]:
    """Make the words of a record from the label of its choice, else ``fallback``."""

    def words(fields: Fields) -> Text:
        key = fields.get(spec.name)
        found = spec.option(key) if isinstance(key, str) else None
        return found.label if found else fallback

    return words


def every_name(*blocks: tuple[FieldSpec, ...]) -> tuple[str, ...]:
    """Return the names of the fields of some blocks, in order."""
    return tuple(spec.name for block in blocks for spec in block)


def _ordinary(_fields: Fields) -> Tier:
    return Tier.ORDINARY


def _ordinary_class(_fields: Fields) -> str:
    return Tier.ORDINARY.value


def _nobody(_fields: Fields) -> str | None:
    return None


def _same_unit(unit: str, _fields: Fields) -> str:
    return unit


def _no_presets(_fields: Fields) -> Fields:
    return {}


def _no_hints(_fields: Fields) -> list[FieldProblem]:
    return []


def _no_remarks(_facts: Facts) -> list[Remark]:
    return []


def _any_kind(_role: str, _fields: Fields) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
    """One type of record, declared once for forms, checks, tables, lists and routing.

    Attributes:
        icon: the name of a Material icon, in small letters.
        rights: who may create, change and delete such a record.
        title: the words that stand for a record in a list.
        subtitle: the second line in a list.
        tier: how sensitive a document is.
        route_class: the name of the channel class that carries the document.
        accused_unit: the unit whose own chain must not read the document, or None.
        sealed_unit: the unit under which a document is sealed; coarser than where it was
            written when the place itself would tell too much.
        presets: values that follow from what is already filled in and is still empty.
        hints: what an officer should read again before sealing, beyond the check of the words.
        kind_refusal: why a role may not record this kind of document, or None.
        retention: how long a phone shows such records, a line per tier; none is for good.
        is_listed: whether officers see such records among their own; names of places and
            officers are not.
        parties: who says what, for a type that is between one office and one device.
        menu: where an officer begins one: the deeds of the day come first, others by group.
        begin: the words of the button that begins one, where the label alone does not do.
        about: one line on what such a record is for.
        starts: from which other records it may be begun.
        link_rules: what the records that it links to may not be.
        remarks: what follows from the document: a change computed, a term that ended.
        stage: the choice that says how far a long work has come.
        ends_on: the date after which such a record is over by itself.
    """

    key: str
    version: int
    label: Text
    plural: Text
    icon: str
    fields: tuple[FieldSpec, ...]
    sections: tuple[Section, ...]
    rights: Rights
    title: Callable[[Fields], Text]
    subtitle: Callable[[Fields], Text]
    rules: tuple[Rule, ...] = ()
    tier: Callable[[Fields], Tier] = _ordinary
    route_class: Callable[[Fields], str] = _ordinary_class
    accused_unit: Callable[[Fields], str | None] = _nobody
    sealed_unit: Callable[[str, Fields], str] = _same_unit
    presets: Callable[[Fields], Fields] = _no_presets
    hints: Callable[[Fields], list[FieldProblem]] = _no_hints
    kind_refusal: Callable[[str, Fields], str | None] = _any_kind
    retention: tuple[Keeping, ...] = ()
    is_listed: bool = True
    parties: PartyRules | None = None
    menu: Menu = Menu.FIELD
    begin: Text | None = None
    about: Text | None = None
    starts: tuple[Start, ...] = ()
    link_rules: tuple[LinkRule, ...] = ()
    remarks: Callable[[Facts], list[Remark]] = _no_remarks
    stage: str | None = None
    ends_on: str | None = None

    @property
    def begin_words(self) -> Text:
        """The words of the button that begins such a record."""
        return self.begin or self.label

    @property
    def rule_words(self) -> dict[str, Text]:
        """What each rule says, by its name."""
        own = {rule.name: rule.says for rule in self.rules}
        return own | {rule.name: rule.says for rule in self.link_rules}

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
