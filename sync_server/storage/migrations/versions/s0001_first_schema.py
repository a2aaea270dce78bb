"""The first schema: batches, streams, feeds, receipts, invites and snapshots."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_DEVICE = sa.LargeBinary(16)
_CHANNEL = sa.LargeBinary(8)
_HASH = sa.LargeBinary(32)
_READER = sa.LargeBinary(16)


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "meta",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("directory", sa.BigInteger, nullable=False),
        sa.Column("snapshot", sa.BigInteger, nullable=False),
    )
    _make_batches()
    _make_streams()
    _make_feeds()
    _make_queues()


def _make_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", _HASH, nullable=False, unique=True),
        sa.Column("device", _DEVICE, nullable=False),
        sa.Column("channel", _CHANNEL, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("prev", _HASH, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("directory_version", sa.BigInteger, nullable=False),
        sa.Column("kid", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("placed", sa.BigInteger, nullable=False),
        sa.Column("linked", sa.Boolean, nullable=False),
        sa.Column("stored_ms", sa.BigInteger, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
    op.create_index("batches_stream", "batches", ["device", "channel", "seq"])
    op.create_index("batches_kid", "batches", ["kid"])
    op.create_index(
        "batches_loose",
        "batches",
        ["device", "channel"],
        sqlite_where=sa.text("linked = 0"),
        postgresql_where=sa.text("NOT linked"),
    )
    for name, column, rows in (
        ("batches_directory", "placed", sa.text("kind = 2")),
        ("batches_unsettled", "state", sa.text("state <> 'stored'")),
    ):
        op.create_index(name, "batches", [column], sqlite_where=rows, postgresql_where=rows)


def _make_streams() -> None:
    op.create_table(
        "streams",
        sa.Column("device", _DEVICE, primary_key=True),
        sa.Column("channel", _CHANNEL, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("directory_version", sa.BigInteger, nullable=False),
        sa.Column("loose", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key_readers",
        sa.Column("device", _DEVICE, primary_key=True),
        sa.Column("channel", _CHANNEL, primary_key=True),
        sa.Column("kid", sa.LargeBinary(16), primary_key=True),
        sa.Column("reader", _READER, primary_key=True),
        sqlite_with_rowid=False,
    )


def _make_feeds() -> None:
    op.create_table(
        "channels",
        sa.Column("channel", _CHANNEL, primary_key=True),
        sa.Column("descriptor", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasures",
        sa.Column("hash", _HASH, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed",
        sa.Column("reader", _READER, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True),
        sa.Column("batch", sa.BigInteger, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("running", _HASH, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "readers",
        sa.Column("reader", _READER, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("running", _HASH, nullable=False),
        sqlite_with_rowid=False,
    )


def _make_queues() -> None:
    op.create_table(
        "receipts",
        sa.Column("office", sa.LargeBinary(16), primary_key=True),
        sa.Column("device", _DEVICE, primary_key=True),
        sa.Column("channel", _CHANNEL, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("receipts_device", "receipts", ["device", "position"])
    op.create_table(
        "invites",
        sa.Column("id", sa.LargeBinary(8), primary_key=True),
        sa.Column("token_hash", _HASH, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("packet", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
