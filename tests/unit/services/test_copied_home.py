"""A home that was copied and is used twice: said once in words, each record once, then quiet."""

from __future__ import annotations

import shutil

from fieldapp.services.facade import Services
from fieldapp.sync.generations import SHOWN_MS
from tests.support.country import Country
from tests.support.factories import meeting_fields

NOTE = "note.home_copied"


def notes(services: Services) -> set[str]:
    return {note.code for note in services.syncing.status().notes}


def copy_of_chief(country: Country) -> Services:
    """A second phone with the chief's data."""
    country.unlocked("chief").access.lock()
    shutil.copytree(country.folder / "chief", country.folder / "copy")
    return country.unlocked("copy")


def meet(services: Services, venue: str) -> str:
    return services.records.create("meeting", None, meeting_fields(venue=venue))


def furthest(services: Services, record: str) -> str:
    reached = [tick for tick in services.records.show(record).ticks if tick.at_ms is not None]
    return reached[-1].stage


def test_both_copies_are_told_and_every_record_stands_once_at_headquarters(
    country: Country, hq: Services
) -> None:
    copy = copy_of_chief(country)
    phone = country.unlocked("chief")
    made = {meet(copy, "Under the tree"), meet(copy, "At the school")}
    country.sync(copy)
    made |= {meet(phone, "At the market"), meet(phone, "At the jetty")}
    country.sync(phone)
    assert NOTE in notes(phone)
    for _ in range(2):
        country.sync(copy, phone, hq)
    assert NOTE in notes(copy)
    rows, _ = hq.records.find("", "meeting")
    assert sorted(row.id for row in rows if row.id in made) == sorted(made)
    for services in (phone, copy):
        status = services.syncing.status()
        assert (status.waiting, status.needs_attention) == (0, 0)
        assert {furthest(services, record) for record in made} == {"hq"}
        rows, _ = services.records.find("", "meeting")
        assert {row.tick for row in rows if row.id in made} == {"hq"}
        report = services.syncing.sync()
        assert (report.sent, report.round_trips) == (0, 1)
    assert hq.syncing.status().needs_attention == 0
    country.clock.advance(SHOWN_MS)
    assert NOTE not in notes(phone) | notes(copy)
