"""From a vault's row to what the store may hold of it: a document, or one more count.

Laws:
  * A record is open only if its class is, and if its id was not made for a restricted channel:
    what began as restricted stays out of the store, whatever its fields say later.
  * What cannot be judged (a type of a newer app) stays out.
  * Deleted and erased records have no document.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from fieldapp.domain.categories import category
from fieldapp.domain.clock import instant_text, kenya_date, month_of
from fieldapp.domain.fold import RecordView, from_json, view
from fieldapp.domain.record_types import record_type
from fieldapp.domain.rules import day
from fieldapp.errors import UnknownRecordTypeError
from fieldapp.protocol.channels import DESK_CLASSES, Channel, ChannelClass
from fieldapp.protocol.ids import RecordId, UnitId, id_to_text, new_record_id
from fieldapp.protocol.units import Level, ancestors, level
from fieldapp.storage.rows import RecordRow

OPEN_CLASSES: Final = frozenset(
    {ChannelClass.ORDINARY, ChannelClass.CONFIDENTIAL, ChannelClass.BROADCAST}
)
_BOUND_BYTES: Final = 4

RoleOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Document:
    """An open record as it stands."""

    id: str
    type: str
    unit: str
    county: str | None
    sub_county: str | None
    author: str
    author_role: str
    officer: str
    tier: str
    created_at: str
    updated_at: str
    conflicts: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """All that the store may know of one restricted record, once it is added up."""

    group: str
    month: str
    sub_county: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows at a best time; ``role_of`` names the role of a device's holder."""

    best_time_ms: int
    role_of: RoleOf

    def read(self, row: RecordRow) -> Document | Counted | None:
        """Return what the store may hold of a record; None for nothing at all."""
        if row.state is None:
            return None
        state = from_json(row.state)
        shown = view(state, self.best_time_ms)
        if shown.deleted:
            return None
        try:
            declared = record_type(state.type)
        except UnknownRecordTypeError:
            return None
        cls = declared.route_class(shown.fields)
        if cls not in OPEN_CLASSES or began_restricted(state.record, state.unit):
            return _counted(cls, state.unit, shown)
        return Document(
            id=id_to_text(state.record),
            type=state.type,
            unit=state.unit,
            county=unit_at(state.unit, Level.COUNTY),
            sub_county=unit_at(state.unit, Level.SUB_COUNTY),
            author=shown.author,
            author_role=self.role_of(shown.author),
            officer=shown.officer,
            tier=declared.tier(shown.fields),
            created_at=instant_text(shown.created_at),
            updated_at=instant_text(shown.updated_at),
            conflicts=len(shown.conflicts),
            fields=shown.fields,
        )


@lru_cache(maxsize=8192)
def unit_at(unit: UnitId, wanted: Level) -> str | None:
    """Return the unit at a level that a unit is or lies in, None if it lies above."""
    return next((above for above in ancestors(unit) if level(above) is wanted), None)


def began_restricted(record: RecordId, unit: UnitId) -> bool:
    """Tell whether a record's id was made for a desk's channel at or above its unit."""
    return record[:_BOUND_BYTES] in _desk_marks(unit)


@lru_cache(maxsize=8192)
def _desk_marks(unit: UnitId) -> frozenset[bytes]:
    channels = (Channel(above, cls) for above in ancestors(unit) for cls in DESK_CLASSES)
    return frozenset(new_record_id(channel.id, bytes(12))[:_BOUND_BYTES] for channel in channels)


def _counted(cls: str, unit: UnitId, shown: RecordView) -> Counted:
    found = category(shown.fields.get("category"))
    group = "officials" if cls == ChannelClass.OVERSIGHT else found.group if found else "other"
    told = day(shown.fields.get("date")) or day(shown.fields.get("week_of"))
    month = month_of(told or kenya_date(shown.created_at))
    return Counted(group, month, unit_at(unit, Level.SUB_COUNTY) or unit)
