"""Names of units and wards, wherever they come from.

Laws:
  * Counties, sub-counties and wards ship with the app; what lies below comes from unit records
    and from the packet of the invite. A unit record wins over the packet.
  * A name is always shown with its parent's, since names repeat across the country.
  * A unit that nobody named is shown by its id, never left out.
"""

from __future__ import annotations

import json

from fieldapp.domain.gazetteer import Gazetteer
from fieldapp.domain.offices import office_label
from fieldapp.domain.text import Text
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.units import REPUBLIC, is_at_or_above, level, parent, parse_unit
from fieldapp.services.views import UnitRow


class Places:
    """Looks names of places up."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        shipped = (*gazetteer.counties(), *gazetteer.of_level("sub_county"))
        self._shipped = frozenset(UnitId(area.id) for area in shipped)
        self._names: dict[UnitId, str] = {UnitId(area.id): area.name for area in shipped}
        self._names[REPUBLIC] = "Kenya"
        self._wards: dict[UnitId, str] = {}
        self._from_records: set[UnitId] = set()

    def learn(self, unit: str, name: str, ward: str | None = None) -> None:
        """Take a name from a unit record."""
        known = UnitId(unit)
        self._names[known] = name
        self._from_records.add(known)
        if ward:
            self._wards[known] = ward

    def stand_in(self, unit: str) -> None:
        """Take a unit that we serve in by its id, until its record comes."""
        self._names.setdefault(UnitId(unit), unit)

    def forget(self, unit: str) -> None:
        """Take back a unit that was refused after all."""
        known = UnitId(unit)
        self._names.pop(known, None)
        self._wards.pop(known, None)
        self._from_records.discard(known)

    def learn_packet(self, raw: bytes | None) -> None:
        """Take the names that came with the invite, as a JSON list."""
        for row in json.loads(raw) if raw else ():
            unit = UnitId(row["id"])
            if row.get("ward"):
                self._wards.setdefault(unit, row["ward"])
            if unit not in self._from_records:
                self._names[unit] = row["name"]

    def is_known(self, unit: str) -> bool:
        """Tell whether a unit has a name here."""
        return UnitId(unit) in self._names

    def name(self, unit: str) -> str:
        """The name of a unit, or its id."""
        return self._names.get(UnitId(unit), unit)

    def display_name(self, place: str) -> str:
        """A unit or ward with the place around it, since names repeat; the id of an unnamed one."""
        if not self.is_known(place):
            return self._gazetteer.display_name(place)
        above = parent(UnitId(place))
        return self.name(place) if above is None else f"{self.name(place)}, {self.name(above)}"

    def office(self, unit: str, desk: str) -> Text:
        """What people call an office."""
        row = self.row(UnitId(unit))
        return office_label(desk, row.level, row.name)

    def row(self, unit: UnitId) -> UnitRow:
        """A unit as a picker shows it."""
        above = parent(unit)
        return UnitRow(
            id=unit,
            name=self.name(unit),
            level=level(unit).name.lower(),
            parent_name="" if above is None else self.name(above),
            ward=self._wards.get(unit),
        )

    def below(self, unit: str) -> list[UnitRow]:
        """The unit and every named unit inside it, by id."""
        top = parse_unit(unit)
        found = {one for one in self._names if is_at_or_above(top, one)} | {top}
        return [self.row(one) for one in sorted(found)]

    def packet_rows(self, unit: str) -> list[dict[str, str | None]]:
        """Names that a device of a unit needs beyond those that ship with the app."""
        top = parse_unit(unit)
        return [
            {"id": one, "name": self._names[one], "ward": self._wards.get(one)}
            for one in sorted(self._names.keys() - self._shipped)
            if is_at_or_above(top, one) or is_at_or_above(one, top)
        ]

    def wards(self, unit: str) -> list[UnitRow]:
        """The wards of a unit's county, or all of them above a county."""
        return [
            UnitRow(area.id, area.name, area.level, self._gazetteer.display_name(area.parent), None)
            for area in self._gazetteer.wards(unit)
        ]

    def ward_name(self, ward: str) -> str:
        """The name of a ward, or its id."""
        return self._gazetteer.display_name(ward)
