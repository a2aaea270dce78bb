"""Adding and importing units: places below those that ship with the app.

Laws:
  * An id is made here and never changes; name, level and ward travel as a unit record, upwards,
    and downwards in the packets of invites.
  * A unit is added below one that this office administers, never beside or above it.
  * A refused unit is known nowhere.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fieldapp.errors import ConfigError, FieldAppError, InvalidUnitError, NoRightError
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.roles import may_enrol
from fieldapp.protocol.units import Level, is_at_or_above, new_unit_id, parse_unit
from fieldapp.services.records import RecordService
from fieldapp.services.transfer_views import ImportProblem, ImportReport
from fieldapp.services.workspace import Workspace

ADDABLE: Final = {
    "location": Level.LOCATION,
    "sub_location": Level.SUB_LOCATION,
    "village": Level.VILLAGE,
    "cluster": Level.CLUSTER,
}
COLUMNS: Final = frozenset({"parent", "level", "name"})
UNITS_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that is about to be added."""

    id: UnitId
    name: str
    fields: Mapping[str, str]


class UnitDeeds:
    """Adds units for one unlocked home."""

    def __init__(self, work: Workspace, records: RecordService) -> None:
        self._work = work
        self._records = records

    def add(self, parent: str, level: str, name: str, ward: str | None) -> str:
        """Add one unit.

        Raises:
            InvalidUnitError: the parent is unknown, or no such level goes below it.
            NoRightError: it lies outside this office's subtree.
            ProblemsError: the name or the ward cannot stand.
        """
        unit = self._new(parent, level, name, ward)
        (refused,) = self._seal([unit])
        if refused is not None:
            raise refused
        return unit.id

    def load(self, text: str) -> ImportReport:
        """Add units from CSV; a parent may be named by id, or by a name higher up in the file.

        Raises:
            ConfigError: the heading lacks a column. What cannot be read further down is a problem
                of its row: what stands above it is added.
        """
        loading = _Loading()
        for number, row in enumerate(_rows(text), start=1):
            if row is None:
                loading.problems.append(ImportProblem(number, "", "import_row_not_csv", {}))
                continue
            parent = (row.get("parent") or "").strip()
            if len(loading.units) >= UNITS_AT_ONCE or parent.casefold() in loading.waiting:
                self._flush(loading)
            try:
                unit = self._new(
                    loading.parent(parent),
                    (row.get("level") or "").strip(),
                    row.get("name") or "",
                    (row.get("ward") or "").strip() or None,
                )
            except FieldAppError as refused:
                loading.refuse(number, refused)
                continue
            loading.units[number] = unit
        self._flush(loading)
        return ImportReport(loading.created, sorted(loading.problems, key=lambda one: one.row))

    def _flush(self, loading: _Loading) -> None:
        units = list(loading.units.values())
        for number, unit, refused in zip(loading.units, units, self._seal(units), strict=True):
            if refused is not None:
                loading.refuse(number, refused)
                continue
            loading.by_name[unit.name.strip().casefold()].append(unit.id)
            loading.created.append(unit.id)
        loading.units.clear()

    def _new(self, parent: str, level: str, name: str, ward: str | None) -> NewUnit:
        above = parse_unit(parent)
        if not self._work.places.is_known(above):
            raise InvalidUnitError("unknown_unit", unit=above)
        if level not in ADDABLE:
            raise InvalidUnitError("unit_level_not_addable", level=level)
        own = self._work.certificate()
        if own is None or not may_enrol(own.role) or not is_at_or_above(own.unit, above):
            raise NoRightError(reason="outside_subtree")
        unit = self._fresh(above, ADDABLE[level])
        fields = {"unit": unit, "name": name, "level": level, "status": "operational"}
        return NewUnit(unit, name, fields if ward is None else {**fields, "ward": ward})

    def _fresh(self, above: UnitId, level: Level) -> UnitId:
        while True:
            unit = new_unit_id(above, level, self._work.chance.token(4))
            if not self._work.places.is_known(unit):
                return unit

    def _seal(self, units: list[NewUnit]) -> list[FieldAppError | None]:
        """Seal unit records; what is refused is forgotten again."""
        for unit in units:
            self._work.places.learn(unit.id, unit.name.strip() or unit.id, unit.fields.get("ward"))
        answers = self._records.create_many("unit", [(unit.id, unit.fields) for unit in units])
        refusals = [None if isinstance(answer, str) else answer for answer in answers]
        for unit, refused in zip(units, refusals, strict=True):
            if refused is not None:
                self._work.places.forget(unit.id)
        return refusals


class _Loading:
    """What an import has done so far."""

    def __init__(self) -> None:
        self.units: dict[int, NewUnit] = {}
        self.by_name: defaultdict[str, list[str]] = defaultdict(list)
        self.created: list[str] = []
        self.problems: list[ImportProblem] = []

    @property
    def waiting(self) -> set[str]:
        """Names of units that are not sealed yet."""
        return {unit.name.strip().casefold() for unit in self.units.values()}

    def parent(self, named: str) -> str:
        """The id of a parent that is named by its id or by a name higher up in the file.

        Raises:
            InvalidUnitError: the name stands there more than once.
        """
        found = self.by_name.get(named.casefold(), [named])
        if len(found) > 1:
            raise InvalidUnitError("unit_name_twice", name=named)
        return found[0]

    def refuse(self, number: int, refused: FieldAppError) -> None:
        """Report a row."""
        params = {name: str(value) for name, value in refused.params.items()}
        self.problems.append(ImportProblem(number, "", refused.code, params))


def _rows(text: str) -> Iterator[dict[str, str] | None]:
    """Rows of a CSV file with the columns that units need; None where it is no CSV any more."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        heading = set(reader.fieldnames or ())
    except csv.Error as problem:
        raise ConfigError("units_heading") from problem
    if not heading >= COLUMNS:
        raise ConfigError("units_heading")
    try:
        yield from reader
    except csv.Error:
        yield None
