"""Documents and flat paths."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from fieldapp.domain.paths import (
    changes,
    flatten,
    is_item_id,
    is_path,
    item_id,
    nest,
    set_path,
)
from fieldapp.errors import InvalidFieldError

OLD: dict[str, Any] = {
    "title": "Baraza",
    "resolutions": [{"id": "aaaaaaaa", "text": "one"}, {"id": "bbbbbbbb", "text": "two"}],
}


def new_ids() -> Any:
    numbers = count(1)
    return lambda: f"{next(numbers):08d}"


def changed(new: dict[str, Any]) -> dict[str, Any]:
    return changes("meeting", OLD, new, new_item_id=new_ids())


def test_item_ids_are_eight_letters() -> None:
    assert item_id(bytes(5)) == "00000000"
    assert item_id(b"\xff" * 5) == "zzzzzzzz"
    assert is_item_id("0a1b2c3d")
    assert not is_item_id("0a1b2c3i")
    assert not is_item_id(7)


@pytest.mark.parametrize("path", ["title", "agenda/0a1b2c3d", "agenda/0a1b2c3d/notes"])
def test_paths_have_up_to_three_parts(path: str) -> None:
    assert is_path(path)


@pytest.mark.parametrize(
    "path", ["", "Title", "agenda/1", "agenda/0a1b2c3d/x/y", "a/", "a\nb", "title\n", "_a"]
)
def test_a_misspelt_path_is_refused(path: str) -> None:
    assert not is_path(path)


def test_new_items_get_ids_and_ranks() -> None:
    flat = flatten({"agenda": [{"title": "x"}, {"title": "y"}]}, new_item_id=new_ids())
    assert flat == {
        "agenda/00000001": 1,
        "agenda/00000001/title": "x",
        "agenda/00000002": 2,
        "agenda/00000002/title": "y",
    }


def test_empty_values_are_not_written() -> None:
    assert flatten({"a": None, "b": "", "c": [], "d": 0}, new_item_id=new_ids()) == {"d": 0}


def test_nesting_orders_items_by_rank_then_id() -> None:
    flat = {
        "g/bbbbbbbb": 1, "g/aaaaaaaa": 2, "g/cccccccc": 2, "g/dddddddd/text": "unranked",
        "g/eeeeeeee": None, "g/eeeeeeee/text": "removed", "title": None,
    }  # fmt: skip
    assert [item["id"] for item in nest(flat)["g"]] == [
        "bbbbbbbb", "aaaaaaaa", "cccccccc", "dddddddd",
    ]  # fmt: skip
    assert "title" not in nest(flat)


def test_an_unchanged_document_changes_nothing() -> None:
    assert changed(OLD) == {}


def test_one_changed_field_is_one_path() -> None:
    assert changed(OLD | {"title": "Baraza la chifu"}) == {"title": "Baraza la chifu"}


def test_a_cleared_field_is_none() -> None:
    assert changed({"resolutions": OLD["resolutions"]}) == {"title": None}


def test_true_and_one_are_different() -> None:
    assert changes("x", {"a": 1}, {"a": True}, new_item_id=new_ids()) == {"a": True}


def test_a_removed_item_is_one_tombstone() -> None:
    assert changed(OLD | {"resolutions": [OLD["resolutions"][1]]}) == {"resolutions/aaaaaaaa": None}


def test_an_added_item_goes_behind_the_others() -> None:
    wanted = [*OLD["resolutions"], {"text": "three"}]
    assert changed(OLD | {"resolutions": wanted}) == {
        "resolutions/00000001": 3,
        "resolutions/00000001/text": "three",
    }


def test_an_item_added_after_a_removal_does_not_reuse_the_rank() -> None:
    wanted = [OLD["resolutions"][0], {"text": "three"}]
    assert changed(OLD | {"resolutions": wanted}) == {
        "resolutions/bbbbbbbb": None,
        "resolutions/00000001": 3,
        "resolutions/00000001/text": "three",
    }


def test_a_new_order_is_written_as_ranks() -> None:
    wanted = list(reversed(OLD["resolutions"]))
    assert changed(OLD | {"resolutions": wanted}) == {
        "resolutions/bbbbbbbb": 1,
        "resolutions/aaaaaaaa": 2,
    }


def test_a_path_is_set_in_a_copy() -> None:
    copy = set_path(OLD, "resolutions/aaaaaaaa/text", "first")
    assert copy["resolutions"][0]["text"] == "first"
    assert OLD["resolutions"][0]["text"] == "one"
    assert set_path(OLD, "title", None)["title"] is None
    assert len(set_path(OLD, "resolutions/aaaaaaaa", None)["resolutions"]) == 1


@pytest.mark.parametrize("path", ["Title", "resolutions/zzzzzzzz/text"])
def test_setting_a_wrong_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidFieldError):
        set_path(OLD, path, "x")
