"""Folded records: the state and the card of each, sealed.

Laws:
  * A record's state and card are sealed apart and change together, with the next change number.
  * A record that has its own key is sealed under that key and under no other: once the key is
    dropped a later put keeps the stub and writes no content.
  * The hashes of the batches that made a record only grow in number; they are its history.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, null, select, update

from fieldapp.protocol.ids import RecordId
from fieldapp.storage.changes import last_change_number, take_change_numbers
from fieldapp.storage.cipher import RowCipher, column_aad
from fieldapp.storage.record_keys import RecordKeys
from fieldapp.storage.repository import AnyRow, Sealed
from fieldapp.storage.rows import RecordPut, RecordRow
from fieldapp.storage.tables import records

HASH_BYTES: Final = 32
_LOOKUP_CHUNK: Final = 500
_STATE = column_aad("records.state")
_CARD = column_aad("records.card")
_STUB = column_aad("records.stub")

_COLUMNS = (
    records.c.record,
    records.c.change_seq,
    records.c.own_key,
    records.c.sealed_state,
    records.c.sealed_card,
    records.c.sealed_stub,
    records.c.batches,
)
_GET_MANY = select(*_COLUMNS).where(records.c.record.in_(bindparam("ids", expanding=True)))
_CHANGED = (
    select(records.c.change_seq, records.c.record, records.c.own_key)
    .where(records.c.change_seq > bindparam("after"))
    .order_by(records.c.change_seq)
    .limit(bindparam("most"))
)
_CHANGED_STATES = _CHANGED.add_columns(records.c.sealed_state)
_CHANGED_CARDS = _CHANGED.add_columns(records.c.sealed_card, records.c.sealed_stub)
_CARDS = select(records.c.record, records.c.own_key, records.c.sealed_card, records.c.sealed_stub)
_ANY_OWN = select(records.c.id).where(records.c.own_key == 1).limit(1)
_OWN = select(records.c.record).where(
    records.c.own_key == 1, records.c.record.in_(bindparam("ids", expanding=True))
)
_ALL_OWN = select(records.c.record, records.c.batches).where(records.c.own_key == 1)
_COUNT = select(func.count()).select_from(records)
_ERASE = (
    update(records)
    .where(records.c.record == bindparam("r"))
    .values(
        sealed_state=null(),
        sealed_card=null(),
        sealed_stub=null(),
        change_seq=bindparam("change"),
    )
)
_GIVE_UP = (
    update(records)
    .where(records.c.record == bindparam("r"))
    .values(
        own_key=1,
        sealed_state=null(),
        sealed_card=null(),
        sealed_stub=bindparam("stub"),
        change_seq=bindparam("change"),
    )
)
_PUT = """INSERT INTO records
        (record, change_seq, own_key, sealed_state, sealed_card, sealed_stub, batches)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (record) DO UPDATE SET
        change_seq = excluded.change_seq,
        own_key = excluded.own_key,
        sealed_state = excluded.sealed_state,
        sealed_card = excluded.sealed_card,
        sealed_stub = coalesce(excluded.sealed_stub, sealed_stub),
        batches = CASE WHEN instr(batches, excluded.batches) > 0 THEN batches
            ELSE CAST(batches || excluded.batches AS BLOB) END"""
"""Handed to the driver as it is: SQLAlchemy's own care for each row costs more than SQLite's."""


class Records(Sealed):
    """Records by id."""

    def __init__(self, connection: Connection, cipher: RowCipher, keys: RecordKeys) -> None:
        super().__init__(connection, cipher)
        self._keys = keys

    def get(self, record: bytes) -> RecordRow | None:
        """Return a record, or None if it is not here."""
        return self.get_many([record]).get(RecordId(record))

    def get_many(self, ids: Iterable[bytes]) -> dict[RecordId, RecordRow]:
        """Return those of the records that are here."""
        asked = list(ids)
        found: dict[RecordId, RecordRow] = {}
        for start in range(0, len(asked), _LOOKUP_CHUNK):
            chunk = asked[start : start + _LOOKUP_CHUNK]
            for row in self._run(_GET_MANY, {"ids": chunk}):
                opened = self._opened(row)
                found[opened.record] = opened
        return found

    def put(self, row: RecordPut) -> int:
        """Write a record's new fold; return its change number."""
        return self.put_many([row])

    def put_many(self, rows: Sequence[RecordPut]) -> int:
        """Write many folds, each record once; return the last change number."""
        if not rows:
            return self.last_change()
        own = self._own_ciphers(rows)
        first = take_change_numbers(self._connection, len(rows))
        values = [self._values(row, first + number, own) for number, row in enumerate(rows)]
        self._connection.exec_driver_sql(_PUT, values)
        return first + len(rows) - 1

    def history(self, record: bytes) -> tuple[bytes, ...]:
        """Return the hashes of the batches that made a record, as they were folded."""
        row = self.get(record)
        return () if row is None else row.batches

    def changed_states(
        self, after: int, most: int = 500
    ) -> list[tuple[int, RecordId, bytes | None]]:
        """Return (change number, record, state) of what changed after ``after``, in order.

        The state is None once its own key was dropped or the record was erased.
        """
        rows = self._run(_CHANGED_STATES, {"after": after, "most": most})
        return [
            (change, RecordId(record), self._state(record, own_key, state))
            for change, record, own_key, state in rows
        ]

    def changed_cards(
        self, after: int, most: int = 500
    ) -> list[tuple[int, RecordId, bytes | None]]:
        """Return (change number, record, card) as ``changed_states`` does; the stub if need be."""
        rows = self._run(_CHANGED_CARDS, {"after": after, "most": most})
        return [
            (change, RecordId(record), self._card(record, own_key, card, stub))
            for change, record, own_key, card, stub in rows
        ]

    def last_change(self) -> int:
        """Return the newest change number; 0 before the first."""
        return last_change_number(self._connection)

    def count(self) -> int:
        """Return how many records are here."""
        count: int = self._run(_COUNT).scalar_one()
        return count

    def cards(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield (record, card) of every record that can be listed, the stub where that is all."""
        open_row = self._cipher.open
        ciphers: dict[RecordId, RowCipher] | None = None
        for record, own_key, card, stub in self._run(_CARDS):
            if card is not None and own_key:
                ciphers = self._keys.ciphers() if ciphers is None else ciphers
                yield record, ciphers[record].open(card, _CARD(record))
            elif card is not None:
                yield record, open_row(card, _CARD(record))
            elif stub is not None:
                yield record, open_row(stub, _STUB(record))

    def erase(self, record: bytes) -> bool:
        """Remove a record's content and stub, keep its place in the order of changes."""
        self._keys.drop(record)
        change = take_change_numbers(self._connection, 1)
        return self._run(_ERASE, {"r": record, "change": change}).rowcount > 0

    def give_up(self, record: bytes, stub: bytes) -> bool:
        """Leave only a stub of a record; whatever comes of it later writes no content either."""
        self._keys.drop(record)
        self._keys.dropped += 1  # The log on the disk is emptied of what was overwritten.
        change = take_change_numbers(self._connection, 1)
        sealed = self._cipher.seal(stub, _STUB(record))
        return self._run(_GIVE_UP, {"r": record, "stub": sealed, "change": change}).rowcount > 0

    def given_up(self) -> dict[RecordId, tuple[bytes, ...]]:
        """Return the records whose content went for good, with the batches that made them."""
        kept = self._keys.all().keys()
        rows = self._run(_ALL_OWN)
        return {RecordId(r): _hashes(joined) for r, joined in rows if RecordId(r) not in kept}

    def _own_ciphers(self, rows: Sequence[RecordPut]) -> dict[bytes, RowCipher | None]:
        """Return the cipher of each row that must not lie under the vault key; None if gone."""
        for row in rows:
            if row.key is not None:
                self._keys.put(row.record, row.key, row.delete_after_ms)
        own = {bytes(row.record) for row in rows if row.key is not None}
        if self._run(_ANY_OWN).first() is not None:
            for start in range(0, len(rows), _LOOKUP_CHUNK):
                ids = [row.record for row in rows[start : start + _LOOKUP_CHUNK]]
                own.update(self._run(_OWN, {"ids": ids}).scalars())
        return {record: self._keys.cipher_of(record) for record in own}

    def _values(
        self, row: RecordPut, change: int, own: dict[bytes, RowCipher | None]
    ) -> tuple[Any, ...]:
        """Return the places of ``_PUT``."""
        record, stub = row.record, row.stub
        cipher = own.get(record, self._cipher)
        return (
            record,
            change,
            int(record in own),
            None if cipher is None else cipher.seal(row.state, _STATE(record)),
            None if cipher is None else cipher.seal(row.card, _CARD(record)),
            None if stub is None else self._cipher.seal(stub, _STUB(record)),
            b"".join(row.batches),
        )

    def _opened(self, row: AnyRow) -> RecordRow:
        record, change_seq, own_key, state, card, stub, joined = row
        return RecordRow(
            record=RecordId(record),
            change_seq=change_seq,
            state=self._state(record, own_key, state),
            card=self._card(record, own_key, card, stub),
            batches=_hashes(joined),
            own_key=bool(own_key),
        )

    def _state(self, record: bytes, own_key: int, state: bytes | None) -> bytes | None:
        cipher = self._keys.cipher_of(record) if own_key else self._cipher
        return None if cipher is None or state is None else cipher.open(state, _STATE(record))

    def _card(
        self, record: bytes, own_key: int, card: bytes | None, stub: bytes | None
    ) -> bytes | None:
        """Open a row's card, or the stub where that is all."""
        cipher = self._keys.cipher_of(record) if own_key else self._cipher
        if cipher is not None and card is not None:
            return cipher.open(card, _CARD(record))
        return None if stub is None else self._cipher.open(stub, _STUB(record))


def _hashes(joined: bytes) -> tuple[bytes, ...]:
    found = (joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))
    return tuple(dict.fromkeys(found))
