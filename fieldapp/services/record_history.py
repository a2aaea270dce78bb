"""How a record came to be: its entries read again from their sealed batches, and its ticks.

Laws:
  * History is read from the sealed batches themselves; nothing else remembers it.
  * A tick is a receipt that was judged when it came; a stage that does not exist for a channel is
    absent, one not reached is None. What an office wrote itself it need not acknowledge.
  * Receipts go to whoever wrote, and stay with the office that gave them. So a tick speaks for
    every batch of the record that this device wrote; of a record that others wrote alone,
    another office's stage is unknown here, and so absent.
  * A batch whose key is gone (a restricted record given up) has no history, and says so by
    being left out. What an order erased is told: when, and by whose device.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.domain.clock import stamp_millis
from fieldapp.domain.entries import Entry, decode_entry, device_text
from fieldapp.domain.media import is_secret_path
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.text import same
from fieldapp.errors import CryptoError, FieldAppError, ProtocolError
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.protocol.channels import DESK_CLASSES, PARTY_CLASSES, Channel, ChannelClass
from fieldapp.protocol.erasure import parse_reissue
from fieldapp.protocol.ids import DeviceId, OfficeId, RecordId, UnitId, record_in_channel
from fieldapp.protocol.units import REPUBLIC, ancestors, is_at_or_above
from fieldapp.services.views import FieldChange, HistoryItem, Tick
from fieldapp.services.workspace import Workspace
from fieldapp.storage.rows import SERVER, BatchRow, BatchState, RecordRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.acknowledged import acknowledged_ms, channel_of_batch, counting
from fieldapp.sync.orders import is_taken, orders_for, survivors
from fieldapp.sync.own_streams import RESEALED

Stage = Literal["server", "sub_county", "hq"]
UNFINISHED: Final = "w"
"""The key of an entry that was sealed in the last second of its vault, before it was whole."""


def channel_of(record: RecordId, unit: str) -> Channel | None:
    """Find the channel that a record's id is bound to, among those its unit could have."""
    own = [Channel(above, cls) for above in ancestors(UnitId(unit)) for cls in ChannelClass]
    return next((channel for channel in own if record_in_channel(record, channel.id)), None)


def named_channel_of(tx: Transaction, batches: Sequence[BatchRow]) -> Channel | None:
    """Find the channel of two parties that a record is in, by the name its keys came with."""
    found = (channel_of_batch(tx, batch) for batch in batches)
    return next((one for one in found if one is not None and one.cls in PARTY_CLASSES), None)


def desk_channel_of(work: Workspace, batches: Sequence[BatchRow]) -> Channel | None:
    """Find the desk's channel of a record that was given up, from its sealed batches alone."""
    sealed = {batch.channel for batch in batches}
    above = ancestors(UnitId(work.profile.unit))
    known = (Channel(unit, cls) for unit in above for cls in DESK_CLASSES)
    return next((channel for channel in known if channel.id in sealed), None)


def batches_of(tx: Transaction, row: RecordRow) -> list[BatchRow]:
    """The batches that made a record, as they were folded."""
    found = (tx.batches.by_hash(header_hash) for header_hash in row.batches)
    return [batch for batch in found if batch is not None]


def entries_of(
    tx: Transaction, row: RecordRow, batches: Sequence[BatchRow]
) -> Iterator[tuple[Entry, DeviceId]]:
    """Read a record's entries again, each once, as far as their keys are still here."""
    seen = set()
    for kept in batches:
        for entry, device in _opened(tx, kept):
            if entry.record == row.record and (entry.stamp, device) not in seen:
                seen.add((entry.stamp, device))
                yield entry, device


def records_in(tx: Transaction, states: Sequence[BatchState]) -> frozenset[RecordId]:
    """Name the records that the batches in some states are about; not what was sealed again."""
    rows = (row for state in states for row in tx.batches.in_state(state))
    found = (row for row in rows if row.reason != RESEALED)
    return frozenset(entry.record for row in found for entry, _ in _opened(tx, row))


def records_of(tx: Transaction, row: BatchRow) -> frozenset[RecordId]:
    """Name the records that a batch is about, as far as it can be opened here."""
    return frozenset(entry.record for entry, _ in _opened(tx, row))


def _opened(tx: Transaction, kept: BatchRow) -> Iterator[tuple[Entry, DeviceId]]:
    """Read the entries of a batch with their author; none where its key or its body is gone.

    What a re-issue brings was written by the author of the batch it is left of.
    """
    device, raws = kept.device, _raws(tx, kept)
    if kept.kind == Kind.REISSUE and raws:
        reissue = parse_reissue(raws[0])
        device, raws = reissue.header.device, survivors(tx, reissue)
    yield from ((entry, device) for raw in raws if (entry := _entry(raw)) is not None)


def _raws(tx: Transaction, kept: BatchRow) -> list[bytes]:
    """Open a batch of records, or of what is left of one."""
    key = tx.sender_keys.get(kept.kid)
    if key is None or kept.kind not in {Kind.ENTRIES, Kind.REISSUE}:
        return []
    try:
        return open_batch(parse_batch(kept.raw), Secret(key.key))
    except (CryptoError, ProtocolError):
        return []


def _entry(raw: bytes) -> Entry | None:
    try:
        return decode_entry(raw)
    except FieldAppError:
        return None


def history(
    work: Workspace,
    declared: RecordType | None,
    entries: Sequence[tuple[Entry, DeviceId]],
) -> list[HistoryItem]:
    """Tell what each entry changed, oldest first."""
    ordered = sorted(entries, key=lambda pair: (pair[0].stamp, pair[1]))
    known: dict[str, Any] = {}
    items = []
    for place, (entry, device) in enumerate(ordered):
        op = "deleted" if entry.op == "d" else "changed" if place else "created"
        changes = [
            _change(declared, path, known, value)
            for path, value in entry.fields.items()
            if not is_secret_path(path)
        ]
        known.update(entry.fields)
        author = device_text(device)
        items.append(
            HistoryItem(
                at_ms=stamp_millis(entry.stamp),
                author=work.who(author),
                op=op,  # type: ignore[arg-type]
                changes=changes,
                reason=entry.reason or None,
                clock_unsure=entry.unsure,
                is_unfinished=entry.extra.get(UNFINISHED) == 1,
            )
        )
    return items


def erasures(work: Workspace, tx: Transaction, batches: Sequence[BatchRow]) -> list[HistoryItem]:
    """Tell when parts of a record were erased, and on whose order.

    A batch of which the record's entries came back by a re-issue lost other records only.
    """
    left = {
        parse_reissue(raws[0]).original_hash
        for row in batches
        if row.kind == Kind.REISSUE and (raws := _raws(tx, row))
    }
    gone = [
        row
        for row in batches
        if row.kind == Kind.ENTRIES and is_taken(row) and row.hash not in left
    ]
    orders = {one.batch: one.device for row in gone for one in orders_for(tx, row.hash)}
    rows = [(row, device) for one, device in orders.items() if (row := tx.batches.by_hash(one))]
    return [
        HistoryItem(
            at_ms=row.created_ms,
            author=work.who(device_text(device)),
            op="erased",
            changes=[],
            reason=None,
            clock_unsure=False,
        )
        for row, device in sorted(rows, key=lambda pair: pair[0].created_ms)
    ]


def _change(
    declared: RecordType | None, path: str, known: Mapping[str, Any], value: object
) -> FieldChange:
    spec = None if declared is None else declared.spec_at(path)
    return FieldChange(path, same(path) if spec is None else spec.label, known.get(path), value)


def ticks(
    work: Workspace, tx: Transaction, channel: Channel | None, batches: Sequence[BatchRow]
) -> list[Tick]:
    """Say which stages a record has reached as far as this device can know, and when."""
    author = batches[0].device if batches else work.keys.device
    stages: list[tuple[Stage, frozenset[OfficeId]]] = [("server", frozenset({SERVER}))]
    if channel is not None:
        stages += _office_stages(work, channel, author)
    ours = [batch for batch in batches if batch.device == work.keys.device]
    found = [
        (Tick(stage, _reached(work, tx, offices, ours or batches)), offices)
        for stage, offices in stages
    ]
    cert = work.certificate()
    own = {SERVER} if cert is None else {SERVER, cert.office_id}
    return [tick for tick, offices in found if ours or tick.at_ms is not None or offices & own]


def _office_stages(
    work: Workspace, channel: Channel, author: DeviceId
) -> list[tuple[Stage, frozenset[OfficeId]]]:
    """The nearest reading office above the author below KE (a desk's own), and those at KE."""
    readers = work.directory.readers_of(channel)
    at_ke = frozenset(office.id for office in readers if office.unit == REPUBLIC)
    near = [office for office in readers if office.unit != REPUBLIC]
    cert = work.directory.device(author)
    if cert is not None and channel.cls not in DESK_CLASSES | PARTY_CLASSES:
        near = [one for one in near if is_at_or_above(one.unit, cert.unit)]
        near = [one for one in near if one.id != cert.office_id]
    stages: list[tuple[Stage, frozenset[OfficeId]]] = []
    if near:
        stages.append(("sub_county", frozenset({near[0].id})))
    if at_ke:
        stages.append(("hq", at_ke))
    return stages


def _reached(
    work: Workspace, tx: Transaction, offices: frozenset[OfficeId], batches: Sequence[BatchRow]
) -> int | None:
    """When the last of the batches reached one of the offices, None if any did not."""
    times = [reached_ms(work, tx, offices, batch) for batch in counting(batches)]
    known = [at_ms for at_ms in times if at_ms is not None]
    return max(known) if known and len(known) == len(times) else None


def reached_ms(
    work: Workspace, tx: Transaction, offices: frozenset[OfficeId], batch: BatchRow
) -> int | None:
    """When an office acknowledged a batch, or sent it itself; the server, when it placed it."""
    at_ms = acknowledged_ms(tx, batch, offices)
    if at_ms is not None or batch.state == "outbox":
        return at_ms
    if SERVER in offices:
        return None if batch.position is None else batch.created_ms
    cert = work.directory.device(batch.device)
    return batch.created_ms if cert is not None and cert.office_id in offices else None
