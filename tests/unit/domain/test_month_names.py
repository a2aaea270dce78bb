"""Months as people say them."""

from __future__ import annotations

from fieldapp.domain.month_names import MONTHS, month_text
from fieldapp.domain.record_types import record_type
from fieldapp.domain.text import Text


def test_a_month_is_said_in_words_of_both_languages() -> None:
    assert month_text("2026-10-01") == Text("October 2026", "Oktoba 2026")
    assert month_text("2027-01") == Text("January 2027", "Januari 2027")


def test_a_year_has_twelve_months_with_names_of_their_own() -> None:
    assert len({month.en for month in MONTHS}) == len({month.sw for month in MONTHS}) == 12


def test_what_is_no_month_stays_as_it_was_written() -> None:
    for written in ("", "2026", "2026-13-01", "2026-00-01", "October"):
        assert month_text(written) is None, written


def test_a_record_of_a_month_is_called_by_it() -> None:
    fields = {"month": "2026-10-01", "group": "children"}
    assert record_type("return").title(fields).en == "Monthly return October 2026"
    assert record_type("tally").subtitle(fields).sw == "Mwezi Oktoba 2026"
