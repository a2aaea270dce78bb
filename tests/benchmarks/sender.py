"""One client of the ingest benchmark: a process that sends finished requests and keeps time.

    python sender.py PORT PATH FILE     FILE = (length u32 | request)*

Laws:
  * The standard library and one socket only, so that the client is never the limit.
  * It prints "ready", waits for a line, sends request after request over one connection, and
    prints its start, end and times as JSON. Another status than 200 ends it with an error.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

CONTENT_TYPE = "application/vnd.baraza.sync"
LENGTH = struct.Struct(">I")


def http_requests(path: str, bodies: bytes) -> Iterator[bytes]:
    """Put HTTP around each body of a file."""
    start = 0
    while start < len(bodies):
        (length,) = LENGTH.unpack_from(bodies, start)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {length}\r\n\r\n"
        )
        start += LENGTH.size
        yield head.encode() + bodies[start : start + length]
        start += length


def read_answer(connection: socket.socket) -> int:
    """Read one answer to its end; return its size.

    Raises:
        ConnectionError: it is cut, or is no 200.
    """
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ConnectionError(head.decode("ascii", "replace"))
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    received = len(body)
    while received < length:
        received += len(_more(connection))
    return len(head) + 4 + received


def _more(connection: socket.socket) -> bytes:
    block = connection.recv(262_144)
    if not block:
        raise ConnectionError("cut")
    return block


def send_all(port: int, path: str, file: Path) -> dict[str, object]:
    """Send everything in a file and tell how long it took."""
    requests = list(http_requests(path, file.read_bytes()))
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print("ready", flush=True)
        sys.stdin.readline()
        received, times = 0, [time.monotonic()]
        for request in requests:
            connection.sendall(request)
            received += read_answer(connection)
            times.append(time.monotonic())
    spent = [later - earlier for earlier, later in pairwise(times)]
    return {"start": times[0], "end": times[-1], "seconds": spent, "received": received}


if __name__ == "__main__":
    print(json.dumps(send_all(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))), flush=True)
