"""The officer's vault: one SQLite file, its bodies sealed, one way in.

    vault = Vault.open(path, cipher, record_cipher=make_cipher_from_key)
    with vault.transaction() as tx:               # BEGIN IMMEDIATE, synchronous=FULL
        ...
    with vault.transaction(durable=False) as tx:  # for what can be pulled again
        ...
    with vault.reading() as tx:                   # a snapshot; writing through it is refused
        ...
    vault.scrub() -> bool ; vault.close() ; vault.database.max_pages = n (a limit for tests)

Laws:
  * Everything between the two ends of ``transaction`` happens, or nothing does.
  * No plaintext reaches SQLite; ids, states, instants and counts stand in clear (``tables.py``).
  * On a full disk it may be opened frozen: what lies there can be read, each save is refused.
  * Opening checks the vault key first; a wrong key raises the cipher's own ``CryptoError``.
  * A key of a single record that was dropped, and a body that was erased, is gone from the file
    and its log once ``scrub`` returned True; a transaction that took one scrubs by itself, and
    tries again later if a reader was in the way.

On ``tx`` (ids are bytes; rows are the dataclasses of ``rows.py``):

    meta.get(key) -> bytes|None                       meta.set(key, value)   meta.delete(key)
    drafts.save(draft, body, updated_ms)              drafts.get(draft) -> DraftRow|None
    drafts.all() -> [DraftRow]                        drafts.delete(draft) -> bool
    drafts.count() -> int
    streams.head(device, channel) -> (seq, hash)|None
    streams.set(device, channel, seq, hash)           streams.all(device=None) -> [StreamRow]
    batches.add(NewBatch) -> int|None (known)         batches.add_many([NewBatch]) -> [hash new]
    batches.known(hashes) -> set                      batches.by_hash(hash) -> BatchRow|None
    batches.by_stream(device, channel, seq) -> [BatchRow]
    batches.sequence(device, channel) -> [(seq, hash, state)]
    batches.outbox(limit_bytes) -> [BatchRow]         batches.waiting(kid=None) -> [BatchRow]
    batches.hashes_in(states, kind) -> [hash]
    batches.in_state(state) -> iterator               batches.of_kind(kind) -> iterator by position
    batches.mark(hash, state, reason=None) -> bool    batches.place(hash, position)
    batches.erase_body(hash) -> bool                  batches.counts(kind=None) -> {state: count}
    batches.retire(hash) -> bool                      batches.not_retired(hashes) -> [BatchRow]
    sender_keys.put(SenderKey)                        sender_keys.get(kid) -> SenderKey|None
    sender_keys.own_current(channel) -> SenderKey|None
    sender_keys.all() -> [SenderKey]
    sender_keys.bump(kid) -> int                      sender_keys.retire(kid) / drop(kid)
    office_keys.put(office, epoch, private)           office_keys.get(office, epoch) -> bytes|None
    office_keys.all() -> [OfficeKeyRow]               office_keys.drop(office, epoch)
    records.get(record) -> RecordRow|None             records.get_many(ids) -> {id: RecordRow}
    records.put(RecordPut) -> change number           records.put_many([RecordPut]) -> last number
    records.history(record) -> (hash, ...)            records.cards() -> iterator (record, card)
    records.changed_states(number, most=500) -> [(number, record, state|None)]
    records.changed_cards(number, most=500) -> [(number, record, card|None)]
    records.last_change() -> int                      records.count() -> int
    records.erase(record) -> bool                     records.give_up(record, stub) -> bool
    records.given_up() -> {record: (hash, ...)}
    record_keys.put(record, key, delete_after_ms)     record_keys.get(record) -> bytes|None
    record_keys.drop(record) -> bool                  record_keys.purge_expired(now_ms) -> [record]
    record_keys.put_off(before_ms, until_ms)          record_keys.is_any_due(now_ms) -> bool
    receipts.put(ReceiptRow, outgoing=False) -> bool  receipts.for_stream(device, channel)
    receipts.all() / outgoing() -> [ReceiptRow]       receipts.mark_sent(ReceiptRow)
    receipts.newest_ms(device, office) -> int|None
    media.add(MediaRow)                               media.get(file) -> MediaRow|None
    media.of(owner) / in_state(state) -> [MediaRow]   media.move(file, owner=, state=)
    media.note_sent(file, chunks)                     media.drop(file) -> bool
    quarantine.add(QuarantineRow)                     quarantine.all() -> [QuarantineRow]
    quarantine.count() -> int                         quarantine.release(batch, entry) -> bool
    index.cards() = records.cards()

For a restricted record hand ``RecordPut`` its own random key, ``delete_after_ms`` and a stub; for
a restricted draft call ``record_keys.put(draft, key, ...)`` before its first ``drafts.save``.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from fieldapp.errors import DatabaseFullError, StorageError
from fieldapp.storage.batches import Batches
from fieldapp.storage.cipher import RecordCipher, RowCipher
from fieldapp.storage.database import Database
from fieldapp.storage.drafts import Drafts
from fieldapp.storage.keys import OfficeKeys, SenderKeys
from fieldapp.storage.media import Media
from fieldapp.storage.meta import Meta
from fieldapp.storage.quarantine import Quarantine
from fieldapp.storage.receipts import Receipts
from fieldapp.storage.record_keys import RecordKeys
from fieldapp.storage.records import Records
from fieldapp.storage.schema import drop_copy, is_current, migrate
from fieldapp.storage.streams import Streams

_CHECK_KEY = "vault-key-check"
_CHECK_VALUE = b"baraza vault 1"


class Transaction:
    """The repositories of one transaction; see the module's docstring for the whole list."""

    def __init__(
        self, connection: Connection, cipher: RowCipher, record_cipher: RecordCipher
    ) -> None:
        self.meta = Meta(connection, cipher)
        self.record_keys = RecordKeys(connection, cipher, record_cipher)
        self.drafts = Drafts(connection, cipher, self.record_keys)
        self.records = Records(connection, cipher, self.record_keys)
        self.index = self.records
        self.streams = Streams(connection)
        self.batches = Batches(connection)
        self.sender_keys = SenderKeys(connection, cipher)
        self.office_keys = OfficeKeys(connection, cipher)
        self.receipts = Receipts(connection)
        self.media = Media(connection, cipher)
        self.quarantine = Quarantine(connection, cipher)


class Vault:
    """An open vault; safe to share between threads."""

    def __init__(
        self, database: Database, cipher: RowCipher, *, record_cipher: RecordCipher
    ) -> None:
        self.database = database
        self._cipher = cipher
        self._record_cipher = record_cipher
        self._scrub_due = True
        self._copy_may_exist = True

    @classmethod
    def open(
        cls,
        path: Path,
        cipher: RowCipher,
        *,
        record_cipher: RecordCipher,
        may_freeze: bool = False,
    ) -> Self:
        """Open the vault at a path; make it where there is none.

        Args:
            path: the vault's file.
            cipher: seals rows under the vault key.
            record_cipher: makes the cipher of one restricted record from its random key.
            may_freeze: on a full disk, open it for reading only, for a moment.

        Raises:
            CryptoError: the cipher's key is not this vault's.
            SchemaTooNewError: a newer app wrote the vault.
            StorageError: the file is damaged, busy, or there is no room.
        """
        try:
            migrate(path)
            return cls._checked(Database(path), cipher, record_cipher)
        except DatabaseFullError:
            if not may_freeze:
                raise
        frozen = Database(path, is_frozen=True)
        if not is_current(frozen):
            raise DatabaseFullError
        return cls._checked(frozen, cipher, record_cipher)

    @classmethod
    def _checked(cls, database: Database, cipher: RowCipher, record_cipher: RecordCipher) -> Self:
        """Open a database under the right key only."""
        vault = cls(database, cipher, record_cipher=record_cipher)
        with ExitStack() as undo:
            undo.callback(vault.close)
            vault._check_key()
            undo.pop_all()
        with suppress(StorageError):
            vault.scrub()
        return vault

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[Transaction]:
        """Write: all of it or nothing; durable unless it can be fetched again.

        Raises:
            StorageError: the database refused; nothing was written.
        """
        with self.database.writing(durable=durable) as connection:
            tx = Transaction(connection, self._cipher, self._record_cipher)
            yield tx
        self._scrub_due = self._scrub_due or tx.record_keys.dropped + tx.batches.erased > 0
        self._tidy()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read one unchanging state of the vault.

        Raises:
            StorageError: the database refused.
        """
        with self.database.reading() as connection:
            yield Transaction(connection, self._cipher, self._record_cipher)

    def scrub(self) -> bool:
        """Empty the write-ahead log, so that what was overwritten is gone from disk.

        Returns:
            False if a reader was in the way; the next transaction tries again.
        """
        self._scrub_due = not self.database.checkpoint()
        return not self._scrub_due

    def close(self) -> None:
        """Close the file; the vault cannot be used afterwards."""
        self.database.close()

    def _tidy(self) -> None:
        """Do what follows a save; it is saved already, so what fails here is tried again later."""
        if self._scrub_due:
            with suppress(StorageError):
                self.scrub()
        if self._copy_may_exist:
            with suppress(OSError):
                drop_copy(self.database.path)
                self._copy_may_exist = False

    def _check_key(self) -> None:
        with self.reading() as tx:
            known = tx.meta.get(_CHECK_KEY)
        if known is None:
            with self.transaction() as tx:
                tx.meta.set(_CHECK_KEY, _CHECK_VALUE)
