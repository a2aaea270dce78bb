"""The day at a glance: stages by receipts, urgency after three days, room where it is low."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from fieldapp.services.day import URGENT_MS
from fieldapp.services.facade import Services
from fieldapp.services.room import LOW_BYTES
from fieldapp.storage.files import free_bytes
from tests.support.country import Country
from tests.support.factories import meeting_fields


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_the_last_delivered_record_tells_how_far_it_came(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    chief.records.create("meeting", None, meeting_fields())
    country.sync(chief)
    assert chief.day.look().reached == "server"
    country.sync(dcc, chief)
    assert chief.day.look().reached == "sub_county"
    country.sync(hq, chief)
    assert chief.day.look().reached == "hq"
    chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    country.sync(chief)
    assert chief.day.look().reached == "server"


def test_what_waits_is_urgent_after_three_days(country: Country, chief: Services) -> None:
    assert not chief.day.look().is_urgent
    chief.records.create("meeting", None, meeting_fields())
    country.clock.advance(URGENT_MS)
    assert not chief.day.look().is_urgent
    country.clock.advance(1)
    assert chief.day.look().is_urgent
    country.sync(chief)
    assert not chief.day.look().is_urgent


@pytest.mark.parametrize(("left", "said"), [(LOW_BYTES, None), (LOW_BYTES - 1, LOW_BYTES - 1)])
def test_room_is_said_where_it_is_low(
    chief: Services, monkeypatch: pytest.MonkeyPatch, left: int, said: int | None
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1, 1, left))
    assert chief.day.look().low_bytes == said


def test_a_disk_that_tells_nothing_says_nothing(tmp_path: Path) -> None:
    assert free_bytes(tmp_path / "gone") is None


def test_promises_and_the_return_are_counted(chief: Services) -> None:
    resolutions = [{"text": "Mend the lamp", "due": "2026-12-25"}, {"text": "Open the well"}]
    resolutions.append({"text": "Call the ward", "due": "2027-01-01"})
    chief.records.create("meeting", None, meeting_fields(resolutions=resolutions))
    day = chief.day.look()
    assert (day.open_follow_ups, day.due_follow_ups, day.overdue_follow_ups) == (3, 2, 1)
    assert day.today == "2027-01-01"
    assert day.due is not None
    assert day.due.days_left == 35
