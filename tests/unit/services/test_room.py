"""Low room: what the server holds already goes first, and opens again from there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from fieldapp.services.facade import Services
from fieldapp.services.room import LOW_BYTES, make_room
from tests.support.country import PIN, Country
from tests.support.factories import golden_fields
from tests.support.pictures import photo


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def pieces(country: Country) -> list[Path]:
    return sorted((country.folder / "chief" / "media").glob("*"))


def sealed_photo(chief: Services, seed: int) -> str:
    draft = chief.records.new_draft("meeting", None, golden_fields()).id
    added = chief.media.add_photo(draft, "attachments", photo(900, 700 + seed))
    chief.records.seal(draft)
    return added.id


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1, 1, LOW_BYTES - 1))


def test_what_was_sent_goes_first_and_opens_again_from_the_server(
    country: Country, chief: Services, crowded: None
) -> None:
    del crowded
    sent = sealed_photo(chief, 0)
    country.sync(chief)
    assert pieces(country) == [], "the sync itself makes room"
    assert chief.media.read(sent)[:2] == b"\xff\xd8"


def test_what_nobody_else_holds_stays(country: Country, chief: Services, crowded: None) -> None:
    del crowded
    waiting = sealed_photo(chief, 1)
    here = pieces(country)
    chief.access.lock()
    chief.access.unlock(PIN)
    assert pieces(country) == here
    assert chief.media.read(waiting)[:2] == b"\xff\xd8"


def test_while_there_is_room_nothing_goes(country: Country, chief: Services) -> None:
    sealed_photo(chief, 2)
    country.sync(chief)
    assert make_room(chief.access.workspace()) == 0
    assert pieces(country)
