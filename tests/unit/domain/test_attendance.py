"""What an attendance says while it is typed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.attendance import findings
from fieldapp.domain.meeting_choices import ATTENDANCE_CELLS
from fieldapp.domain.validation import check
from tests.support.factories import SUB_COUNTY, TODAY, meeting_fields


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, []),
        ({"total": 200}, [("estimate", {"total": 200})]),
        ({"total": 40, "female": 20, "male": 20}, []),
        (
            {"total": 80, "female": 40, "male": 39},
            [("sex_under", {"sum": 79, "total": 80, "count": 1})],
        ),
        (
            {"total": 70, "female": 40, "male": 38},
            [("sex_over", {"sum": 78, "total": 70, "count": 8})],
        ),
        ({"total": 79, "female": 8}, []),
        (
            {"total": 40, "female": 20, "male": 20, "age_18_34": 10},
            [("age", {"sum": 10, "total": 40})],
        ),
        (
            {"total": 4, "female": 2, "male": 2, "under_18": 5, "pwd": 6},
            [("age_over", {"sum": 5, "total": 4}), ("pwd_over", {"sum": 6, "total": 4})],
        ),
        (
            {"total": 79, "female": 8, "male": 71},
            [("thirds_female", {"here": 8, "total": 79, "share": 10, "needed": 27})],
        ),
        (
            {"total": 30, "female": 25, "male": 5},
            [("thirds_male", {"here": 5, "total": 30, "share": 17, "needed": 10})],
        ),
        ({"total": "many", "female": None}, []),
    ],
)
def test_an_attendance_says_its_sums(cells: dict[str, Any], said: list[Any]) -> None:
    assert [(found.code, found.params) for found in findings(cells)] == said


@given(
    st.dictionaries(
        st.sampled_from([option.key for option in ATTENDANCE_CELLS]),
        st.integers(0, 60),
        min_size=1,
    ).map(lambda cells: {"total": 60, **cells})
)
def test_what_is_called_wrong_is_what_is_refused(cells: dict[str, int]) -> None:
    problems = check("meeting", SUB_COUNTY, meeting_fields(attendance=cells), today=TODAY)
    assert any(found.is_wrong for found in findings(cells)) is bool(problems)
