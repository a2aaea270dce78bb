"""The tables of a vault as SQLAlchemy Core sees them.

Laws:
  * In clear stand only ids, hashes, kinds, states, reason codes, instants in milliseconds and
    counts. Columns named ``sealed*`` hold what a ``RowCipher`` sealed.
  * ``batches.raw`` and ``receipts.raw`` are protocol bytes: already sealed or signed for the
    wire, and readable without the vault key so that a locked vault can still deliver.
  * The statements that make the tables are frozen in ``steps.py``; a test keeps both equal.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

metadata = MetaData()


def _id(name: str, *, key: bool = False, null: bool = False) -> "Column[bytes]":
    return Column(name, LargeBinary, primary_key=key, nullable=null)


def _number(name: str, *, key: bool = False, null: bool = False) -> "Column[int]":
    return Column(name, Integer, primary_key=key, nullable=null)


def _word(name: str, *, key: bool = False, null: bool = False) -> "Column[str]":
    return Column(name, Text, primary_key=key, nullable=null)


meta = Table("meta", metadata, _word("key", key=True), _id("sealed"))

counters = Table("counters", metadata, _word("name", key=True), _number("value"))

drafts = Table(
    "drafts",
    metadata,
    _id("draft", key=True),
    _id("sealed"),
    _number("own_key"),
    _number("updated_ms"),
)

streams = Table(
    "streams",
    metadata,
    _id("device", key=True),
    _id("channel", key=True),
    _number("seq"),
    _id("hash"),
)

batches = Table(
    "batches",
    metadata,
    _number("id", key=True),
    _id("hash"),
    _id("device"),
    _id("channel"),
    _number("seq"),
    _number("kind"),
    _id("kid"),
    _word("state"),
    _word("reason", null=True),
    _number("priority"),
    _number("position", null=True),
    _number("created_ms"),
    _number("size"),
    _id("raw"),
)
Index("batches_hash", batches.c.hash, unique=True)
Index("batches_stream", batches.c.device, batches.c.channel, batches.c.seq)
Index(
    "batches_outbox",
    batches.c.priority,
    batches.c.id,
    sqlite_where=text("state = 'outbox'"),
)
Index("batches_waiting", batches.c.kid, sqlite_where=text("state = 'waiting'"))
Index("batches_state", batches.c.state, batches.c.created_ms, batches.c.size)
Index("batches_kind", batches.c.kind, batches.c.position, sqlite_where=text("kind != 1"))

sender_keys = Table(
    "sender_keys",
    metadata,
    _id("kid", key=True),
    _id("device"),
    _id("channel"),
    _id("sealed"),
    _number("own"),
    _number("retired"),
    _number("batches"),
    _number("created_ms"),
)
Index("sender_keys_channel", sender_keys.c.channel, sender_keys.c.created_ms)

office_keys = Table(
    "office_keys",
    metadata,
    _id("office", key=True),
    _number("epoch", key=True),
    _id("sealed"),
)

records = Table(
    "records",
    metadata,
    _number("id", key=True),
    _id("record"),
    _number("change_seq"),
    _number("own_key"),
    _id("sealed_state", null=True),
    _id("sealed_card", null=True),
    _id("sealed_stub", null=True),
    _id("batches"),
)
Index("records_record", records.c.record, unique=True)
Index("records_change", records.c.change_seq)
Index("records_own_key", records.c.record, sqlite_where=text("own_key = 1"))

record_keys = Table(
    "record_keys",
    metadata,
    _number("slot", key=True),
    _id("record", null=True),
    _id("sealed"),
    _number("delete_after_ms"),
)
Index("record_keys_record", record_keys.c.record, unique=True)

media = Table(
    "media",
    metadata,
    _id("file", key=True),
    _id("owner"),
    _word("state"),
    _number("size"),
    _number("chunks"),
    _number("sent"),
    _number("created_ms"),
    _id("sealed"),
    _number("sent_ms"),
)
Index("media_owner", media.c.owner)
Index("media_state", media.c.state, media.c.created_ms)

receipts = Table(
    "receipts",
    metadata,
    _id("device", key=True),
    _id("channel", key=True),
    _id("office", key=True),
    _number("seq", key=True),
    _id("hash"),
    _number("time_ms"),
    _number("outgoing"),
    _id("raw"),
)

quarantine = Table(
    "quarantine",
    metadata,
    _id("batch", key=True),
    _number("entry", key=True),
    _word("reason"),
    _id("sealed", null=True),
    _number("created_ms"),
)
