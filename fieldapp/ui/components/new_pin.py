"""Choosing a PIN: typed twice, judged while typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import flet as ft

from fieldapp.ui.components.pin_field import PinField
from fieldapp.ui.words import Words

LEAST = 6


@dataclass(frozen=True, slots=True)
class NewPin:
    """A PIN typed twice; whether it is strong enough is the service's to say."""

    first: str = ""
    second: str = ""

    @property
    def is_good(self) -> bool:
        """Whether both are alike and long enough to try."""
        return len(self.first) >= LEAST and self.first == self.second


def new_pin_inputs(
    words: Words, pin: NewPin, on_change: Callable[[NewPin], None], *, label: str = ""
) -> list[ft.Control]:
    """Return the two fields; ``label`` says what the PIN is for where it is not the vault's."""
    too_short = 0 < len(pin.first) < LEAST
    unlike = bool(pin.second) and not pin.first.startswith(pin.second)
    return [
        PinField(
            label or words.t("ui.pin.choose"),
            pin.first,
            lambda typed: on_change(replace(pin, first=typed)),
            words,
            helper=words.t("ui.pin.help"),
            error=words.t("ui.pin.short", least=LEAST) if too_short and pin.second else None,
        ),
        PinField(
            words.t("ui.pin.again"),
            pin.second,
            lambda typed: on_change(replace(pin, second=typed)),
            words,
            error=words.t("ui.pin.unlike") if unlike else None,
        ),
    ]
