"""The monthly return: due once, filled in from the records, sealed by the officer."""

from __future__ import annotations

from fieldapp.services.facade import Services
from tests.support.country import Country
from tests.support.factories import concern_fields, meeting_fields

DAY_MS = 24 * 3600 * 1000
NEW_YEAR = "2027-01-01"
LAMP = {"text": "Mend the lamp", "due": "2027-02-01"}


def test_a_fresh_phone_is_told_of_the_month_that_runs(chief: Services) -> None:
    due = chief.returns.next_due()
    assert due is not None
    assert (due.month, due.due, due.days_left, due.draft_id) == (
        "2027-01-01", "2027-02-05", 35, None,
    )  # fmt: skip


def test_the_month_is_counted_from_the_records_and_sealed_by_the_officer(
    country: Country, chief: Services
) -> None:
    country.clock.advance(9 * DAY_MS)
    attendance = {"total": 40, "female": 18, "male": 22}
    for day in ("2027-01-04", "2027-01-09"):
        fields = meeting_fields(date=day, attendance=attendance, resolutions=[LAMP])
        chief.records.create("meeting", None, fields)
    chief.records.create("meeting", None, meeting_fields(date="2026-12-30"))
    chief.records.create("concern", None, concern_fields(date="2027-01-05"))
    chief.records.create("concern", None, {"category": "gbv", "week_of": "2027-01-04"})
    draft = chief.returns.prepare()
    assert {name: draft.fields[name] for name in ("month", "meetings", "concerns")} == {
        "month": NEW_YEAR, "meetings": 2, "concerns": 1,
    }  # fmt: skip
    assert draft.fields["participants"] == {"total": 80, "female": 36, "male": 44}
    assert (draft.fields["resolutions_open"], draft.fields["resolutions_done"]) == (2, 0)
    assert chief.records.check(draft.id) == []
    record = chief.records.seal(draft.id)
    assert chief.records.show(record).fields["meetings"] == 2


def test_filling_in_again_counts_anew_and_keeps_the_remarks(chief: Services) -> None:
    draft = chief.returns.prepare()
    chief.records.save_draft(draft.id, {**draft.fields, "remarks": "The road was cut."})
    chief.records.create("meeting", None, meeting_fields(date=NEW_YEAR))
    again = chief.returns.prepare()
    assert again.id == draft.id
    assert (again.fields["meetings"], again.fields["remarks"]) == (1, "The road was cut.")
    due = chief.returns.next_due()
    assert due is not None
    assert due.draft_id == draft.id


def test_what_was_not_returned_stays_due_until_it_is_sealed(
    country: Country, chief: Services
) -> None:
    chief.records.create("meeting", None, meeting_fields(date=NEW_YEAR))
    country.clock.advance(38 * DAY_MS)
    late = chief.returns.next_due()
    assert late is not None
    assert (late.month, late.days_left) == (NEW_YEAR, -3)
    chief.records.seal(chief.returns.prepare(is_nothing=True).id)
    following = chief.returns.next_due()
    assert following is not None
    assert (following.month, following.due) == ("2027-02-01", "2027-03-05")
