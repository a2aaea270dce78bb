"""The contact of a person who gave information: one office has it, everybody else a code."""

from __future__ import annotations

import json

import pytest

from fieldapp.errors import NoReaderError, NoRightError, UnknownRecordError
from fieldapp.protocol.ids import RecordId
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import LAMU_WEST, PIN, Country
from tests.support.factories import concern_fields

CONTACT = "The shopkeeper by the jetty, mornings, ask for salt"


@pytest.fixture
def second(country: Country, hq: Services, dcc: Services, chief: Services) -> Services:
    """A second, confirmed device of the sub-county's office."""
    invite = hq.organisation.invite(LAMU_WEST, "dcc_admin")
    found = country.build("second")
    found.access.enrol(invite.packet_text, "Salim Athman", PIN)
    country.sync(hq, found, hq)
    device = found.access.officer().device
    words = next(row.words for row in hq.organisation.devices() if row.device == device)
    hq.organisation.confirm(device, words or "")
    country.sync(hq, found, dcc, chief)
    return found


def given(chief: Services) -> tuple[str, str]:
    record = chief.records.create("concern", None, concern_fields())
    return record, chief.sources.give(record, f" {CONTACT} ")


def test_one_office_reads_the_contact_and_everybody_a_code(
    country: Country, hq: Services, dcc: Services, chief: Services, second: Services
) -> None:
    record, code = given(chief)
    country.sync(chief, dcc, second, hq)
    for services in (dcc, second):
        (found,) = services.sources.of_record(record)
        assert (found.code, found.contact) == (code, CONTACT)
    assert hq.sources.of_record(record) == []
    assert hq.records.show(record).fields["source_code"] == code
    for services in (hq, dcc):
        assert CONTACT not in json.dumps(services.records.show(record).fields)


def test_the_contact_leaves_the_authors_phone_with_the_offices_receipt(
    country: Country, dcc: Services, chief: Services, second: Services
) -> None:
    del second
    record, _ = given(chief)
    assert [one.contact for one in chief.sources.of_record(record)] == [CONTACT]
    with chief.access.workspace().vault.reading() as tx:
        (kept,) = tx.record_keys.all()
    country.sync(chief, dcc, chief)
    assert chief.sources.of_record(record) == []
    with chief.access.workspace().vault.reading() as tx:
        assert tx.record_keys.all() == {}
        row = tx.records.get(RecordId(kept))
        assert row is not None
        assert (row.state, row.card) == (None, None)
        batch = tx.batches.by_hash(row.batches[0])
        assert batch is not None
        assert tx.sender_keys.get(batch.kid) is None


def test_a_contact_stands_in_no_list_and_no_export(
    country: Country, hq: Services, dcc: Services, chief: Services, second: Services
) -> None:
    del second
    given(chief)
    assert chief.records.find("shopkeeper")[1] == 0
    assert [row.type for row in chief.records.find()[0]] == ["concern"]
    country.sync(chief, dcc, hq, chief)
    for services in (chief, dcc, hq):
        assert services.records.find("shopkeeper")[1] == 0
        assert [row.type for row in services.records.find()[0]] == ["concern"]
    out = country.folder / "out"
    dcc.transfer.export(out, "jsonl", pin=PIN)
    written = "".join(file.read_text() for file in out.rglob("*") if file.is_file())
    assert "shopkeeper" not in written


def test_an_office_with_one_device_keeps_no_contact(chief: Services) -> None:
    record = chief.records.create("concern", None, concern_fields())
    assert chief.sources.holder(record) is None
    with pytest.raises(NoReaderError, match="no_source_office"):
        chief.sources.give(record, CONTACT)


def test_who_may_read_it_is_said_before_anything_is_given(
    chief: Services, second: Services
) -> None:
    del second
    record = chief.records.create("concern", None, concern_fields())
    holder = chief.sources.holder(record)
    assert holder is not None
    assert holder.en == "Sub-county administration office, Lamu West"
    assert chief.sources.of_record(record) == []


def test_only_the_author_gives_a_contact_and_it_has_words(
    country: Country, dcc: Services, chief: Services, second: Services
) -> None:
    del second
    record = chief.records.create("concern", None, concern_fields())
    with pytest.raises(ProblemsError):
        chief.sources.give(record, "  ")
    country.sync(chief, dcc)
    assert dcc.sources.holder(record) is None
    with pytest.raises(NoRightError, match="no_source_here"):
        dcc.sources.give(record, CONTACT)
    with pytest.raises(UnknownRecordError):
        chief.sources.give("0" * 26, CONTACT)
