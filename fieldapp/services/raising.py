"""Raising the tier of a sealed record: a new record in the new channel, the old one erased.

Laws:
  * A record stays in its channel for life. A change that asks for fewer readers makes a new record
    there, whose sealed text names the one it continues, and has the old one withdrawn and erased.
    All of it is one transaction, or nothing (decision 17).
  * Only the desk that reads a record moves it to another class of its own rank or below; what the
    desk read stays with the desk.
  * Who had opened the old record is told from receipts that were checked when they came. It is
    asked before the erasing, as no receipt speaks for an erased batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.fold import RecordState
from fieldapp.domain.text import Text
from fieldapp.protocol.channels import DESK_CLASSES, Channel
from fieldapp.protocol.ids import RecordId, id_to_text
from fieldapp.services.problems import ProblemsError
from fieldapp.services.record_history import batches_of
from fieldapp.services.record_view import CONTINUES
from fieldapp.services.views import RecordStateName
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import acknowledged_ms
from fieldapp.sync.entry_rules import rank
from fieldapp.sync.own_streams import URGENT


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of a change.

    Attributes:
        id: the record as it goes on; another one than was changed where the tier rose.
        state: draft or sealed.
        raised_from: the record that was left behind.
        had_read: offices that had opened the one left behind, as their receipts say.
        media_left: how many pictures and voice notes were not taken along.
    """

    id: str
    state: RecordStateName
    raised_from: str | None = None
    had_read: Sequence[Text] = ()
    media_left: int = 0


def require_move(work: Workspace, old: Channel, new: Channel) -> None:
    """Refuse a change of class that is not this device's to make.

    Raises:
        ProblemsError: ``class_would_change``.
    """
    if rank(new.cls) > rank(old.cls) or is_of_desk(work, old):
        return
    raise ProblemsError([FieldProblem("", "class_would_change")])


def is_of_desk(work: Workspace, channel: Channel) -> bool:
    """Tell whether this device sits at the desk that a channel is for."""
    me = work.certificate()
    return (
        me is not None
        and channel.cls in DESK_CLASSES
        and any(office.id == me.office_id for office in work.directory.readers_of(channel))
    )


def readers_so_far(
    work: Workspace, tx: Transaction, channel: Channel, record: RecordId
) -> list[Text]:
    """Name the other offices that opened a record or a part of it, the nearest first."""
    kept = tx.records.get(record)
    batches = [] if kept is None else batches_of(tx, kept)
    me = work.certificate()
    return [
        work.places.office(office.unit, office.desk)
        for office in work.directory.readers_of(channel)
        if (me is None or office.id != me.office_id)
        and any(acknowledged_ms(tx, row, {office.id}) is not None for row in batches)
    ]


def leave_behind(work: Workspace, tx: Transaction, channel: Channel, state: RecordState) -> None:
    """Have a record erased and withdrawn.

    Raises:
        NoRightError: a part of it is not this officer's to have erased.
    """
    work.device.erasure.erase_record(tx, channel, state.record)
    stamp, unsure = work.tick(tx)
    tombstone = Entry(
        record=state.record, type=state.type, unit=state.unit, stamp=stamp, op="d", unsure=unsure
    )
    work.sealer.seal_entries(tx, channel, [encode_entry(tombstone)], URGENT)


def link_to(record: RecordId) -> dict[str, str]:
    """Write the link that a record's page reads."""
    return {CONTINUES: id_to_text(record)}
