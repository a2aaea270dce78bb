"""Letting go of a home while something slow goes on.

Laws:
  * A lock is let go of for the length of one call and held again when that call is over, however
    it ended.
  * Only the thread that holds the lock, and holds it once, may wait through here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from fieldapp.protocol.service import ServerInfo, SyncService


@contextmanager
def let_go(lock: threading.RLock) -> Iterator[None]:
    """Let others have the lock for a while."""
    lock.release()
    try:
        yield
    finally:
        lock.acquire()


class Yielding:
    """A ``SyncService`` that lets go of a lock while the network is waited for."""

    def __init__(self, service: SyncService, lock: threading.RLock) -> None:
        self._service = service
        self._lock = lock

    def sync(self, request: bytes) -> bytes:
        """Send a request."""
        with let_go(self._lock):
            return self._service.sync(request)

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        """Leave an invite's packet."""
        with let_go(self._lock):
            self._service.put_invite(invite_id, token, packet)

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        """Fetch an invite's packet."""
        with let_go(self._lock):
            return self._service.get_invite(invite_id, token)

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        """Give the server its root."""
        with let_go(self._lock):
            return self._service.claim_server(token, root_batch)

    def info(self) -> ServerInfo:
        """Ask the server who it is."""
        with let_go(self._lock):
            return self._service.info()
