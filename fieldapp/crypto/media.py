"""Sealing pictures and sounds: one random key a file, one sealed chunk a piece (PROTOCOL 13).

Laws:
  * Each file has a fresh key, so the number of a chunk is nonce enough and is never used twice.
  * A chunk is bound to its file, its place and the number of chunks: none can be left out, moved
    or taken from another file.
  * The key leaves here only inside what the caller seals into an entry.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Final

from fieldapp.crypto.secret import Secret
from fieldapp.crypto.suite import KEY_BYTES, aead_open, aead_seal
from fieldapp.protocol.media import chunk_aad, chunk_nonce

FILE_ID_BYTES: Final = 16


def new_media_key() -> Secret:
    """Return a fresh key for one file."""
    return Secret(os.urandom(KEY_BYTES))


def seal_chunks(key: Secret, file: bytes, content: bytes, chunk_size: int) -> list[bytes]:
    """Seal a file, cut into chunks of a size.

    Raises:
        LocalProtocolError: It has no bytes, or too many chunks.
    """
    pieces = [content[at : at + chunk_size] for at in range(0, len(content), chunk_size)]
    aad = chunk_aad(file, len(pieces))
    return [aead_seal(key, chunk_nonce(at), piece, aad) for at, piece in enumerate(pieces)]


def open_chunks(key: Secret, file: bytes, chunks: Sequence[bytes]) -> bytes:
    """Open a whole file.

    Raises:
        TamperedBatchError: A chunk is another's, another place's, or was changed.
        LocalProtocolError: There is none.
    """
    aad = chunk_aad(file, len(chunks))
    opened: Iterator[bytes] = (
        aead_open(key, chunk_nonce(at), chunk, aad) for at, chunk in enumerate(chunks)
    )
    return b"".join(opened)
