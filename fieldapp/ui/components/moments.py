"""Days and hours: buttons that open the platform's own pickers.

Laws:
  * A day leaves here as ``YYYY-MM-DD``, an hour as ``HH:MM``, an instant with Kenya's offset.
  * The day picker answers with the client's midnight in UTC; half a day is added before the date
    is read, which is right from UTC-11 to UTC+12.
  * A picker is closed both by its answer and by its dismissal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import flet as ft

from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import icon_button
from fieldapp.ui.components.inputs import error_line
from fieldapp.ui.components.picker import field_button
from fieldapp.ui.words import Words

OnMoment = Callable[[str | None], None]
FIRST_DAY = datetime(1990, 1, 1)  # noqa: DTZ001  a calendar's edge, not an instant
LAST_DAY = datetime(2060, 12, 31)  # noqa: DTZ001  as above
OFFSET = "+03:00"


def picked_day(value: datetime | date) -> str:
    """Return the day that was tapped, whatever zone the client is in."""
    if isinstance(value, datetime):
        return (value + timedelta(hours=12)).date().isoformat()
    return value.isoformat()


def _shown_day(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value[:10])
    except ValueError:
        return None


def _shown_time(value: str) -> time | None:
    try:
        return time.fromisoformat(value[:5])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Moment:
    """What a day or hour field shows."""

    label: str
    value: str = ""
    error: str | None = None
    helper: str | None = None
    required: bool = False


@guarded
def DayField(moment: Moment, words: Words, on_change: OnMoment) -> ft.Control:
    """A day, as dd/mm/yyyy."""
    is_open, set_open = ft.use_state(False)

    def take(event: ft.Event[ft.DatePicker]) -> None:
        set_open(False)
        if event.control.value is not None:
            on_change(picked_day(event.control.value))

    ft.use_dialog(
        ft.DatePicker(
            value=_shown_day(moment.value),
            first_date=FIRST_DAY,
            last_date=LAST_DAY,
            help_text=moment.label,
            on_change=take,
            on_dismiss=lambda _: set_open(False),
        )
        if is_open
        else None
    )
    return field_button(
        moment.label,
        words.day(moment.value) if moment.value else "",
        ft.Icons.CALENDAR_TODAY,
        lambda _: set_open(True),
        error=moment.error,
        helper=moment.helper,
        prompt=words.t("ui.choose"),
        trailing=_clear(moment, words, on_change),
    )


@guarded
def TimeField(moment: Moment, words: Words, on_change: OnMoment) -> ft.Control:
    """An hour, as digits of a 24-hour clock."""
    is_open, set_open = ft.use_state(False)

    def take(event: ft.Event[ft.TimePicker]) -> None:
        set_open(False)
        if event.control.value is not None:
            on_change(event.control.value.strftime("%H:%M"))

    ft.use_dialog(
        ft.TimePicker(
            value=_shown_time(moment.value),
            hour_format=ft.TimePickerHourFormat.H24,
            help_text=moment.label,
            on_change=take,
            on_dismiss=lambda _: set_open(False),
        )
        if is_open
        else None
    )
    return field_button(
        moment.label,
        moment.value,
        ft.Icons.ACCESS_TIME,
        lambda _: set_open(True),
        error=moment.error,
        helper=moment.helper,
        prompt=words.t("ui.choose"),
        trailing=_clear(moment, words, on_change),
    )


@guarded
def InstantField(moment: Moment, words: Words, on_change: OnMoment) -> ft.Control:
    """A day, and below it its hour once the day is known."""
    value = moment.value
    day, hour = (value[:10], value[11:16]) if value else ("", "")

    def take(new_day: str | None, new_hour: str | None) -> None:
        if not new_day:
            on_change(None)
        else:
            on_change(f"{new_day}T{new_hour or '00:00'}{OFFSET}")

    rows: list[ft.Control] = [
        DayField(replace(moment, value=day, error=None), words, lambda d: take(d, hour))
    ]
    if day:
        name = words.t("ui.time_of", label=moment.label)
        at = Moment(name, hour, required=True)
        rows.append(TimeField(at, words, lambda h: take(day, h)))
    if moment.error:
        rows.append(error_line(moment.error))
    return ft.Column(
        rows, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def _clear(moment: Moment, words: Words, on_change: OnMoment) -> ft.Control | None:
    if not moment.value or moment.required:
        return None
    return icon_button(
        f"{words.t('ui.clear')}: {moment.label}", ft.Icons.CLOSE, lambda _: on_change(None)
    )
