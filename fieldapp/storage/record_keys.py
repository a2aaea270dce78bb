"""The random keys of single restricted records and drafts.

Laws:
  * What lies under such a key can be read only while the key is here; dropping it is final, also
    for someone who holds the vault key and every byte of the file.
  * Keys stand in numbered slots that are added at the end and overwritten in place, so that
    SQLite never moves one and leaves no older image of it behind in the file. The write-ahead log
    is emptied by the vault after the transaction (``Vault.scrub``).
  * Each key says when it goes at the latest.
"""

from sqlalchemy import Connection, bindparam, func, insert, null, select, update

from fieldapp.protocol.ids import RecordId
from fieldapp.storage.changes import take_change_numbers
from fieldapp.storage.cipher import RecordCipher, RowCipher
from fieldapp.storage.repository import Sealed
from fieldapp.storage.tables import drafts, record_keys, records

_PLACE = "record_keys.key"
_OF = record_keys.c.record == bindparam("r")
_GET = select(record_keys.c.sealed).where(_OF)
_UNTIL = select(record_keys.c.delete_after_ms).where(_OF)
_ALL = select(record_keys.c.record, record_keys.c.sealed).where(record_keys.c.record.is_not(None))
_EXPIRED = select(record_keys.c.record).where(
    record_keys.c.record.is_not(None), record_keys.c.delete_after_ms <= bindparam("now")
)
_PUT_OFF = (
    update(record_keys)
    .where(record_keys.c.record.is_not(None), record_keys.c.delete_after_ms < bindparam("before"))
    .values(delete_after_ms=bindparam("until"))
)
_FREE_SLOT = select(func.min(record_keys.c.slot)).where(record_keys.c.record.is_(None))
_ADD = insert(record_keys)
_FILL = update(record_keys).where(record_keys.c.slot == bindparam("s"))
_EXTEND = update(record_keys).where(_OF).values(delete_after_ms=bindparam("until"))
_EMPTY = (
    update(record_keys)
    .where(_OF)
    .values(record=null(), sealed=func.zeroblob(func.length(record_keys.c.sealed)))
)
_FORGET_RECORD = (
    update(records)
    .where(records.c.record == bindparam("r"), records.c.own_key == 1)
    .values(sealed_state=null(), sealed_card=null(), change_seq=bindparam("change"))
)
_FORGET_DRAFT = drafts.delete().where(drafts.c.draft == bindparam("r"), drafts.c.own_key == 1)


class RecordKeys(Sealed):
    """Keys of single records and drafts, by their id."""

    def __init__(
        self, connection: Connection, cipher: RowCipher, record_cipher: RecordCipher
    ) -> None:
        super().__init__(connection, cipher)
        self._record_cipher = record_cipher
        self.dropped = 0

    def put(self, record: bytes, key: bytes, delete_after_ms: int) -> None:
        """Keep the key of a record, or move the day it goes if it is kept already."""
        if self.get(record) is not None:
            self._run(_EXTEND, {"r": record, "until": delete_after_ms})
            return
        values = {
            "record": record,
            "sealed": self._seal(key, _PLACE, record),
            "delete_after_ms": delete_after_ms,
        }
        slot = self._run(_FREE_SLOT).scalar()
        if slot is None:
            self._run(_ADD, values)
        else:
            self._run(_FILL, {"s": slot, **values})

    def get(self, record: bytes) -> bytes | None:
        """Return the key, or None if there is none or it was dropped."""
        blob = self._run(_GET, {"r": record}).scalar()
        return None if blob is None else self._open(blob, _PLACE, record)

    def kept_until_ms(self, record: bytes) -> int | None:
        """Return when the key is dropped, or None if there is none."""
        found = self._run(_UNTIL, {"r": record}).scalar()
        return None if found is None else int(found)

    def all(self) -> dict[RecordId, bytes]:
        """Return every key that is still kept."""
        return {
            RecordId(record): self._open(blob, _PLACE, record) for record, blob in self._run(_ALL)
        }

    def drop(self, record: bytes) -> bool:
        """Overwrite the key and remove what lay under it; tell whether there was one."""
        found = self._run(_EMPTY, {"r": record}).rowcount > 0
        if found:
            change = take_change_numbers(self._connection, 1)
            self._run(_FORGET_RECORD, {"r": record, "change": change})
            self._run(_FORGET_DRAFT, {"r": record})
            self.dropped += 1
        return found

    def put_off(self, before_ms: int, until_ms: int) -> None:
        """Give every key whose day lies before an instant another day."""
        self._run(_PUT_OFF, {"before": before_ms, "until": until_ms})

    def purge_expired(self, now_ms: int) -> list[RecordId]:
        """Drop every key whose day has come; return whose they were."""
        gone = [RecordId(record) for record in self._run(_EXPIRED, {"now": now_ms}).scalars()]
        for record in gone:
            self.drop(record)
        return gone

    def is_any_due(self, now_ms: int) -> bool:
        """Tell whether a key's day has come, though it is still here."""
        return self._run(_EXPIRED, {"now": now_ms}).first() is not None

    def cipher_of(self, record: bytes) -> RowCipher | None:
        """Return the cipher under a record's own key, while the key is kept."""
        key = self.get(record)
        return None if key is None else self._record_cipher(key)

    def ciphers(self) -> dict[RecordId, RowCipher]:
        """Return the cipher of each record whose own key is kept."""
        return {record: self._record_cipher(key) for record, key in self.all().items()}
