"""Follow-ups from real records: due dates, notes that amend, and what a lock forgets."""

from __future__ import annotations

import pytest

from fieldapp.domain.record_types import record_type
from fieldapp.protocol.ids import ID_BYTES, text_to_id
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.services.promises import may_promise
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, meeting_fields

LAMP = {"text": "Mend the lamp", "responsible": "Ward office", "due": "2026-12-25"}
DITCH = {"text": "Clear the ditch", "due": "2027-02-01"}
WELL = {"text": "Open the well"}


def with_resolutions(services: Services) -> str:
    fields = meeting_fields(resolutions=[WELL, DITCH, LAMP])
    return services.records.create("meeting", None, fields)


def test_promises_come_by_due_date_and_those_without_one_last(chief: Services) -> None:
    record = with_resolutions(chief)
    found = chief.follow_ups.open()
    assert [line.text for line in found] == ["Mend the lamp", "Clear the ditch", "Open the well"]
    lamp = found[0]
    assert (lamp.record_id, lamp.type, lamp.due) == (record, "meeting", "2026-12-25")
    assert (lamp.responsible, lamp.status, lamp.unit_name) == (
        "Ward office", "not_started", "Mkomani",
    )  # fmt: skip
    assert [line.overdue for line in found] == [True, False, False]
    assert chief.follow_ups.counts() == (3, 1, 1)


def test_a_note_amends_the_record_and_says_why(chief: Services) -> None:
    record = with_resolutions(chief)
    lamp, ditch, _ = chief.follow_ups.open()
    chief.follow_ups.note(record, lamp.path, "done", "The county came", "Photo in the file")
    chief.follow_ups.note(record, ditch.path, "in_progress")
    assert [line.text for line in chief.follow_ups.open()] == ["Clear the ditch", "Open the well"]
    shown = chief.records.show(record)
    item = next(one for one in shown.fields["resolutions"] if one["text"] == "Mend the lamp")
    assert item["status"] == "done"
    assert item["progress"].endswith(": The county came")
    assert item["evidence"] == "Photo in the file"
    assert [one.reason for one in shown.history[1:]] == [
        "Follow-up: Completed. The county came. Photo in the file",
        "Follow-up: In progress",
    ]


def test_the_action_of_a_concern_keeps_the_words_in_its_history(chief: Services) -> None:
    fields = concern_fields(actions=[{"text": "Ask the station", "due": "2026-12-20"}])
    record = chief.records.create("concern", None, fields)
    (line,) = chief.follow_ups.open()
    chief.follow_ups.note(record, line.path, "done", "They came at noon")
    assert chief.follow_ups.open() == []
    assert chief.records.show(record).history[-1].reason == (
        "Follow-up: Completed. They came at noon"
    )


def test_search_finds_words_of_the_promise_and_of_who_is_responsible(chief: Services) -> None:
    with_resolutions(chief)
    assert [line.text for line in chief.follow_ups.find("ward").lines] == ["Mend the lamp"]
    assert [line.text for line in chief.follow_ups.find("DITCH").lines] == ["Clear the ditch"]
    assert len(chief.follow_ups.find(limit=2).lines) == 2


def test_what_others_changed_is_seen_after_a_sync(
    country: Country, chief: Services, dcc: Services
) -> None:
    record = with_resolutions(chief)
    country.sync(chief, dcc)
    lamp = dcc.follow_ups.open()[0]
    dcc.follow_ups.note(record, lamp.path, "done")
    country.sync(dcc, chief)
    assert [line.text for line in chief.follow_ups.open()] == ["Clear the ditch", "Open the well"]


def test_a_state_that_the_promise_cannot_have_is_refused(chief: Services) -> None:
    record = with_resolutions(chief)
    lamp = chief.follow_ups.open()[0]
    with pytest.raises(ProblemsError):
        chief.follow_ups.note(record, lamp.path, "eaten")
    assert len(chief.records.show(record).history) == 1


def test_an_unlocked_home_reads_its_promises_anew(chief: Services) -> None:
    with_resolutions(chief)
    chief.access.lock()
    chief.access.unlock(PIN)
    assert chief.follow_ups.counts() == (3, 1, 1)


def test_a_withdrawn_record_promises_nothing(country: Country, chief: Services) -> None:
    record = chief.records.create(
        "tension", None,
        {"kind": "land", "level": "watch", "seen_on": "2026-12-30", "expires_on": "2027-01-20"},
    )  # fmt: skip
    (line,) = chief.follow_ups.open()
    assert (line.path, line.due) == ("expires_on", "2027-01-20")
    chief.follow_ups.note(record, line.path, "carried_forward")
    assert chief.follow_ups.open()[0].due == "2027-02-03"
    country.clock.advance(40 * 24 * 3600 * 1000)
    assert chief.follow_ups.open() == []


@pytest.mark.parametrize(
    ("type_key", "fields", "promises"),
    [
        ("meeting", meeting_fields(resolutions=[WELL]), True),
        ("meeting", meeting_fields(), False),
        ("concern", concern_fields(date="2026-12-20"), False),
        ("concern", concern_fields(date="2026-12-20", actions=[{"text": "Ask"}]), True),
        ("mediation", {"title": "The well", "category": "land", "started_on": "2026-12-01",
                       "follow_up_on": "2027-02-01"}, True),
    ],
)  # fmt: skip
def test_only_records_that_hold_a_promise_are_read(
    chief: Services, type_key: str, fields: dict[str, object], *, promises: bool
) -> None:
    record = chief.records.create(type_key, None, fields)
    work = chief.access.workspace()
    with work.vault.reading() as tx:
        kept = tx.records.get(text_to_id(record, ID_BYTES))
    assert kept is not None
    assert kept.state is not None
    assert may_promise(record_type(type_key), kept.state) is promises
    assert bool(chief.follow_ups.open()) is promises


def test_pages_join_to_the_whole_list_and_groups_add_up_to_the_number_on_home(
    chief: Services,
) -> None:
    promised = [{"text": f"Promise {n}", "due": f"2027-01-{1 + n % 28:02}"} for n in range(80)]
    for half in (promised[:40], promised[40:]):
        chief.records.create("meeting", None, meeting_fields(resolutions=half))
    with_resolutions(chief)
    pages = [chief.follow_ups.find(offset=at, limit=50) for at in (0, 50)]
    assert [len(page.lines) for page in pages] == [50, 33]
    assert [*pages[0].lines, *pages[1].lines] == chief.follow_ups.open()
    assert pages[0].total == sum(pages[0].by_group.values()) == chief.follow_ups.counts().open
    assert pages[0].by_group["never"] == 1
    narrowed = chief.follow_ups.find("promise 7", limit=3)
    assert (len(narrowed.lines), narrowed.total) == (3, 11)
    assert narrowed.total == sum(narrowed.by_group.values())
