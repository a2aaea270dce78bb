"""An old database that was put back by hand is found out by those who are believed."""

from __future__ import annotations

import pytest

from fieldapp.protocol.message_parts import Cursor
from sync_server.exchange.service import Exchange
from sync_server.storage.backup import POSITION_GAP
from tests.support.authors import Device, author, deposit
from tests.support.organisation import MKOMANI, Organisation


def log_after(exchange: Exchange, device: Device, beyond: int) -> bytes:
    """Show a cursor beyond the end, and ask which log it is."""
    device.pull(exchange)
    device.cursor = Cursor(device.cursor.position + beyond, bytes(16))
    return device.sync(exchange).welcome.log_id


@pytest.mark.parametrize(
    ("name", "beyond", "renews"),
    [
        ("amina", 1, True),
        ("chebet", POSITION_GAP, True),
        ("amina", POSITION_GAP + 1, False),
        ("amina", 0, False),
        ("dalila", 1, False),
        ("fumo", 1, False),
    ],
)
def test_a_cursor_beyond_the_end_begins_a_new_log_if_one_who_enrols_others_shows_it(
    exchange: Exchange, organisation: Organisation, name: str, beyond: int, *, renews: bool
) -> None:
    device = Device(organisation[name])
    first = device.sync(exchange)
    device = Device(organisation[name])
    assert (log_after(exchange, device, beyond) != first.welcome.log_id) is renews
    head = Device(organisation["amina"]).sync(exchange).welcome.head_position
    assert head == first.welcome.head_position + (2 * POSITION_GAP if renews else 0)


def test_a_cursor_of_another_log_begins_no_new_one(
    exchange: Exchange, organisation: Organisation
) -> None:
    amina = Device(organisation["amina"], log_id=b"another log's id", cursor=Cursor(900, bytes(16)))
    before = Device(organisation["chebet"]).sync(exchange).welcome
    after = amina.sync(exchange).welcome
    assert (after.log_id, after.head_position) == (before.log_id, before.head_position)


def test_a_fork_that_names_readers_nobody_knows_yet_may_come_again(
    exchange: Exchange, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    assert not deposit(exchange, writer.batch()).refused
    place = organisation.position
    organisation.open_office(organisation["chebet"], MKOMANI)
    said = [batch for position, batch in organisation.log if position > place]
    fork = author(organisation, "dalila").batch(b'{"another":"first"}')
    assert [one.code for one in deposit(exchange, fork).refused] == ["directory_ahead"]
    assert not deposit(exchange, *said, fork).refused
    answers = Device(organisation["chebet"]).pull(exchange)
    assert fork.raw in [item.batch for answer in answers for item in answer.items]
