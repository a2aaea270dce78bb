"""Sealed batches leave ninety days after headquarters opened them; no proof leaves with them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.errors import CryptoError
from fieldapp.protocol.batch import Kind, parse_batch
from fieldapp.protocol.ids import RecordId, text_to_id
from fieldapp.services.facade import Services
from fieldapp.services.preferences import PreferenceFile
from fieldapp.sync.orders import is_erased
from tests.support.country import LAMU_WEST, PIN, Country
from tests.support.factories import concern_fields
from tests.support.fakes import FakeClock
from tests.unit.services.test_lost_server import back_up, restore

DAY_MS = 24 * 3600 * 1000
MARKER = "Marker Mkomani 7741"
CLOSED = {"date": "2026-12-30", "status": "closed", "closed_on": "2026-12-31"}


def confidential(**changed: Any) -> dict[str, Any]:
    """A concern whose text leaves the phone thirty days after it was closed."""
    return concern_fields(category="robbery", narrative=MARKER, **CLOSED) | changed


def has_bodies(services: Services, record: str) -> list[bool]:
    """Which of the batches that made a record still have their body, in the order they came."""
    with services.access.workspace().vault.reading() as tx:
        hashes = tx.records.history(RecordId(text_to_id(record, 16)))
        rows = [tx.batches.by_hash(one) for one in hashes]
    return [row is not None and not is_erased(row.raw) for row in rows]


def readable(services: Services) -> str:
    """All that the keys of an open vault still open of its sealed batches."""
    found: list[bytes] = []
    with services.access.workspace().vault.reading() as tx:
        for row in tx.batches.of_kind(Kind.ENTRIES):
            key = tx.sender_keys.get(row.kid)
            batch = parse_batch(row.raw)
            try:
                found += [] if key is None else open_batch(batch, Secret(key.key))
            except CryptoError:
                assert batch.is_erased
    return b" ".join(found).decode()


def opened_everywhere(country: Country, chief: Services, *others: Services) -> str:
    """Seal a closed concern, and let every office open it."""
    record = chief.records.create("concern", None, confidential())
    country.sync(chief, *others, chief)
    return record


def ticks(services: Services, record: str) -> list[str]:
    return [tick.stage for tick in services.records.show(record).ticks if tick.at_ms is not None]


def test_our_sealed_batch_stays_ninety_days_behind_its_text(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = opened_everywhere(country, chief, dcc, hq)
    country.clock.advance(60 * DAY_MS)
    country.sync(chief)
    assert chief.records.show(record).fields == {}
    assert (has_bodies(chief, record), MARKER in readable(chief)) == ([True], True)
    country.clock.advance(31 * DAY_MS)
    country.sync(chief)
    assert (has_bodies(chief, record), MARKER in readable(chief)) == ([False], False)
    assert ticks(chief, record) == ["server", "sub_county", "hq"]
    note = chief.records.show(record).needs_attention
    assert (note.code if note else None) == "record_time_over"
    country.sync(hq)
    assert hq.records.show(record).fields["narrative"] == MARKER


def test_the_ninety_days_begin_when_headquarters_opens_it(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = chief.records.create("concern", None, confidential())
    country.sync(chief, dcc)
    country.clock.advance(400 * DAY_MS)
    country.sync(chief)
    assert has_bodies(chief, record) == [True]
    country.sync(hq, chief)
    country.clock.advance(90 * DAY_MS)
    country.sync(chief)
    assert (chief.records.show(record).fields, has_bodies(chief, record)) == ({}, [True])
    country.clock.advance(DAY_MS)
    country.sync(chief)
    assert has_bodies(chief, record) == [False]


def test_a_clock_far_ahead_takes_no_sealed_batch(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = opened_everywhere(country, chief, dcc, hq)
    country.clock.advance(60 * DAY_MS)
    country.sync(chief)
    country.clock.advance(3_000 * DAY_MS)
    chief.retention.carry_out()
    chief.access.lock()
    chief.access.unlock(PIN)
    assert has_bodies(chief, record) == [True]


def test_what_is_still_shown_keeps_its_sealed_batch_and_its_history(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = chief.records.create("concern", None, confidential(status="open", closed_on=None))
    country.sync(chief, dcc, hq, chief)
    country.clock.advance(800 * DAY_MS)
    country.sync(chief)
    assert has_bodies(chief, record) == [True]
    assert [item.op for item in chief.records.show(record).history] == ["created"]


def test_a_batch_goes_with_the_last_of_its_records(
    country: Country, chief: Services, dcc: Services, hq: Services, tmp_path: Path
) -> None:
    file = tmp_path / "two.jsonl"
    rows = (confidential(), confidential(status="open", closed_on=None))
    file.write_text("\n".join(json.dumps({"fields": row}) for row in rows), encoding="utf-8")
    report = chief.transfer.import_file("concern", file)
    closed, begun = report.created
    country.sync(chief, dcc, hq, chief)
    country.clock.advance(200 * DAY_MS)
    country.sync(chief)
    assert [chief.records.show(one).fields == {} for one in (closed, begun)] == [True, False]
    assert has_bodies(chief, closed) == [True]
    chief.records.edit(begun, {"status": "closed", "closed_on": "2027-07-01"}, "Settled")
    country.sync(chief, dcc, hq, chief)
    country.clock.advance(200 * DAY_MS)
    country.sync(chief)
    assert (has_bodies(chief, closed), has_bodies(chief, begun)) == ([False], [False, False])
    assert MARKER not in readable(chief)


def test_what_the_office_above_wrote_of_it_goes_with_the_text(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record = chief.records.create("concern", None, confidential(status="open", closed_on=None))
    country.sync(chief, dcc, hq)
    dcc.records.edit(record, {"status": "closed", "closed_on": "2026-12-31"}, f"{MARKER} settled")
    country.sync(dcc, hq, chief)
    assert has_bodies(chief, record) == [True, True]
    country.clock.advance(60 * DAY_MS)
    country.sync(chief)
    assert has_bodies(chief, record) == [True, False]
    country.clock.advance(60 * DAY_MS)
    country.sync(chief)
    assert has_bodies(chief, record) == [False, False]
    assert MARKER not in readable(chief)


def test_a_restricted_record_goes_ninety_days_after_its_desk_at_headquarters(
    country: Country, chief: Services, hq: Services
) -> None:
    desk = country.build("gender")
    text = next((country.folder / "shares").glob("*gender*")).read_text(encoding="utf-8")
    desk.access.enrol(text, "Eshe Juma", PIN, phrase=country.phrases["gender"])
    country.sync(desk, hq, chief)
    country.clock.advance(40 * DAY_MS)
    fields = {
        "category": "gbv",
        "week_of": "2027-01-04",
        "survivor_sex": "female",
        "survivor_age": "age_18_34",
        "consent": "yes",
        "urgency": "U2",
    }
    record = chief.records.create("concern", LAMU_WEST, fields)
    country.sync(chief, desk, chief)
    for days, left in ((90, [True]), (1, [False])):
        country.clock.advance(days * DAY_MS)
        country.sync(chief)
        assert has_bodies(chief, record) == left
    assert ticks(chief, record) == ["server", "hq"]
    country.sync(desk)
    assert desk.records.show(record).fields["category"] == "gbv"


def test_heads_and_the_gap_proof_are_what_they_were(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    opened_everywhere(country, chief, dcc, hq)
    before = chief.syncing.verify()
    country.clock.advance(200 * DAY_MS)
    country.sync(chief)
    assert chief.syncing.verify() == before
    assert chief.syncing.status().needs_attention == 0
    report = chief.syncing.sync()
    assert (report.sent, report.round_trips, report.alarms) == (0, 1, ())
    later = chief.records.create("concern", None, confidential(narrative="A new one"))
    country.sync(chief, dcc, hq, chief)
    assert ticks(chief, later) == ["server", "sub_county", "hq"]
    assert all(line.missing == () and not line.forked for line in hq.syncing.verify().streams)


def test_a_server_that_lost_more_than_is_left_gets_back_the_rest_once(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    back_up(country)
    gone = opened_everywhere(country, chief, dcc, hq)
    country.clock.advance(200 * DAY_MS)
    country.sync(chief)
    later = chief.records.create("concern", None, confidential(narrative="A new one"))
    country.sync(chief, dcc, hq, chief)
    restore(country)
    report = chief.syncing.sync()
    assert report.error is None
    assert "server_restored" in {alarm.code for alarm in report.alarms}
    assert (has_bodies(chief, gone), ticks(chief, later)) == (
        [False],
        ["server", "sub_county", "hq"],
    )
    for _ in range(2):
        report = chief.syncing.sync()
        assert (report.sent, report.round_trips, report.error) == (0, 1, None)
    assert hq.syncing.sync().error is None
    found = {row.id for row in hq.records.find(type_key="concern")[0]}
    assert found == {gone, later}


def test_two_copies_of_a_home_come_to_rest_when_one_let_go(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    gone = opened_everywhere(country, chief, dcc, hq)
    chief.access.lock()
    shutil.copytree(country.folder / "chief", country.folder / "copy")
    phone, copy = country.unlocked("chief"), country.unlocked("copy")
    country.clock.advance(200 * DAY_MS)
    country.sync(phone)
    assert has_bodies(phone, gone) == [False]
    made = {phone.records.create("concern", None, confidential(narrative="From the phone"))}
    country.sync(phone)
    made.add(copy.records.create("concern", None, confidential(narrative="From the copy")))
    for _ in range(2):
        country.sync(copy, phone, dcc, hq)
    assert {row.id for row in hq.records.find(type_key="concern")[0]} == {gone, *made}
    for services in (phone, copy):
        report = services.syncing.sync()
        assert (report.sent, report.round_trips, report.alarms) == (0, 1, ())
        assert services.syncing.status().needs_attention == 0
    assert hq.syncing.status().needs_attention == 0


@pytest.mark.parametrize("again", [1, 2])
def test_carrying_it_out_twice_changes_nothing(
    country: Country, chief: Services, dcc: Services, hq: Services, again: int
) -> None:
    record = opened_everywhere(country, chief, dcc, hq)
    country.clock.advance(200 * DAY_MS)
    country.sync(chief)
    for _ in range(again):
        assert chief.retention.carry_out() == 0
    assert (has_bodies(chief, record), chief.records.show(record).fields) == ([False], {})


def test_headquarters_whose_clock_lost_its_date_shortens_no_ninety_days(
    country: Country, chief: Services, dcc: Services
) -> None:
    record = chief.records.create("concern", None, confidential())
    country.sync(chief, dcc)
    environment = country.environment("hq")
    environment.clock = FakeClock(DAY_MS)  # type: ignore[misc]
    kept = PreferenceFile(country.folder / "preferences.json", autolock_seconds=60)
    hq = Services(environment, kept)
    hq.access.unlock(PIN)
    country.sync(hq, chief)
    hq.close()
    country.clock.advance(60 * DAY_MS)
    country.sync(chief)
    assert (chief.records.show(record).fields, has_bodies(chief, record)) == ({}, [True])
    country.clock.advance(31 * DAY_MS)
    country.sync(chief)
    assert has_bodies(chief, record) == [False]
