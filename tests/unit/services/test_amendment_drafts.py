"""A change of a sealed record that is still being typed: kept, taken up again, sealed once."""

from __future__ import annotations

import pytest

from fieldapp.services.drafts import KEEP_MS
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import Country
from tests.support.factories import concern_fields, meeting_fields


def test_a_change_in_progress_outlives_the_lock(country: Country, chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    record = chief.records.show(made)
    chief.records.save_amendment(record, {**record.fields, "venue": "Lamu Fort"}, "Wrong ve")
    chief.access.lock()
    reopened = country.unlocked("chief")
    draft = reopened.records.amendment(reopened.records.show(made))
    assert draft is not None
    assert draft.fields["venue"] == "Lamu Fort"
    assert draft.reason == "Wrong ve"
    assert reopened.records.show(made).fields["venue"] != "Lamu Fort"


def test_a_record_has_one_change_in_progress(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    record = chief.records.show(made)
    first = chief.records.save_amendment(record, {**record.fields, "venue": "Fort"}, "")
    second = chief.records.save_amendment(record, {**record.fields, "venue": "Port"}, "Typo")
    assert first.id == second.id
    assert [draft.fields["venue"] for draft in chief.records.drafts()] == ["Port"]


def test_a_change_taken_up_again_keeps_what_was_changed_meanwhile(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    record = chief.records.show(made)
    chief.records.save_amendment(record, {**record.fields, "venue": "Lamu Fort"}, "Wrong venue")
    chief.records.edit(made, {"theme": "Water"}, "It was about water")
    draft = chief.records.amendment(chief.records.show(made))
    assert draft is not None
    assert (draft.fields["venue"], draft.fields["theme"]) == ("Lamu Fort", "Water")


def test_sealing_a_change_in_progress_amends_the_record(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    record = chief.records.show(made)
    draft = chief.records.save_amendment(record, {**record.fields, "venue": "Fort"}, "Wrong")
    assert chief.records.seal(draft.id) == made
    shown = chief.records.show(made)
    assert shown.fields["venue"] == "Fort"
    assert [item.reason for item in shown.history] == [None, "Wrong"]
    assert chief.records.drafts() == []


def test_a_change_without_a_reason_is_not_sealed_and_stays(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    record = chief.records.show(made)
    draft = chief.records.save_amendment(record, {**record.fields, "venue": "Fort"}, " ")
    with pytest.raises(ProblemsError):
        chief.records.seal(draft.id)
    assert chief.records.draft(draft.id).fields["venue"] == "Fort"


def test_a_restricted_draft_says_until_when_it_is_kept(chief: Services) -> None:
    draft = chief.records.new_draft("concern", fields=concern_fields())
    assert draft.kept_until_ms is None
    saved = chief.records.save_draft(draft.id, concern_fields(category="gbv"))
    assert saved.kept_until_ms == saved.updated_at_ms + KEEP_MS
    assert chief.records.draft(draft.id).kept_until_ms == saved.kept_until_ms
