"""A month, chosen by its name: this one and those of the last two years.

Laws:
  * A month leaves here as its first day, ``YYYY-MM-01``.
  * A month that was chosen long ago stays in the list.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import flet as ft

from fieldapp.services.day import Day
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.moments import Moment
from fieldapp.ui.components.picker import Choice, Picker, PickerField
from fieldapp.ui.context import use_app, use_loaded
from fieldapp.ui.words import Words

MOST_MONTHS = 24
YEAR = 12


def months_until(today: str) -> list[str]:
    """Return the first days of the month of a day and of those before it, the newest first.

    >>> months_until("2026-11-22")[:2]
    ['2026-11-01', '2026-10-01']
    """
    day = date.fromisoformat(today)
    newest = day.year * YEAR + day.month - 1
    counted = (divmod(newest - back, YEAR) for back in range(MOST_MONTHS))
    return [date(year, month + 1, 1).isoformat() for year, month in counted]


@guarded
def MonthField(moment: Moment, words: Words, on_change: Callable[[str | None], None]) -> ft.Control:
    """A month by its name, newest first."""
    app = use_app()

    async def load() -> Day | None:
        return await app.look(app.services.day.look)

    day = use_loaded(load, [app.revision])
    months = months_until(day.today) if day is not None else []
    if moment.value and moment.value not in months:
        months.append(moment.value)
    field = PickerField(
        moment.label,
        [Choice(first, words.month(first), group=first[:4]) for first in months],
        (moment.value,),
        required=moment.required,
        error=moment.error,
        helper=moment.helper,
        icon=ft.Icons.CALENDAR_MONTH,
    )
    return Picker(field, words, lambda keys: on_change(keys[0] if keys else None))
