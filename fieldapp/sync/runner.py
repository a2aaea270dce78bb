"""The runner: the only loop. It carries out what the session decides, and decides nothing.

Laws:
  * One command, one event. The process may die before or after any command: the next sync on the
    same vault goes on without loss and without a second copy.
  * What an answer brings is written page by page; the cursor is saved with the page it follows.
  * A failure of the server or the link ends in the report. A failure of our own disk is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeVar

from fieldapp.errors import (
    AccessError,
    FieldAppError,
    LocalProtocolError,
    ProtocolError,
    StorageError,
    SyncError,
    TransientSyncError,
)
from fieldapp.protocol.dictionaries import known_dictionaries
from fieldapp.protocol.ids import ChannelId
from fieldapp.protocol.message_parts import FeedItem
from fieldapp.protocol.messages import SyncAnswer
from fieldapp.protocol.service import PROTOCOL_VERSION, SyncService
from fieldapp.storage.rows import BatchRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.branching import reconcile
from fieldapp.sync.commands import (
    Answered,
    ApplyPage,
    BuildRequest,
    Cancelled,
    ClockCorrected,
    Command,
    CorrectClock,
    Event,
    Exchange,
    Failed,
    Finish,
    PageApplied,
    ReceiptsStored,
    Reconcile,
    Reconciled,
    RequestBuilt,
    Rewind,
    Rewound,
    Settle,
    Settled,
    Started,
    StoreReceipts,
    SyncFailure,
    Wait,
    Waited,
)
from fieldapp.sync.device import Device
from fieldapp.sync.exchange import OFFSET_KEY, Sent
from fieldapp.sync.feed import CURSOR_KEY, FeedReader, pages
from fieldapp.sync.generations import go_on, go_round
from fieldapp.sync.own_items import filled_in
from fieldapp.sync.rejudging import remember_retry
from fieldapp.sync.report import Progress, SyncProgress, SyncReport
from fieldapp.sync.rereading import is_reread_due
from fieldapp.sync.server_history import note_loss
from fieldapp.sync.session import RetryPolicy, Session
from fieldapp.sync.snapshots import OUTGOING_KEY, ROLLED_BACK

Part = TypeVar("Part")
PAGE_ITEMS: Final = 64
READER_KEY: Final = "reader_version"
REVOKED: Final = "device_revoked"
GRAVE_NOTICES: Final = frozenset({"clock_wrong", "unknown_device", "bad_signature", REVOKED})
"""Notices that end a sync with an error; others are shown as alarms."""


@dataclass(slots=True)
class Tally:
    """What the report counts."""

    sent: int = 0
    received: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    round_trips: int = 0
    alarms: list[SyncFailure] = field(default_factory=list)


class Runner:
    """One sync of one device with one server.

    Args:
        device: who syncs.
        service: the server, by whatever transport.
        progress: told how far it is.
        cancelled: asked before each command.
        policy: how patient to be.
    """

    def __init__(
        self,
        device: Device,
        service: SyncService,
        *,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        policy: RetryPolicy | None = None,
    ) -> None:
        self._device = device
        self._service = service
        self._progress = progress or (lambda _: None)
        self._cancelled = cancelled or (lambda: False)
        self._session = Session(policy)
        self._tally = Tally()
        self._sent: Sent | None = None
        self._answer: SyncAnswer | None = None
        self._pages: list[tuple[FeedItem, ...]] = []
        self._pages_total = 0
        self._reader: FeedReader | None = None
        self._notice: SyncFailure | None = None
        self._held: dict[bytes, int] = {}
        self._loss: str | None = None
        self._branched: Mapping[ChannelId, tuple[int, bytes]] = {}
        self._refused: Mapping[ChannelId, BatchRow] = {}
        self._asks_for_all = False

    def run(self) -> SyncReport:
        """Sync until everything is delivered and pulled, or nothing more can be done.

        Raises:
            StorageError: The vault cannot be written; what is in it is safe.
        """
        if self._device.is_stale:
            self._device.reload()
        self._note_reader_version()
        command = self._session.next(Started())
        while not isinstance(command, Finish):
            event = Cancelled() if self._cancelled() else self._carry_out_or_reload(command)
            command = self._session.next(event)
        self._progress(SyncProgress("done"))
        return self._report(command)

    def carry_out(self, command: Command) -> Event:
        """Do what one command says."""
        return self._DO[type(command)](self, command)

    def _carry_out_or_reload(self, command: Command) -> Event:
        try:
            return self.carry_out(command)
        except StorageError:
            self._device.is_stale = True
            raise

    def _build(self, _command: BuildRequest) -> Event:
        with self._device.vault.reading() as tx:
            now_ms = self._device.surroundings.now_ms()
            self._sent = self._device.exchanger.build(
                tx, now_ms, self._held, asks_for_all=self._asks_for_all
            )
        return RequestBuilt()

    def _exchange(self, _command: Exchange) -> Event:
        sent = _require(self._sent)
        self._progress(SyncProgress("sending" if sent.batches else "connecting", 0, sent.batches))
        try:
            raw = self._service.sync(sent.raw)
            answer = self._device.exchanger.read(sent, raw)
        except (SyncError, ProtocolError, AccessError) as problem:
            return self._failed(problem)
        self._tally.bytes_up += len(sent.raw)
        self._tally.bytes_down += len(raw)
        self._tally.round_trips += 1
        return self._answered(sent, answer)

    def _failed(self, problem: FieldAppError) -> Failed:
        pause = problem.retry_after if isinstance(problem, TransientSyncError) else None
        (chance,) = self._device.surroundings.chance(1)
        return Failed(
            SyncFailure(problem.code, dict(problem.params)),
            retryable=isinstance(problem, TransientSyncError),
            retry_after_seconds=pause or 0.0,
            jitter=chance / 256,
        )

    def _answered(self, sent: Sent, answer: SyncAnswer) -> Answered:
        """Sort an answer into what the session has to know."""
        self._answer = answer
        found = (end.contradicted_by(answer.welcome) for end in sent.ends)
        self._loss = next(filter(None, found), None)
        if self._loss is not None:
            self._alarm(self._loss)
        if answer.welcome.directory_version < self._device.directory.version:
            self._alarm(ROLLED_BACK)
        self._reader = FeedReader(sent.cursor, answer.welcome.log_id)
        self._notice = self._noticed(answer)
        self._pages = self._cut(sent, answer)
        self._pages_total = len(self._pages)
        return Answered(
            pages=self._pages_total,
            more=answer.more,
            heads_differ=answer.heads is not None,
            rewind=self._loss is not None,
            notice=self._notice,
        )

    def _cut(self, sent: Sent, answer: SyncAnswer) -> list[tuple[FeedItem, ...]]:
        """Cut an answer into pages; its end is a page of its own if no item comes with it."""
        if self._notice is not None and self._notice.code != REVOKED:
            return []
        found = list(pages(answer.items, PAGE_ITEMS))
        is_news = (
            answer.receipts or answer.snapshot or answer.cursor.position != sent.cursor.position
        )
        return found or ([()] if is_news else [])

    def _noticed(self, answer: SyncAnswer) -> SyncFailure | None:
        params = {"server_time_ms": answer.welcome.server_time_ms}
        for code in answer.welcome.notices:
            if code in GRAVE_NOTICES:
                return SyncFailure(code, params)
            self._alarm(code)
        return None

    def _store(self, _command: StoreReceipts) -> Event:
        sent, answer = _require(self._sent), _require(self._answer)
        with self._device.vault.transaction() as tx:
            stored = self._device.exchanger.store(tx, sent, answer)
            self._device.note_server_time(tx, answer.welcome.server_time_ms)
        self._tally.sent += stored.entries
        for code in stored.refusals:
            self._alarm(code)
        self._held |= stored.held
        refused = SyncFailure(stored.later[0]) if stored.later else None
        return ReceiptsStored(stored.settled, refused)

    def _reconcile(self, _command: Reconcile) -> Event:
        heads = _require(self._answer).heads or ()
        server = {head.channel: (head.seq, head.hash) for head in heads}
        with self._device.vault.transaction() as tx:
            found = reconcile(tx, self._device.keys.device, server)
        self._branched, self._refused = found.branched, found.refused
        self._held.clear()
        return Reconciled()

    def _rewind(self, _command: Rewind) -> Event:
        with self._device.vault.transaction() as tx:
            if self._loss is not None:
                self._note_loss(tx, self._loss)
            self._device.rewind(tx)
        return Rewound()

    def _note_loss(self, tx: Transaction, code: str) -> None:
        device, now_ms = self._device.keys.device, self._device.surroundings.now_ms()
        me = self._device.directory.device(device)
        office = None if me is None else me.office_id
        note_loss(tx, code, now_ms, device=device, office=office)

    def _apply(self, _command: ApplyPage) -> Event:
        """Write one page with its cursor; a contradiction in it leaves the vault as it was."""
        items = self._pages.pop(0)
        done = self._pages_total - len(self._pages)
        self._progress(SyncProgress("opening", done, self._pages_total))
        try:
            with self._device.vault.transaction(durable=False) as tx:
                reader = _require(self._reader)
                reader.check_order(items)
                items = filled_in(tx, items, self._device.keys.device)
                self._tally.received += self._device.opener.take(tx, reader, items)
                if not self._pages:
                    self._finish_answer(tx)
                else:
                    self._save_cursor(tx)
        except ProtocolError as problem:
            if any(item.is_bare for item in items) and not self._asks_for_all:
                self._asks_for_all = True
            else:
                self._alarm(problem.code)
            self._device.reload()
            return PageApplied(0, SyncFailure(problem.code, dict(problem.params)))
        return PageApplied(len(self._pages))

    def _finish_answer(self, tx: Transaction) -> None:
        """Take the end of an answer: its cursor and the receipts that came with it."""
        answer, reader = _require(self._answer), _require(self._reader)
        self._device.courier.take_receipts(tx, answer.receipts)
        if answer.snapshot is not None and not answer.more:
            wrong = self._device.snapshots.take(tx, answer.snapshot)
            if wrong is not None:
                self._alarm(wrong)
        cursor = reader.finish(answer.cursor, is_checked=self._notice is None)
        tx.meta.set(CURSOR_KEY, cursor.to_bytes())

    def _save_cursor(self, tx: Transaction) -> None:
        tx.meta.set(CURSOR_KEY, _require(self._reader).cursor().to_bytes())

    def _settle(self, _command: Settle) -> Event:
        with self._device.vault.transaction() as tx:
            self._tally.received += self._device.opener.retry(tx)
            for code in self._device.opener.drain_alarms():
                self._alarm(code)
            branched, self._branched = self._branched, {}
            refused, self._refused = self._refused, {}
            go_on(tx, self._device, branched, self._device.surroundings.now_ms())
            go_round(tx, self._device, refused)
            self._device.courier.settle(tx)
            self._device.snapshots.publish(tx)
            outbox = tx.batches.counts().get("outbox")
            waiting = len(tx.receipts.outgoing()) + (tx.meta.get(OUTGOING_KEY) is not None)
            reads_anew = self._device.exchanger.has_new_readers(tx)
            if is_reread_due(tx, self._device.surroundings.now_ms()):
                self._device.rewind(tx)
                reads_anew = True
        left = (0 if outbox is None else outbox.count - len(self._held)) + waiting
        return Settled(left, reads_anew)

    def _correct_clock(self, command: CorrectClock) -> Event:
        offset = command.server_time_ms - self._device.surroundings.now_ms()
        with self._device.vault.transaction() as tx:
            tx.meta.set(OFFSET_KEY, offset.to_bytes(8, "big", signed=True))
        return ClockCorrected()

    def _wait(self, command: Wait) -> Event:
        self._device.surroundings.wait(command.seconds)
        return Waited()

    def _note_reader_version(self) -> None:
        """After an update, what waited for it is judged again."""
        version = bytes((PROTOCOL_VERSION, *known_dictionaries()))
        with self._device.vault.reading() as tx:
            known = tx.meta.get(READER_KEY)
        if known != version:
            with self._device.vault.transaction() as tx:
                tx.meta.set(READER_KEY, version)
                remember_retry(tx)

    def _alarm(self, code: str) -> None:
        if all(alarm.code != code for alarm in self._tally.alarms):
            self._tally.alarms.append(SyncFailure(code))

    def _report(self, finish: Finish) -> SyncReport:
        with self._device.vault.reading() as tx:
            waiting = tx.batches.counts().get("waiting")
            quarantined = tx.quarantine.count()
        return SyncReport(
            sent=self._tally.sent,
            received=self._tally.received,
            waiting=0 if waiting is None else waiting.count,
            quarantined=quarantined,
            bytes_up=self._tally.bytes_up,
            bytes_down=self._tally.bytes_down,
            round_trips=self._tally.round_trips,
            error=finish.error,
            alarms=tuple(self._tally.alarms),
        )

    _DO: ClassVar[dict[type[Command], Callable[..., Event]]] = {
        BuildRequest: _build,
        Exchange: _exchange,
        StoreReceipts: _store,
        Reconcile: _reconcile,
        Rewind: _rewind,
        ApplyPage: _apply,
        Settle: _settle,
        CorrectClock: _correct_clock,
        Wait: _wait,
    }


def _require(part: Part | None) -> Part:
    """Return what an earlier command left; that it is missing is a bug of ours."""
    if part is None:
        raise LocalProtocolError(what="command_order")
    return part
