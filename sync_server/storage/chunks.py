"""The folder of chunks: ciphertext in files named by its hash, and what has begun to arrive.

    media/ab/abcd…            a whole chunk
    media/parts/DEVICE-CHUNK  what one device has sent of a chunk so far

Laws:
  * A whole chunk is on the disk (flushed, renamed) before anybody hears of it.
  * A part is one device's own: nobody's bytes stand behind another's.
  * Names are hashes and ids in hexadecimal, never anything that a client wrote.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from fieldapp.errors import DatabaseFullError, StorageFailedError

PARTS: Final = "parts"
PART_DAYS: Final = 30
_DAY_SECONDS: Final = 86_400
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


class ChunkFolder:
    """Chunks and parts below one folder; it is made when the first chunk comes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def held(self, device: bytes, chunk: bytes) -> int:
        """Return how many bytes of a chunk a device has sent, all of it once it is whole."""
        with _disk_errors():
            for path in (self._path(chunk), self._part(device, chunk), self._path(chunk)):
                with suppress(FileNotFoundError):
                    return path.stat().st_size
        return 0

    def has(self, chunk: bytes) -> bool:
        """Tell whether a whole chunk is here."""
        return self._path(chunk).exists()

    def append(self, device: bytes, chunk: bytes, offset: int, piece: bytes) -> None:
        """Keep bytes of a part at their place.

        Raises:
            StorageError: the disk is full or refuses; what came before stays.
        """
        path = self._part(device, chunk)
        with _disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.seek(offset)
                file.write(piece)

    def read_part(self, device: bytes, chunk: bytes) -> bytes:
        """Return what a device has sent of a chunk."""
        with _disk_errors():
            return self._part(device, chunk).read_bytes()

    def drop_part(self, device: bytes, chunk: bytes) -> None:
        """Throw away what a device has sent of a chunk."""
        with _disk_errors():
            self._part(device, chunk).unlink(missing_ok=True)

    def finish(self, device: bytes, chunk: bytes) -> None:
        """Make a part a whole chunk, durably."""
        path, part = self._path(chunk), self._part(device, chunk)
        with _disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            _flush(part)
            part.replace(path)
            _flush(path.parent)

    def keep(self, chunk: bytes, content: bytes) -> None:
        """Put a whole chunk in its place, as a restore does."""
        self.append(b"", chunk, 0, content)
        self.finish(b"", chunk)

    def read(self, chunk: bytes) -> bytes | None:
        """Return a whole chunk, None when it is not here."""
        with _disk_errors():
            try:
                return self._path(chunk).read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, chunk: bytes) -> None:
        """Remove a chunk; one that is not here is no error."""
        with _disk_errors():
            self._path(chunk).unlink(missing_ok=True)

    def drop_old_parts(self, now_ms: int) -> int:
        """Remove parts that nobody went on with for a month; return how many."""
        dropped = 0
        limit = now_ms / 1000 - PART_DAYS * _DAY_SECONDS
        with _disk_errors():
            for path in (self._root / PARTS).glob("*"):
                if path.stat().st_mtime < limit:
                    path.unlink(missing_ok=True)
                    dropped += 1
        return dropped

    def _path(self, chunk: bytes) -> Path:
        name = chunk.hex()
        return self._root / name[:2] / name

    def _part(self, device: bytes, chunk: bytes) -> Path:
        return self._root / PARTS / f"{device.hex()}-{chunk.hex()}"


def _flush(path: Path) -> None:
    """Flush a file or a folder; Windows flushes folders by itself."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in _NO_ROOM:
            raise DatabaseFullError from problem
        raise StorageFailedError from problem
