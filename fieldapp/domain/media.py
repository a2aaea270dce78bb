"""Pictures and sounds inside a record: what an item says, and what of it may be shown.

Laws:
  * The sealed item alone holds the file's key and the ids of its chunks. What leaves the vault
    for a screen, a table, an export or a log is the public part (``shown``).
  * An item is checked as it is read: chunks that do not fit its size make it none.
  * Values are JSON; bytes stand in them as base 64.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from fieldapp.errors import FieldAppError
from fieldapp.protocol.hashing import HASH_BYTES
from fieldapp.protocol.ids import ID_BYTES, id_to_text, text_to_id
from fieldapp.protocol.limits import CHUNK_BYTES, MAX_MEDIA_CHUNKS
from fieldapp.protocol.media import sealed_sizes

MediaKind = Literal["photo", "audio"]
MEDIA_KINDS: Final[tuple[MediaKind, ...]] = ("photo", "audio")
PUBLIC: Final = ("id", "file", "kind", "bytes", "seconds")
SECRET: Final = ("chunk", "chunks", "key", "thumb")
ITEM_LETTERS: Final = 8
KEY_BYTES: Final = 32
MAX_BYTES: Final = CHUNK_BYTES * MAX_MEDIA_CHUNKS
MAX_SECONDS: Final = 60
MAX_THUMB_BYTES: Final = 4_096


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One picture or sound as its record names it.

    Attributes:
        file: its random id.
        size: bytes of the opened file.
        chunk: bytes of a piece before sealing.
        chunks: ids of the sealed chunks, in order.
        key: opens the chunks.
        seconds: of a sound.
        thumb: of a picture, a small JPEG.
    """

    file: bytes
    kind: MediaKind
    size: int
    chunk: int
    chunks: tuple[bytes, ...]
    key: bytes = field(repr=False)
    seconds: int | None = None
    thumb: bytes | None = field(default=None, repr=False)

    @property
    def sizes(self) -> list[int]:
        """How long each sealed chunk is."""
        return list(sealed_sizes(self.size, self.chunk))

    def to_value(self) -> dict[str, Any]:
        """Return what is sealed into the record."""
        text = id_to_text(self.file)
        found: dict[str, Any] = {
            "id": text[:ITEM_LETTERS],
            "file": text,
            "kind": self.kind,
            "bytes": self.size,
            "chunk": self.chunk,
            "chunks": _text(b"".join(self.chunks)),
            "key": _text(self.key),
        }
        if self.seconds is not None:
            found["seconds"] = self.seconds
        if self.thumb is not None:
            found["thumb"] = _text(self.thumb)
        return found


def read_item(value: object) -> MediaItem | None:
    """Read a sealed item; None for one that is not whole, or not of this shape."""
    if not isinstance(value, Mapping):
        return None
    try:
        joined = _bytes(value["chunks"])
        item = MediaItem(
            file=text_to_id(value["file"], ID_BYTES),
            kind=value["kind"],
            size=value["bytes"],
            chunk=value["chunk"],
            chunks=tuple(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)),
            key=_bytes(value["key"]),
            seconds=value.get("seconds"),
            thumb=_bytes(value["thumb"]) if "thumb" in value else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error, FieldAppError):
        return None
    return item if _is_whole(item) else None


def _is_whole(item: MediaItem) -> bool:
    seconds = 0 if item.seconds is None else item.seconds
    numbers: tuple[object, ...] = (item.size, item.chunk, seconds)
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in numbers):
        return False
    return (
        item.kind in MEDIA_KINDS
        and 0 < item.size <= MAX_BYTES
        and 0 < item.chunk <= CHUNK_BYTES
        and len(item.chunks) == len(item.sizes) <= MAX_MEDIA_CHUNKS
        and all(len(chunk) == HASH_BYTES for chunk in item.chunks)
        and len(item.key) == KEY_BYTES
        and len(item.thumb or b"") <= MAX_THUMB_BYTES
    )


def items_of(fields: Mapping[str, Any]) -> Iterator[tuple[str, MediaItem]]:
    """Yield each whole item of a sealed document with the name of its field."""
    for name, value in fields.items():
        for one in value if isinstance(value, list) else ():
            item = read_item(one)
            if item is not None:
                yield name, item


def shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document without the keys of its pictures and sounds."""
    return {
        name: _shown(value) if isinstance(value, list) else value for name, value in fields.items()
    }


def _shown(value: list[Any]) -> list[Any]:
    if not any(map(_has_secret, value)):
        return value
    return [
        {name: part for name, part in one.items() if name in PUBLIC} if _has_secret(one) else one
        for one in value
    ]


def _has_secret(value: object) -> bool:
    return isinstance(value, dict) and "key" in value and "chunks" in value


def is_secret_path(path: str) -> bool:
    """Tell whether a flat path may hold a part of an item that is never shown."""
    parts = path.split("/")
    return len(parts) > 2 and parts[-1] in SECRET  # noqa: PLR2004 - field, item, part


def is_public_item(value: object) -> bool:
    """Tell whether a value names a picture or sound as a form or a command holds it."""
    if not isinstance(value, Mapping) or not set(value) <= {*PUBLIC, *SECRET}:
        return False
    if any(name in value for name in SECRET):
        return read_item(value) is not None
    try:
        text_to_id(value["file"], ID_BYTES)
    except (KeyError, TypeError, AttributeError, FieldAppError):
        return False
    size = value.get("bytes")
    return value.get("kind") in MEDIA_KINDS and isinstance(size, int) and 0 < size <= MAX_BYTES


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
