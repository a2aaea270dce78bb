"""What becomes of a batch: stored, waiting, forked, quarantined, or refused.

Laws:
  * The same batch again changes nothing and gets the same receipt.
  * Refused is only what no honest device sends, or what may come again once something that is
    missing has arrived (an unknown device or invite, a key). Nothing is written for it.
  * A directory version that the server has not reached is no reason to refuse: a server that was
    restored from an old copy gets it back. Every reader known here must be named; a batch that
    names others is kept, and handed out when the directory knows them. Where the version that it
    names came and does not know them either, it is quarantined and counted.
  * Everything else is kept: without its key it waits, against the chain it is forked, beyond a
    revocation it is quarantined.
  * Of a device that is not trusted, and beyond the cut of a revoked one, so many bytes are kept.
  * A fork is fed to its readers like any batch: they see both and mark them.
  * What is quarantined is fed to those of its readers who may adopt it: the ``admin`` offices at
    or above the device's unit, or the desk. They find it beyond the cut by their own directory;
    once somebody adopts it, everybody gets it.

Realises docs/PROTOCOL.md sections 2.5, 5 and 7.6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from fieldapp.errors import (
    CryptoError,
    FieldAppError,
    HiddenFromOfficeError,
    MalformedMessageError,
    ProtocolError,
)
from fieldapp.protocol import limits
from fieldapp.protocol.batch import Batch, Kind, parse_batch
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.checks import check_signature
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.error_codes import error_codes
from fieldapp.protocol.feeds import directory_readers, guardians
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import Refusal
from fieldapp.protocol.receipts import StoredReceipt
from fieldapp.protocol.units import REPUBLIC
from fieldapp.protocol.verdicts import Outcome
from sync_server.auth import ServerKey, verify
from sync_server.errors import RefusedBatchError
from sync_server.exchange.authors import author_key, check_claim
from sync_server.exchange.counters import Counters
from sync_server.exchange.directory_copy import DirectoryCopy
from sync_server.exchange.placing import Place, place
from sync_server.exchange.routing import Plan, plan
from sync_server.storage.ledger import (
    EARLY,
    QUARANTINED,
    STORED,
    WAITING,
    FeedRow,
    Known,
    Ledger,
    sender_key_of,
)
from sync_server.storage.lookups import (
    KeptAside,
    bytes_of,
    first_stored_ms,
    kept_aside,
    raw_at,
)
from sync_server.storage.streams import FORKED

_WIRE_CODES: Final = frozenset(row.name for row in error_codes())
_UNNAMED: Final = "malformed_message"
_HIDDEN: Final = "reader_missing"
_UNKNOWN_READERS: Final = frozenset({"reader_not_allowed", "not_authorised"})


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found out about a batch before anything is written."""

    author: Certificate | None
    place: Place
    plan: Plan | None
    state: str


class Judge:
    """Judges batches, one after the other, inside the writer's transaction.

    Args:
        directory: the server's copy, changed here as statements arrive.
        key: signs the receipts.
        now_ms: the clock.
        counters: what is counted.
    """

    def __init__(
        self,
        directory: DirectoryCopy,
        key: ServerKey,
        now_ms: Callable[[], int],
        counters: Counters,
    ) -> None:
        self._directory = directory
        self._key = key
        self._now_ms = now_ms
        self._counters = counters

    def judge(self, ledger: Ledger, batch: Batch) -> StoredReceipt | Refusal:
        """Say what becomes of a batch, and write it down.

        Raises:
            StorageError: the database refused.
        """
        known = ledger.known(batch.hash)
        if known is None:
            try:
                judged = self._check(ledger, batch)
            except (ProtocolError, CryptoError, RefusedBatchError) as problem:
                return self._refuse(batch, problem)
            known = self._keep(ledger, batch, judged)
            self._counters.add("batches", known.state)
        else:
            self._counters.add("batches", "known")
        return self._receipt(batch, known)

    def plant_root(self, ledger: Ledger, batch: Batch) -> None:
        """Take the first root of a server, at position 1.

        Raises:
            MalformedMessageError: it is no valid root, or names another server's key.
        """
        position = ledger.next_position()
        found = Directory()
        applied = found.apply(position, batch, verify)
        if applied.outcome is not Outcome.ACCEPTED or found.server_key != self._key.public:
            raise MalformedMessageError(reason="root")
        known = Known(position, STORED, self._now_ms())
        item = ledger.add(batch, known, linked=True)
        self._hand_out(ledger, batch, Plan(directory_readers(REPUBLIC)), item)
        ledger.advance(batch, linked=True)

    # ------------------------------------------------------------------ judging

    def _check(self, ledger: Ledger, batch: Batch) -> _Judged:
        """Find out everything before anything is written."""
        directory = self._directory.current
        author = directory.device(batch.header.device)
        check_signature(batch, author_key(directory, author, batch), verify)
        if author is None:
            check_claim(directory, batch, partial(first_stored_ms, ledger), self._now_ms())
        if batch.is_erased and not ledger.is_erased(batch.hash):
            raise RefusedBatchError("body_missing")
        found = place(ledger, batch)
        planned = self._plan(ledger, batch, author)
        if planned is None and found.forked:
            raise RefusedBatchError("directory_ahead")
        state = self._state(ledger, batch, found, planned)
        if author is not None:
            _check_quota(ledger, author, batch, state)
        return _Judged(author, found, planned, state)

    def _plan(self, ledger: Ledger, batch: Batch, author: Certificate | None) -> Plan | None:
        """Find the readers; None when they are not known here yet, as a later directory is named.

        Whoever names a later version is held against every reader known now, so that a version
        made up hides nothing from anybody.
        """
        directory = self._directory.current
        try:
            return plan(ledger, directory, batch, author)
        except (HiddenFromOfficeError, RefusedBatchError) as problem:
            is_early = batch.header.directory_version > directory.version
            if is_early and problem.code in _UNKNOWN_READERS:
                return None
            raise

    def _state(self, ledger: Ledger, batch: Batch, found: Place, planned: Plan | None) -> str:
        header, directory = batch.header, self._directory.current
        if found.forked:
            return FORKED
        if header.kind is Kind.DIRECTORY:
            # The directory judges its own: what lies beyond a cut is void there on every replica,
            # and may itself revoke whoever made the cut.
            return WAITING if directory.waits_for(batch) is not None else STORED
        position = ledger.position + 1
        if directory.is_beyond_cut(
            header.device, header.channel, header.seq, batch.hash, position=position
        ):
            return QUARANTINED
        if planned is None:
            return EARLY
        return STORED if planned.readers else WAITING

    # ------------------------------------------------------------------ writing

    def _keep(self, ledger: Ledger, batch: Batch, judged: _Judged) -> Known:
        known = Known(ledger.next_position(), judged.state, self._now_ms())
        item = ledger.add(batch, known, linked=judged.place.linked)
        if judged.state == QUARANTINED:
            ledger.feed(self._guardians(judged), item)
        elif judged.plan is not None and judged.state != WAITING:
            self._hand_out(ledger, batch, judged.plan, item)
        elif judged.plan is not None and judged.plan.order is not None:
            ledger.erase(judged.plan.order.target.hash, item.position)
        if not judged.place.forked:
            ledger.advance(batch, linked=judged.place.linked)
        if batch.header.kind is Kind.DIRECTORY and judged.state == STORED:
            self._reconsider(ledger)
        return known

    def _hand_out(self, ledger: Ledger, batch: Batch, planned: Plan, item: FeedRow) -> None:
        """Feed a batch to its readers, and do what it asks of the server."""
        if batch.header.kind is Kind.DIRECTORY:
            self._directory.apply(item.position, batch)
            ledger.mark_directory(item.position)
        ledger.feed(planned.readers, item)
        if planned.packet is not None:
            ledger.describe_channel(batch.header.channel, planned.packet.descriptor)
            ledger.share_key(sender_key_of(batch), planned.readers, but_for=item.batch)
        for row in planned.grants:
            ledger.share_key((row.author, row.channel, row.kid), [ReaderId(row.office)])
        if planned.order is not None:
            ledger.erase(planned.order.target.hash, item.position)

    def _guardians(self, judged: _Judged) -> tuple[ReaderId, ...]:
        """Name who gets to see what lies beyond its author's cut, and may adopt it."""
        unit = REPUBLIC if judged.author is None else judged.author.unit
        return guardians(unit, judged.plan.readers if judged.plan is not None else ())

    def _reconsider(self, ledger: Ledger) -> None:
        """Hand out what the directory kept aside until now: adopted, or no longer too early."""
        directory = self._directory.current
        progress = True
        while progress:
            progress = False
            for kept in kept_aside(ledger):
                point = kept.point
                if directory.is_beyond_cut(
                    point.device, point.channel, point.seq, point.hash, position=kept.position
                ):
                    continue
                batch = parse_batch(raw_at(ledger, kept.position))
                if kept.is_directory and directory.waits_for(batch) is not None:
                    continue
                progress = self._release(ledger, batch, kept) or progress

    def _release(self, ledger: Ledger, batch: Batch, kept: KeptAside) -> bool:
        """Hand a batch out; one whose version came and shows other readers is set aside."""
        directory = self._directory.current
        try:
            author = directory.device(batch.header.device)
            planned = plan(ledger, directory, batch, author)
        except (ProtocolError, CryptoError, RefusedBatchError):
            if kept.state == EARLY and batch.header.directory_version <= directory.version:
                ledger.set_aside(kept.position)
                self._counters.add("early", QUARANTINED)
            return False
        position = ledger.settle(kept.position, STORED if planned.readers else WAITING)
        item = FeedRow(position, kept.position, len(batch.raw), batch.hash)
        self._hand_out(ledger, batch, planned, item)
        if kept.state == EARLY:
            self._counters.add("early", STORED)
        return True

    # ------------------------------------------------------------------ answering

    def _receipt(self, batch: Batch, known: Known) -> StoredReceipt:
        header = batch.header
        return self._key.sign_stored(
            StoredReceipt(
                device=header.device,
                channel=header.channel,
                seq=header.seq,
                header_hash=batch.hash,
                position=known.position,
                time_ms=known.stored_ms,
            )
        )

    def _refuse(self, batch: Batch, problem: FieldAppError | RefusedBatchError) -> Refusal:
        code = refusal_code(problem)
        self._counters.add("refused", code)
        return Refusal(batch.point, code)


def _check_quota(ledger: Ledger, author: Certificate, batch: Batch, state: str) -> None:
    """Bound what is kept of whoever is not trusted; what lies before a cut is not counted."""
    if state == QUARANTINED:
        kept = bytes_of(ledger, author.device, QUARANTINED)
    elif author.state in {State.UNCONFIRMED, State.CONTESTED}:
        kept = bytes_of(ledger, author.device, STORED, WAITING, QUARANTINED, FORKED)
    else:
        return
    if kept + len(batch.raw) > limits.MAX_UNTRUSTED_BYTES:
        raise RefusedBatchError("quota_exceeded")


def refusal_code(problem: FieldAppError | RefusedBatchError) -> str:
    """Name an error in the words of the wire."""
    if problem.code in _WIRE_CODES:
        return problem.code
    return _HIDDEN if isinstance(problem, HiddenFromOfficeError) else _UNNAMED
