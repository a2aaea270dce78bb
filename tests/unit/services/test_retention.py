"""Retention carried out: late enough, never unacknowledged, and by a time that a server signed."""

from __future__ import annotations

import pytest

from fieldapp.domain.retention import Since
from fieldapp.errors import NoRightError
from fieldapp.services.facade import Services
from tests.support.country import PIN, START_MS, Country
from tests.support.factories import concern_fields, meeting_fields
from tests.support.pictures import photo

DAY_MS = 24 * 3600 * 1000
YEARS_MS = 732 * DAY_MS
VENUE = "Under the old fig tree"


def delivered_meeting(country: Country, *services: Services) -> str:
    """Seal a meeting at the chief's and let every office open it."""
    chief = services[0]
    record = chief.records.create("meeting", None, meeting_fields(venue=VENUE))
    country.sync(*services)
    country.sync(chief)
    return record


def is_here(services: Services, record: str) -> bool:
    return bool(services.records.show(record).fields)


def test_a_meeting_leaves_the_phone_after_its_time_and_says_so(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    country.clock.advance(YEARS_MS)
    country.sync(chief)
    shown = chief.records.show(record)
    assert shown.fields == {}
    assert shown.needs_attention is not None
    assert shown.needs_attention.code == "record_time_over"
    assert [tick.stage for tick in shown.ticks if tick.at_ms] == ["server", "sub_county", "hq"]
    rows, _ = chief.records.find(type_key="meeting")
    (row,) = rows
    assert (row.id, row.subtitle, row.tick) == (record, "2025-11-20", "hq")
    assert VENUE not in f"{row.title} {row.subtitle}"
    assert chief.records.find(text="fig")[1] == 0


def test_the_offices_keep_what_the_phone_let_go(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    country.clock.advance(YEARS_MS)
    country.sync(chief, dcc, hq)
    assert is_here(dcc, record)
    assert is_here(hq, record)


def test_nothing_goes_a_day_too_early(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    country.clock.advance(YEARS_MS - 2 * DAY_MS)
    country.sync(chief)
    assert is_here(chief, record)


def test_what_headquarters_has_not_opened_stays(
    country: Country, chief: Services, dcc: Services
) -> None:
    record = delivered_meeting(country, chief, dcc)
    country.clock.advance(YEARS_MS)
    country.sync(chief)
    assert is_here(chief, record)


def test_unlocking_carries_it_out_without_a_network(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    country.clock.advance(YEARS_MS)
    country.sync(dcc, hq)
    chief.retention.carry_out()
    assert is_here(chief, record), "the phone has no word of a server yet"
    country.sync(chief)
    chief.access.lock()
    chief.access.unlock(PIN)
    assert not is_here(chief, record)


@pytest.mark.parametrize("years", [1, 50])
def test_a_clock_far_ahead_lets_nothing_go(
    country: Country, chief: Services, dcc: Services, hq: Services, years: int
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    country.clock.advance(years * YEARS_MS)
    assert chief.retention.carry_out() == 0
    chief.access.lock()
    chief.access.unlock(PIN)
    assert is_here(chief, record)


def test_a_clock_set_back_lets_nothing_go_that_is_not_due_by_it(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    country.clock.advance(YEARS_MS - 2 * DAY_MS)
    country.sync(chief)
    country.clock.advance(-(YEARS_MS - 2 * DAY_MS))
    assert country.clock.now_ms() >= START_MS
    assert chief.retention.carry_out() == 0
    assert is_here(chief, record)


def test_a_record_over_which_somebody_writes_stays(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    shown = chief.records.show(record)
    draft = chief.records.save_amendment(shown, {**shown.fields, "aims": "Trust"}, "Forgotten")
    country.clock.advance(YEARS_MS)
    country.sync(chief)
    assert is_here(chief, record)
    chief.records.discard_draft(draft.id)
    assert chief.retention.carry_out() == 1


def test_an_open_concern_stays_however_old_it_is(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    fields = concern_fields(date="2026-12-30")
    stays = chief.records.create("concern", None, {**fields, "status": "open"})
    goes = chief.records.create(
        "concern", None, {**fields, "status": "closed", "closed_on": "2026-12-31"}
    )
    country.sync(chief, dcc, hq, chief)
    country.clock.advance(YEARS_MS)
    country.sync(chief)
    assert is_here(chief, stays)
    assert not is_here(chief, goes)


def test_what_comes_later_to_a_record_that_is_gone_brings_no_text_back(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = delivered_meeting(country, chief, dcc, hq)
    country.clock.advance(YEARS_MS)
    country.sync(chief, dcc)
    dcc.records.edit(record, {"aims": "Looked up again"}, "For the archive")
    country.sync(dcc, chief)
    assert chief.records.show(record).fields == {}
    assert chief.retention.carry_out() == 0
    with pytest.raises(NoRightError):
        chief.records.edit(record, {"aims": "Mine"}, "No")


def test_its_pictures_go_with_a_record_and_keep_it_while_they_wait(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    draft = chief.records.new_draft("meeting", None, meeting_fields(venue=VENUE)).id
    chief.media.add_photo(draft, "attachments", photo(300, 200))
    record = chief.records.seal(draft)
    chief.syncing._environment.media_bytes = 0  # type: ignore[misc]
    country.sync(chief, dcc, hq, chief)
    country.clock.advance(YEARS_MS)
    country.sync(chief)
    media = country.folder / "chief" / "media"
    assert (is_here(chief, record), list(media.glob("*")) != []) == (True, True)
    chief.syncing._environment.media_bytes = 2_000_000  # type: ignore[misc]
    country.sync(chief, chief)
    assert (is_here(chief, record), list(media.glob("*"))) == (False, [])
    with chief.access.workspace().vault.reading() as tx:
        assert [*tx.media.in_state("sent"), *tx.media.in_state("waiting")] == []


def test_a_picture_that_neither_phone_nor_server_holds_any_more_keeps_no_record(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    draft = chief.records.new_draft("meeting", None, meeting_fields(venue=VENUE)).id
    chief.media.add_photo(draft, "attachments", photo(300, 200))
    record = chief.records.seal(draft)
    country.sync(chief, dcc, hq, chief)
    with chief.access.workspace().vault.transaction() as tx:
        tx.media.send_again()
    for lost in (country.folder / "media", country.folder / "chief" / "media"):
        for path in [one for one in lost.rglob("*") if one.is_file()]:
            path.unlink()
    country.clock.advance(YEARS_MS)
    country.sync(chief, chief)
    assert not is_here(chief, record)


def test_an_office_that_keeps_all_is_told_of_no_time(dcc: Services, hq: Services) -> None:
    assert (dcc.retention.lines(), hq.retention.lines()) == ([], [])


def test_the_settings_list_every_line(chief: Services) -> None:
    found = [(one.label.en, one.line.days, one.line.since) for one in chief.retention.lines()]
    assert ("Meeting", 731, Since.SEALED) in found
    assert [days for _, days, _ in found].count(30) == 2
