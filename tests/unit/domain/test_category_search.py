"""Finding a category by any word people use, in either language, mistyped or not."""

from __future__ import annotations

import pytest

from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.categories.search import find_categories, often_first, plain
from fieldapp.domain.taxonomy import Category


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("wizi", "theft"),
        ("theft", "theft"),
        ("ngombe", "stock_theft"),
        ("ng'ombe", "stock_theft"),
        ("Ng\N{RIGHT SINGLE QUOTATION MARK}ombe", "stock_theft"),
        ("cow", "stock_theft"),
        ("mbuzi", "stock_theft"),
        ("rape", "rape"),
        ("ubakaji", "rape"),
        ("unajisi", "defilement"),
        ("boda", "moto_theft"),
        ("changaa", "illicit_brew"),
        ("mpesa", "fraud"),
        ("moto", "fire"),
        ("fire", "fire"),
        ("hongo", "corruption"),
        ("bribe", "corruption"),
        ("fgm", "fgm"),
        ("shamba", "land"),
        ("ajali", "road"),
        ("mafuriko", "disaster"),
        ("wizi wa mifugo", "stock_theft"),
        ("stock theft", "stock_theft"),
    ],
)
def test_a_word_finds_the_right_category_first(typed: str, first: str) -> None:
    assert find_categories(typed)[0].key == first


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("wizi", {"theft", "stock_theft", "moto_theft", "robbery"}),
        ("mtoto", {"defilement", "child_abuse", "child_missing", "child_marriage"}),
        ("child", {"defilement", "child_abuse", "child_missing", "child_marriage"}),
    ],
)
def test_a_common_word_finds_all_that_it_may_mean(typed: str, among: set[str]) -> None:
    assert among <= {found.key for found in find_categories(typed)}


@pytest.mark.parametrize(("typed", "meant"), [("wzii", "theft"), ("ubakji", "rape")])
def test_a_slip_of_the_finger_still_finds(typed: str, meant: str) -> None:
    assert meant in {found.key for found in find_categories(typed)}


def test_every_word_of_the_search_must_fit() -> None:
    assert [found.key for found in find_categories("wizi pikipiki")] == ["moto_theft"]


def test_nothing_typed_finds_everything_and_nonsense_nothing() -> None:
    assert find_categories("  ") == CATEGORIES
    assert find_categories("qqqqxx") == ()


@pytest.mark.parametrize("row", CATEGORIES, ids=lambda c: c.key)
def test_each_category_is_found_by_its_own_words_and_has_a_picture(row: Category) -> None:
    for words in (row.label.en, row.label.sw):
        assert row in find_categories(words)
    assert row.icon
    assert len(row.also.split()) >= 2


def test_each_picture_stands_for_one_category() -> None:
    assert len({row.icon for row in CATEGORIES}) == len(CATEGORIES)


def test_words_are_compared_without_marks() -> None:
    typed = " Ng'ombe,  Chang\N{RIGHT SINGLE QUOTATION MARK}aa-BUSAA "
    assert plain(typed) == "ngombe changaa busaa"


def test_what_this_phone_reports_most_comes_first() -> None:
    labels = ["Theft", "Stock theft", "Stock theft", "Fire", "no such thing"]
    assert [row.key for row in often_first(labels)] == ["stock_theft", "theft", "fire"]


def test_a_restricted_category_never_shows_what_a_phone_was_used_for() -> None:
    assert often_first(["Rape, sexual assault", "Corruption, extortion by an official"]) == ()
