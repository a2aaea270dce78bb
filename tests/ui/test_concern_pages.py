"""Which pages a concern's form has: three for the common case, the rest on demand."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.categories import CATEGORIES, SURVIVOR_KEYS
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.record_types import record_type
from fieldapp.services.views import DraftView
from fieldapp.ui.forms import FormState
from tests.support.fake_homes import chief_home
from tests.support.fake_world import LOCATION


def form_of(**fields: Any) -> FormState:
    draft = DraftView("d1", "concern", LOCATION, {"status": "open", **fields}, 0)
    return FormState(chief_home().records, record_type("concern"), draft)


def pages(form: FormState) -> list[str]:
    return [section.key for section in form.sections()]


@pytest.mark.parametrize("row", CATEGORIES, ids=lambda row: row.key)
async def test_the_common_case_has_three_pages_and_a_survivors_form_four(row: Any) -> None:
    form = form_of(category=row.key, source="anonymous")
    if row.key in SURVIVOR_KEYS:
        assert pages(form) == ["what", "where", "survivor", "referral"]
    else:
        assert pages(form) == ["what", "where", "story"]


async def test_the_rest_comes_with_one_deed_and_opens_where_it_was_left() -> None:
    form = form_of(category="stock_theft")
    later = [section.key for section in form.later_sections()]
    assert later == ["details", "referral", "response", "follow_up"]
    form.show_later()
    assert pages(form) == ["what", "where", "story", *later]
    assert form.sections()[form.section].key == "details"
    assert form.later_sections() == []


async def test_a_page_that_holds_something_is_not_left() -> None:
    form = form_of(category="theft", ob_number="12/11/10/2018")
    assert pages(form) == ["what", "where", "story", "referral"]


async def test_a_page_with_a_problem_is_shown() -> None:
    form = form_of(category="theft")
    form.take_problems([FieldProblem("closed_on", "closed_before_event")])
    assert "follow_up" in pages(form)
    assert form.first_with_problem() == pages(form).index("follow_up")
