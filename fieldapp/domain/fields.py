"""How a field is declared: its kind, words, limits and when it is shown.

Laws:
  * A declaration is frozen data. It holds no function, so that a form, a JSON Schema, a table
    and a test can all be made from it.
  * Conditions look at plain values of the same document (or of the same item inside a group).
  * A ``FieldProblem`` carries a path, a code and parameters that name limits, never what was
    typed: problems are logged and printed.

Value shapes: text and long text ``str``; integer and money ``int``; date ``YYYY-MM-DD``; time
``HH:MM``; instant ``YYYY-MM-DDTHH:MM[:SS]+03:00``; choice ``str``; multi-choice ``list[str]``;
count matrix ``{cell: int}``; unit, ward and link ``str`` (a list when ``multiple``); place
``{"lat", "lon"}``; photo and audio a list of ``media.py``'s items; group ``list[dict]`` whose
items may carry their ``id``; boolean ``bool``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fieldapp.domain.text import Text

Fields = Mapping[str, Any]
TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 8_000
MAX_COUNT = 1_000_000
MAX_ITEMS = 100


class Kind(StrEnum):
    """Every kind of field that a form, a schema and a table know."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    INSTANT = "instant"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    COUNT_MATRIX = "count_matrix"
    UNIT = "unit"
    WARD = "ward"
    PLACE = "place"
    LINK = "link"
    GROUP = "group"
    PHOTO = "photo"
    AUDIO = "audio"
    FILE = "file"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice, or one cell of a count matrix; ``group`` orders long pick-lists."""

    key: str
    label: Text
    help: Text | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class When:
    """True when a field has one of some values, or none of them when ``negated``.

    A field that is absent has the value None.
    """

    name: str
    values: frozenset[str | bool | None]
    negated: bool = False

    def holds(self, fields: Fields) -> bool:
        """Tell whether the condition holds for a document."""
        value = fields.get(self.name)
        known = value is None or isinstance(value, str | bool)
        return (known and value in self.values) is not self.negated


def when(name: str, *values: str | bool | None) -> When:
    """Declare "the field has one of these values"."""
    return When(name, frozenset(values))


def unless(name: str, *values: str | bool | None) -> When:
    """Declare "the field has none of these values"."""
    return When(name, frozenset(values), negated=True)


def is_true(name: str) -> When:
    """Declare "the yes-or-no field says yes"."""
    return when(name, True)  # noqa: FBT003 - the value is the point


def is_not_true(name: str) -> When:
    """Declare "the yes-or-no field does not say yes"."""
    return unless(name, True)  # noqa: FBT003 - as above


def all_hold(conditions: Collection[When], fields: Fields) -> bool:
    """Tell whether every condition holds; none at all means yes."""
    return all(condition.holds(fields) for condition in conditions)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One declared field.

    Attributes:
        required: missing or empty is a problem, whenever the field is visible.
        options: the choices, or the cells of a count matrix.
        subfields: the fields of one item of a group.
        one: what one item of a group is called, where the label names them all.
        visible_when: all must hold; a value in a hidden field is a problem.
        multiple: a unit or link field that holds a list.
        latest_today: a date or instant that may not lie in the future.
        coarse: a place that may have two decimals only (about 1 km).
        week: a date that stands for its week, so it is always a Monday.
        month: a date that stands for its month, so it is always the first day.
        is_about: a text that is the id of the record which this one is about. It is no link:
            who may read either follows from their channels, not from what points to what.
        link_type: the record type that a link points to.
        may_name: a group whose items name holders of public office or facilitators, so that the
            check of the words passes over it.
        kept_days: of a photo field, after how many days at the server its files leave the phone.
        unit_levels: level names that a unit field accepts; empty accepts all.
    """

    name: str
    kind: Kind
    label: Text
    help: Text | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    subfields: tuple[FieldSpec, ...] = ()
    one: Text | None = None
    visible_when: tuple[When, ...] = ()
    default: str | int | bool | None = None
    multiple: bool = False
    min_value: int = 0
    max_value: int = MAX_COUNT
    max_length: int = 0
    max_items: int = MAX_ITEMS
    pattern: str | None = None
    latest_today: bool = False
    coarse: bool = False
    week: bool = False
    month: bool = False
    is_about: bool = False
    link_type: str | None = None
    unit_levels: tuple[str, ...] = ()
    list_column: bool = False
    may_name: bool = False
    kept_days: int | None = None

    def item_label(self) -> Text:
        """Return what one item of a group is called."""
        return self.one or self.label

    def length_limit(self) -> int:
        """Return the most characters a text may have."""
        if self.max_length:
            return self.max_length
        return LONG_TEXT_LENGTH if self.kind is Kind.LONG_TEXT else TEXT_LENGTH

    @property
    def names_records(self) -> bool:
        """Whether the value is the id of another record, or several."""
        return self.kind is Kind.LINK or self.is_about

    def option_keys(self) -> tuple[str, ...]:
        """Return the keys of the options, in their order."""
        return tuple(option.key for option in self.options)

    def option(self, key: str) -> Option | None:
        """Return the option with a key, or None."""
        return next((option for option in self.options if option.key == key), None)

    def is_visible(self, fields: Fields) -> bool:
        """Tell whether the field is shown for this document (or item)."""
        return all_hold(self.visible_when, fields)


@dataclass(frozen=True, slots=True)
class Section:
    """A page or card of a form: a heading over fields, in order, with a line of help.

    Attributes:
        later_when: all must hold for the page to wait behind one button while a record is begun;
            ``ALWAYS`` holds, None never does. It is shown when it holds something, and always
            when a record is changed.
    """

    key: str
    label: Text
    names: tuple[str, ...]
    help: Text | None = None
    later_when: tuple[When, ...] | None = None

    def waits(self, fields: Fields) -> bool:
        """Tell whether the page is left for later in a new document."""
        return self.later_when is not None and all_hold(self.later_when, fields)


ALWAYS: tuple[When, ...] = ()
"""No condition at all, which always holds."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: where, which rule, and the limits that were broken."""

    path: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
