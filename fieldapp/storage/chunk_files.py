"""Sealed chunks as files of the home, named by the hash of what they hold.

Laws:
  * A chunk is whole and flushed before anything names it; a crash leaves it or nothing.
  * What is read is held against its name: a file that changed counts as absent.
  * Nothing here can open a chunk.
"""

from collections.abc import Iterable
from pathlib import Path

from fieldapp.protocol.media import chunk_id
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import PART_SUFFIX, make_private_folder, write_whole


class ChunkFiles:
    """The chunks below one folder; it is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> bytes:
        """Write a chunk; return its id.

        Raises:
            StorageError: the disk is full or refuses.
        """
        chunk = chunk_id(content)
        path = self._path(chunk)
        with disk_errors():
            if not path.exists():
                make_private_folder(self._folder)
                write_whole(path, content)
        return chunk

    def read(self, chunk: bytes) -> bytes | None:
        """Return a chunk, None if it is not here or no longer what it was.

        Raises:
            StorageError: the disk refuses.
        """
        path = self._path(chunk)
        with disk_errors():
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                return None
        return content if chunk_id(content) == chunk else None

    def has(self, chunks: Iterable[bytes]) -> bool:
        """Tell whether every one of some chunks is here."""
        return all(self._path(chunk).exists() for chunk in chunks)

    def remove(self, chunks: Iterable[bytes]) -> None:
        """Remove chunks, half written ones too; one that is not here is no error.

        Raises:
            StorageError: the disk refuses.
        """
        with disk_errors():
            for path in map(self._path, chunks):
                for one in (path, path.with_name(path.name + PART_SUFFIX)):
                    one.unlink(missing_ok=True)

    def size(self) -> int:
        """Return how many bytes all chunks take.

        Raises:
            StorageError: the disk refuses.
        """
        with disk_errors():
            return sum(path.stat().st_size for path in self._folder.glob("*"))

    def _path(self, chunk: bytes) -> Path:
        return self._folder / chunk.hex()
