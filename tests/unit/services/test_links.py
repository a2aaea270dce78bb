"""Records that point to others: named by title, and refused where the law forbids it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.link_tiers import RESTRICTED
from fieldapp.errors import UnknownRecordError
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import Country
from tests.support.factories import meeting_fields

TALKS = {"category": "land", "title": "Boundary at the old mill", "started_on": "2023-11-01"}
GONE = "0" * 26


def concern(chief: Services, category: str, **more: Any) -> str:
    fields = {"category": category, "urgency": "U3", "date": "2023-11-02", "source": "resident"}
    return chief.records.create("concern", None, fields | more)


def refused(chief: Services, key: str, fields: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsError) as caught:
        chief.records.create(key, None, fields)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_talks_about_a_lawful_concern_are_recorded(chief: Services) -> None:
    land = concern(chief, "land")
    made = chief.records.create("mediation", None, TALKS | {"concern": land})
    assert chief.records.show(made).fields["concern"] == land


def test_talks_about_a_theft_are_refused_whatever_they_call_themselves(chief: Services) -> None:
    theft = concern(chief, "theft")
    found = refused(chief, "mediation", TALKS | {"concern": theft})
    assert found == [("concern", "mediation_not_lawful")]


def test_a_form_says_it_before_the_seal(chief: Services) -> None:
    theft = concern(chief, "theft")
    draft = chief.records.new_draft("mediation", None, TALKS | {"concern": theft})
    assert ("concern", "mediation_not_lawful") in [
        (p.path, p.code) for p in chief.records.check(draft.id)
    ]


def test_a_sealed_mediation_is_not_turned_to_a_forbidden_concern(chief: Services) -> None:
    made = chief.records.create("mediation", None, TALKS)
    theft = concern(chief, "theft")
    with pytest.raises(ProblemsError):
        chief.records.change(made, {"concern": theft}, "It was about this one")
    assert "concern" not in chief.records.show(made).fields


def test_a_problem_holds_no_restricted_concern(chief: Services) -> None:
    theft, gang = concern(chief, "theft"), _restricted(chief)
    fields = {"title": "Thefts at the market", "concerns": [theft, gang]}
    assert refused(chief, "problem", fields) == [("concerns", "linked_concern_restricted")]
    assert chief.records.create("problem", None, fields | {"concerns": [theft]})


def test_a_meeting_tells_nobody_that_a_restricted_concern_exists(chief: Services) -> None:
    """Its id alone would tell every reader of the minutes which desk has a case."""
    theft, gang = concern(chief, "theft"), _restricted(chief)
    fields = meeting_fields(concerns=[theft, gang])
    assert refused(chief, "meeting", fields) == [("concerns", RESTRICTED)]
    draft = chief.records.new_draft("meeting", None, fields)
    assert [(p.path, p.code) for p in chief.records.check(draft.id)] == [("concerns", RESTRICTED)]
    made = chief.records.create("meeting", None, meeting_fields(concerns=[theft]))
    with pytest.raises(ProblemsError) as caught:
        chief.records.change(made, {"concerns": [theft, gang]}, "It was raised too")
    assert [problem.code for problem in caught.value.problems] == [RESTRICTED]


def test_not_even_one_that_this_device_never_held_is_linked(chief: Services, dcc: Services) -> None:
    """The id itself says that it belongs to a desk."""
    gang = _restricted(chief)
    assert refused(dcc, "meeting", meeting_fields(concerns=[gang])) == [("concerns", RESTRICTED)]


def test_an_import_names_the_row_and_the_rule(chief: Services, tmp_path: Path) -> None:
    rows = [meeting_fields(), meeting_fields(concerns=[_restricted(chief)])]
    file = tmp_path / "meetings.jsonl"
    file.write_text("".join(json.dumps({"fields": row}) + "\n" for row in rows))
    report = chief.transfer.import_file("meeting", file)
    assert len(report.created) == 1
    (found,) = report.problems
    assert (found.row, found.path, found.code) == (2, "concerns", RESTRICTED)


def test_the_list_to_choose_from_offers_only_what_the_seal_takes(chief: Services) -> None:
    theft, land, drugs = (concern(chief, kind) for kind in ("theft", "land", "drugs"))
    _restricted(chief)
    unit = chief.access.officer().unit

    def offered(key: str, field: str, text: str = "", where: str = unit) -> set[str]:
        rows = chief.records.linkable(key, where, {}, field, text)
        return {row.id for row in rows}

    assert offered("meeting", "concerns") == {theft, land, drugs}
    assert offered("meeting", "concerns", "theft") == {theft}
    assert offered("problem", "concerns") == {theft, land, drugs}
    assert offered("mediation", "concern") == {land}
    assert offered("meeting", "body") == set()
    assert offered("meeting", "venue") == set()
    village = f"{unit}-B0001-V0001"
    assert offered("meeting", "concerns", where=village) == {theft, land}


def test_a_link_to_what_is_not_here_yet_is_believed(chief: Services) -> None:
    made = chief.records.create("mediation", None, TALKS | {"concern": GONE})
    assert chief.records.show(made).fields["concern"] == GONE


def test_linked_records_are_named_in_their_order_and_unknown_ones_left_out(
    chief: Services, country: Country
) -> None:
    first, second = concern(chief, "theft"), concern(chief, "road")
    rows = chief.records.named((second, GONE, first))
    assert [(row.id, row.title) for row in rows] == [
        (second, "Road crash or danger"),
        (first, "Theft"),
    ]
    assert {row.unit for row in rows} == {country.mkomani}
    with pytest.raises(UnknownRecordError):
        chief.records.named(("not an id",))


def test_list_columns_hold_what_the_type_declares(chief: Services) -> None:
    made = chief.records.create("mediation", None, TALKS | {"place": "Under the tree"})
    columns = chief.records.columns((made, GONE))
    assert set(columns) == {made}
    assert columns[made]["title"] == TALKS["title"]
    assert "place" not in columns[made]


def _restricted(chief: Services) -> str:
    fields = {
        "category": "gang",
        "urgency": "U2",
        "date": "2023-11-02",
        "source": "resident",
        "narrative": "Money is asked for at night.",
    }
    return chief.records.create("concern", None, fields)


def test_the_page_before_the_seal_says_a_linked_record_by_its_title(chief: Services) -> None:
    land = concern(chief, "land")
    draft = chief.records.new_draft("mediation", None, TALKS | {"concern": land})
    lines = {line.label.en: line.value for line in chief.records.review(draft.id).summary}
    assert lines["Area"] == "Mkomani"
    assert lines["From the concern"] == "Land or boundary dispute"
