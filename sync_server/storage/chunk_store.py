"""Where a server keeps the sealed chunks of pictures and sounds: what it asks of any such place.

One place exists, a folder on the server's own disk (``chunks.py``). Another one, an S3-compatible
store for servers that share no disk, has these methods to write and nothing else to touch.

Laws:
  * A chunk is named by the hash of its ciphertext; a whole one never changes.
  * A whole chunk is durable before ``finish`` returns.
  * A part is one device's own and grows at its end; what arrived stays until the chunk is whole,
    it is dropped, or nobody went on with it for a month.
  * What fails is a ``StorageError``.
"""

from __future__ import annotations

from typing import Protocol


class ChunkStore(Protocol):
    """Whole chunks, and what has begun to arrive."""

    def held(self, device: bytes, chunk: bytes) -> int:
        """Return how many bytes of a chunk a device has sent, all of it once it is whole."""

    def has(self, chunk: bytes) -> bool:
        """Tell whether a whole chunk is here."""

    def append(self, device: bytes, chunk: bytes, offset: int, piece: bytes) -> None:
        """Keep bytes of a part at their place."""

    def read_part(self, device: bytes, chunk: bytes) -> bytes:
        """Return what a device has sent of a chunk."""

    def drop_part(self, device: bytes, chunk: bytes) -> None:
        """Throw away what a device has sent of a chunk."""

    def finish(self, device: bytes, chunk: bytes) -> None:
        """Make a part a whole chunk, durably."""

    def keep(self, chunk: bytes, content: bytes) -> None:
        """Put a whole chunk in its place, as a restore does."""

    def read(self, chunk: bytes) -> bytes | None:
        """Return a whole chunk, None when it is not here."""

    def remove(self, chunk: bytes) -> None:
        """Remove a chunk; one that is not here is no error."""

    def drop_old_parts(self, now_ms: int) -> int:
        """Remove parts that nobody went on with for a month; return how many."""
