"""Opening: what the feed brings, checked, opened and folded into the vault.

Laws:
  * A page of the feed is one transaction: batches, verdicts, folds and the cursor, or nothing.
  * A batch that is known is skipped, so the whole feed may be read again at any time.
  * What waits is judged again when keys or certificates arrive, what was quarantined or received
    when a certificate changes. The order of arrival does not decide what a replica holds.
  * The head of a stream says up to where everything is here and folded; receipts rest on it.
  * A batch without its body counts only under an erase order that counts; until then it is set
    aside as withheld. An order is obeyed in the transaction that takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fieldapp.crypto.signing import verify
from fieldapp.errors import ProtocolError, UnsupportedVersionError
from fieldapp.protocol.batch import Batch, Kind, parse_batch, peek
from fieldapp.protocol.checks import LinkVerdict
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.erasure import EraseOrder, Reissue
from fieldapp.protocol.grants import GrantRow
from fieldapp.protocol.messages import FeedItem
from fieldapp.protocol.roles import may_enrol
from fieldapp.protocol.statement_reading import read_directory_batch
from fieldapp.protocol.statements import AdoptStatement
from fieldapp.protocol.verdicts import Outcome
from fieldapp.storage.batches import NewBatch
from fieldapp.storage.quarantine import WHOLE_BATCH
from fieldapp.storage.rows import QuarantineRow
from fieldapp.storage.vault import Transaction
from fieldapp.sync.asking import hear, is_request, note_broken
from fieldapp.sync.erasing import Eraser, note_withheld
from fieldapp.sync.feed import FeedReader
from fieldapp.sync.folding import Folder, Opened
from fieldapp.sync.forks import end_forks
from fieldapp.sync.gap_proof import StreamHead, claim_heads, unpack_heads
from fieldapp.sync.judge import WAITING_FOR_UPDATE, Judge, Judged, keys_in
from fieldapp.sync.key_packets import BROKEN_WRAP, note_alarms
from fieldapp.sync.keyring import DUTIES_KEY, Keyring
from fieldapp.sync.orders import BODY_MISSING, note_order, ordered_targets, orders_for
from fieldapp.sync.rejudging import RETRY_KEY, Rejudging, remember_adopted, remember_retry
from fieldapp.sync.stream_heads import StreamHeads

KEY_KINDS: Final = frozenset({Kind.GRANT, Kind.OFFICE_KEYS})
"""Each of these goes to its recipients only, so that their streams have gaps by design."""


@dataclass(slots=True)
class Page:
    """What one transaction gathers before it writes in bulk."""

    new: list[NewBatch] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    orders: list[tuple[EraseOrder, bytes]] = field(default_factory=list)
    branched: list[Batch] = field(default_factory=list)
    ordered: frozenset[bytes] = frozenset()


class Opener:
    """Opens for one device; one opener serves one sync."""

    def __init__(
        self, *, directory: Directory, keyring: Keyring, folder: Folder, now_ms: Callable[[], int]
    ) -> None:
        self._directory = directory
        self._keyring = keyring
        self._judge = Judge(directory, keyring)
        self._rejudging = Rejudging(directory, self._judge, folder)
        self._folder = folder
        self._now_ms = now_ms
        self._alarms: list[str] = []
        self.eraser = Eraser(self._judge, folder, self._rejudging, now_ms)

    def take(self, tx: Transaction, reader: FeedReader, items: Sequence[FeedItem]) -> int:
        """Take one page of the feed; return how many entries were folded.

        Raises:
            RemoteProtocolError: The page contradicts the feed; the caller drops the transaction.
        """
        page, heads = Page(ordered=ordered_targets(tx)), StreamHeads(tx, self._folder.device)
        hashes = [peek(item.batch).hash for item in items]
        known = tx.batches.known(hashes)
        for item, batch_hash in zip(items, hashes, strict=True):
            reader.accept(item, batch_hash)
            if batch_hash in known and not _is_directory(item.batch):
                continue
            batch = self._parsed(tx, page, item)
            if batch is None:
                continue
            if batch.header.kind is Kind.DIRECTORY:
                self._take_directory(tx, item.position, batch)
                heads.settle(batch)
            if batch.hash not in known:
                known.add(batch.hash)
                tx.quarantine.release(batch.hash, WHOLE_BATCH)
                self._take_new(tx, page, heads, batch, item.position)
        tx.batches.add_many(page.new)
        heads.save()
        folded = self._folder.fold(tx, page.opened)
        for batch in page.branched:
            end_forks(tx, batch, self._judge.entries)
        self._strip_late(tx, page)
        for order, ordered_by in page.orders:
            self.eraser.obey(tx, order, ordered_by)
        return folded

    def retry(self, tx: Transaction) -> int:
        """Judge again whatever new keys or certificates may have changed.

        Returns:
            How many entries were folded that were not before.
        """
        folded = 0
        while tx.meta.get(RETRY_KEY) is not None:
            news = self._rejudging.run(tx)
            heads = StreamHeads(tx, self._folder.device)
            for changed in news.changed:
                tx.quarantine.release(changed.batch.hash, WHOLE_BATCH)
                self._take_judged(tx, changed.batch, changed.judged)
                if changed.judged.order is not None and changed.judged.state == "received":
                    self.eraser.obey(tx, changed.judged.order, changed.batch.hash)
                if changed.batch.header.kind not in KEY_KINDS:
                    heads.settle(changed.batch)
                if changed.batch.header.generation:
                    end_forks(tx, changed.batch, self._judge.entries)
            heads.save()
            folded += len(news.opened)
        return folded

    def drain_alarms(self) -> list[str]:
        """Return the codes of what was found wrong since they were last asked for."""
        found, self._alarms = self._alarms, []
        return found

    def entries(self, tx: Transaction, batch: Batch) -> tuple[Opened, ...]:
        """Open a batch that was judged before, to show what it brought."""
        return self._judge.entries(tx, batch)

    def counting(self, tx: Transaction, batch: Batch) -> Sequence[Opened]:
        """Return the entries of a batch of our own that count: a re-issue brings others'."""
        return self._rejudging.counting(tx, batch, None)

    def reissue(self, tx: Transaction, batch: Batch) -> Reissue | None:
        """Open a re-issue that was judged before."""
        return self._judge.reissue(tx, batch)

    def _parsed(self, tx: Transaction, page: Page, item: FeedItem) -> Batch | None:
        """Parse a batch; what does not parse is kept apart, or kept for an update.

        A batch without its body and without an order is not taken: whoever forwards it could
        hide a record that way.
        """
        raw = item.batch
        try:
            batch = parse_batch(raw)
            if not batch.is_erased or self._is_ordered(tx, page, batch):
                return batch
            reason = BODY_MISSING
            note_withheld(tx, batch.hash, item.position)
            if batch.hash in page.ordered:
                remember_retry(tx)
        except UnsupportedVersionError:
            reason = WAITING_FOR_UPDATE
        except ProtocolError as problem:
            reason = problem.code
        tx.quarantine.add(QuarantineRow(peek(raw).hash, WHOLE_BATCH, reason, raw, self._now_ms()))
        return None

    @staticmethod
    def _is_ordered(tx: Transaction, page: Page, batch: Batch) -> bool:
        return batch.hash in page.ordered and bool(orders_for(tx, batch.hash))

    def _strip_late(self, tx: Transaction, page: Page) -> None:
        """Take the bodies of batches that came whole after their order."""
        late = [new.batch for new in page.new if new.batch.hash in page.ordered]
        for batch in late:
            for one in orders_for(tx, batch.hash):
                self.eraser.obey(tx, one.order, one.batch)
            remember_retry(tx)

    def _take_new(
        self, tx: Transaction, page: Page, heads: StreamHeads, batch: Batch, position: int
    ) -> None:
        """Judge a batch that came for the first time and put it on the page."""
        judged = self._judge.judge(tx, batch, position)
        state = judged.state
        if batch.header.kind not in KEY_KINDS:
            verdict = heads.place(batch)
            if verdict is LinkVerdict.FORK and state == "received":
                state = "forked"
            heads.pass_over(batch, verdict, is_folded=state in {"received", "erased"})
        if state == "forked" or (state == "received" and batch.header.generation):
            page.branched.append(batch)
        page.new.append(NewBatch(batch, state, self._now_ms(), position, reason=judged.reason))
        page.opened += self._take_judged(tx, batch, judged)
        if state == "erased":
            remember_retry(tx)
        if judged.order is not None:
            note_order(tx, judged.order.target.hash, batch.hash)
            if judged.state == "received":
                page.orders.append((judged.order, batch.hash))
            elif judged.order.target.hash in {new.batch.hash for new in page.new}:
                remember_retry(tx)

    def _take_judged(self, tx: Transaction, batch: Batch, judged: Judged) -> Sequence[Opened]:
        """Carry out what a verdict brings beside entries; return the entries."""
        for place, reason, raw in judged.refused:
            tx.quarantine.add(QuarantineRow(batch.hash, place, reason, raw, self._now_ms()))
        if judged.state == "quarantined" and not judged.refused:
            reason = judged.reason or judged.state
            tx.quarantine.add(QuarantineRow(batch.hash, WHOLE_BATCH, reason, None, self._now_ms()))
        self._take_alarms(tx, batch, judged)
        for raw in judged.heads:
            heads = list(unpack_heads(raw))
            hear(tx, self._directory.device(batch.header.device), heads)
            claims = (head for head in heads if not is_request(head))
            claim_heads(tx, self._credible(batch, claims))
        if judged.state == "received":
            self._take_keys(tx, batch)
        return judged.opened

    def _take_alarms(self, tx: Transaction, batch: Batch, judged: Judged) -> None:
        if judged.alarms:
            note_alarms(tx, batch.header.device, judged.alarms)
            if BROKEN_WRAP in judged.alarms:
                note_broken(tx, batch)
            self._alarms += judged.alarms

    def _credible(self, batch: Batch, heads: Iterable[StreamHead]) -> Iterable[StreamHead]:
        """Keep the heads that this author may speak of: any, for an enroller; else its own."""
        author = self._directory.device(batch.header.device)
        if author is not None and may_enrol(author.role):
            return heads
        return (head for head in heads if head.device == batch.header.device)

    def _take_keys(self, tx: Transaction, batch: Batch) -> None:
        """Take what grants and office keys hold for us."""
        news = [
            self._keyring.take_grant(tx, row)
            if isinstance(row, GrantRow)
            else self._keyring.take_office_key(tx, row)
            for row in keys_in(batch)
        ]
        if any(news):
            remember_retry(tx, ())

    def _take_directory(self, tx: Transaction, position: int, batch: Batch) -> None:
        """Apply a directory batch where the server put it."""
        applied = self._directory.apply(position, batch, verify)
        tx.batches.place(batch.hash, position)
        if applied.outcome is not Outcome.KNOWN:
            remember_retry(tx, applied.devices)
            remember_adopted(tx, _adopted(batch))
            tx.meta.set(DUTIES_KEY, b"")


def _adopted(batch: Batch) -> list[bytes]:
    """Name the batches that a directory batch takes over."""
    try:
        statements = read_directory_batch(batch)
    except (ProtocolError, UnsupportedVersionError):
        return []
    return [one.hash for one in statements if isinstance(one, AdoptStatement)]


def _is_directory(raw: bytes) -> bool:
    """Tell the kind of a batch that need not be parsed."""
    return raw[4:5] == bytes((Kind.DIRECTORY,))
