"""A new meeting begins with what stayed the same since the last one of its body."""

from __future__ import annotations

from fieldapp.services.facade import Services
from tests.support.country import LAMU_WEST, Country
from tests.support.factories import meeting_fields

OCTOBER = meeting_fields(
    date="2026-10-04",
    venue="Fig tree",
    chair="Chief, Mkomani",
    resolutions=[{"text": "Light the path", "due": "2026-11-01", "status": "not_started"}],
)


def test_a_new_meeting_takes_over_who_where_and_what_is_open(
    country: Country, chief: Services
) -> None:
    record = chief.records.create("meeting", country.mkomani, OCTOBER)
    draft = chief.records.new_draft("meeting")
    assert draft.fields["venue"] == "Fig tree"
    assert draft.fields["chair"] == "Chief, Mkomani"
    assert draft.fields["meeting_type"] == "baraza_chief"
    assert draft.fields["date"] == "2027-01-01"
    (matter,) = draft.fields["matters_arising"]
    assert (matter["text"], matter["meeting"], matter["due"]) == (
        "Light the path", record, "2026-11-01",
    )  # fmt: skip
    assert "attendance" not in draft.fields
    assert "resolutions" not in draft.fields


def test_the_last_meeting_is_the_latest_by_its_day_and_of_the_same_kind(
    country: Country, chief: Services
) -> None:
    newest = chief.records.create("meeting", country.mkomani, OCTOBER)
    country.clock.advance(1000)
    chief.records.create("meeting", country.mkomani, meeting_fields(date="2025-02-01"))
    chief.records.create(
        "meeting",
        country.mkomani,
        meeting_fields(date="2026-12-01", meeting_type="cpc_loc", venue="Hall"),
    )
    kind = {"meeting_type": "baraza_chief"}
    found = chief.records.last_time(country.mkomani, kind)
    assert found is not None
    assert (found.record_id, found.day) == (newest, "2026-10-04")
    hall = chief.records.last_time(country.mkomani, {"meeting_type": "cpc_loc"})
    assert hall is not None
    assert hall.fields["venue"] == "Hall"


def test_another_unit_or_kind_gives_nothing(country: Country, chief: Services) -> None:
    chief.records.create("meeting", country.mkomani, OCTOBER)
    assert chief.records.last_time(LAMU_WEST, {}) is None
    assert chief.records.last_time(country.mkomani, {"meeting_type": "workshop"}) is None


def test_what_is_asked_for_wins_over_the_last_time(country: Country, chief: Services) -> None:
    chief.records.create("meeting", country.mkomani, OCTOBER)
    draft = chief.records.new_draft("meeting", fields={"meeting_type": "cpf", "venue": "School"})
    assert draft.fields["venue"] == "School"
    assert "matters_arising" not in draft.fields


def test_a_finished_resolution_is_not_brought_up_again(country: Country, chief: Services) -> None:
    record = chief.records.create("meeting", country.mkomani, OCTOBER)
    (resolution,) = chief.records.show(record).fields["resolutions"]
    chief.records.change(record, {f"resolutions/{resolution['id']}/status": "done"}, "It is lit.")
    assert "matters_arising" not in chief.records.new_draft("meeting").fields
