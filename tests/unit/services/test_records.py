"""Making, changing, finding and showing records."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from fieldapp.errors import (
    FieldAppError,
    InvalidUnitError,
    NoRightError,
    UnknownRecordError,
    UnknownRecordTypeError,
)
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import LAMU_WEST, WARD, Country
from tests.support.factories import concern_fields, meeting_fields

DAY_MS = 24 * 60 * 60 * 1000
SURVIVOR: dict[str, Any] = {"category": "gbv", "follow_up_ref": "GV-2026-11"}


def codes(refused: pytest.ExceptionInfo[ProblemsError]) -> set[tuple[str, str]]:
    return {(problem.path, problem.code) for problem in refused.value.problems}


def test_an_officer_writes_what_the_role_allows(country: Country, chief: Services) -> None:
    written = {kind.key for kind in chief.records.types()}
    assert written >= {"meeting", "concern", "problem", "cluster", "mediation"}
    assert not written & {"unit", "officer", "plan", "partner", "tally"}
    assert {kind.key for kind in chief.records.all_types()} >= {"unit", "officer"}
    assert chief.records.schema("meeting")["title"] == "Meeting"
    assert country.mkomani in {row.id for row in chief.records.units_below()}
    assert "KE-005-W0105" in {row.id for row in chief.records.wards(country.mkomani)}


def test_a_blank_form_begins_with_the_declared_defaults(chief: Services) -> None:
    draft = chief.records.new_draft("concern", fields={"category": "theft"})
    assert draft.fields == {
        "category": "theft",
        "date": "2027-01-01",
        "source": "anonymous",
        "status": "open",
    }
    assert chief.records.draft(draft.id).fields == draft.fields


def test_a_draft_is_kept_replaced_listed_and_discarded(country: Country, chief: Services) -> None:
    first = chief.records.new_draft("meeting")
    country.clock.advance(1000)
    second = chief.records.new_draft("concern")
    chief.records.save_draft(first.id, {"venue": "Fig tree"}, country.mkomani)
    assert {draft.id for draft in chief.records.drafts()} == {first.id, second.id}
    assert chief.records.draft(first.id).fields == {"venue": "Fig tree"}
    chief.records.discard_draft(second.id)
    with pytest.raises(UnknownRecordError, match="unknown_draft"):
        chief.records.draft(second.id)
    with pytest.raises(UnknownRecordError):
        chief.records.save_draft("nonsense", {})


def test_a_draft_survives_the_process(country: Country, chief: Services) -> None:
    draft = chief.records.new_draft("meeting", fields={"venue": "Fig tree"})
    again = country.unlocked("chief")
    assert again.records.draft(draft.id).fields["venue"] == "Fig tree"


def test_checking_a_draft_names_each_problem(chief: Services) -> None:
    draft = chief.records.new_draft("meeting", fields={"attendance": {"total": 5, "male": 9}})
    found = {(problem.path, problem.code) for problem in chief.records.check(draft.id)}
    assert ("meeting_type", "required") in found
    with pytest.raises(ProblemsError):
        chief.records.review(draft.id)
    with pytest.raises(ProblemsError):
        chief.records.seal(draft.id)
    assert chief.records.draft(draft.id).id == draft.id


def test_what_a_later_category_hides_is_neither_checked_nor_sealed(chief: Services) -> None:
    draft = chief.records.new_draft("concern", fields=concern_fields())
    chief.records.save_draft(draft.id, concern_fields(category="gbv"))
    assert chief.records.check(draft.id) == []
    pending = chief.records.review(draft.id)
    assert pending.tier == "restricted"
    assert [reader.en for reader in pending.readers] == ["Gender desk, headquarters"]
    assert "narrative" not in {line.label.en for line in pending.summary}
    sealed = chief.records.seal(draft.id)
    assert set(chief.records.show(sealed).fields) == {"category", "urgency"}
    with pytest.raises(UnknownRecordError):
        chief.records.draft(draft.id)
    assert chief.records.show(draft.id).id == sealed


def test_a_whole_document_with_hidden_answers_is_refused(chief: Services) -> None:
    with pytest.raises(ProblemsError) as refused:
        chief.records.create("concern", None, concern_fields(category="gbv"))
    assert ("narrative", "field_not_allowed_here") in codes(refused)


def test_review_speaks_the_officers_language(chief: Services) -> None:
    draft = chief.records.new_draft("concern", fields=concern_fields(danger_now=True))
    english = [line.value for line in chief.records.review(draft.id).summary]
    chief.access.set_language("sw")
    swahili = [line.value for line in chief.records.review(draft.id).summary]
    assert english != swahili
    rows, _ = chief.records.find(type_key="concern")
    assert rows[0].title == "Wizi"
    chief.records.seal(draft.id)
    rows, _ = chief.records.find(type_key="concern")
    assert rows[0].title == "Wizi"


@pytest.mark.parametrize(
    ("type_key", "unit", "error"),
    [
        ("nonsense", None, UnknownRecordTypeError),
        ("meeting", "Lamu", InvalidUnitError),
        ("meeting", "KE-999", InvalidUnitError),
        ("meeting", "KE-003-S016", NoRightError),
    ],
)
def test_a_record_for_nowhere_is_refused(
    chief: Services, type_key: str, unit: str | None, error: type[FieldAppError]
) -> None:
    with pytest.raises(error):
        chief.records.create(type_key, unit, meeting_fields())
    assert chief.records.find(type_key="meeting")[1] == 0


def test_a_chief_records_no_county_committee(chief: Services) -> None:
    with pytest.raises(NoRightError) as refused:
        chief.records.create("meeting", None, meeting_fields(meeting_type="csic"))
    assert refused.value.params == {"reason": "meeting_kind"}


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (" \n", "required"),
        ("r" * 1_001, "too_long"),
        ("half \ud800", "not_readable_text"),
        ("a\0b", "not_readable_text"),
    ],
)
def test_a_reason_that_cannot_be_kept_is_refused_in_words_and_changes_nothing(
    chief: Services, reason: str, code: str
) -> None:
    made = chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    with pytest.raises(ProblemsError) as refused:
        chief.records.edit(made, {"venue": "Mango tree"}, reason)
    assert codes(refused) == {("reason", code)}
    assert [item.op for item in chief.records.show(made).history] == ["created"]


def test_a_sealed_record_is_amended_by_a_further_entry(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    with pytest.raises(ProblemsError) as refused:
        chief.records.edit(made, {"venue": "Mango tree"}, "  ")
    assert codes(refused) == {("reason", "required")}
    assert chief.records.edit(made, {"venue": "Mango tree"}, "Typing error") == "sealed"
    shown = chief.records.show(made)
    assert shown.fields["venue"] == "Mango tree"
    assert [(item.op, item.reason) for item in shown.history] == [
        ("created", None),
        ("changed", "Typing error"),
    ]
    (change,) = shown.history[1].changes
    assert (change.path, change.old, change.new) == ("venue", "Fig tree", "Mango tree")
    assert change.label.en == "Venue"


def test_an_edit_that_changes_nothing_makes_no_entry(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    before = chief.syncing.status().waiting
    chief.records.edit(made, {"venue": meeting_fields()["venue"]}, "Nothing new")
    assert chief.syncing.status().waiting == before


def test_an_edit_that_hides_old_answers_takes_them_away(chief: Services) -> None:
    made = chief.records.create(
        "concern", None, concern_fields(category="stock_theft", animals={"cattle": 3})
    )
    chief.records.edit(made, {"category": "theft"}, "Not animals after all")
    shown = chief.records.show(made).fields
    assert shown["category"] == "theft"
    assert "animals" not in shown


def test_an_edit_that_brings_hidden_answers_is_refused(chief: Services) -> None:
    made = chief.records.create("concern", None, concern_fields())
    with pytest.raises(ProblemsError) as refused:
        chief.records.edit(made, {"animals": {"cattle": 3}}, "Animals too")
    assert codes(refused) == {("animals", "field_not_allowed_here")}


def test_an_edit_for_a_desk_goes_on_as_a_record_of_the_desk(chief: Services) -> None:
    made = chief.records.create("concern", None, concern_fields())
    edited = chief.records.change(made, {"category": "gbv"}, "It was worse")
    assert (edited.raised_from, edited.state) == (made, "sealed")
    assert chief.records.show(edited.id).tier == "restricted"
    assert chief.records.show(made).fields == {}


def test_only_author_and_offices_above_may_amend(country: Country, chief: Services) -> None:
    hq, dcc = country.unlocked("hq"), country.unlocked("dcc")
    made = chief.records.create("meeting", None, meeting_fields())
    theirs = dcc.records.create("meeting", LAMU_WEST, meeting_fields(venue="County hall"))
    country.sync(chief, dcc, hq, chief)
    dcc.records.edit(made, {"aims": "Peace"}, "Added by the sub-county")
    with pytest.raises(UnknownRecordError):
        chief.records.edit(theirs, {"aims": "Peace"}, "Not mine to see")
    with pytest.raises(UnknownRecordError):
        chief.records.edit("0" * 26, {"aims": "Peace"}, "No such record")


def test_a_conflict_is_kept_and_shown(country: Country, chief: Services) -> None:
    dcc = country.unlocked("dcc")
    made = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief, dcc)
    chief.records.edit(made, {"aims": "Trust"}, "first")
    country.clock.advance(1000)
    dcc.records.edit(made, {"aims": "Peace"}, "second")
    country.sync(chief, dcc, chief)
    shown = chief.records.show(made)
    (clash,) = shown.conflicts
    assert (clash.kept, clash.lost, clash.lost_author) == ("Peace", "Trust", "Amina Bakari")
    assert shown.needs_attention is not None
    assert shown.needs_attention.code == "record_conflicted"
    rows, _ = chief.records.find(type_key="meeting")
    assert rows[0].conflicted


def test_lists_show_drafts_first_then_the_newest_page_by_page(
    country: Country, chief: Services
) -> None:
    made = []
    for venue in ("Neem", "Mango", "Acacia"):
        country.clock.advance(1000)
        made.append(chief.records.create("meeting", None, meeting_fields(venue=venue)))
    draft = chief.records.new_draft("meeting", fields={"venue": "Neem", "title": "Fig"}).id
    rows, total = chief.records.find(type_key="meeting")
    assert [row.id for row in rows] == [draft, *reversed(made)]
    assert total == 4
    page, total = chief.records.find(type_key="meeting", offset=1, limit=2)
    assert ([row.id for row in page], total) == ([made[2], made[1]], 4)
    assert [row.tick for row in rows] == ["draft", "phone", "phone", "phone"]
    for text, found in (("fig", [draft]), ("mang", [made[1]]), ("nothing", [])):
        assert [row.id for row in chief.records.find(text=text)[0]] == found
    assert chief.records.find(unit="KE-003")[1] == 0
    assert chief.records.find(unit=country.mkomani)[1] == 4
    assert chief.records.find(state="draft")[1] == 1
    assert chief.records.find(state="sealed")[1] == 3
    with pytest.raises(UnknownRecordTypeError):
        chief.records.find(type_key="nonsense")
    with pytest.raises(InvalidUnitError):
        chief.records.find(unit="nonsense")


def test_units_and_officers_stand_in_no_list_but_their_own(country: Country) -> None:
    hq = country.unlocked("hq")
    assert hq.records.find()[1] == 0
    assert [row.title for row in hq.records.find(type_key="unit")[0]] == ["Mkomani"]
    assert {row.title for row in hq.records.find(type_key="officer")[0]} == {
        "Chebet Langat",
        "Brian Otieno",
        "Amina Bakari",
    }


def test_a_draft_is_shown_like_a_record(chief: Services) -> None:
    draft = chief.records.new_draft("concern", fields=concern_fields(category="gbv"))
    shown = chief.records.show(draft.id)
    assert (shown.state, shown.tier, shown.ticks, shown.mine) == ("draft", "restricted", [], True)
    with pytest.raises(UnknownRecordError):
        chief.records.show("0" * 26)


def test_a_clock_before_the_apps_own_making_is_overruled_and_marked(country: Country) -> None:
    country.clock.advance(-400 * DAY_MS)
    chief = country.unlocked("chief")
    made = chief.records.create("meeting", None, meeting_fields())
    (item,) = chief.records.show(made).history
    assert item.clock_unsure
    assert item.at_ms > country.clock.now_ms() + 300 * DAY_MS
    country.clock.advance(400 * DAY_MS)
    later = chief.records.create("meeting", None, meeting_fields())
    assert [one.clock_unsure for one in chief.records.show(later).history] == [False]


def test_what_another_process_recorded_is_listed_at_once(country: Country, chief: Services) -> None:
    other = country.unlocked("chief")
    made = other.records.create("meeting", None, meeting_fields())
    assert [row.id for row in chief.records.find(type_key="meeting")[0]] == [made]
    country.sync(other)
    assert chief.records.find(type_key="meeting")[0][0].tick == "server"


def test_capture_goes_on_while_a_sync_waits_for_the_network(
    country: Country, chief: Services
) -> None:
    made: list[str] = []

    def capture() -> None:
        if not made:
            writer = threading.Thread(
                target=lambda: made.append(chief.records.create("meeting", None, meeting_fields()))
            )
            writer.start()
            writer.join(10)

    country.link.during = capture
    report = chief.syncing.sync()
    assert report.error is None
    assert made
    country.link.during = None
    country.sync(chief)
    assert chief.records.find(type_key="meeting")[0][0].tick == "server"


def test_many_hands_at_one_home_lose_nothing(country: Country, chief: Services) -> None:
    """Screens call from several threads: writing, reading and syncing at once."""
    problems: list[BaseException] = []

    def doing(work: Any) -> threading.Thread:
        def run() -> None:
            try:
                for number in range(8):
                    work(number)
            except BaseException as problem:  # noqa: BLE001 - told by the assertion below
                problems.append(problem)

        return threading.Thread(target=run)

    def write(number: int) -> None:
        chief.records.create("meeting", None, meeting_fields(venue=f"Place {number}"))

    threads = [
        doing(write),
        doing(write),
        doing(lambda _: chief.records.find(type_key="meeting")),
        doing(lambda _: chief.syncing.status()),
        doing(lambda _: chief.syncing.sync()),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    country.sync(chief)
    assert chief.records.find(type_key="meeting")[1] == 16
    assert {row.tick for row in chief.records.find(type_key="meeting")[0]} == {"server"}


def test_an_urgent_concern_leaves_first(chief: Services) -> None:
    chief.records.create("meeting", None, meeting_fields())
    chief.records.create("concern", None, concern_fields(urgency="U1"))
    with chief.access.workspace().vault.reading() as tx:
        first = tx.batches.outbox(1 << 20)[0]
    assert first.priority < 50


def test_a_restricted_draft_leaves_no_readable_trace_when_discarded(
    country: Country, chief: Services
) -> None:
    draft = chief.records.new_draft("concern", fields=SURVIVOR)
    chief.records.discard_draft(draft.id)
    with chief.access.workspace().vault.reading() as tx:
        assert tx.record_keys.all() == {}
    with pytest.raises(UnknownRecordError):
        country.unlocked("chief").records.show(draft.id)


def test_places_are_named_with_what_is_around_them_and_unnamed_ones_by_their_number(
    country: Country, chief: Services
) -> None:
    names = chief.records.place_names([country.mkomani, WARD, "KE-005", "KE-005-S022-LZZZZ"])
    assert list(names.values()) == [
        "Mkomani, Lamu West", "Mkomani, Lamu West", "Lamu, Kenya", "KE-005-S022-LZZZZ",
    ]  # fmt: skip
