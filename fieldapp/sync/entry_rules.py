"""May this entry stand in this channel? What every reader asks of an entry before folding it.

Laws:
  * Each answer follows from the entry and the channel alone, so that every reader, in whatever
    order batches come, gives the same one.
  * An entry stands in a channel of its own unit; a desk's channel may lie above. That holds for
    amendments and tombstones too: what calls itself an amendment cannot hide a new record from
    the offices in between.
  * A new record stands in the very class that its words ask for. An amendment names a part of
    the document only: it is held apart when that part alone asks for a higher class than its
    channel's, as raising the tier is a new record (decision 17).
  * Types that are between two parties, or for all officers of a unit, stand in no other channel,
    and no other type stands in theirs.
  * What a newer version declared cannot be judged here and passes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fieldapp.domain.actions import Action
from fieldapp.domain.entries import Entry
from fieldapp.domain.parties import Party
from fieldapp.domain.routing import class_of
from fieldapp.errors import InvalidRecordError, UnknownRecordTypeError
from fieldapp.protocol.channels import DESK_CLASSES, PARTY_CLASSES, Channel, ChannelClass
from fieldapp.protocol.ids import ID_BYTES, ChannelId, DeviceId, OfficeId, UnitId
from fieldapp.protocol.units import ancestors

_OPEN_CLASSES: Final = tuple(cls for cls in ChannelClass if cls not in PARTY_CLASSES)
_OWN_TYPES: Final = PARTY_CLASSES | {ChannelClass.BROADCAST}
"""Classes whose channels carry their own types of records and no others."""


def action_of(entry: Entry) -> Action:
    """Say what an entry does, from the entry alone, so that every reader says the same."""
    if entry.op == "d":
        return Action.DELETE
    return Action.EDIT if entry.replaced or entry.reason else Action.CREATE


def stands_in(entry: Entry, channel: Channel) -> bool:
    """Tell whether an entry is in a channel that it may be in."""
    if channel.cls not in DESK_CLASSES and channel.unit != entry.unit:
        return False
    action = action_of(entry)
    try:
        asked = class_of(entry.type, entry.fields)
    except UnknownRecordTypeError:
        return True
    except InvalidRecordError:
        return False
    if _OWN_TYPES & {asked, channel.cls}:
        return channel.cls is asked
    if action is not Action.EDIT:
        return action is Action.DELETE or channel.cls is asked
    silent = class_of(entry.type, {})
    return rank(asked) <= max(rank(silent), rank(channel.cls))


def rank(cls: ChannelClass) -> int:
    """Order the classes of records by how few may read them; all desks stand together."""
    if cls in DESK_CLASSES:
        return 2
    return 0 if cls is ChannelClass.ORDINARY else 1


def parties_of(channel: Channel, device: DeviceId, office: OfficeId) -> frozenset[Party]:
    """Say which sides of a channel of two parties a device of an office is of."""
    if channel.cls not in PARTY_CLASSES:
        return frozenset()
    sides = {Party.DEVICE: channel.parties[:ID_BYTES] == device}
    sides[Party.OFFICE] = channel.parties[ID_BYTES:] == office
    return frozenset(side for side, is_of in sides.items() if is_of)


@lru_cache(maxsize=4096)
def channel_of(channel: ChannelId, unit: UnitId) -> Channel | None:
    """Find the channel of this number that a record of a unit can stand in."""
    for above in ancestors(unit):
        for cls in _OPEN_CLASSES:
            candidate = Channel(above, cls)
            if candidate.id == channel:
                return candidate
    return None
