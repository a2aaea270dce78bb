"""What a server signed of itself: its log's end never goes down without being named."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.protocol.message_parts import Welcome
from fieldapp.sync.server_history import (
    SHOWN_MS,
    Loss,
    SignedEnd,
    note_end,
    note_loss,
    recent_loss,
    signed_end,
)
from tests.support.replicas import World

LOG = b"the server's log"
OTHER = b"another log 1234"


def welcome(log: bytes, head: int) -> Welcome:
    return Welcome(server_time_ms=1, log_id=log, head_position=head, directory_version=1)


@pytest.mark.parametrize(
    ("log", "head", "found"),
    [
        (LOG, 4, None),
        (LOG, 5, None),
        (LOG, 3, "server_rolled_back"),
        (OTHER, 9, "server_restored"),
    ],
)
def test_a_welcome_is_held_against_the_end_that_was_signed(
    log: bytes, head: int, found: str | None
) -> None:
    assert SignedEnd(LOG, 4).contradicted_by(welcome(log, head)) == found
    assert SignedEnd().contradicted_by(welcome(log, head)) is None


def test_the_highest_end_is_remembered_until_a_loss_is_noted(tmp_path: Path) -> None:
    phone = World(tmp_path)["dalila"]
    for head, kept in ((4, 4), (9, 9), (5, 9)):
        with phone.vault.transaction() as tx:
            note_end(tx, welcome(LOG, head))
            assert signed_end(tx) == SignedEnd(LOG, kept)
    with phone.vault.transaction() as tx:
        note_loss(tx, "server_rolled_back", 1_000, device=phone.keys.device, office=None)
        note_end(tx, welcome(LOG, 5))
        assert signed_end(tx) == SignedEnd(LOG, 5)


def test_a_loss_is_shown_for_a_week(tmp_path: Path) -> None:
    phone = World(tmp_path)["dalila"]
    with phone.vault.transaction() as tx:
        assert recent_loss(tx, 1_000) is None
        note_loss(tx, "server_restored", 1_000, device=phone.keys.device, office=None)
        assert recent_loss(tx, 1_000) == Loss("server_restored", 1_000)
        assert recent_loss(tx, 999 + SHOWN_MS) == Loss("server_restored", 1_000)
        assert recent_loss(tx, 1_000 + SHOWN_MS) is None


def test_an_office_sends_its_receipts_again_and_not_those_it_was_given(tmp_path: Path) -> None:
    world = World(tmp_path)
    world["dalila"].create("Read by the office above.")
    world["chebet"].create("Written there.")
    for name in ("dalila", "chebet", "amina", "chebet"):
        assert world[name].sync().error is None
    laptop = world["chebet"]
    me = laptop.device.directory.device(laptop.keys.device)
    assert me is not None
    with laptop.vault.transaction() as tx:
        assert tx.receipts.outgoing() == []
        note_loss(tx, "server_restored", 1, device=laptop.keys.device, office=me.office_id)
        again = tx.receipts.outgoing()
        assert {row.office for row in again} == {me.office_id}
        assert laptop.keys.device not in {row.device for row in again}
        assert world["dalila"].keys.device in {row.device for row in again}
        assert len(tx.receipts.outgoing(1)) == 1
