"""The raw server: a bare ASGI function over sqlite3 behind uvicorn, as fast as this stack goes.

    python -m tests.benchmarks.raw_server DATABASE KEYS

Laws:
  * It checks structure, hash, chain and signature, stores the batch and a feed row for each of
    four readers, and commits (WAL, FULL) before it answers. It knows no directory and no rights.
  * POST /batches takes a sync request; POST /page answers with the batches after a number; POST
    /echo answers with nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import socket
import sqlite3
import struct
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.benchmarks.raw_model import HEADER, HEADER_BYTES, PAGE_ROW

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

FRAME = struct.Struct(">BI")
BATCH_FRAME = 3
READERS = 4
PAGE_BYTES = 262_144
_TABLES = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE batches(position INTEGER PRIMARY KEY, hash BLOB UNIQUE, device BLOB, seq INTEGER,
    raw BLOB, UNIQUE(device, seq));
CREATE TABLE feed(reader INTEGER, position INTEGER, PRIMARY KEY(reader, position)) WITHOUT ROWID;
"""


def batches_in(request: bytes) -> Iterator[bytes]:
    """Yield the batches of a sync request."""
    at = 4
    while at < len(request):
        kind, length = FRAME.unpack_from(request, at)
        at += FRAME.size
        if kind == BATCH_FRAME:
            yield request[at : at + length]
        at += length


class RawServer:
    """The whole application.

    Args:
        database: a new SQLite file.
        keys: public keys by device.
    """

    def __init__(self, database: Path, keys: dict[bytes, Ed25519PublicKey]) -> None:
        self._keys = keys
        self._heads: dict[bytes, bytes] = {}
        self._connection = sqlite3.connect(database, isolation_level=None)
        self._connection.executescript(_TABLES)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        answer = self._answer(scope["path"], bytes(body))
        headers = [(b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, path: str, body: bytes) -> bytes:
        if path == "/batches":
            return self._take(body)
        return self._page(int.from_bytes(body, "big")) if path == "/page" else b""

    def _take(self, request: bytes) -> bytes:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        hashes = []
        for raw in batches_in(request):
            device, seq, batch_hash = self._check(raw)
            position = execute(
                "INSERT INTO batches(hash, device, seq, raw) VALUES (?,?,?,?)",
                (batch_hash, device, seq, raw),
            ).lastrowid
            feed = [(reader, position) for reader in range(READERS)]
            self._connection.executemany("INSERT INTO feed VALUES (?,?)", feed)
            hashes.append(batch_hash)
        execute("COMMIT")
        return b"".join(hashes)

    def _check(self, raw: bytes) -> tuple[bytes, int, bytes]:
        head = HEADER.unpack_from(raw)
        device, seq, prev = head[6], head[7], head[8]
        hashlib.sha256(raw[HEADER_BYTES:]).digest()
        if prev != self._heads.get(device, bytes(32)):
            raise ValueError("chain")
        self._keys[device].verify(raw[176:240], b"sync-batch-v1\0" + raw[:176])
        self._heads[device] = hashlib.sha256(raw[:HEADER_BYTES]).digest()
        return device, seq, self._heads[device]

    def _page(self, after: int) -> bytes:
        rows = self._connection.execute(
            "SELECT f.position, b.raw FROM feed f JOIN batches b USING (position) "
            "WHERE f.reader = 0 AND f.position > ? ORDER BY f.position",
            (after,),
        )
        page = bytearray()
        for position, raw in rows:
            page += PAGE_ROW.pack(position, len(raw)) + raw
            if len(page) > PAGE_BYTES:
                break
        return bytes(page)


def serve(database: Path, keys: dict[bytes, Ed25519PublicKey]) -> None:
    """Serve on a free port until the process is ended; the port's number is the one line said."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        RawServer(database, keys), access_log=False, log_config=None, lifespan="off", ws="none"
    )
    print(listener.getsockname()[1], flush=True)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    known = json.loads(Path(sys.argv[2]).read_text())
    serve(
        Path(sys.argv[1]),
        {
            bytes.fromhex(device): Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            for device, key in known.items()
        },
    )
