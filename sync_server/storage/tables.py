"""The server's tables: what it keeps, and nothing it could read.

Laws:
  * Every position comes from the one counter row, so positions rise in commit order.
  * A batch is kept once, under its header hash; ``feed`` says in which order a reader gets it.
  * A row of ``feed`` never changes: its running hash covers every row before it.
  * A seq is a u64 on the wire and a shifted signed number here; comparisons stay true.
  * The schema is changed by a migration only; a test compares this file with what they make.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

_HALF: Final = 1 << 63
LARGEST: Final = _HALF - 1
"""The largest number that a column holds; one beyond it on the wire means no more than that."""


class Unsigned64(TypeDecorator[int]):
    """A u64 of the wire in a signed column; the order is kept."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = BigInteger
    cache_ok: bool | None = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the library's signature
        """Shift into the signed range."""
        return None if value is None else value - _HALF

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the library's signature
        """Shift back."""
        return None if value is None else value + _HALF


METADATA: Final = MetaData()

META: Final = Table(
    "meta",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""The log id and other single values."""

COUNTER: Final = Table(
    "counter",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("directory", BigInteger, nullable=False),
    Column("snapshot", BigInteger, nullable=False),
)
"""One row: the last position given out, and those of the last directory batch and snapshot."""

BATCHES: Final = Table(
    "batches",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("device", LargeBinary(16), nullable=False),
    Column("channel", LargeBinary(8), nullable=False),
    Column("seq", Unsigned64, nullable=False),
    Column("prev", LargeBinary(32), nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("directory_version", BigInteger, nullable=False),
    Column("kid", LargeBinary(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("placed", BigInteger, nullable=False),
    Column("linked", Boolean, nullable=False),
    Column("stored_ms", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Index("batches_stream", "device", "channel", "seq"),
    Index("batches_kid", "kid"),
    Index(
        "batches_directory",
        "placed",
        sqlite_where=text("kind = 2"),
        postgresql_where=text("kind = 2"),
    ),
    Index(
        "batches_loose",
        "device",
        "channel",
        sqlite_where=text("linked = 0"),
        postgresql_where=text("NOT linked"),
    ),
    Index(
        "batches_unsettled",
        "state",
        sqlite_where=text("state <> 'stored'"),
        postgresql_where=text("state <> 'stored'"),
    ),
)
"""Every batch that was accepted, whatever became of it.

``position`` is where it was stored; ``placed`` is where it was first handed out, 0 while the
directory keeps it aside.
"""

STREAMS: Final = Table(
    "streams",
    METADATA,
    Column("device", LargeBinary(16), primary_key=True),
    Column("channel", LargeBinary(8), primary_key=True),
    Column("seq", Unsigned64, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("directory_version", BigInteger, nullable=False),
    Column("loose", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""The head of each stream: the last batch in unbroken order. Loose: some lie beyond a gap."""

KEY_READERS: Final = Table(
    "key_readers",
    METADATA,
    Column("device", LargeBinary(16), primary_key=True),
    Column("channel", LargeBinary(8), primary_key=True),
    Column("kid", LargeBinary(16), primary_key=True),
    Column("reader", LargeBinary(16), primary_key=True),
    sqlite_with_rowid=False,
)
"""Who holds a sender key: from key packets and grants."""

CHANNELS: Final = Table(
    "channels",
    METADATA,
    Column("channel", LargeBinary(8), primary_key=True),
    Column("descriptor", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What key packets say of channels: unit and class, which the readers follow from."""

ERASURES: Final = Table(
    "erasures",
    METADATA,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Batches whose bodies an erase order took away, and where the order stands."""

FEED: Final = Table(
    "feed",
    METADATA,
    Column("reader", LargeBinary(16), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("batch", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("running", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
"""What each reader gets, in order, with the running hash after it."""

READERS: Final = Table(
    "readers",
    METADATA,
    Column("reader", LargeBinary(16), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("running", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
"""The end of each reader's feed: its last position and the running hash there."""

RECEIPTS: Final = Table(
    "receipts",
    METADATA,
    Column("office", LargeBinary(16), primary_key=True),
    Column("device", LargeBinary(16), primary_key=True),
    Column("channel", LargeBinary(8), primary_key=True),
    Column("seq", Unsigned64, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Index("receipts_device", "device", "position"),
    sqlite_with_rowid=False,
)
"""The newest receipt of an office for a stream, waiting for or fetched by its author."""

INVITES: Final = Table(
    "invites",
    METADATA,
    Column("id", LargeBinary(8), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("packet", LargeBinary, nullable=False),
)
"""Sealed invite packets, each behind the hash of its upload token."""

SNAPSHOTS: Final = Table(
    "snapshots",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("raw", LargeBinary, nullable=False),
)
"""Signed snapshots of the directory; the newest counts."""

MEDIA: Final = Table(
    "media",
    METADATA,
    Column("chunk", LargeBinary(32), primary_key=True),
    Column("batch", LargeBinary(32), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("stored_ms", BigInteger, nullable=False),
    Column("gone", Boolean, nullable=False),
    Index("media_batch", "batch"),
    Index("media_gone", "gone", sqlite_where=text("gone = 1"), postgresql_where=text("gone")),
)
"""Whole chunks of pictures and sounds, under each batch that names them; the bytes are files.

Gone: the batch was erased, and the file is to be removed unless another batch names it.
"""
