"""Deposit: deliver the sealed outbox of a vault that is locked, or whose key is gone.

Laws:
  * No key is needed and none is used: each batch is judged by its own signature, and nothing but
    receipts comes back (decision 10).
  * A batch leaves the outbox only by a receipt of the server that the directory names; the
    directory is read from the vault's own batches.
"""

from __future__ import annotations

from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, ProtocolError, RemoteProtocolError, SyncError
from fieldapp.protocol.checks import check_stored, check_welcome
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_request, parse_answer
from fieldapp.protocol.service import SyncService
from fieldapp.storage.outbox import Delivery, Outbox
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.directory_store import load_directory
from fieldapp.sync.exchange import PUSH_BYTES, refuse_one, stored_row
from fieldapp.sync.report import SyncReport


def deposit(outbox: Outbox, service: SyncService, *, push_bytes: int = PUSH_BYTES) -> SyncReport:
    """Deliver until the outbox is empty or nothing more is taken.

    Returns:
        What was delivered; ``sent`` counts batches, as nobody here can open one.
    """
    with outbox.reading() as tx:
        server_key = load_directory(tx.batches, None).server_key or ZERO_HASH
    sent = bytes_up = bytes_down = round_trips = 0
    error: SyncFailure | None = None
    while error is None:
        with outbox.reading() as tx:
            rows = tx.batches.outbox(push_bytes)
        if not rows:
            break
        request = encode_request(SyncRequest(batches=tuple(row.raw for row in rows)))
        try:
            raw = service.sync(request)
            answer = _checked(raw, server_key)
        except (SyncError, ProtocolError) as problem:
            error = SyncFailure(problem.code, dict(problem.params))
            break
        bytes_up, bytes_down = bytes_up + len(request), bytes_down + len(raw)
        round_trips += 1
        with outbox.transaction() as tx:
            stored, settled = _store(tx, answer)
        sent += stored
        if not settled:
            error = _unsettled(answer, len(rows))
    return SyncReport(
        sent=sent, bytes_up=bytes_up, bytes_down=bytes_down, round_trips=round_trips, error=error
    )


def _unsettled(answer: SyncAnswer, count: int) -> SyncFailure:
    """Say why nothing left the outbox."""
    if answer.refused:
        return SyncFailure(answer.refused[0].code)
    return SyncFailure("not_acknowledged", {"count": count})


def _checked(raw: bytes, server_key: bytes) -> SyncAnswer:
    """Parse an answer and check every signature in it."""
    answer = parse_answer(raw)
    try:
        check_welcome(answer.welcome, ZERO_HASH, server_key, verify)
        for receipt in answer.stored:
            check_stored(receipt, server_key, verify)
    except BadSignatureError as problem:
        raise RemoteProtocolError("answer_not_signed") from problem
    return answer


def _store(tx: Delivery, answer: SyncAnswer) -> tuple[int, int]:
    """Store receipts and refusals; return how many batches were delivered and how many settled."""
    stored = settled = 0
    for receipt in answer.stored:
        row = tx.batches.by_hash(receipt.header_hash)
        if row is not None and row.state == "outbox":
            tx.batches.mark(receipt.header_hash, "stored")
            tx.receipts.put(stored_row(receipt))
            stored += 1
    for refusal in answer.refused:
        settled += refuse_one(tx.batches, refusal)
    return stored, stored + settled
