"""Folding the directory: what happens when a batch comes (PROTOCOL 7.5).

Laws:
  * A batch that comes last is judged at once, at a cost that does not depend on the others.
  * A batch out of order, or a cut into the past, folds the whole log again; ``Reach`` keeps what
    reaches back, so that folding one by one and folding at once end in the same directory.
  * Whatever is raised in between, the next call starts from a settled fold.
"""

from collections.abc import Iterable

from fieldapp.protocol.batch import Batch
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.directory_case import Reach
from fieldapp.protocol.directory_heads import DirectoryHeads
from fieldapp.protocol.directory_log import DirectoryLog, RememberingVerify, read_entry
from fieldapp.protocol.directory_state import DirectoryState
from fieldapp.protocol.ids import DeviceId
from fieldapp.protocol.judge_batch import BatchJudge
from fieldapp.protocol.verdicts import Applied, Outcome, Reason


class DirectoryFold:
    """The log, the tables that follow from it, and how a batch changes both.

    Args:
        root_fingerprint: the expected root; None takes the first valid root document, which only
            a server may do whose claim token vouched for it.
    """

    def __init__(self, root_fingerprint: bytes | None = None) -> None:
        self._fingerprint = root_fingerprint
        self._log = DirectoryLog()
        self._heads = DirectoryHeads()
        self._reach = Reach()
        self._state = DirectoryState()
        self._good_signatures: set[bytes] = set()
        self._is_stale = False

    def apply(self, position: int | None, batch: Batch, verify: Verify) -> Applied:
        """Take one batch.

        Args:
            position: where the server placed it; None for one that the server has not placed,
                our own or one carried by hand, which stands behind all others until then.
            batch: a kind 2 batch.
            verify: raises one of the ``CryptoError`` family when a signature does not fit.

        Raises:
            RemoteProtocolError: no directory batch, or another one stands at this position.
        """
        return self.apply_all([(position, batch)], verify)[0]

    def apply_all(self, items: Iterable[tuple[int | None, Batch]], verify: Verify) -> list[Applied]:
        """Take many batches, folding again at most once; None stands for not placed.

        Raises:
            RemoteProtocolError: as ``apply``; what came before the bad one is taken.
        """
        remembering = RememberingVerify(self._good_signatures, verify)
        self._state.touched.clear()
        released: list[bytes] = []
        taken: list[tuple[bytes, bool]] = []
        try:
            for position, batch in items:
                taken.append((batch.hash, self._take(position, batch, remembering, released)))
        finally:
            refolded = self._settle(remembering, released)
        devices = frozenset(self._state.histories if refolded else self._state.touched)
        return [
            self._applied(batch_hash, devices, tuple(released), refolded=refolded)
            if is_new
            else Applied(Outcome.KNOWN)
            for batch_hash, is_new in taken
        ]

    def _take(
        self, position: int | None, batch: Batch, verify: Verify, released: list[bytes]
    ) -> bool:
        """Log a batch, and judge it at once when it is the newest; tell whether it is news."""
        at = self._log.next_unplaced() if position is None else position
        if self._log.knows(batch.hash, at):
            return False
        self._log.check_free(at, batch.hash)
        entry = read_entry(at, batch)
        is_last = self._log.put(entry)
        if not self._heads.extend(entry):
            self._heads = DirectoryHeads(self._log)
        if not is_last:
            self._is_stale, self._reach = True, Reach()
        elif not self._is_stale:
            judge = self._judge(verify)
            judge.take(entry)
            released.extend(judge.released)
            self._is_stale = self._recall(judge, entry.position)
        return True

    def _settle(self, verify: Verify, released: list[bytes]) -> bool:
        """Fold again if the newest verdicts do not stand; tell whether it was needed."""
        if not self._is_stale:
            return False
        waited = self._state.waiting
        while self._is_stale:
            self._is_stale = self._refold(verify)
        released.extend(key for key in waited if key not in self._state.waiting)
        return True

    def _refold(self, verify: Verify) -> bool:
        """Judge the whole log from the start; tell whether a call or a failure stopped it."""
        self._state = DirectoryState()
        judge = self._judge(verify)
        for entry in self._log:
            judge.take(entry)
            if self._recall(judge, entry.position):
                return True
        return False

    def _judge(self, verify: Verify) -> BatchJudge:
        return BatchJudge(self._state, self._reach, verify, self._fingerprint)

    def _recall(self, judge: BatchJudge, position: int) -> bool:
        """Note what reaches back and what failed to; tell whether there was any."""
        for key in judge.failed:
            self._reach.withdraw(key)
        for key, effect in judge.called.items():
            self._reach.call(key, effect, position)
        return bool(judge.failed or judge.called)

    def _applied(
        self,
        batch_hash: bytes,
        devices: frozenset[DeviceId],
        released: tuple[bytes, ...],
        *,
        refolded: bool,
    ) -> Applied:
        outcome, reason = self.verdict(batch_hash)
        return Applied(outcome, reason, refolded, devices, released)

    def verdict(self, batch_hash: bytes) -> tuple[Outcome, Reason | None]:
        """Say what became of a batch that was taken, with the first reason against it."""
        waiting = self._state.waiting.get(batch_hash)
        if waiting is not None:
            return Outcome.WAITING, waiting.reason
        heard = batch_hash in self._state.heard
        return Outcome.ACCEPTED if heard else Outcome.VOID, self._state.reasons.get(batch_hash)
