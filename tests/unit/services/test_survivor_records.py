"""A survivor's record from the form to the desk's files: what must not exist is nowhere.

A form is filled with every field that a survivor's record may not hold, as after a change of
category, and the record is followed: the form's pages, what is sealed, what the desk reads, what
it exports, what stands in the logs and in every file of every home.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fieldapp.domain.fields import Kind
from fieldapp.domain.record_types import record_type
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.ui.forms import FormState
from tests.support.country import PIN, Country
from tests.support.factories import visible_fields

MARK = "QZWXNEVERKEPT"
ALLOWED = {
    "category", "urgency", "danger_now", "about_official", "accused_unit", "accused_office",
    "week_of", "survivor_sex", "survivor_age", "relation", "services_offered",
    "services_accepted", "consent", "follow_up_ref", "told", "referred_to", "status", "closed_on",
}  # fmt: skip
FORBIDDEN: dict[str, Any] = {
    "narrative": MARK, "date": "2025-11-19", "time": "10:00", "village": MARK, "landmark": MARK,
    "ward": "KE-005-W0105", "place": {"lat": -2.27, "lon": 40.91}, "source": "resident",
    "other_text": MARK, "animal_marks": MARK, "vehicle_plate": MARK, "tip_location": MARK,
    "referral_note": MARK, "ob_number": MARK, "feedback": MARK, "mediation": "offered",
    "actions": [{"id": "aaaaaaaa", "text": MARK}],
    "escalations": [{"id": "bbbbbbbb", "to_body": "csic", "report_purpose": "for_action"}],
    "response_log": [{"id": "cccccccc", "reported_at": "2025-11-19T10:00+03:00", "station": MARK}],
    "harm": {"injured": 1}, "confidential": False,
}  # fmt: skip


class Case(NamedTuple):
    """A kind of case, the desk that reads it, and whose age and consent fit it."""

    category: str
    desk: str
    age: str
    consent: str

    def answers(self) -> dict[str, Any]:
        return {
            "category": self.category, "week_of": "2025-11-17", "survivor_sex": "female",
            "services_offered": ["health"], "services_accepted": ["health"],
            "survivor_age": self.age, "consent": self.consent,
        }  # fmt: skip


GBV = Case("gbv", "gender", "age_18_34", "yes")
DEFILEMENT = Case("defilement", "children", "under_18", "child_mandatory")
CASES = pytest.mark.parametrize("case", [GBV, DEFILEMENT], ids=lambda case: case.category)


def desk_of(country: Country, name: str) -> Services:
    text = (country.folder / "shares" / f"hand-over-{name}.json").read_text()
    desk = country.build(f"desk-{name}")
    desk.access.enrol(text, "Eshe", PIN, phrase=country.phrases[name])
    return desk


@CASES
def test_the_form_has_no_page_and_no_field_for_it(chief: Services, case: Case) -> None:
    draft = chief.records.new_draft("concern", None, {"category": case.category})
    form = FormState(chief.records, record_type("concern"), draft)
    form.shows_later = True
    shown = {spec.name for section in form.sections() for spec in form.specs(section)}
    assert shown <= ALLOWED
    assert {spec.name for spec in visible_fields("concern", {"category": case.category})} == shown
    kinds = {spec.kind for spec in visible_fields("concern", {"category": case.category})}
    assert not kinds & {Kind.PHOTO, Kind.AUDIO, Kind.FILE, Kind.PLACE, Kind.LONG_TEXT, Kind.WARD}


@CASES
def test_nothing_forbidden_is_sealed_read_exported_or_logged(
    country: Country, chief: Services, tmp_path: Path, case: Case
) -> None:
    desk = desk_of(country, case.desk)
    country.sync(desk, chief)
    draft = chief.records.new_draft("concern", None, {"category": case.category})
    chief.records.save_draft(draft.id, {**FORBIDDEN, **case.answers()})
    assert chief.records.check(draft.id) == []
    record = chief.records.seal(draft.id)
    country.sync(chief, desk)
    shown = desk.records.show(record)
    assert set(shown.fields) <= ALLOWED
    assert len(shown.unit.split("-")) == 3, "the sub-county, nothing closer"
    told = {change.path.partition("/")[0] for item in shown.history for change in item.changes}
    assert told <= ALLOWED
    files = [tmp_path / "counts", tmp_path / "whole"]
    for out, with_text in zip(files, (False, True), strict=True):
        desk.transfer.export(out, "jsonl", pin=PIN, with_text=with_text)
    rows = [json.loads(line) for line in (files[1] / "concern.jsonl").read_text().splitlines()]
    assert [set(row["fields"]) <= ALLOWED for row in rows] == [True]
    assert not (files[0] / "concern.jsonl").exists(), "without the order, no case leaves the desk"
    written = [path for out in files for path in out.iterdir()]
    assert MARK not in "".join(path.read_text() for path in written)
    logs = [path for path in country.folder.rglob("logs/*") if path.is_file()]
    assert logs
    assert MARK not in "".join(path.read_text() for path in logs)
    every = [path for path in country.folder.rglob("*") if path.is_file()]
    assert not [path.name for path in every if MARK.encode() in path.read_bytes()]


@CASES
@pytest.mark.parametrize("value", ["offered", "ongoing", "agreed"])
def test_mediation_cannot_be_chosen_by_any_door(chief: Services, case: Case, value: str) -> None:
    unit = "-".join(chief.access.officer().unit.split("-")[:3])
    fields = case.answers()
    with pytest.raises(ProblemsError) as refused:
        chief.records.create("concern", unit, {**fields, "mediation": value})
    assert [problem.path for problem in refused.value.problems] == ["mediation"]
    record = chief.records.create("concern", unit, fields)
    with pytest.raises(ProblemsError):
        chief.records.change(record, {"mediation": value}, "Upatanisho")
