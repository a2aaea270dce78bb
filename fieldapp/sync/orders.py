"""Erase orders as a vault knows them: which count, and what they take (PROTOCOL 2.6).

Laws:
  * Who may erase is ``readership.may_erase`` and nothing else: the server asks the same.
  * An order counts once it is kept as received, or is our own. What came before a revocation
    counts as it did then; later news do not bring back what an order took.
  * An order may come before its target. Whose target it is follows from the order, so its
    author's own word counts at once; anybody else's waits for what names the target's channel.
  * Only sealed batches are erased: an order, a grant or a statement stays readable for ever.
  * Nothing here erases; it answers.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Final, NamedTuple

from fieldapp.errors import ProtocolError
from fieldapp.protocol.batch import HEADER_BYTES, PLAIN_KINDS, Batch, parse_batch, peek
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.checks import check_order_batch, check_packet
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.erasure import EraseOrder, Reissue, parse_erase_order
from fieldapp.protocol.ids import DeviceId, Kid
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.payload import plain_payload
from fieldapp.protocol.readership import judged_version, may_erase
from fieldapp.storage.quarantine import WHOLE_BATCH
from fieldapp.storage.rows import RETIRED, BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.key_names import KeyNote, read_note, write_note

ORDERS_KEY: Final = "erase_orders"
BODY_MISSING: Final = "body_missing"
UNREAD: Final = "erased_unread"
"""Why an erased batch is shown apart: its body was gone before it was opened here."""
UNKNOWN_TARGET: Final = "unknown_target"
NOT_AUTHORISED: Final = "not_authorised"
MALFORMED: Final = "malformed_message"

_COUNTED: Final = frozenset({"received", "forked", "outbox", "stored"})
_ROW: Final = struct.Struct(">32s32s")
_BODY_LENGTH: Final = slice(108, 112)


class Ordered(NamedTuple):
    """An order that counts, who signed it, and the batch that brought it."""

    order: EraseOrder
    device: DeviceId
    batch: bytes


def is_erased(raw: bytes) -> bool:
    """Tell whether these are the bytes of an erased batch, from their length alone."""
    return len(raw) != HEADER_BYTES + int.from_bytes(raw[_BODY_LENGTH], "big")


def is_taken(row: BatchRow) -> bool:
    """Tell whether an order took the body of a batch; one that was retired had been opened."""
    return is_erased(row.raw) and row.reason != RETIRED


def note_order(tx: Transaction, target: bytes, order: bytes) -> None:
    """Remember that a batch, if it comes, has an order to be judged by."""
    rows = _rows(tx)
    if (target, order) not in rows:
        tx.meta.set(ORDERS_KEY, b"".join(_ROW.pack(*row) for row in [*rows, (target, order)]))


def ordered_targets(tx: Transaction) -> frozenset[bytes]:
    """Return the batches that some order names, whether it counts yet or not."""
    return frozenset(target for target, _ in _rows(tx))


def orders_for(tx: Transaction, target: bytes) -> list[Ordered]:
    """Return the orders that count for a batch, in the order they came."""
    found = []
    for named, order in _rows(tx):
        row = tx.batches.by_hash(order) if named == target else None
        if row is not None and row.state in _COUNTED:
            parsed = parse_erase_order(plain_payload(parse_batch(row.raw)))
            found.append(Ordered(parsed, row.device, row.hash))
    return found


def survivors(tx: Transaction, reissue: Reissue) -> list[bytes]:
    """Return the entries of a re-issue that no order took since."""
    orders = orders_for(tx, reissue.original_hash)
    return [
        raw
        for index, raw in reissue.survivors()
        if not any(one.order.covers(index) for one in orders)
    ]


def refuse_order(
    tx: Transaction, directory: Directory, batch: Batch, order: EraseOrder, author: Certificate
) -> str | None:
    """Say why an order does not count (yet); None when it does.

    Args:
        tx: knows the target, or at least its key's packet.
        directory: who is who.
        batch: the order's batch, its signature checked and not beyond a cut.
        order: what it says.
        author: the certificate that covers the batch.

    Returns:
        ``malformed_message``, ``not_authorised``, or ``unknown_target`` while that may change.
    """
    target = target_of(tx, order)
    if order.target.channel != batch.header.channel or not _names(batch, order, target):
        return MALFORMED
    if author.device == order.target.device:
        return None
    holders = _holders(tx, directory, order, Kid(batch.header.kid), target)
    if holders is None:
        return UNKNOWN_TARGET
    is_cut_later = author.state is State.REVOKED
    counted = replace(author, state=State.ACTIVE) if is_cut_later else author
    return None if may_erase(counted, order.target.device, holders) else NOT_AUTHORISED


def target_of(tx: Transaction, order: EraseOrder) -> Batch | None:
    """Find an order's target, whether it is kept or was set aside for want of its body."""
    row = tx.batches.by_hash(order.target.hash)
    raw = withheld(tx, order.target.hash) if row is None else row.raw
    return None if raw is None else parse_batch(raw)


def withheld(tx: Transaction, batch_hash: bytes) -> bytes | None:
    """Find a batch that came without its body."""
    for row in tx.quarantine.all():
        if (row.batch, row.entry, row.reason) == (batch_hash, WHOLE_BATCH, BODY_MISSING):
            return row.raw
    return None


def _names(batch: Batch, order: EraseOrder, target: Batch | None) -> bool:
    """Tell whether an order describes its target as it is."""
    if target is None:
        return True
    try:
        check_order_batch(batch.header, target.header)
    except ProtocolError:
        return False
    return peek(target.raw) == order.target and target.header.kind not in PLAIN_KINDS


def _holders(
    tx: Transaction, directory: Directory, order: EraseOrder, kid: Kid, target: Batch | None
) -> frozenset[bytes] | None:
    """Return who holds the target's key; None while its channel has no name here."""
    note = _note(tx, order.target.device, kid, target)
    if note is None:
        return None
    named = 0 if target is None else target.header.directory_version
    version = judged_version(directory, order.target.device, named)
    then = directory.readers_of(note.channel, version) if target is not None else ()
    offices = (*directory.readers_of(note.channel), *then)
    return note.holders | {office.id for office in offices}


def _note(tx: Transaction, author: DeviceId, kid: Kid, target: Batch | None) -> KeyNote | None:
    packet: KeyPacket | None = None if target is None else check_packet(target)
    if packet is not None:
        wraps = [wrap.recipient for wrap in packet.keys]
        return read_note(write_note(packet.descriptor, wraps))
    key = tx.sender_keys.get(kid)
    return None if key is None or key.device != author else read_note(key.recipients)


def _rows(tx: Transaction) -> list[tuple[bytes, bytes]]:
    return list(_ROW.iter_unpack(tx.meta.get(ORDERS_KEY) or b""))
