"""The one writer: what is handed in is done, or refused; nothing waits for ever."""

from __future__ import annotations

import queue
import threading
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import TransientSyncError
from sync_server.auth import verify
from sync_server.exchange.counters import Counters
from sync_server.exchange.directory_copy import DirectoryCopy
from sync_server.exchange.writer import Writer
from sync_server.storage.database import Database
from sync_server.storage.schema import migrate

SHORT_SECONDS = 0.05


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    database = Database(f"sqlite:///{tmp_path / 'server.db'}")
    migrate(database, b"the first log id")
    return Writer(database, DirectoryCopy(verify), Counters())


def test_what_comes_after_the_end_is_refused(writer: Writer) -> None:
    writer.start()
    assert writer.submit(lambda ledger: ledger.position).result(timeout=10) == 0
    writer.close()
    with pytest.raises(TransientSyncError, match="server_busy"):
        writer.submit(lambda ledger: ledger.position)


def test_work_that_was_let_in_while_the_end_came_is_done(writer: Writer) -> None:
    closing = threading.Thread(target=writer.close)

    class Late(queue.SimpleQueue[Any]):
        def put(self, item: Any, *_: Any, **__: Any) -> None:
            if item is not None:
                closing.start()
                closing.join(SHORT_SECONDS)
            super().put(item)

    writer._queue = Late()
    writer.start()
    assert writer.submit(lambda ledger: ledger.position).result(timeout=10) == 0
    closing.join()
