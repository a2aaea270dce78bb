"""The units of Kenya that ship with the app.

Laws:
  * Rows are handed in; nothing is read here.
  * Administration and devolution are two trees: a ward is an attribute and never a parent of a
    location. Wards hang under constituencies, constituencies under counties.
  * Names repeat, so a place is looked up by its number and shown as "name, parent".
  * Names are matched in lower case without anything but letters: official spelling varies.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldapp.errors import InvalidRecordError

LEVELS = ("county", "sub_county", "constituency", "ward")
COUNTY_ID_LENGTH = len("KE-001")


@dataclass(frozen=True, slots=True)
class Area:
    """A county, sub-county, constituency or ward; ``tile`` is column and row of the tile map."""

    id: str
    level: str
    name: str
    parent: str
    population_2019: int | None = None
    centroid: tuple[float, float] | None = None
    iso: str = ""
    tile: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All shipped areas by id, in the file's order."""

    areas: dict[str, Area]
    _children: dict[str, list[Area]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the areas by parent."""
        for area in self.areas.values():
            self._children.setdefault(area.parent, []).append(area)

    def area(self, area_id: str) -> Area | None:
        """Return an area, or None when it does not ship with the app."""
        return self.areas.get(area_id)

    def of_level(self, level: str) -> tuple[Area, ...]:
        """Return all areas of a level."""
        return tuple(area for area in self.areas.values() if area.level == level)

    def counties(self) -> tuple[Area, ...]:
        """Return the 47 counties by their number."""
        return self.of_level("county")

    def wards(self, unit: str) -> tuple[Area, ...]:
        """Return the wards of the county that a unit lies in; all wards for the republic."""
        if len(unit) < COUNTY_ID_LENGTH:
            return self.of_level("ward")
        county = self._children.get(unit[:COUNTY_ID_LENGTH], ())
        seats = (area.id for area in county if area.level == "constituency")
        return tuple(ward for seat in seats for ward in self._children.get(seat, ()))

    def display_name(self, area_id: str) -> str:
        """Return "name, parent", or the number itself when the area is not shipped."""
        area = self.areas.get(area_id)
        if area is None:
            return area_id
        above = self.areas.get(area.parent)
        return area.name if above is None else f"{area.name}, {above.name}"

    def find(self, words: str, level: str | None = None) -> Iterator[Area]:
        """Give the areas whose name begins with some words, however they are spelt."""
        wanted = normalised(words)
        for area in self.areas.values():
            if level in {None, area.level} and normalised(area.name).startswith(wanted):
                yield area


def normalised(name: str) -> str:
    """Reduce a name to its letters, so that spellings of one place meet.

    >>> normalised("Elgeyo-Marakwet") == normalised("Elgeyo Marakwet")
    True
    """
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain.casefold() if letter.isalpha())


def parse(text: str) -> Gazetteer:
    """Read the shipped table of areas.

    Raises:
        InvalidRecordError: a row is not one of ours; ``row`` counts from 1 after the heading.
    """
    areas: dict[str, Area] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=1):
        try:
            area = _area(row)
        except (KeyError, TypeError, ValueError) as problem:
            raise InvalidRecordError("invalid_file", row=number) from problem
        areas[area.id] = area
    return Gazetteer(areas)


def _area(row: dict[str, str]) -> Area:
    if row["level"] not in LEVELS or not row["name"]:
        raise ValueError(row["level"])
    lat, lon, people = row["latitude"], row["longitude"], row["population_2019"]
    column, line = row["tile_column"], row["tile_row"]
    return Area(
        id=row["id"],
        level=row["level"],
        name=row["name"],
        parent=row["parent_id"],
        population_2019=int(people) if people else None,
        centroid=(float(lat), float(lon)) if lat and lon else None,
        iso=row["iso_3166_2"],
        tile=(int(column), int(line)) if column and line else None,
    )
