"""What a list is narrowed to, and what a device can know of a record's way."""

from __future__ import annotations

from fieldapp.services.facade import Services
from fieldapp.services.reading_window import WINDOW_DAYS
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, meeting_fields

DAY_MS = 24 * 60 * 60 * 1000
NEVER_ANSWERED = {"urgency": "U2", "date": "2026-12-20", "status": "open"}


def listed(services: Services, state: str) -> list[str]:
    rows, total = services.records.find(state=state)
    assert total == len(rows)
    return [row.id for row in rows]


def test_each_count_of_the_home_screen_leads_to_the_records_it_counts(
    country: Country, chief: Services, dcc: Services
) -> None:
    sent = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief, dcc)
    waiting = chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    draft = chief.records.new_draft("meeting").id
    status = chief.syncing.status()
    assert listed(chief, "draft") == [draft]
    assert listed(chief, "waiting") == [waiting]
    assert listed(chief, "sent") == [sent]
    assert listed(chief, "received") == []
    assert listed(chief, "needs_you") == []
    assert (status.drafts, status.waiting, status.needs_attention) == (1, 1, 0)
    assert listed(dcc, "received") == [sent]
    assert dcc.syncing.status().received == 1
    assert listed(dcc, "sent") == []


def test_the_numbers_on_home_are_those_of_the_lists_though_the_officers_own_card_waits_too(
    country: Country, hq: Services
) -> None:
    """The card of the newcomer is a third change that waits, and a row of no list."""
    phone = country.build("phone")
    packet = hq.organisation.invite(country.mkomani, "assistant_chief").packet_text
    phone.access.enrol(packet, "Dalila Mwinyi", PIN)
    assert (phone.syncing.status().waiting, phone.syncing.status().records_waiting) == (1, 0)
    made = [phone.records.create("meeting", None, meeting_fields()) for _ in range(2)]
    phone.records.edit(made[0], {"aims": "Trust"}, "forgotten")
    status = phone.syncing.status()
    assert status.waiting == 4
    assert status.records_waiting == len(listed(phone, "waiting")) == 2
    country.sync(hq, phone)
    status = phone.syncing.status()
    assert (status.waiting, status.records_waiting) == (0, 0)
    assert status.records_sent == len(listed(phone, "sent")) == 2


def test_what_may_not_be_read_any_more_is_neither_counted_nor_replaced_by_the_officers_own(
    country: Country, chief: Services, dcc: Services
) -> None:
    chief.records.create("meeting", None, meeting_fields())
    dcc.records.create("meeting", country.mkomani, meeting_fields())
    country.sync(chief, dcc)
    assert dcc.syncing.status().received == len(listed(dcc, "received")) == 1
    country.clock.advance((WINDOW_DAYS + 1) * DAY_MS)
    assert dcc.syncing.status().received == len(listed(dcc, "received")) == 0
    assert dcc.syncing.status().records_sent == len(listed(dcc, "sent")) == 1


def test_a_record_amended_offline_waits_again(country: Country, chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief)
    assert listed(chief, "waiting") == []
    chief.records.edit(made, {"aims": "Trust"}, "forgotten")
    assert listed(chief, "waiting") == [made]
    assert listed(chief, "sent") == []


def test_an_unanswered_concern_is_overdue_wherever_it_is_read_until_somebody_acts(
    country: Country, chief: Services, dcc: Services
) -> None:
    late = chief.records.create("concern", None, concern_fields(**NEVER_ANSWERED))
    fresh = chief.records.create("concern", None, concern_fields(urgency="U4", date="2026-12-30"))
    country.sync(chief, dcc)
    for services in (chief, dcc):
        assert listed(services, "needs_you") == [late]
        assert services.syncing.status().needs_attention == 1
        rows, _ = services.records.find(type_key="concern")
        assert {row.id: row.overdue for row in rows} == {late: True, fresh: False}
        note = services.records.show(late).needs_attention
        assert note is not None
        assert note.code == "record_overdue"
        assert services.records.show(fresh).needs_attention is None
    dcc.records.edit(late, {"status": "assigned"}, "The patrol went there")
    country.sync(dcc, chief)
    assert listed(chief, "needs_you") == []
    assert chief.records.show(late).needs_attention is None


def test_a_concern_becomes_overdue_while_nobody_looks(country: Country, chief: Services) -> None:
    made = chief.records.create("concern", None, concern_fields(urgency="U4", date="2026-12-30"))
    assert listed(chief, "needs_you") == []
    country.clock.advance(40 * 24 * 60 * 60 * 1000)
    assert listed(chief, "needs_you") == [made]


def test_a_record_changed_in_two_places_needs_a_person_until_it_is_settled(
    country: Country, chief: Services, dcc: Services
) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief, dcc)
    chief.records.edit(made, {"aims": "Trust"}, "first")
    dcc.records.edit(made, {"aims": "Peace"}, "second")
    country.sync(chief, dcc, chief)
    assert listed(chief, "needs_you") == listed(dcc, "needs_you") == [made]
    chief.records.edit(made, {"aims": "Trust and peace"}, "agreed by telephone")
    country.sync(chief, dcc)
    assert listed(chief, "needs_you") == listed(dcc, "needs_you") == []


def test_a_reader_claims_nothing_about_offices_whose_receipts_it_never_gets(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief, dcc, hq, chief)
    stages = {
        name: {tick.stage: tick.at_ms is not None for tick in services.records.show(made).ticks}
        for name, services in (("chief", chief), ("dcc", dcc), ("hq", hq))
    }
    assert stages == {
        "chief": {"server": True, "sub_county": True, "hq": True},
        "dcc": {"server": True, "sub_county": True},
        "hq": {"server": True, "hq": True},
    }


def test_an_office_that_added_to_a_record_has_opened_it(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief, dcc, hq)
    dcc.records.edit(made, {"aims": "Peace"}, "Added by the sub-county")
    (row,) = dcc.records.find(state="waiting")[0]
    assert (row.id, row.tick) == (made, "phone")
    country.sync(dcc, hq, chief)
    ticks = {tick.stage: tick.at_ms is not None for tick in chief.records.show(made).ticks}
    assert ticks == {"server": True, "sub_county": True, "hq": True}


def test_a_list_keeps_the_words_of_a_restricted_record_to_itself_outside_its_desk(
    country: Country,
) -> None:
    chief = country.unlocked("chief")
    fields = {"category": "gbv", "week_of": "2026-11-16", "survivor_sex": "female"}
    chief.records.create("concern", None, fields)
    chief.records.create("meeting", None, meeting_fields(venue="Boma"))
    chief.records.new_draft("concern", None, fields)
    rows = chief.records.find()[0]
    shown = {(row.type, row.state): (row.title, row.subtitle, row.urgency) for row in rows}
    hidden = ("Restricted record", "", None)
    assert shown[("concern", "draft")] == shown[("concern", "sealed")] == hidden
    assert "Boma" in " ".join(map(str, shown[("meeting", "sealed")]))
    chief.access.set_language("sw")
    assert "Rekodi iliyozuiliwa" in {row.title for row in chief.records.find()[0]}
