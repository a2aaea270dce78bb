"""What a forgotten PIN and a quick delete leave behind: sealed records to deliver, and noise.

Laws:
  * The key is destroyed before anything is moved: from the first instant on, no PIN opens a byte.
  * What was sealed and not yet delivered stays, in a file of its own that needs no key, until a
    server signed for each batch of it. Then the file goes; a batch that was refused keeps it.
  * Pictures and sounds that had not left are lost: their tickets need the device's key.
  * Unfinished drafts are lost, and so is what the vault held of others; an office gives its
    members the history again.
  * A vault that is damaged is moved out of the way and kept; it stops neither a new enrolment nor
    a sync.
  * It may be interrupted anywhere and is carried on by the next try.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from fieldapp.errors import DatabaseDamagedError, FieldAppError, HomeBusyError
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.service import SyncService
from fieldapp.services.key_guard import KeyGuard
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import overwrite_and_remove
from fieldapp.storage.home import Home
from fieldapp.storage.outbox import Outbox, open_outbox
from fieldapp.storage.phone import neighbours, remove_if_empty
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.deposit import deposit
from fieldapp.sync.directory_store import load_directory

STORE_ROLES: Final = frozenset({"hq_admin", "hq_analyst", "auditor", "county_desk", "dcc_admin"})
"""Offices that work from the consolidated store; nobody else's machine keeps one."""
DATABASE_ENDINGS = ("", "-wal", "-shm", "-journal", ".before-update", ".before-update.part")


def sealed_waiting(path: Path) -> int:
    """Count the batches of records that wait in a vault; no key is needed.

    Of a file that is damaged, none can be told.

    Raises:
        StorageError: the file is busy.
    """
    with suppress(DatabaseDamagedError), open_outbox(path) as outbox, outbox.reading() as tx:
        found = tx.batches.counts(Kind.ENTRIES).get("outbox")
        return 0 if found is None else found.count
    return 0


def waiting_aside(home: Home) -> int:
    """Count what waits in the vaults that were set aside.

    Raises:
        StorageError: a file is busy.
    """
    return sum(map(sealed_waiting, home.set_aside()))


def waiting_in(home: Home) -> int:
    """Count what waits in a home's own vault and in those that were set aside.

    Raises:
        StorageError: a file is busy.
    """
    own = sealed_waiting(home.vault) if home.has_vault() else 0
    return own + waiting_aside(home)


def set_aside(home: Home, guard: KeyGuard) -> None:
    """Destroy the key, and keep of the vault what can still be delivered.

    Raises:
        StorageError: the disk refused; the next try goes on.
    """
    guard.destroy()
    remove_plain(home)
    with disk_errors():
        overwrite_and_remove(home.tries)
        _remove_folder(home.media)
    if not home.has_vault():
        return
    with _damage_put_apart(home, home.vault):
        with open_outbox(home.vault) as outbox:
            outbox.database.checkpoint()
            with outbox.reading() as tx:
                is_empty = not tx.batches.outbox(1)
        with disk_errors():
            if not is_empty:
                home.vault.replace(home.next_aside())
        remove_database(home.vault)


@contextmanager
def _damage_put_apart(home: Home, path: Path) -> Iterator[None]:
    """Move a vault that no database can read out of the way; nothing of it is deleted."""
    try:
        yield
    except DatabaseDamagedError:
        kept = home.next_damaged()
        with disk_errors():
            for ending in DATABASE_ENDINGS:
                part = path.with_name(path.name + ending)
                if part.exists():
                    part.replace(kept.with_name(kept.name + ending))


def remove_plain(home: Home) -> None:
    """Overwrite and remove what stands outside the vault's seal: opened records of an office.

    Raises:
        StorageError: the disk refused.
    """
    for store in (home.store, home.export_store):
        remove_store(store)


def remove_cut_exports(home: Home, role: str) -> None:
    """Remove the opened records that an export left which never came to its end.

    One that is under way keeps its store.

    Raises:
        StorageError: the disk refused.
    """
    stores = [home.export_store, *(() if role in STORE_ROLES else (home.store,))]
    if any(store.exists() for store in stores):
        with suppress(HomeBusyError), home.exporting():
            for store in stores:
                remove_store(store)


def remove_store(store: Path) -> None:
    """Overwrite and remove a store of opened records, and what SQLite put beside it.

    Raises:
        StorageError: the disk refused.
    """
    with disk_errors():
        for path in store.parent.glob(f"{store.name}*"):
            overwrite_and_remove(path)


def _remove_folder(folder: Path) -> None:
    """Remove sealed files, which need no overwriting."""
    if folder.exists():
        shutil.rmtree(folder)


def quick_delete(home: Home, guard: KeyGuard) -> None:
    """Give the vault up and leave nothing that tells of its officer but what must be delivered.

    The key goes first. It may be called again at any time, and goes on where it was stopped.

    Raises:
        StorageError: the disk refused; the next try goes on.
    """
    set_aside(home, guard)
    with disk_errors():
        for path in (*home.logs.glob("*"), home.withdrawn, home.mark):
            overwrite_and_remove(path)


def remove_database(path: Path) -> None:
    """Remove a database and whatever SQLite and a migration left beside it.

    Raises:
        StorageError: the disk refused.
    """
    with disk_errors():
        for ending in DATABASE_ENDINGS:
            path.with_name(path.name + ending).unlink(missing_ok=True)


def deliver(home: Home, service: SyncService) -> tuple[int, SyncFailure | None]:
    """Deliver what was set aside; a file whose last batch was signed for goes.

    Returns:
        How many batches arrived, and what stopped the rest.

    Raises:
        StorageError: this device's disk refused.
    """
    sent = 0
    for path in home.set_aside():
        with _damage_put_apart(home, path):
            with open_outbox(path) as outbox:
                report = deposit(outbox, service)
                is_done = _is_done(outbox)
            sent += report.sent
            if report.error is not None:
                return sent, report.error
            if is_done:
                remove_database(path)
    return sent, None


def deliver_neighbours(home: Home, service: SyncService, server_key: bytes | None) -> None:
    """Deliver the sealed outboxes of the other officers on this phone, unread and uncounted.

    Only to the server that their own directory names. What goes wrong there is no business of
    the officer who syncs: their own sync will say so.
    """
    for other in neighbours(home):
        with suppress(FieldAppError):
            for path in (other.vault, *other.set_aside()):
                if path.exists() and _server_key(path) == server_key:
                    _deposit_one(path, service, is_aside=path != other.vault)
            remove_if_empty(other)


def _deposit_one(path: Path, service: SyncService, *, is_aside: bool) -> None:
    with open_outbox(path) as outbox:
        deposit(outbox, service)
        is_done = is_aside and _is_done(outbox)
    if is_done:
        remove_database(path)


def _server_key(path: Path) -> bytes | None:
    with open_outbox(path) as outbox, outbox.reading() as tx:
        return load_directory(tx.batches, None).server_key


def _is_done(outbox: Outbox) -> bool:
    """Tell whether a server signed for every batch that waited."""
    with outbox.reading() as tx:
        return not tx.batches.counts().keys() & {"outbox", "refused"}
