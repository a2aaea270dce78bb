"""A place by its two numbers, as a GPS device or a map shows them.

Laws:
  * What is typed stays as it was typed; what will be kept is shown below, already rounded.
  * A comma, a degree sign and a letter for the side of the world are all understood.
  * The device is asked where it is only when its button is pressed, and what it says is rounded
    to about one kilometre before anything is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import flet as ft

from fieldapp.domain.fields import FieldSpec
from fieldapp.domain.values import COARSE_DECIMALS, LATITUDES, LONGITUDES
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button, side_button
from fieldapp.ui.components.inputs import error_line, text_input
from fieldapp.ui.context import later, use_app
from fieldapp.ui.forms import FormState
from fieldapp.ui.words import Words

RANGES = {"lat": LATITUDES, "lon": LONGITUDES}
SIDES = {"N": 1, "S": -1, "E": 1, "W": -1}
_DEGREES = re.compile(r"([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([NSEW]?)", re.IGNORECASE)


def degrees(typed: str) -> float | None:
    """Read one number of a place; None when it is not one.

    ``-2,27``, ``2.27 S`` and ``2.27° s`` are all -2.27.
    """
    found = _DEGREES.fullmatch(typed.strip().replace("\N{MINUS SIGN}", "-"))
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    return round(number * SIDES.get(found[2].upper(), 1), COARSE_DECIMALS)


@guarded
def PlaceField(
    spec: FieldSpec, path: str, form: FormState, words: Words, error: str | None
) -> ft.Control:
    """A place: one button that asks the device, or the two numbers, with what will be kept."""
    app = use_app()
    is_asking, set_asking = ft.use_state(False)
    is_unknown, set_unknown = ft.use_state(False)
    is_written, set_written = ft.use_state(False)

    async def ask() -> None:
        app.touch()
        set_asking(True)
        found = await app.platform.place()
        set_asking(False)
        set_unknown(found is None)
        _take(path, form, found or ())

    asks = side_button(
        words.t("ui.place.asking" if is_asking else "ui.place.here"),
        later(ask),
        icon=ft.Icons.MY_LOCATION,
        disabled=is_asking,
    )
    rows: list[ft.Control] = [text.label(words.text(spec.label))]
    if spec.help:
        rows.append(text.note(words.text(spec.help)))
    rows.append(asks)
    if is_unknown:
        rows.append(text.note(words.t("ui.place.unknown"), ft.Colors.TERTIARY))
    if is_written:
        rows += _numbers(path, form, words)
    rows += _kept(path, form, words)
    if not is_written:
        rows.append(quiet_button(words.t("ui.place.write"), lambda _: set_written(True)))
    if error:
        rows.append(error_line(error))
    return ft.Column(
        rows, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def _take(path: str, form: FormState, found: Sequence[float]) -> None:
    """Keep what the device said, rounded; nothing for a device that did not say."""
    for key, number in zip(RANGES, found, strict=False):
        rounded = round(number, COARSE_DECIMALS)
        form.set_typed(f"{path}/{key}", f"{rounded:.{COARSE_DECIMALS}f}", rounded)


def _numbers(path: str, form: FormState, words: Words) -> list[ft.Control]:
    rows: list[ft.Control] = [text.note(words.t("ui.place.help"))]
    fields = [_input(path, key, form, words) for key in RANGES]
    rows.append(
        ft.Column(fields, spacing=10, tight=True)
        if words.is_large
        else ft.Row(
            [ft.Container(field, expand=True) for field in fields],
            spacing=10,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    )
    return rows


def _kept(path: str, form: FormState, words: Words) -> list[ft.Control]:
    """Say what will be kept, once both numbers are there."""
    lat, lon = (form.value(f"{path}/{key}") for key in RANGES)
    if not isinstance(lat, float) or not isinstance(lon, float):
        return []
    said = words.t("ui.place.kept", lat=f"{lat:.2f}", lon=f"{lon:.2f}")
    return [text.note(said, ft.Colors.ON_SURFACE)]


def _input(path: str, key: str, form: FormState, words: Words) -> ft.Control:
    here = f"{path}/{key}"
    typed = form.number_text(here)

    def take(now: str) -> None:
        number = degrees(now)
        form.set_typed(here, now, (now.strip() or None) if number is None else number)

    return text_input(
        words.t(f"ui.place.{key}"),
        typed,
        take,
        error=_problem(key, typed, words),
        keyboard_type=ft.KeyboardType.TEXT,
    )


def _problem(key: str, typed: str, words: Words) -> str | None:
    if not typed.strip():
        return None
    number = degrees(typed)
    low, high = RANGES[key]
    if number is None:
        return words.t("ui.place.not_number")
    if not low <= number <= high:
        return words.t("ui.place.range", low=f"{low:g}", high=f"{high:g}")
    return None
