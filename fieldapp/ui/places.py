"""Counties, sub-counties and wards of the whole country, as they ship with the app.

Read once and only when a form first asks for a place beyond the officer's own area.
"""

from __future__ import annotations

from functools import cache

from fieldapp.domain.gazetteer import Gazetteer, parse
from fieldapp.i18n.assets import UNITS, asset_text
from fieldapp.services.views import UnitRow

SHIPPED_LEVELS = ("county", "sub_county")


@cache
def _gazetteer() -> Gazetteer:
    return parse(asset_text(UNITS))


@cache
def country() -> tuple[UnitRow, ...]:
    """Return every county and sub-county as rows of a picker."""
    shipped = _gazetteer()
    return tuple(
        UnitRow(area.id, area.name, level, _parent_name(shipped, area.parent), None)
        for level in SHIPPED_LEVELS
        for area in shipped.of_level(level)
    )


def _parent_name(shipped: Gazetteer, key: str) -> str:
    found = shipped.areas.get(key)
    return found.name if found is not None else "Kenya"
