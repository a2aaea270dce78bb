"""Everything the screens say, in one language: texts, values, days, hours and errors.

Laws:
  * Days are dd/mm/yyyy and hours are digits, in Kenya's time, in every language; a month that
    stands for itself is said by its name.
  * A value is shown by its field's declaration; a key of a choice never reaches a person.
  * An error says what happened, that the record is safe, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldapp.domain.clock import instant_millis, kenya_datetime
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind
from fieldapp.domain.month_names import month_text
from fieldapp.domain.offices import desk_label
from fieldapp.domain.roles import ROLE_OPTIONS
from fieldapp.domain.text import Text
from fieldapp.i18n import message, translate

# The same day a week ago would be read as today.
A_WEEK = 6
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language."""

    language: str
    is_large: bool = False
    """Whether text is set so large that things stand below each other, not beside."""

    def t(self, key: str, **params: object) -> str:
        """Return a text of the catalogue."""
        return translate(key, self.language, **params)

    def text(self, text: Text) -> str:
        """Return a text of a declaration."""
        return text.in_language(self.language)

    def role(self, key: str) -> str:
        """Return the words for a role."""
        option = next((found for found in ROLE_OPTIONS if found.key == key), None)
        return self.text(option.label) if option else key

    def desk(self, key: str) -> str:
        """Return the words for a desk."""
        return self.text(desk_label(key))

    def error(self, code: str, params: Mapping[str, Any]) -> str:
        """Return what an error says to a person."""
        return message(code, self.language, **params)

    def problem(self, found: FieldProblem) -> str:
        """Return what is wrong with a field."""
        return message(found.code, self.language, **found.params)

    @staticmethod
    def day(iso: str) -> str:
        """Return an ISO day as dd/mm/yyyy; what is no day is returned as it is."""
        parts = iso.split("-")
        is_day = len(parts) == 3 and all(part.isdecimal() for part in parts)  # noqa: PLR2004
        return "/".join(reversed(parts)) if is_day else iso

    def line(self, subtitle: str, place: str) -> str:
        """Return the second line of a row: a day that it begins with as people write it."""
        day, comma, rest = subtitle.partition(",")
        shown = f"{self.day(day.strip())}{comma}{rest}"
        return " · ".join(part for part in (shown, place) if part)

    @staticmethod
    def instant(at_ms: int) -> str:
        """Return an instant as day and hour in Kenya."""
        return kenya_datetime(at_ms).strftime("%d/%m/%Y %H:%M")

    def lasting(self, seconds: int) -> str:
        """Return how long something takes, in seconds or whole minutes."""
        if seconds < MINUTE:
            return self.t("ui.sync.seconds", count=seconds)
        return self.t("ui.sync.minutes", count=-(-seconds // MINUTE))

    def moment(self, at_ms: int, today: str) -> str:
        """Return an instant of this week as weekday and hour, an older one with its date."""
        at = kenya_datetime(at_ms)
        ago = (date.fromisoformat(today) - at.date()).days
        if 0 <= ago < A_WEEK:
            return f"{self.t(f'ui.weekday.{at.weekday()}')} {at:%H:%M}"
        return self.instant(at_ms)

    def month(self, iso: str) -> str:
        """Return a month, given as one or as a day of it, by its name and year."""
        found = month_text(iso)
        return iso if found is None else self.text(found)

    def value(self, spec: FieldSpec, value: object, unit_names: Mapping[str, str]) -> str:
        """Return a field's value as a person reads it."""
        if value is None or value in ("", [], {}):
            return self.t("ui.value.none")
        if spec.kind in {Kind.UNIT, Kind.WARD}:
            return " · ".join(unit_names.get(key, key) for key in _texts(value))
        if spec.kind in {Kind.PHOTO, Kind.AUDIO} and isinstance(value, list):
            return str(len(value))
        if spec.kind in {Kind.CHOICE, Kind.MULTI_CHOICE}:
            return ", ".join(self._option(spec, key) for key in _texts(value))
        if isinstance(value, Mapping):
            return self._cells(spec, value)
        return self._single(spec, value)

    def _single(self, spec: FieldSpec, value: object) -> str:
        kind = spec.kind
        if kind is Kind.DATE:
            return self.month(str(value)) if spec.month else self.day(str(value))
        if kind is Kind.INSTANT:
            return self.instant(instant_millis(str(value)))
        if kind is Kind.BOOLEAN:
            return self.t("ui.yes" if value else "ui.no")
        if kind is Kind.MONEY and isinstance(value, int):
            return f"KSh {value:,}"
        return str(value)

    def _cells(self, spec: FieldSpec, cells: Mapping[Any, Any]) -> str:
        if spec.kind is Kind.PLACE:
            return f"{cells.get('lat')}, {cells.get('lon')}"
        counted = ((option, cells.get(option.key)) for option in spec.options)
        return " · ".join(f"{self.text(o.label)} {n}" for o, n in counted if n is not None)

    def _option(self, spec: FieldSpec, key: str) -> str:
        option = spec.option(key)
        return self.text(option.label) if option else key


def _texts(value: object) -> list[str]:
    """Return one or several keys as a list."""
    return [str(key) for key in value] if isinstance(value, list | tuple) else [str(value)]
