"""Low room: what the server holds already goes first, and opens again from there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from fieldapp.errors import UnknownRecordError
from fieldapp.services.facade import Services
from fieldapp.services.room import LOW_BYTES, make_room
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, golden_fields
from tests.support.pictures import photo

DAY_MS = 24 * 3600 * 1000


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


def test_a_photo_of_the_attendance_leaves_the_phone_a_week_after_it_was_sent(
    country: Country, chief: Services, hq: Services
) -> None:
    sheet = sealed_photo(chief, 3)
    country.clock.advance(30 * DAY_MS)
    country.sync(chief, hq)
    country.clock.advance(7 * DAY_MS)
    country.sync(chief)
    assert pieces(country), "it went too early: what counts is when it was sent"
    country.clock.advance(DAY_MS)
    country.sync(chief)
    assert pieces(country) == []
    assert hq.media.read(sheet) == chief.media.read(sheet), "it opens from the server"


def test_a_photo_of_the_attendance_that_is_not_sent_stays_whatever_the_day(
    country: Country, chief: Services
) -> None:
    sheet = sealed_photo(chief, 4)
    chief.syncing._environment.media_bytes = 0  # type: ignore[misc]
    country.clock.advance(60 * DAY_MS)
    country.sync(chief)
    chief.access.lock()
    chief.access.unlock(PIN)
    assert chief.media.waiting().count == 1
    assert chief.media.read(sheet)[:2] == b"\xff\xd8"


def test_a_clock_far_ahead_makes_no_sheet_go(country: Country, chief: Services) -> None:
    sealed_photo(chief, 5)
    country.sync(chief)
    country.clock.advance(60 * DAY_MS)
    chief.access.lock()
    chief.access.unlock(PIN)
    assert pieces(country)


def test_pictures_of_a_concern_stay_with_it(country: Country, chief: Services) -> None:
    draft = chief.records.new_draft("concern", None, concern_fields(category="land")).id
    chief.media.add_photo(draft, "pictures", photo(600, 400))
    chief.records.seal(draft)
    country.sync(chief)
    country.clock.advance(60 * DAY_MS)
    country.sync(chief)
    assert pieces(country)


def test_with_a_record_that_left_the_screens_go_its_sent_pictures(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    sheet = sealed_photo(chief, 6)
    country.sync(chief, dcc, hq, chief)
    country.clock.advance(732 * DAY_MS)
    country.sync(chief, hq)
    with chief.access.workspace().vault.reading() as tx:
        assert tx.media.in_state("sent") == []
    with pytest.raises(UnknownRecordError):
        chief.media.read(sheet)
    assert hq.media.read(sheet)[:2] == b"\xff\xd8"


def test_while_there_is_room_nothing_goes(country: Country, chief: Services) -> None:
    sealed_photo(chief, 2)
    country.sync(chief)
    assert make_room(chief.access.workspace()) == 0
    assert pieces(country)
