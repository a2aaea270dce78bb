"""The sealed outbox of a vault that is locked, or whose key was destroyed.

Laws:
  * It needs no key: what it hands out is already sealed for its readers, and what it takes back
    is signed. It reads no body and can make no batch.
  * A vault stays openable and complete, whatever was delivered through here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from fieldapp.errors import NotEnrolledError
from fieldapp.storage.batches import Batches
from fieldapp.storage.database import Database
from fieldapp.storage.receipts import Receipts
from fieldapp.storage.schema import migrate


class Delivery:
    """What can be touched without the vault key; the methods are those of the vault's ``tx``."""

    def __init__(self, connection: Connection) -> None:
        self.batches = Batches(connection)
        self.receipts = Receipts(connection)


class Outbox:
    """A vault's batches and receipts without its key."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @contextmanager
    def transaction(self) -> Iterator[Delivery]:
        """Write: all of it or nothing.

        Raises:
            StorageError: the database refused; nothing was written.
        """
        with self.database.writing() as connection:
            yield Delivery(connection)

    @contextmanager
    def reading(self) -> Iterator[Delivery]:
        """Read one unchanging state.

        Raises:
            StorageError: the database refused.
        """
        with self.database.reading() as connection:
            yield Delivery(connection)

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_outbox(path: Path) -> Outbox:
    """Open the outbox of the vault at a path.

    Raises:
        NotEnrolledError: there is no vault.
        SchemaTooNewError: a newer app wrote the vault.
        StorageError: the file is damaged or busy.
    """
    if not path.exists():
        raise NotEnrolledError
    migrate(path)
    return Outbox(Database(path))
