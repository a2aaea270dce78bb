"""A server that can be backed up, restored, or put back by hand: simulated, or real on a database.

Laws:
  * Devices keep talking to the same object; what stands behind it is replaced.
  * ``restore`` is what the operator's command does; ``put_back`` is an operator who copied an old
    database over the newer one, so that nobody told the server.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import update

from fieldapp.protocol.batch import Batch
from fieldapp.protocol.service import ServerInfo
from sync_server.exchange.service import Exchange
from sync_server.storage.backup import POSITION_GAP, read_backup, write_backup
from sync_server.storage.database import Database
from sync_server.storage.pages import Moment
from sync_server.storage.schema import LOG_ID, migrate
from sync_server.storage.tables import COUNTER, META
from tests.support.people import fixed_bytes
from tests.support.server import SERVER_SECRET, make_exchange
from tests.support.simulator import Simulator

SCRATCH_LOG_ID = fixed_bytes("a log id nobody sees", 16)


class Restorable(Protocol):
    """A server with a past."""

    def sync(self, request: bytes) -> bytes:
        """Answer a request."""
        ...

    def backup(self) -> Any:
        """Keep this moment."""
        ...

    def restore(self, kept: Any) -> None:
        """Go back to a moment, as the operator's command does."""
        ...

    def put_back(self, kept: Any) -> None:
        """Go back to a moment without telling anybody."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class RestorableSimulator(Simulator):
    """The simulator; a restored one has a new log, far beyond the old positions."""

    restores = 0

    def backup(self) -> Any:
        return self.copy_tables()

    def restore(self, backup: Any, *, log_id: bytes | None = None) -> None:
        self.restores += 1
        super().restore(backup, log_id=log_id or fixed_bytes(f"restored {self.restores}", 16))
        self.tables.position += POSITION_GAP

    def put_back(self, kept: Any) -> None:
        super().restore(kept)
        self.denies_losses = False

    def close(self) -> None:
        """Nothing is open."""


class RestorableServer:
    """The real server's policy over databases that ``new_url`` names."""

    def __init__(
        self,
        folder: Path,
        new_url: Callable[[], str],
        now_ms: Callable[[], int],
        log: Sequence[Batch],
    ) -> None:
        self._folder, self._new_url, self._now_ms = folder, new_url, now_ms
        self._backups = 0
        self._url = new_url()
        self.exchange = self._opened()
        self.exchange.claim_server(bytes.fromhex(self.exchange.claim_token()), log[0].raw)

    def _opened(self) -> Exchange:
        return make_exchange(self._url, clock=self._now_ms)

    def sync(self, request: bytes) -> bytes:
        return self.exchange.sync(request)

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        self.exchange.put_invite(invite_id, token, packet)

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        return self.exchange.get_invite(invite_id, token)

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        return self.exchange.claim_server(token, root_batch)

    def info(self) -> ServerInfo:
        return self.exchange.info()

    def backup(self) -> Any:
        self._backups += 1
        path = self._folder / f"backup-{self._backups}.db"
        database = Database(self._url)
        with database.read() as connection:
            log_id = Moment(connection).log_id
        write_backup(database, path, private_key=SERVER_SECRET, log_id=SCRATCH_LOG_ID)
        database.close()
        return path, log_id

    def restore(self, kept: Any) -> None:
        self.exchange.close()
        self._brought_back(kept[0]).close()
        self.exchange = self._opened()

    def put_back(self, kept: Any) -> None:
        self.exchange.close()
        path, log_id = kept
        database = self._brought_back(path)
        with database.write() as connection:
            connection.execute(update(COUNTER).values(position=COUNTER.c.position - POSITION_GAP))
            connection.execute(update(META).where(META.c.name == LOG_ID).values(value=log_id))
        database.close()
        self.exchange = self._opened()

    def _brought_back(self, path: Path) -> Database:
        self._url = self._new_url()
        database = Database(self._url)
        migrate(database, SCRATCH_LOG_ID)
        read_backup(path, database, log_id=fixed_bytes(self._url, 16))
        return database

    def close(self) -> None:
        self.exchange.close()
