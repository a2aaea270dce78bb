"""What a record says of a picture or sound, and what of it may be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.media import MediaItem, is_secret_path, items_of, read_item, shown
from fieldapp.domain.paths import flatten, is_path, nest
from fieldapp.domain.schema import _media
from fieldapp.domain.text import same
from fieldapp.domain.values import check_value

PHOTO = FieldSpec("pictures", Kind.PHOTO, same("Pictures"), max_items=2)
ITEM = MediaItem(
    file=b"f" * 16,
    kind="photo",
    size=100_000,
    chunk=65_520,
    chunks=(b"a" * 32, b"b" * 32),
    key=b"k" * 32,
    thumb=b"\xff\xd8 small",
)
FILE = ITEM.to_value()["file"]
OTHER = replace(ITEM, file=b"g" * 16)


def public(item: MediaItem) -> dict[str, Any]:
    (found,) = shown({"pictures": [item.to_value()]})["pictures"]
    return dict(found)


def test_an_item_is_read_as_it_was_written() -> None:
    sound = replace(ITEM, kind="audio", seconds=41, thumb=None)
    for item in (ITEM, sound):
        assert read_item(json.loads(json.dumps(item.to_value()))) == item


@pytest.mark.parametrize(
    "change",
    [
        {"bytes": 200_000},
        {"bytes": 0},
        {"bytes": True},
        {"chunk": 65_521},
        {"chunk": 16_384},
        {"chunks": ""},
        {"chunks": "not base 64"},
        {"key": "YQ=="},
        {"kind": "film"},
        {"file": "short"},
        {"seconds": "long"},
        {"thumb": "A" * 8_000},
    ],
    ids=str,
)
def test_an_item_that_does_not_fit_is_none(change: Mapping[str, object]) -> None:
    assert read_item({**ITEM.to_value(), **change}) is None


def test_nothing_that_is_shown_opens_a_file() -> None:
    fields = {"title": "x", "pictures": [ITEM.to_value()], "rows": [{"id": "ab", "key": "mine"}]}
    found = shown(fields)
    assert found == {
        "title": "x",
        "pictures": [{"id": FILE[:8], "file": FILE, "kind": "photo", "bytes": 100_000}],
        "rows": [{"id": "ab", "key": "mine"}],
    }
    text = json.dumps(found)
    assert all(ITEM.to_value()[part] not in text for part in ("key", "chunks", "thumb"))


def test_items_are_found_under_their_field() -> None:
    fields = {"pictures": [ITEM.to_value(), OTHER.to_value()], "note": "x", "rows": [{"a": 1}]}
    assert list(items_of(fields)) == [("pictures", ITEM), ("pictures", OTHER)]


def test_a_field_merges_item_by_item_like_any_group() -> None:
    fields = {"pictures": [ITEM.to_value(), OTHER.to_value()]}
    flat = flatten(fields, new_item_id=lambda: "")
    assert all(is_path(path) for path in flat)
    assert nest(flat) == fields
    secret = {path.rpartition("/")[2] for path in flat if is_secret_path(path)}
    assert secret == {"chunk", "chunks", "key", "thumb"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([public(ITEM)], None),
        ([ITEM.to_value()], None),
        ("x", "not_a_list"),
        ([public(ITEM), public(OTHER), public(ITEM)], "too_many_items"),
        ([public(ITEM), public(ITEM)], "listed_twice"),
        ([{"file": "x"}], "not_media"),
        ([{**public(ITEM), "kind": "audio"}], "not_media"),
        ([{**public(ITEM), "path": "/etc"}], "not_media"),
        ([{**ITEM.to_value(), "key": ""}], "not_media"),
    ],
    ids=str,
)
def test_a_field_takes_items_of_its_own_kind(value: object, code: str | None) -> None:
    found = check_value(PHOTO, value, date(2026, 11, 22))
    assert (found and found[0]) == code


def test_the_schema_takes_what_a_form_holds() -> None:
    jsonschema.validate([public(ITEM)], _media(PHOTO))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([ITEM.to_value()], _media(PHOTO))
