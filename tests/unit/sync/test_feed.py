"""The feed as we read it: what is accepted, and the name of what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.errors import RemoteProtocolError
from fieldapp.protocol.hashing import ZERO_HASH, feed_hash
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import START, Cursor, FeedItem
from fieldapp.sync.feed import FeedCursor, FeedReader, pages

OFFICE = ReaderId(b"o" * 16)
DEVICE = ReaderId(b"d" * 16)
LOG = b"log of the tests"


def items(*places: tuple[int, ReaderId]) -> list[FeedItem]:
    """Honest items at these positions."""
    running = {OFFICE: ZERO_HASH, DEVICE: ZERO_HASH}
    made = []
    for position, reader in places:
        made.append(FeedItem(position, reader, running[reader][:16], b"batch"))
        running[reader] = feed_hash(running[reader], position, bytes([position]) * 32)
    return made


def read(reader: FeedReader, *found: FeedItem) -> None:
    for item in found:
        reader.accept(item, bytes([item.position]) * 32)


def reader_at(position: int = 0) -> FeedReader:
    return FeedReader(FeedCursor(LOG, position, {OFFICE: ZERO_HASH, DEVICE: ZERO_HASH}), LOG)


def code(reader: FeedReader, *found: FeedItem) -> str:
    with pytest.raises(RemoteProtocolError) as caught:
        read(reader, *found)
    assert caught.value.code in RemoteProtocolError.codes
    return caught.value.code


def test_two_readers_may_stand_at_one_position() -> None:
    reader = reader_at()
    read(reader, *items((1, OFFICE), (1, DEVICE), (2, OFFICE)))
    assert reader.cursor().position == 2


def test_a_cursor_survives_the_vault() -> None:
    reader = reader_at()
    read(reader, *items((1, OFFICE), (3, DEVICE)))
    cursor = reader.cursor()
    assert FeedCursor.from_bytes(cursor.to_bytes()) == cursor
    assert FeedCursor.from_bytes(None) == FeedCursor()


def test_the_beginning_says_nothing_on_the_wire() -> None:
    assert FeedCursor().on_wire() == START
    assert FeedCursor(LOG, 3, {OFFICE: ZERO_HASH}).on_wire().position == 3


@pytest.mark.parametrize(
    ("places", "name"),
    [
        (((2, OFFICE), (1, OFFICE)), "feed_reordered"),
        (((1, OFFICE), (1, OFFICE)), "feed_replayed"),
    ],
)
def test_positions_only_grow(places: tuple[tuple[int, ReaderId], ...], name: str) -> None:
    assert code(reader_at(), *items(*places)) == name


def test_what_lies_behind_the_cursor_is_a_replay() -> None:
    assert code(reader_at(5), *items((5, OFFICE))) == "feed_replayed"


def test_another_history_is_a_fork() -> None:
    first, second = items((1, OFFICE), (2, OFFICE))
    assert code(reader_at(), first, replace(second, previous_running_hash=bytes(16))) == (
        "feed_forked"
    )


def test_a_reader_that_we_do_not_follow_is_misdirected_once_both_sides_know_better() -> None:
    stranger = FeedItem(7, ReaderId(b"s" * 16), bytes(16), b"batch")
    assert code(reader_at(5), stranger) == "feed_misdirected"
    fresh = reader_at()
    read(fresh, stranger)
    assert fresh.cursor().position == 7


def test_the_end_of_an_answer_has_to_hash_the_feed_that_we_read() -> None:
    reader = reader_at(1)
    read(reader, *items((2, OFFICE)))
    digest = reader.cursor().digest()
    assert reader.finish(Cursor(9, digest)).position == 9
    with pytest.raises(RemoteProtocolError) as caught:
        reader.finish(Cursor(9, bytes(16)))
    assert caught.value.code == "feed_withheld"
    assert reader.finish(Cursor(9, bytes(16)), is_checked=False).position == 9


def test_an_answer_does_not_end_before_its_last_item() -> None:
    reader = reader_at()
    read(reader, *items((2, OFFICE)))
    with pytest.raises(RemoteProtocolError) as caught:
        reader.finish(Cursor(1, bytes(16)))
    assert caught.value.code == "feed_reordered"


def test_following_somebody_new_means_reading_from_the_beginning() -> None:
    cursor = FeedCursor(LOG, 4, {OFFICE: b"r" * 32})
    assert cursor.follow([OFFICE]) == cursor
    assert cursor.follow([OFFICE, DEVICE]).position == 0
    assert cursor.follow([OFFICE, DEVICE]).running == {OFFICE: ZERO_HASH, DEVICE: ZERO_HASH}
    assert cursor.follow([]) == FeedCursor(LOG, 4, {})


def test_pages_keep_one_position_together() -> None:
    found = tuple(items((1, OFFICE), (2, OFFICE), (2, DEVICE), (3, OFFICE)))
    assert [len(page) for page in pages(found, 2)] == [3, 1]
    assert list(pages((), 2)) == []
