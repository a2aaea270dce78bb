"""What a delivery costs the server, in statements: a number that no other program can disturb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from fieldapp.protocol.batch import Batch
from sync_server.exchange.service import Exchange
from sync_server.storage.pages import SCAN_ROWS
from tests.support.authors import Device, author
from tests.support.organisation import Organisation

MOST_STATEMENTS = 21
"""A transaction that writes and one that answers, each with its beginning."""


@contextmanager
def statements() -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """Note every statement that any engine runs, with what it is given."""
    found: list[tuple[str, tuple[object, ...]]] = []

    def note(*given: Any) -> None:
        found.append((given[2], tuple(given[3])))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def delivered(exchange: Exchange, device: Device, *batches: Batch) -> list[str]:
    """Deliver batches, and return the statements that it took."""
    with statements() as found:
        answer = device.sync(exchange, batches)
    assert len(answer.stored) == len(batches)
    return [line for line, _ in found]


def test_a_delivery_takes_a_small_number_of_statements(
    exchange: Exchange, organisation: Organisation
) -> None:
    dalila, device = author(organisation, "dalila"), Device(organisation["dalila"])
    device.sync(exchange, dalila.batches(3))
    found = delivered(exchange, device, dalila.batch())
    assert 10 < len(found) <= MOST_STATEMENTS, "\n".join(found)


def test_a_page_reads_no_more_of_a_feed_than_it_can_hold(
    exchange: Exchange, organisation: Organisation
) -> None:
    dalila = author(organisation, "dalila")
    Device(organisation["dalila"]).sync(exchange, dalila.batches(40))
    reader = Device(organisation["chebet"])
    with statements() as found:
        small = reader.sync(exchange, byte_budget=1)
    scans = [given for line, given in found if "feed.position > ?" in line]
    assert scans
    assert all(2 in given for given in scans)
    assert not any(SCAN_ROWS in given for given in scans)
    assert len({item.position for item in small.items}) == 1
    with statements() as found:
        reader.pull(exchange)
    assert any(SCAN_ROWS in given for line, given in found if "feed.position > ?" in line)


def test_erased_chunks_are_looked_for_only_when_something_may_have_erased(
    exchange: Exchange, organisation: Organisation, tmp_path: Path
) -> None:
    exchange.open_shelf(tmp_path / "media", 0)
    dalila, device = author(organisation, "dalila"), Device(organisation["dalila"])
    found = delivered(exchange, device, dalila.batch())
    assert not [line for line in found if "FROM media" in line]
