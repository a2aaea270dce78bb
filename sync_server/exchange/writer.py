"""The one writer: work from every client, committed in groups.

Laws:
  * A result is handed back only after the commit that holds it.
  * Work that fails is rolled back and run again alone, so it takes nobody else's work with it.
  * Closing finishes what was handed in; what comes later is refused.
  * The directory changes on this thread only, and nobody sees a change that was not committed.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

from fieldapp.errors import TransientSyncError
from fieldapp.protocol.batch import Batch
from sync_server.exchange.counters import Counters
from sync_server.exchange.directory_copy import DirectoryCopy
from sync_server.storage.database import Database
from sync_server.storage.ledger import Ledger
from sync_server.storage.pages import directory_batches

GROUP_SIZE: Final = 64
"""How many pieces of work one commit holds at most."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do inside a write transaction.

    Args:
        run: what to do with the ledger; its result is the future's.
        batch: the batch it is about, so that the ledger reads ahead for the whole group.
    """

    run: Callable[[Ledger], Any]
    batch: Batch | None = None
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """A thread that owns every write.

    Args:
        database: where to write.
        directory: the server's copy of the directory.
        counters: what is counted.
    """

    def __init__(self, database: Database, directory: DirectoryCopy, counters: Counters) -> None:
        self._database = database
        self._directory = directory
        self._counters = counters
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._is_closed = False
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def submit(self, run: Callable[[Ledger], Result], batch: Batch | None = None) -> Future[Result]:
        """Hand in work; the future holds its result once it is committed.

        Raises:
            TransientSyncError: the server is closing.
        """
        work = Work(run, batch)
        work.future.set_running_or_notify_cancel()  # A client that goes away cancels nothing.
        with self._door:
            if self._is_closed:
                raise TransientSyncError("server_busy")
            self._queue.put(work)
        return work.future

    def close(self) -> None:
        """Finish what was handed in and stop."""
        with self._door:
            self._is_closed = True
            self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            ending = self._gather(group)
            self._commit(group)
            if ending:
                return

    def _gather(self, group: list[Work]) -> bool:
        """Add what is waiting already; tell whether the end was among it."""
        while len(group) < GROUP_SIZE:
            try:
                work = self._queue.get_nowait()
            except queue.Empty:
                return False
            if work is None:
                return True
            group.append(work)
        return False

    def _commit(self, group: Sequence[Work]) -> None:
        """Run a group in one transaction, or each of it alone when that fails."""
        try:
            results = self._transact(group)
        except BaseException as problem:  # noqa: BLE001 - handed on to whoever waits for it
            self._counters.add("commits", "failed")
            if len(group) > 1:
                for work in group:
                    self._commit([work])
            else:
                group[0].future.set_exception(problem)
            return
        self._counters.add("commits", "done")
        for work, result in zip(group, results, strict=True):
            work.future.set_result(result)

    def _transact(self, group: Sequence[Work]) -> list[Any]:
        with self._directory.changes(), self._database.write() as connection:
            ledger = Ledger(self._database, connection)
            if ledger.directory_position > self._directory.position:
                self._directory.catch_up(partial(directory_batches, connection))
            ledger.read_ahead([work.batch for work in group if work.batch is not None])
            results = [work.run(ledger) for work in group]
            ledger.flush()
        return results
