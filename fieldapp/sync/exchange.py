"""One request and its answer, between the vault and the wire.

Laws:
  * A request is built from the vault alone, and building it changes nothing.
  * An answer counts only if it is whole and the server signed it for this very request.
  * A batch counts as stored only by a receipt that the server key of the directory signed.
  * A part is settled when it left the outbox, and not by what the server says of other batches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.errors import (
    BadSignatureError,
    CryptoError,
    ProtocolError,
    RemoteProtocolError,
)
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.protocol.checks import check_stored, check_welcome
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.error_codes import error_code
from fieldapp.protocol.feeds import followed_readers
from fieldapp.protocol.hashing import ZERO_HASH, heads_digest
from fieldapp.protocol.ids import ChannelId, ReaderId
from fieldapp.protocol.message_parts import Hello, Refusal
from fieldapp.protocol.messages import (
    SyncAnswer,
    SyncRequest,
    encode_request,
    parse_answer,
)
from fieldapp.protocol.receipts import StoredReceipt, parse_receipt
from fieldapp.storage.batches import Batches
from fieldapp.storage.rows import SERVER, BatchRow, BatchState, ReceiptRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.branching import branches, note_unplaced, settle_unplaced
from fieldapp.sync.feed import CURSOR_KEY, FeedCursor
from fieldapp.sync.own_streams import heads_at_server
from fieldapp.sync.server_history import SignedEnd, note_end, signed_end
from fieldapp.sync.snapshots import OUTGOING_KEY

PUSH_BYTES: Final = 524_288
"""How much one request carries; the server commits batch by batch as they arrive."""
PULL_BYTES: Final = 1_048_576
RECEIPTS_PER_REQUEST: Final = 2_000
"""After a restore an office sends its receipts again: all of them would not fit one request."""
UNTOLD: Final = frozenset({"clock_wrong", "unknown_device", "bad_signature"})
"""Notices of an answer that tells nothing of our streams: the server cannot trust the hello."""
OFFSET_KEY: Final = "clock_offset_ms"
SERVER_TIME_KEY: Final = "server_time_ms"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request on its way, with what an answer to it has to fit."""

    raw: bytes
    hello_hash: bytes
    batches: int
    receipts: tuple[ReceiptRow, ...]
    snapshots: int
    cursor: FeedCursor
    ends: tuple[SignedEnd, ...]
    tells_heads: bool = True

    def compares_heads(self, answer: SyncAnswer) -> bool:
        """Tell whether an answer says, in words or by silence, where our streams stand."""
        is_silent = not self.tells_heads or UNTOLD & set(answer.welcome.notices)
        return answer.heads is not None or not is_silent


@dataclass(slots=True)
class Stored:
    """What came of a push.

    Attributes:
        settled: parts that left the outbox.
        entries: how many entries that delivered.
        refusals: codes of what was refused for good.
        later: codes of what was refused for now.
        held: the size of each batch that stays for a later session, by its hash.
    """

    settled: int = 0
    entries: int = 0
    refusals: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    held: dict[bytes, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exchanger:
    """Builds requests and checks answers for one device."""

    keys: DeviceKeys
    directory: Directory
    push_bytes: int = PUSH_BYTES
    pull_bytes: int = PULL_BYTES

    def build(
        self,
        tx: Transaction,
        now_ms: int,
        held: Mapping[bytes, int] | None = None,
        *,
        asks_for_all: bool = False,
    ) -> Sent:
        """Put one request together: what waits to be sent, and from where to read on.

        Args:
            tx: a transaction that reads.
            now_ms: our clock.
            held: batches that this session does not send again, by hash, with their sizes.
            asks_for_all: say nothing of our streams, so that our own batches come in full.
        """
        cursor = FeedCursor.from_bytes(tx.meta.get(CURSOR_KEY)).follow(self._followed())
        rows = self._to_send(tx, held or {})
        receipts = tx.receipts.outgoing(RECEIPTS_PER_REQUEST)
        offset = int.from_bytes(tx.meta.get(OFFSET_KEY) or b"", "big", signed=True)
        hello = Hello(
            device=self.keys.device,
            time_ms=max(0, now_ms + offset),
            log_id=cursor.log_id,
            cursor=cursor.on_wire(),
            byte_budget=self.pull_bytes,
        )
        hello = replace(hello, signature=self.keys.sign(hello.signing_bytes()))
        request = SyncRequest(
            hello=hello,
            heads_digest=None if asks_for_all else heads_digest(self._heads_after(tx, rows)),
            batches=tuple(row.raw for row in rows),
            receipts=tuple(parse_receipt(row.raw) for row in receipts),
            snapshot=tx.meta.get(OUTGOING_KEY),
        )
        snapshots = 0 if request.snapshot is None else 1
        return Sent(
            raw=encode_request(request),
            hello_hash=hello.hash,
            batches=len(rows),
            receipts=tuple(receipts),
            snapshots=snapshots,
            cursor=cursor,
            ends=(signed_end(tx), SignedEnd(cursor.log_id, cursor.position)),
            tells_heads=not asks_for_all,
        )

    def read(self, sent: Sent, raw: bytes) -> SyncAnswer:
        """Parse an answer and hold its welcome against the request.

        Raises:
            RemoteProtocolError: It does not parse, or was not signed for this request.
        """
        answer = parse_answer(raw)
        try:
            check_welcome(answer.welcome, sent.hello_hash, self._server_key(), verify)
            for receipt in answer.stored:
                check_stored(receipt, self._server_key(), verify)
        except BadSignatureError as problem:
            raise RemoteProtocolError("answer_not_signed") from problem
        return answer

    def store(self, tx: Transaction, sent: Sent, answer: SyncAnswer) -> Stored:
        """Store what the server acknowledged or refused; ``read`` checked the signatures."""
        outcome = Stored()
        note_end(tx, answer.welcome)
        server = {head.channel: (head.seq, head.hash) for head in answer.heads or ()}
        branched = branches(tx, self.keys.device, server)
        if sent.compares_heads(answer):
            settle_unplaced(tx, branched)
        else:
            note_unplaced(tx, (receipt.header_hash for receipt in answer.stored))
        for receipt in answer.stored:
            row = tx.batches.by_hash(receipt.header_hash)
            if row is not None and row.state == "outbox":
                state: BatchState = "forked" if receipt.channel in branched else "stored"
                outcome.entries += self._store_one(tx, row, receipt, state)
                outcome.settled += 1
        has_taken_any = outcome.settled > 0
        for refusal in answer.refused:
            outcome.settled += refuse_one(tx.batches, refusal)
            later = error_code(refusal.code).is_retryable
            (outcome.later if later else outcome.refusals).append(refusal.code)
        if outcome.later:
            points = {refusal.point.hash for refusal in answer.refused}
            outcome.held = _still_there(tx, points if has_taken_any else None)
        for opened in sent.receipts:
            tx.receipts.mark_sent(opened)
            outcome.settled += 1
        if tx.meta.get(OUTGOING_KEY) is not None:
            tx.meta.delete(OUTGOING_KEY)
        return outcome

    @staticmethod
    def _store_one(
        tx: Transaction, row: BatchRow, receipt: StoredReceipt, state: BatchState
    ) -> int:
        """Mark one of our batches; return how many entries that delivers.

        In a stream where the server's chain is not ours it is kept, but it forks the chain.
        """
        tx.batches.mark(receipt.header_hash, state)
        tx.receipts.put(stored_row(receipt))
        return _entry_count(tx, row) if state == "stored" else 0

    def _to_send(self, tx: Transaction, held: Mapping[bytes, int]) -> list[BatchRow]:
        """Return what goes next; what is held back takes none of the room."""
        rows = tx.batches.outbox(self.push_bytes + sum(held.values()))
        return [row for row in rows if row.hash not in held]

    def _heads_after(
        self, tx: Transaction, rows: Sequence[BatchRow]
    ) -> Iterable[tuple[ChannelId, int, bytes]]:
        """Return the heads that the server has once it took these batches."""
        if len(rows) == _count(tx, "outbox"):
            return heads_at_server(tx, self.keys.device)
        included = {row.hash for row in rows}
        heads = []
        for channel, _, _ in heads_at_server(tx, self.keys.device):
            held = [
                (seq, batch_hash)
                for seq, batch_hash, state in tx.batches.sequence(self.keys.device, channel)
                if state in {"stored", "received"} or batch_hash in included
            ]
            if held:
                heads.append((channel, *max(held)))
        return heads

    def has_new_readers(self, tx: Transaction) -> bool:
        """Tell whether we follow a feed that the cursor does not know: one not read yet."""
        cursor = FeedCursor.from_bytes(tx.meta.get(CURSOR_KEY))
        return not cursor.running.keys() >= set(self._followed())

    def _followed(self) -> tuple[ReaderId, ...]:
        me = self.directory.device(self.keys.device)
        return () if me is None else followed_readers(me)

    def _server_key(self) -> bytes:
        return self.directory.server_key or ZERO_HASH


def refuse_one(batches: Batches, refusal: Refusal) -> int:
    """Mark a refused batch, unless it may come again; tell whether it left the outbox."""
    row = batches.by_hash(refusal.point.hash)
    if row is None or row.state != "outbox" or error_code(refusal.code).is_retryable:
        return 0
    batches.mark(refusal.point.hash, "refused", refusal.code)
    return 1


def _still_there(tx: Transaction, hashes: Collection[bytes] | None) -> dict[bytes, int]:
    """Return the sizes of these batches, or of all, as far as they are in the outbox.

    A server that took nothing at all is spared the rest: what troubles it is not one batch.
    """
    rows = tx.batches.in_state("outbox")
    return {row.hash: len(row.raw) for row in rows if hashes is None or row.hash in hashes}


def stored_row(receipt: StoredReceipt) -> ReceiptRow:
    """Return the server's receipt as the vault keeps it."""
    return ReceiptRow(
        receipt.device,
        receipt.channel,
        SERVER,
        receipt.seq,
        receipt.header_hash,
        receipt.time_ms,
        receipt.to_bytes(),
    )


def _entry_count(tx: Transaction, row: BatchRow) -> int:
    """Count the entries of one of our batches; what we cannot open any more holds one."""
    if row.kind != Kind.ENTRIES:
        return 0
    key = tx.sender_keys.get(row.kid)
    try:
        return 1 if key is None else len(open_batch(parse_batch(row.raw), Secret(key.key)))
    except (CryptoError, ProtocolError):
        return 1


def _count(tx: Transaction, state: BatchState) -> int:
    found = tx.batches.counts().get(state)
    return 0 if found is None else found.count
