"""What a sealed body holds once opened: entries, their salts and the root (PROTOCOL 2.3).

Laws:
  * Entries are bytes here; they are hashed as they are and never re-encoded.
  * The seed is inside, so the salts of erased entries die with the ciphertext.
  * Nothing inflates beyond its limit, and everything inflated is accounted for by the root.
"""

import hmac
import struct
import zlib
from collections.abc import Sequence
from typing import Final

from fieldapp.errors import (
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    UnsupportedVersionError,
)
from fieldapp.protocol.batch import Batch, Flag, Header
from fieldapp.protocol.dictionaries import dictionary_bytes
from fieldapp.protocol.hashing import LEAF_LABEL, ROOT_LABEL, labelled_hash
from fieldapp.protocol.limits import (
    MAX_BATCH_ENTRIES,
    MAX_INFLATED_BYTES,
    MIN_PADDED_BYTES,
    STORED_STEPS,
)

SEED_BYTES: Final = 16
SALT_BYTES: Final = 16

_U16: Final = struct.Struct(">H")
_U32: Final = struct.Struct(">I")
_PREFIX_BYTES: Final = SEED_BYTES + _U32.size
_RAW_DEFLATE: Final = -zlib.MAX_WBITS
_LEVEL: Final = 6
_MEMORY_LEVEL: Final = 9


def entry_salt(seed: bytes, index: int) -> bytes:
    """Return s_i, the salt of one entry's leaf."""
    return hmac.digest(seed, _U32.pack(index), "sha256")[:SALT_BYTES]


def leaf_hash(salt: bytes, entry: bytes) -> bytes:
    """Return the leaf of one entry under its salt."""
    return labelled_hash(LEAF_LABEL, salt, entry)


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the root over all leaves, with their count."""
    return labelled_hash(ROOT_LABEL, _U16.pack(len(leaves)), *leaves)


def root_of(entries: Sequence[bytes], seed: bytes) -> bytes:
    """Return the root of entries whose salts come from a seed."""
    return root_hash([leaf_hash(entry_salt(seed, at), entry) for at, entry in enumerate(entries)])


def padded_size(length: int, *, stored: bool) -> int:
    """Return the size that a plaintext of this length is padded to.

    Args:
        length: Bytes before padding.
        stored: Whether the fixed sizes of restricted channels apply, instead of Padmé.

    >>> padded_size(1000, stored=False), padded_size(1000, stored=True)
    (1024, 1024)
    >>> padded_size(9000, stored=False), padded_size(9000, stored=True)
    (9216, 12288)
    """
    if stored:
        last = STORED_STEPS[-1]
        fitting = [step for step in STORED_STEPS if length <= step]
        return fitting[0] if fitting else -(-length // last) * last
    if length <= MIN_PADDED_BYTES:
        return MIN_PADDED_BYTES
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def pack_entries(
    entries: Sequence[bytes], seed: bytes, *, dictionary: int, stored: bool
) -> tuple[bytes, bytes]:
    """Lay out the plaintext of a body.

    Args:
        entries: 1 to 50 entries.
        seed: 16 fresh random bytes.
        dictionary: The preset dictionary's id, 0 for none.
        stored: No deflate, and fixed sizes.

    Returns:
        The padded plaintext and the root for the header.

    Raises:
        LocalProtocolError: The entries break a limit or the options contradict each other.
    """
    if len(seed) != SEED_BYTES or (stored and dictionary):
        raise LocalProtocolError(what="payload")
    if not 1 <= len(entries) <= MAX_BATCH_ENTRIES:
        raise LocalProtocolError(what="entry_count", count=len(entries))
    framed = b"".join(
        (
            _U16.pack(len(entries)),
            struct.pack(f">{len(entries)}I", *map(len, entries)),
            *entries,
        )
    )
    if len(framed) > MAX_INFLATED_BYTES:
        raise LocalProtocolError(what="payload_bytes", limit=MAX_INFLATED_BYTES)
    packed = framed if stored else deflate(framed, dictionary)
    plaintext = seed + _U32.pack(len(packed)) + packed
    size = padded_size(len(plaintext), stored=stored)
    return plaintext.ljust(size, b"\0"), root_of(entries, seed)


def unpack_entries(plaintext: bytes, header: Header) -> list[bytes]:
    """Read the entries back and check them against the header's root.

    Raises:
        MalformedMessageError: A length, the padding or the root is wrong.
        LimitExceededError: Too many entries, or a body that inflates without end.
        UnsupportedVersionError: An unknown dictionary (`waiting_for_update`).
    """
    stored = bool(header.flags & Flag.STORED)
    if len(plaintext) < _PREFIX_BYTES:
        raise MalformedMessageError(reason="payload_length")
    (length,) = _U32.unpack_from(plaintext, SEED_BYTES)
    end = _PREFIX_BYTES + length
    if end > len(plaintext) or len(plaintext) != padded_size(end, stored=stored):
        raise MalformedMessageError(reason="payload_length")
    if plaintext.count(0, end) != len(plaintext) - end:
        raise MalformedMessageError(reason="padding")
    packed = plaintext[_PREFIX_BYTES:end]
    framed = packed if stored else inflate(packed, header.dictionary)
    entries = _split(framed)
    if not hmac.compare_digest(root_of(entries, plaintext[:SEED_BYTES]), header.root):
        raise MalformedMessageError(reason="root")
    return entries


def _split(framed: bytes) -> list[bytes]:
    """Cut the inflated bytes into entries; nothing may be left over."""
    if len(framed) < _U16.size:
        raise MalformedMessageError(reason="entry_count")
    (count,) = _U16.unpack_from(framed)
    if count == 0:
        raise MalformedMessageError(reason="entry_count")
    if count > MAX_BATCH_ENTRIES:
        raise LimitExceededError(what="entry_count", limit=MAX_BATCH_ENTRIES)
    start = _U16.size + _U32.size * count
    if len(framed) < start:
        raise MalformedMessageError(reason="entry_length")
    entries = []
    for length in struct.unpack_from(f">{count}I", framed, _U16.size):
        entries.append(framed[start : start + length])
        start += length
    if start != len(framed):
        raise MalformedMessageError(reason="entry_length")
    return entries


def plain_payload(batch: Batch) -> bytes:
    """Return the payload of a plain kind; its signature is checked elsewhere.

    Raises:
        MalformedMessageError: It was erased, is of a sealed kind, or is no deflate stream.
        LimitExceededError: It inflates beyond the limit.
        UnsupportedVersionError: It needs a dictionary of a newer version.
    """
    if not batch.header.is_plain or batch.is_erased:
        raise MalformedMessageError(reason="not_plain")
    return inflate(batch.ciphertext(), batch.header.dictionary)


def deflate(data: bytes, dictionary: int = 0) -> bytes:
    """Return the raw deflate stream of some bytes.

    Raises:
        LocalProtocolError: The dictionary is unknown here.
    """
    if dictionary:
        preset = dictionary_bytes(dictionary)
        if preset is None:
            raise LocalProtocolError(what="dictionary", value=dictionary)
        packer = zlib.compressobj(
            _LEVEL, zlib.DEFLATED, _RAW_DEFLATE, _MEMORY_LEVEL, zlib.Z_DEFAULT_STRATEGY, preset
        )
    else:
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW_DEFLATE, _MEMORY_LEVEL)
    return packer.compress(data) + packer.flush()


def inflate(data: bytes, dictionary: int = 0) -> bytes:
    """Return what a raw deflate stream holds, up to the limit.

    Raises:
        MalformedMessageError: Not one whole deflate stream.
        LimitExceededError: It inflates beyond the limit.
        UnsupportedVersionError: An unknown dictionary (`waiting_for_update`).
    """
    if dictionary:
        preset = dictionary_bytes(dictionary)
        if preset is None:
            raise UnsupportedVersionError(what="dictionary", value=dictionary)
        unpacker = zlib.decompressobj(_RAW_DEFLATE, preset)
    else:
        unpacker = zlib.decompressobj(_RAW_DEFLATE)
    try:
        found = unpacker.decompress(data, MAX_INFLATED_BYTES + 1)
    except zlib.error as error:
        raise MalformedMessageError(reason="deflate") from error
    if len(found) > MAX_INFLATED_BYTES:
        raise LimitExceededError(what="inflated_bytes", limit=MAX_INFLATED_BYTES)
    if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        raise MalformedMessageError(reason="deflate_end")
    return found
