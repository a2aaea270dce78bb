"""From a vault's state of a record to what the store may hold of it: a document, or one more count.

Laws:
  * A record is open only if its class is, and if its id was not made for a restricted channel:
    what began as restricted stays out of the store, whatever its fields say later.
  * What cannot be judged (a type of a newer app) stays out.
  * Keys of pictures and sounds stay in the vault.
  * What is between one office and one device, and any other restricted record that stands in no
    list, is nowhere: neither document nor count.
  * Deleted and erased records have no document.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from fieldapp.domain.categories import category
from fieldapp.domain.clock import instant_text, kenya_date, month_of
from fieldapp.domain.fold import RecordView, from_json, view
from fieldapp.domain.media import shown as without_keys
from fieldapp.domain.record_types import record_type
from fieldapp.domain.rules import day
from fieldapp.errors import UnknownRecordTypeError
from fieldapp.protocol.channels import DESK_CLASSES, PARTY_CLASSES, Channel, ChannelClass
from fieldapp.protocol.ids import RecordId, UnitId, new_record_id
from fieldapp.protocol.units import Level, ancestors, level

OPEN_CLASSES: Final = frozenset(
    {ChannelClass.ORDINARY, ChannelClass.CONFIDENTIAL, ChannelClass.BROADCAST}
)
_BOUND_BYTES: Final = 4

RoleOf = Callable[[str], str]


class Document(NamedTuple):
    """An open record as it stands: the columns that every type has, then the rest."""

    id: str
    unit: str
    county: str | None
    sub_county: str | None
    author: str
    author_role: str
    officer: str
    tier: str
    created_at: str
    updated_at: str
    document: str
    conflicts: int
    type: str
    fields: Mapping[str, Any]


class Counted(NamedTuple):
    """All that the store may know of one restricted record, once it is added up."""

    group: str
    month: str
    sub_county: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads states at a best time; ``role_of`` names the role of a device's holder.

    ``with_restricted`` reads restricted records as documents too: for one export that a desk
    asked for, never for the store that is kept.
    """

    best_time_ms: int
    role_of: RoleOf
    with_restricted: bool = False

    def read(self, record: str, kept: bytes | None) -> Document | Counted | None:
        """Return what the store may hold of a record; None for nothing at all.

        Args:
            record: its id as text.
            kept: its state as the vault keeps it, None once that is gone.
        """
        if kept is None:
            return None
        state = from_json(kept)
        shown = view(state, self.best_time_ms)
        if shown.deleted:
            return None
        try:
            declared = record_type(state.type)
        except UnknownRecordTypeError:
            return None
        cls = declared.route_class(shown.fields)
        is_open = cls in OPEN_CLASSES and not began_restricted(state.record, state.unit)
        if cls in PARTY_CLASSES or not (is_open or declared.is_listed):
            return None
        if not (is_open or self.with_restricted):
            return _counted(cls, state.unit, shown)
        fields = without_keys(shown.fields)
        created_at, updated_at = shown.created_at, shown.updated_at
        created = instant_text(created_at)
        return Document(
            id=record,
            unit=state.unit,
            county=unit_at(state.unit, Level.COUNTY),
            sub_county=unit_at(state.unit, Level.SUB_COUNTY),
            author=shown.author,
            author_role=self.role_of(shown.author),
            officer=shown.officer,
            tier=declared.tier(shown.fields),
            created_at=created,
            updated_at=created if updated_at == created_at else instant_text(updated_at),
            document=json.dumps(fields),
            conflicts=len(shown.conflicts),
            type=state.type,
            fields=fields,
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
