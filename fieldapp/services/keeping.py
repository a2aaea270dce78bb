"""Retention on the phone: what was kept for its time leaves it, and says that it was here.

Laws:
  * Time is the earlier of this device's clock and the last time that a server signed: neither a
    clock far ahead nor a false server makes anything go too soon. Without a server nothing goes.
  * Only what every reading office has acknowledged goes, headquarters among them; a draft, a record
    over which one is being written, and one whose pictures still wait to be sent, stays.
  * The opened text goes with the card that search reads, and with it its pictures and sounds;
    number, day and state are left. When the sealed batch goes is ``retiring``'s to say; no screen
    opens it again.
  * It is for those who record in the field. What offices keep is theirs to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from fieldapp.domain.actions import FIELD_ROLES
from fieldapp.domain.clock import kenya_date
from fieldapp.domain.fold import from_json, view
from fieldapp.domain.media import items_of
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_types
from fieldapp.domain.retention import GONE, keeping_of, kept_until
from fieldapp.domain.text import Text
from fieldapp.domain.values import short_number
from fieldapp.protocol.ids import RecordId, id_to_text
from fieldapp.services.drafts import Drafts
from fieldapp.services.media_carrying import forget_unread, let_go
from fieldapp.services.media_reading import files_of, is_whole
from fieldapp.services.record_history import batches_of, channel_of, ticks
from fieldapp.services.retiring import due_bodies
from fieldapp.services.room import let_old_sheets_go, make_room
from fieldapp.services.workspace import Workspace
from fieldapp.storage.cards import Card
from fieldapp.storage.media import MediaRow
from fieldapp.storage.rows import RecordRow
from fieldapp.storage.search import Query
from fieldapp.storage.vault import Transaction

_EVERY: Final = 1 << 30
_STATES: Final = ("status", "stage", "outcome")


class Due(NamedTuple):
    """A record whose time is over, what is left of it, and the files that go with it."""

    record: RecordId
    stub: Card
    fields: Mapping[str, Any]


def carry_out(work: Workspace) -> int:
    """Let go of every record whose time is over, and of media where room is low; counts records.

    Raises:
        StorageError: the disk refused; nothing went.
    """
    with work.lock:
        forget_unread(work)
    make_room(work)
    today = trusted_day(work)
    if today is None:
        return 0
    if work.role in FIELD_ROLES:
        let_old_sheets_go(work, today)
    with work.lock:
        work.catch_up()
        with work.vault.reading() as tx:
            due = list(_due(work, tx, today)) if work.role in FIELD_ROLES else []
        if due:
            with work.vault.transaction() as tx:
                for one in due:
                    tx.records.give_up(one.record, one.stub.to_json())
        for one in due:
            let_go(work, one.record, one.fields)
        work.catch_up()
        _retire(work, today)
    return len(due)


def _retire(work: Workspace, today: date) -> None:
    with work.vault.reading() as tx:
        bodies = due_bodies(work, tx, today)
    if bodies:
        with work.vault.transaction() as tx:
            for batch_hash in bodies:
                tx.batches.retire(batch_hash)


def trusted_day(work: Workspace) -> date | None:
    """The day by which things go; None before a server ever signed one."""
    signed_ms = work.device.last_contact_ms
    return kenya_date(min(signed_ms, work.clock.now_ms())) if signed_ms else None


def _due(work: Workspace, tx: Transaction, today: date) -> Iterator[Due]:
    written_over = {draft.amends for draft in Drafts(work).all()}
    for declared in record_types():
        shortest = min((line.days for line in declared.retention), default=None)
        if shortest is None:
            continue
        page = work.index.search(Query(type=declared.key), limit=_EVERY)
        cards = {
            record: card
            for record, card in page.rows
            if GONE not in card.extra
            and (today - kenya_date(card.updated_ms)).days >= shortest
            and id_to_text(record) not in written_over
        }
        for record, row in tx.records.get_many(cards).items():
            found = _if_due(work, tx, row, declared, cards[record], today)
            if found is not None:
                yield found


def _if_due(
    work: Workspace,
    tx: Transaction,
    row: RecordRow,
    declared: RecordType,
    card: Card,
    today: date,
) -> Due | None:
    """What becomes of a record whose time is over, None while it is not."""
    if row.state is None or row.own_key:
        return None
    shown = view(from_json(row.state), work.best_time_ms())
    line = keeping_of(declared.retention, declared.tier(shown.fields).value, shown.fields)
    if line is None:
        return None
    sealed_on, changed_on = kenya_date(shown.created_at), kenya_date(shown.updated_at)
    until = kept_until(line, shown.fields, sealed_on, changed_on)
    if until is None or until >= today or not _is_acknowledged(work, tx, row, card):
        return None
    ours = (tx.media.get(item.file) for _, item in items_of(shown.fields))
    if any(file is not None and _waits(work, file) for file in ours):
        return None
    stub = make_stub(row.record, declared, shown.fields, card, today)
    return Due(row.record, stub, shown.fields)


def _waits(work: Workspace, file: MediaRow) -> bool:
    """Tell whether a file can still be sent; of what nobody holds any more there is nothing to."""
    return file.state != "sent" and is_whole(files_of(work), file)


def make_stub(
    record: RecordId, declared: RecordType, fields: Mapping[str, Any], card: Card, today: date
) -> Card:
    """Leave number, day and state of a record, and no other word of it."""
    number = short_number(id_to_text(record))
    day = str(fields.get("date") or kenya_date(card.updated_ms).isoformat())
    state = _state_words(declared, fields)
    return Card(
        type=declared.key,
        unit=card.unit,
        title=Text(f"{declared.label.en} {number}", f"{declared.label.sw} {number}"),
        subtitle=Text(*(", ".join(part for part in (day, said) if part) for said in state)),
        state=card.state,
        updated_ms=card.updated_ms,
        author=card.author,
        mine=card.mine,
        extra={GONE: today.isoformat()},
    )


def _state_words(declared: RecordType, fields: Mapping[str, Any]) -> tuple[str, str]:
    for name in _STATES:
        spec, key = declared.field(name), fields.get(name)
        option = spec.option(key) if spec is not None and isinstance(key, str) else None
        if option is not None:
            return option.label.en, option.label.sw
    return "", ""


def _is_acknowledged(work: Workspace, tx: Transaction, row: RecordRow, card: Card) -> bool:
    """Whether every stage that the record has was reached; headquarters is one of our own."""
    batches = batches_of(tx, row)
    stages = ticks(work, tx, channel_of(row.record, card.unit), batches)
    is_ours = any(batch.device == work.keys.device for batch in batches)
    is_whole = bool(stages) and all(stage.at_ms is not None for stage in stages)
    return is_whole and (not is_ours or any(stage.stage == "hq" for stage in stages))
