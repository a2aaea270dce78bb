"""Chunks beside the database: room, the disk, backups, and what an operator is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event, Thread

import pytest

from fieldapp.errors import DatabaseFullError, FieldAppError
from fieldapp.protocol.batch import Batch
from fieldapp.protocol.media import Deed, chunk_id
from sync_server.exchange.media import MediaShelf
from sync_server.exchange.service import Exchange
from sync_server.storage.backup import read_backup, write_backup
from sync_server.storage.chunks import PART_DAYS, PARTS, ChunkFolder
from sync_server.storage.database import Database
from sync_server.storage.schema import migrate
from sync_server.storage.status import read_status
from tests.support.authors import author, deposit
from tests.support.chunks import CHUNK, put, ticket
from tests.support.organisation import NOON_MS, Organisation, small_organisation
from tests.support.server import SERVER_SECRET, make_exchange

LOG_ID = b"the first log id"
APART_SECONDS = 0.2
"""How long one put waits for another that is kept away from it."""


class Shop:
    """A server with one batch of dalila's, and its shelf."""

    def __init__(self, folder: Path, quota: int = 0) -> None:
        self.url = f"sqlite:///{folder / 'server.db'}"
        self.organisation: Organisation = small_organisation()
        self.exchange: Exchange = make_exchange(self.url)
        root, *others = (batch for _, batch in self.organisation.log)
        self.exchange.claim_server(bytes.fromhex(self.exchange.claim_token()), root.raw)
        deposit(self.exchange, *others)
        self.dalila = author(self.organisation, "dalila")
        self.batch: Batch = self.dalila.batch()
        deposit(self.exchange, self.batch)
        self.shelf: MediaShelf = self.exchange.open_shelf(folder / "media", quota)

    def put(self, chunk: bytes = CHUNK) -> bytes:
        raw, piece = put(self.organisation["dalila"], self.batch.hash, chunk)
        return self.shelf.put_chunk(raw, piece).receipt

    def get(self) -> bytes:
        return self.shelf.get_chunk(ticket(self.organisation["chebet"], Deed.GET))


def parts(folder: Path) -> Iterator[Path]:
    return (folder / "media" / PARTS).iterdir()


def refused(shop: Shop, chunk: bytes) -> str:
    with pytest.raises(FieldAppError) as caught:
        shop.put(chunk)
    return caught.value.code


def test_a_full_shelf_refuses_chunks_and_no_text(tmp_path: Path) -> None:
    shop = Shop(tmp_path, quota=len(CHUNK) + 10)
    assert shop.put()
    assert refused(shop, b"another" * 3) == "quota_exceeded"
    assert not deposit(shop.exchange, shop.dalila.batch()).refused
    asked = ticket(shop.organisation["dalila"], Deed.ASK, batch=shop.batch.hash)
    assert shop.shelf.ask_chunk(asked).receipt
    shop.exchange.close()


def test_a_full_disk_refuses_a_chunk_and_keeps_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    raw, piece = put(shop.organisation["dalila"], shop.batch.hash)
    shop.shelf.put_chunk(raw, piece[:9])

    def full(*_: object) -> int:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "open", full)
        with pytest.raises(DatabaseFullError):
            shop.shelf.put_chunk(*put(shop.organisation["dalila"], shop.batch.hash, offset=9))
    assert not deposit(shop.exchange, shop.dalila.batch()).refused
    assert shop.shelf.put_chunk(
        *put(shop.organisation["dalila"], shop.batch.hash, offset=9)
    ).receipt
    shop.exchange.close()


def test_two_puts_of_one_chunk_at_the_same_moment_both_get_its_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    meeting = Barrier(2)
    read = ChunkFolder.read_part

    def met(folder: ChunkFolder, device: bytes, chunk: bytes) -> bytes:
        content = read(folder, device, chunk)
        with suppress(BrokenBarrierError):
            meeting.wait(APART_SECONDS)
        return content

    monkeypatch.setattr(ChunkFolder, "read_part", met)
    raw, piece = put(shop.organisation["dalila"], shop.batch.hash)
    begun = [shop.shelf.begin_put(raw) for _ in range(2)]
    for one in begun:
        shop.shelf.take_piece(one, 0, piece)
    with ThreadPoolExecutor(2) as both:
        receipts = {held.receipt for held in both.map(shop.shelf.end_put, begun)}
    assert len(receipts) == 1
    assert list(parts(tmp_path)) == []
    assert shop.get() == CHUNK
    shop.exchange.close()


def test_bytes_that_come_while_a_chunk_is_checked_do_not_change_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    raw, piece = put(shop.organisation["dalila"], shop.batch.hash)
    first, second = shop.shelf.begin_put(raw), shop.shelf.begin_put(raw)
    shop.shelf.take_piece(first, 0, piece)
    read = ChunkFolder.read_part
    written = Event()

    def spoil() -> None:
        shop.shelf.take_piece(second, 0, b"something else")
        written.set()

    def met(folder: ChunkFolder, device: bytes, chunk: bytes) -> bytes:
        content = read(folder, device, chunk)
        beside.start()
        written.wait(APART_SECONDS)
        return content

    beside = Thread(target=spoil)
    monkeypatch.setattr(ChunkFolder, "read_part", met)
    assert shop.shelf.end_put(first).receipt
    beside.join()
    assert shop.shelf.end_put(second).receipt
    assert list(parts(tmp_path)) == []
    assert shop.get() == CHUNK
    shop.exchange.close()


def test_an_operator_sees_counts_and_bytes(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.put()
    shop.put(b"another" * 3)
    shop.exchange.close()
    database = Database(shop.url)
    found = read_status(database)
    database.close()
    assert (found.media, found.media_bytes) == (2, len(CHUNK) + 21)


def test_a_backup_brings_chunks_back(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.put()
    shop.exchange.close()
    source, target = Database(shop.url), Database(f"sqlite:///{tmp_path / 'new.db'}")
    file, folder = tmp_path / "backup.db", ChunkFolder(tmp_path / "other")
    kept = ChunkFolder(tmp_path / "media")
    write_backup(source, file, private_key=SERVER_SECRET, log_id=LOG_ID, chunks=kept)
    migrate(target, LOG_ID)
    read_backup(file, target, log_id=b"another log's id", chunks=folder)
    assert folder.read(chunk_id(CHUNK)) == CHUNK
    assert read_status(target).media == 1
    source.close()
    target.close()


def test_a_file_that_was_lost_is_asked_for_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.put()
    ChunkFolder(tmp_path / "media").remove(chunk_id(CHUNK))
    asked = ticket(shop.organisation["dalila"], Deed.ASK, batch=shop.batch.hash)
    assert shop.shelf.ask_chunk(asked).count == 0
    assert shop.put()
    wanted = ticket(shop.organisation["chebet"], Deed.GET)
    assert shop.shelf.get_chunk(wanted) == CHUNK
    shop.exchange.close()


def test_parts_that_nobody_went_on_with_go_after_a_month(tmp_path: Path) -> None:
    folder = ChunkFolder(tmp_path)
    folder.append(b"d" * 16, b"c" * 32, 0, b"begun")
    folder.append(b"d" * 16, b"e" * 32, 0, b"later")
    (old,) = (tmp_path / "parts").glob("*63636363")
    long_ago = NOON_MS // 1000 - PART_DAYS * 86_400 - 1
    os.utime(old, (long_ago, long_ago))
    assert folder.drop_old_parts(NOON_MS) == 1
    assert folder.held(b"d" * 16, b"c" * 32) == 0
    assert folder.held(b"d" * 16, b"e" * 32) == 5


class InMemory:
    """Another place for chunks: all that a server asks of one."""

    def __init__(self) -> None:
        self.whole: dict[bytes, bytes] = {}
        self.parts: dict[tuple[bytes, bytes], bytes] = {}

    def held(self, device: bytes, chunk: bytes) -> int:
        return len(self.whole.get(chunk) or self.parts.get((device, chunk), b""))

    def has(self, chunk: bytes) -> bool:
        return chunk in self.whole

    def append(self, device: bytes, chunk: bytes, offset: int, piece: bytes) -> None:
        self.parts[device, chunk] = self.parts.get((device, chunk), b"")[:offset] + piece

    def read_part(self, device: bytes, chunk: bytes) -> bytes:
        return self.parts[device, chunk]

    def drop_part(self, device: bytes, chunk: bytes) -> None:
        self.parts.pop((device, chunk), None)

    def finish(self, device: bytes, chunk: bytes) -> None:
        self.whole[chunk] = self.parts.pop((device, chunk))

    def keep(self, chunk: bytes, content: bytes) -> None:
        self.whole[chunk] = content

    def read(self, chunk: bytes) -> bytes | None:
        return self.whole.get(chunk)

    def remove(self, chunk: bytes) -> None:
        self.whole.pop(chunk, None)

    def drop_old_parts(self, now_ms: int) -> int:
        del now_ms
        return 0


def test_any_store_with_these_methods_will_do(tmp_path: Path) -> None:
    shop, store = Shop(tmp_path), InMemory()
    shop.shelf = MediaShelf(shop.shelf._parts, store, shop.shelf._limits)
    member = shop.organisation["dalila"]
    raw, piece = put(member, shop.batch.hash)
    half = len(piece) // 2
    asked = shop.shelf.begin_put(raw)
    shop.shelf.take_piece(asked, 0, piece[:half])
    assert shop.shelf.end_put(asked).count == half
    assert shop.shelf.put_chunk(*put(member, shop.batch.hash, offset=half)).receipt
    assert shop.shelf.get_chunk(ticket(member, Deed.GET)) == CHUNK
    assert store.whole == {chunk_id(CHUNK): CHUNK}
    shop.exchange.close()
    source, target = Database(shop.url), Database(f"sqlite:///{tmp_path / 'new.db'}")
    file, other = tmp_path / "backup.db", InMemory()
    write_backup(source, file, private_key=SERVER_SECRET, log_id=LOG_ID, chunks=store)
    migrate(target, LOG_ID)
    read_backup(file, target, log_id=b"another log's id", chunks=other)
    assert other.whole == store.whole
    source.close()
    target.close()
