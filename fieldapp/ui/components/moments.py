"""Days and hours: buttons that open the platform's own pickers.

Laws:
  * A day leaves here as ``YYYY-MM-DD``, an hour as ``HH:MM``, an instant with Kenya's offset.
  * The day picker answers with the client's midnight in UTC; half a day is added before the date
    is read, which is right from UTC-11 to UTC+12.
  * A picker is closed both by its answer and by its dismissal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import flet as ft

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


@ft.component
def DayField(  # noqa: PLR0913  a field is told everything it shows
    label: str,
    value: str,
    words: Words,
    on_change: OnMoment,
    error: str | None = None,
    helper: str | None = None,
) -> ft.Control:
    """A day, as dd/mm/yyyy."""
    is_open, set_open = ft.use_state(False)

    def take(event: ft.Event[ft.DatePicker]) -> None:
        set_open(False)
        if event.control.value is not None:
            on_change(picked_day(event.control.value))

    ft.use_dialog(
        ft.DatePicker(
            value=_shown_day(value),
            first_date=FIRST_DAY,
            last_date=LAST_DAY,
            help_text=label,
            on_change=take,
            on_dismiss=lambda _: set_open(False),
        )
        if is_open
        else None
    )
    return field_button(
        label,
        words.day(value) if value else "",
        ft.Icons.CALENDAR_TODAY,
        lambda _: set_open(True),
        error=error,
        helper=helper,
        trailing=_clear(label, words, on_change) if value else None,
    )


@ft.component
def TimeField(  # noqa: PLR0913  as DayField
    label: str,
    value: str,
    words: Words,
    on_change: OnMoment,
    error: str | None = None,
    helper: str | None = None,
) -> ft.Control:
    """An hour, as digits of a 24-hour clock."""
    is_open, set_open = ft.use_state(False)

    def take(event: ft.Event[ft.TimePicker]) -> None:
        set_open(False)
        if event.control.value is not None:
            on_change(event.control.value.strftime("%H:%M"))

    ft.use_dialog(
        ft.TimePicker(
            value=_shown_time(value),
            hour_format=ft.TimePickerHourFormat.H24,
            help_text=label,
            on_change=take,
            on_dismiss=lambda _: set_open(False),
        )
        if is_open
        else None
    )
    return field_button(
        label,
        value,
        ft.Icons.ACCESS_TIME,
        lambda _: set_open(True),
        error=error,
        helper=helper,
        trailing=_clear(label, words, on_change) if value else None,
    )


@ft.component
def InstantField(  # noqa: PLR0913  as DayField
    label: str,
    value: str,
    words: Words,
    on_change: OnMoment,
    error: str | None = None,
    helper: str | None = None,
) -> ft.Control:
    """A day and an hour beside each other."""
    day, hour = (value[:10], value[11:16]) if value else ("", "")

    def take(new_day: str | None, new_hour: str | None) -> None:
        if not new_day:
            on_change(None)
        else:
            on_change(f"{new_day}T{new_hour or '00:00'}{OFFSET}")

    rows: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(
                    DayField(label, day, words, lambda d: take(d, hour), None, helper), expand=3
                ),
                ft.Container(
                    TimeField(
                        words.t("ui.time_of", label=label), hour, words, lambda h: take(day, h)
                    ),
                    expand=2,
                    visible=bool(day),
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.START,
            spacing=8,
        )
    ]
    if error:
        rows.append(error_line(error))
    return ft.Column(rows, spacing=4, tight=True)


def _clear(label: str, words: Words, on_change: OnMoment) -> ft.Control:
    return icon_button(
        f"{words.t('ui.clear')}: {label}", ft.Icons.CLOSE, lambda _: on_change(None)
    )
