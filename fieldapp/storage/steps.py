"""The steps a vault's schema has taken, each frozen for ever.

Laws:
  * ``STEPS[n]`` leads from version n to version n + 1 and runs in one transaction.
  * A step that was released is never edited; the next change is the next step.
  * ``tables.py`` describes the outcome of all steps; a test compares the two.
"""

import sqlite3
from collections.abc import Callable, Sequence

Step = Callable[[sqlite3.Connection], None]

_VERSION_1 = (
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO counters VALUES ('change', 0)",
    """CREATE TABLE drafts (
        draft BLOB NOT NULL PRIMARY KEY, sealed BLOB NOT NULL, own_key INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL)""",
    """CREATE TABLE streams (
        device BLOB NOT NULL, channel BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, channel)) WITHOUT ROWID""",
    """CREATE TABLE batches (
        id INTEGER NOT NULL PRIMARY KEY, hash BLOB NOT NULL, device BLOB NOT NULL,
        channel BLOB NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, kid BLOB NOT NULL,
        state TEXT NOT NULL, reason TEXT, priority INTEGER NOT NULL, position INTEGER,
        created_ms INTEGER NOT NULL, size INTEGER NOT NULL, raw BLOB NOT NULL)""",
    "CREATE UNIQUE INDEX batches_hash ON batches (hash)",
    "CREATE INDEX batches_stream ON batches (device, channel, seq)",
    "CREATE INDEX batches_outbox ON batches (priority, id) WHERE state = 'outbox'",
    "CREATE INDEX batches_waiting ON batches (kid) WHERE state = 'waiting'",
    "CREATE INDEX batches_state ON batches (state, created_ms, size)",
    "CREATE INDEX batches_kind ON batches (kind, position) WHERE kind != 1",
    """CREATE TABLE sender_keys (
        kid BLOB NOT NULL PRIMARY KEY, device BLOB NOT NULL, channel BLOB NOT NULL,
        sealed BLOB NOT NULL, own INTEGER NOT NULL, retired INTEGER NOT NULL,
        batches INTEGER NOT NULL, created_ms INTEGER NOT NULL)""",
    "CREATE INDEX sender_keys_channel ON sender_keys (channel, created_ms)",
    """CREATE TABLE office_keys (
        office BLOB NOT NULL, epoch INTEGER NOT NULL, sealed BLOB NOT NULL,
        PRIMARY KEY (office, epoch)) WITHOUT ROWID""",
    """CREATE TABLE records (
        id INTEGER NOT NULL PRIMARY KEY, record BLOB NOT NULL, change_seq INTEGER NOT NULL,
        own_key INTEGER NOT NULL, sealed_state BLOB, sealed_card BLOB, sealed_stub BLOB,
        batches BLOB NOT NULL)""",
    "CREATE UNIQUE INDEX records_record ON records (record)",
    "CREATE INDEX records_change ON records (change_seq)",
    "CREATE INDEX records_own_key ON records (record) WHERE own_key = 1",
    """CREATE TABLE record_keys (
        slot INTEGER NOT NULL PRIMARY KEY, record BLOB, sealed BLOB NOT NULL,
        delete_after_ms INTEGER NOT NULL)""",
    "CREATE UNIQUE INDEX record_keys_record ON record_keys (record)",
    """CREATE TABLE receipts (
        device BLOB NOT NULL, channel BLOB NOT NULL, office BLOB NOT NULL, seq INTEGER NOT NULL,
        hash BLOB NOT NULL, time_ms INTEGER NOT NULL, outgoing INTEGER NOT NULL, raw BLOB NOT NULL,
        PRIMARY KEY (device, channel, office, seq)) WITHOUT ROWID""",
    """CREATE TABLE quarantine (
        batch BLOB NOT NULL, entry INTEGER NOT NULL, reason TEXT NOT NULL, sealed BLOB,
        created_ms INTEGER NOT NULL, PRIMARY KEY (batch, entry))""",
)


def _version_1(connection: sqlite3.Connection) -> None:
    """Make the first tables."""
    for statement in _VERSION_1:
        connection.execute(statement)


def _version_2(connection: sqlite3.Connection) -> None:
    """Make the table of this device's own pictures and sounds."""
    connection.execute(
        """CREATE TABLE media (
        file BLOB NOT NULL PRIMARY KEY, owner BLOB NOT NULL, state TEXT NOT NULL,
        size INTEGER NOT NULL, chunks INTEGER NOT NULL, sent INTEGER NOT NULL,
        created_ms INTEGER NOT NULL, sealed BLOB NOT NULL)"""
    )
    connection.execute("CREATE INDEX media_owner ON media (owner)")
    connection.execute("CREATE INDEX media_state ON media (state, created_ms)")


def _version_3(connection: sqlite3.Connection) -> None:
    """Note when the server signed for the last piece of a picture or sound; 0 where unknown."""
    connection.execute("ALTER TABLE media ADD COLUMN sent_ms INTEGER NOT NULL DEFAULT 0")


STEPS: Sequence[Step] = (_version_1, _version_2, _version_3)
