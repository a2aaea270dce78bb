"""Everything the screens say, in one language: texts, values, days, hours and errors.

Laws:
  * Days are dd/mm/yyyy and hours are digits, in Kenya's time, in every language.
  * A value is shown by its field's declaration; a key of a choice never reaches a person.
  * An error says what happened, that the record is safe, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.clock import instant_millis, kenya_datetime
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind
from fieldapp.domain.rights import ROLE_OPTIONS
from fieldapp.domain.text import Text
from fieldapp.i18n import message, translate


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language."""

    language: str

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

    @staticmethod
    def instant(at_ms: int) -> str:
        """Return an instant as day and hour in Kenya."""
        return kenya_datetime(at_ms).strftime("%d/%m/%Y %H:%M")

    def value(self, spec: FieldSpec, value: Any, unit_names: Mapping[str, str]) -> str:
        """Return a field's value as a person reads it."""
        kind = spec.kind
        if value is None or value in ("", [], {}):
            return self.t("ui.value.none")
        if kind is Kind.DATE:
            return self.day(str(value))
        if kind is Kind.INSTANT:
            return self.instant(instant_millis(str(value)))
        if kind is Kind.BOOLEAN:
            return self.t("ui.yes" if value else "ui.no")
        if kind is Kind.CHOICE:
            return self._option(spec, str(value))
        if kind is Kind.MULTI_CHOICE:
            return ", ".join(self._option(spec, str(key)) for key in value)
        return self._other_value(spec, value, unit_names)

    def _other_value(self, spec: FieldSpec, value: Any, unit_names: Mapping[str, str]) -> str:
        if spec.kind is Kind.COUNT_MATRIX and isinstance(value, Mapping):
            cells = ((option, value.get(option.key)) for option in spec.options)
            return " · ".join(f"{self.text(o.label)} {n}" for o, n in cells if n is not None)
        if spec.kind in {Kind.UNIT, Kind.WARD}:
            keys: Sequence[str] = [value] if isinstance(value, str) else list(value)
            return ", ".join(unit_names.get(key, key) for key in keys)
        if spec.kind is Kind.PLACE and isinstance(value, Mapping):
            return f"{value.get('lat')}, {value.get('lon')}"
        if spec.kind is Kind.MONEY:
            return f"KSh {value:,}" if isinstance(value, int) else str(value)
        return str(value)

    def _option(self, spec: FieldSpec, key: str) -> str:
        option = spec.option(key)
        return self.text(option.label) if option else key
