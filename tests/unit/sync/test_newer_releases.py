"""What a newer release wrote waits whole, stops nothing, and opens after the update."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fieldapp.protocol import dictionaries
from fieldapp.sync import sealer
from tests.support.replicas import Replica, World

NEW_DICTIONARY = 9
WORDS = b"two bicycles were taken from the school"


@contextmanager
def updated(*, writes: bool = False) -> Iterator[None]:
    """This release, as it will be with one more dictionary."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(dictionaries._DICTIONARY_BY_ID, NEW_DICTIONARY, WORDS)
        if writes:
            patch.setattr(sealer, "CURRENT_DICTIONARY", NEW_DICTIONARY)
        yield


def waiting(replica: Replica) -> list[str | None]:
    """Why each batch waits that waits."""
    return [row.reason for row in replica.read(lambda tx: tx.batches.waiting())]


def test_a_batch_with_a_dictionary_to_come_waits_for_the_update_and_is_then_read(
    world: World,
) -> None:
    phone, laptop = world["dalila"], world["chebet"]
    with updated(writes=True):
        newer = phone.create("Two bicycles were taken from the school.")
        phone.sync()
    older = world["amina"].create("A notice of headquarters.", unit=phone.member.unit)
    world["amina"].sync()
    report = laptop.sync()
    assert (report.error, report.waiting, report.quarantined) == (None, 1, 0)
    assert waiting(laptop) == ["waiting_for_update"]
    assert laptop.narratives() == ["A notice of headquarters."]
    assert laptop.sync().received == 0
    with updated():
        assert laptop.sync().received == 1
        assert laptop.narratives(newer) == ["Two bicycles were taken from the school."]
    assert waiting(laptop) == []
    assert laptop.records().keys() == {newer, older}


def test_no_receipt_is_given_for_what_waits_for_an_update(world: World) -> None:
    phone, laptop = world["dalila"], world["chebet"]
    with updated(writes=True):
        phone.create()
        phone.sync()
    laptop.sync()
    phone.sync()
    office = laptop.device.directory.device(laptop.keys.device).office_id  # type: ignore[union-attr]
    opened = {row.office for row in phone.read(lambda tx: tx.receipts.all())}
    assert office not in opened
    with updated():
        laptop.sync()
    phone.sync()
    assert office in {row.office for row in phone.read(lambda tx: tx.receipts.all())}
