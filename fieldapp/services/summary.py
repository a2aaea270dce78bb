"""The page that is read before sealing: each filled field with its label, in plain words.

Laws:
  * Only what will be sealed is shown, in the order of the declaration. What links an item to
    another record is sealed with it and not read out: an id is no word.
  * Values become words here: choices by their labels, units and wards by their names, records by
    their titles, days, moments and money as people write them. The language is chosen where it
    is shown; words alike in both stay as typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fieldapp.domain.clock import instant_millis, kenya_datetime
from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.month_names import month_text
from fieldapp.domain.paths import is_item_id
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type
from fieldapp.domain.text import Text
from fieldapp.services.places import Places
from fieldapp.services.sealing import Prepared
from fieldapp.services.titles import title_of
from fieldapp.services.views import SummaryLine
from fieldapp.services.workspace import Workspace

SEPARATOR = ", "
BETWEEN = " · "
"""Between the fields of one item, some of which are sentences with their own stop."""
AREA = Text("Area", "Eneo")
YES = Text("Yes", "Ndiyo")
NO = Text("No", "Hapana")


def summary_lines(
    declared: RecordType,
    fields: Mapping[str, Any],
    places: Places,
    language: str,
    title: Callable[[str], str],
) -> list[SummaryLine]:
    """Write a document as lines of label and value; ``title`` names a linked record."""
    writer = _Writer(places, language, title)
    return [
        SummaryLine(spec.label, writer.words(spec, fields[spec.name]))
        for spec in declared.fields
        if spec.name in fields
    ]


def summary_of(work: Workspace, prepared: Prepared, language: str) -> list[SummaryLine]:
    """Write what will be sealed as lines: its area, then its fields, as this device names them."""
    lines = summary_lines(
        record_type(prepared.type),
        prepared.fields,
        work.places,
        language,
        lambda record: title_of(work, record, language),
    )
    return [SummaryLine(AREA, work.places.name(prepared.unit)), *lines]


class _Writer:
    def __init__(self, places: Places, language: str, title: Callable[[str], str]) -> None:
        self._places = places
        self._title = title
        self._language = language

    def words(self, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401  any JSON value
        """A value as people read it."""
        if spec.kind in {Kind.PHOTO, Kind.AUDIO}:
            return str(len(value))
        if isinstance(value, list) and spec.kind is not Kind.GROUP:
            return SEPARATOR.join(self._one(spec, one) for one in value)
        return self._one(spec, value)

    def _one(self, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        by_kind: Mapping[Kind, Callable[[FieldSpec, Any], str]] = {
            Kind.CHOICE: self._option,
            Kind.MULTI_CHOICE: self._option,
            Kind.COUNT_MATRIX: self._counts,
            Kind.GROUP: self._group,
            Kind.UNIT: self._unit,
            Kind.WARD: self._ward,
            Kind.DATE: self._date,
            Kind.BOOLEAN: self._yes_no,
            Kind.LINK: self._linked,
            Kind.INSTANT: _instant,
            Kind.MONEY: _money,
            Kind.PLACE: _place,
        }
        return by_kind.get(spec.kind, _as_typed)(spec, value)

    def _option(self, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        found = next((option for option in spec.options if option.key == value), None)
        return str(value) if found is None else found.label.in_language(self._language)

    def _counts(self, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        parts = [
            f"{option.label.in_language(self._language)} {value[option.key]}"
            for option in spec.options
            if option.key in value
        ]
        return SEPARATOR.join(parts)

    def _group(self, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        lines = []
        for number, item in enumerate(value, start=1):
            told = (
                sub for sub in spec.subfields if sub.name in item and _tells(sub, item[sub.name])
            )
            parts = [self.words(sub, item[sub.name]) for sub in told]
            lines.append(f"{number}. {BETWEEN.join(parts)}")
        return "\n".join(lines)

    def _date(self, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        month = month_text(value) if spec.month else None
        if month is not None:
            return month.in_language(self._language)
        return date.fromisoformat(value).strftime("%d/%m/%Y")

    def _linked(self, _spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        return self._title(value)

    def _yes_no(self, _spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        return (YES if value else NO).in_language(self._language)

    def _unit(self, _spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        return self._places.name(value)

    def _ward(self, _spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
        return self._places.ward_name(value)


def _tells(spec: FieldSpec, value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value of an item says anything to people: the id of another thing does not."""
    return spec.kind is not Kind.LINK and not (spec.pattern and is_item_id(str(value)))


def _instant(_spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
    return kenya_datetime(instant_millis(value)).strftime("%d/%m/%Y %H:%M")


def _money(_spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
    return f"KSh {value:,}"


def _place(_spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
    return f"{value['lat']}, {value['lon']}"


def _as_typed(_spec: FieldSpec, value: Any) -> str:  # noqa: ANN401
    return str(value)
