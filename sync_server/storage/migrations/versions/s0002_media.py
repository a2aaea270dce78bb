"""Chunks of pictures and sounds, under the batches that name them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; what was there stays as it is."""
    op.create_table(
        "media",
        sa.Column("chunk", sa.LargeBinary(32), primary_key=True),
        sa.Column("batch", sa.LargeBinary(32), primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("stored_ms", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
    )
    op.create_index("media_batch", "media", ["batch"])
    op.create_index(
        "media_gone",
        "media",
        ["gone"],
        sqlite_where=sa.text("gone = 1"),
        postgresql_where=sa.text("gone"),
    )
