"""Months as people say them: their names in both languages.

Decides only words. How a month is kept, by its first day, is the field's business.
"""

from __future__ import annotations

import re
from typing import Final

from fieldapp.domain.text import Text

MONTHS: Final = (
    Text("January", "Januari"),
    Text("February", "Februari"),
    Text("March", "Machi"),
    Text("April", "Aprili"),
    Text("May", "Mei"),
    Text("June", "Juni"),
    Text("July", "Julai"),
    Text("August", "Agosti"),
    Text("September", "Septemba"),
    Text("October", "Oktoba"),
    Text("November", "Novemba"),
    Text("December", "Desemba"),
)
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-\d{2})?", re.ASCII)


def month_text(iso: str) -> Text | None:
    """Return a month, given as one or as a day of it, in words; None for anything else.

    >>> month_text("2026-10-01").sw
    'Oktoba 2026'
    """
    found = _MONTH.fullmatch(iso)
    if found is None:
        return None
    year, month = found[1], MONTHS[int(found[2]) - 1]
    return Text(f"{month.en} {year}", f"{month.sw} {year}")
