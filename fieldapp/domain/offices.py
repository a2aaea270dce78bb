"""What an office is called, in words that a chief uses.

Laws:
  * A key of a desk or of a level never reaches a person: each has words in both languages.
  * An office below the republic is named with its place, because every place has one like it.
"""

from __future__ import annotations

from fieldapp.domain.taxonomy import DESKS
from fieldapp.domain.text import Text

ADMIN = "admin"
ALL = "all"
REPUBLIC = "republic"
HEADQUARTERS = Text("Headquarters", "Makao makuu")
ADMINISTRATIONS = {
    "county": Text("County administration office", "Ofisi ya utawala ya kaunti"),
    "sub_county": Text("Sub-county administration office", "Ofisi ya utawala ya kaunti ndogo"),
    "location": Text("Chief's office", "Ofisi ya chifu"),
    "sub_location": Text("Assistant chief's office", "Ofisi ya naibu wa chifu"),
    "village": Text("Village elder", "Mzee wa kijiji"),
    "cluster": Text("Nyumba Kumi cluster", "Kundi la Nyumba Kumi"),
}
ALL_OFFICERS = Text("All officers", "Maafisa wote")
UNNAMED = Text("Office", "Ofisi")


def desk_label(desk: str) -> Text:
    """Return the words for a desk; one of a newer version is just an office."""
    if desk == ADMIN:
        return Text("Administration", "Utawala")
    if desk == ALL:
        return ALL_OFFICERS
    return next((option.label for option in DESKS if option.key == desk), UNNAMED)


def office_label(desk: str, level: str, place: str) -> Text:
    """Return the words for an office.

    Args:
        desk: the office's desk, ``admin`` or one of ``DESKS``.
        level: the level of its unit, as ``UnitRow`` names it.
        place: the name of its unit.
    """
    if level == REPUBLIC:
        return HEADQUARTERS if desk == ADMIN else _joined(desk_label(desk), HEADQUARTERS)
    kind = ADMINISTRATIONS.get(level, UNNAMED) if desk == ADMIN else desk_label(desk)
    return Text(f"{kind.en}, {place}", f"{kind.sw}, {place}")


def _joined(desk: Text, where: Text) -> Text:
    return Text(f"{desk.en}, {where.en.lower()}", f"{desk.sw}, {where.sw.lower()}")
