"""Entries and their bytes."""

from __future__ import annotations

import json

import pytest

from fieldapp.domain.entries import (
    Entry,
    decode_entry,
    dot_device,
    dot_of,
    dot_stamp,
    encode_entry,
)
from fieldapp.errors import InvalidRecordError
from fieldapp.protocol.ids import RecordId, id_to_text
from tests.support.factories import AMINA, BRIAN, SUB_COUNTY

ENTRY = Entry(RecordId(bytes(16)), "meeting", SUB_COUNTY, 1 << 16, fields={"title": "Baraza"})
DOCUMENT = json.loads(encode_entry(ENTRY))


def raw(**changed: object) -> bytes:
    return json.dumps(DOCUMENT | changed).encode()


def test_an_entry_is_compact_json() -> None:
    assert encode_entry(ENTRY) == (
        b'{"r":"00000000000000000000000000","y":"meeting","x":"KE-005-S022",'
        b'"t":"0000000000010000","o":"s","v":1,"f":{"title":"Baraza"}}'
    )


def test_every_part_survives() -> None:
    full = Entry(
        ENTRY.record, "meeting", SUB_COUNTY, 7, "a", {"title": None},
        {"title": (dot_of(1, AMINA.device),)}, "Amina", 2, "spelling", unsure=True,
        extra={"z": [1]},
    )  # fmt: skip
    raw = encode_entry(full)
    assert decode_entry(raw) == full._replace(raw=raw)


def test_the_bytes_are_kept_as_they_came() -> None:
    spaced = raw()
    assert decode_entry(spaced).raw == spaced


def test_unknown_keys_are_carried_along() -> None:
    assert decode_entry(raw(zz=1)).extra == {"zz": 1}


def test_dots_sort_by_time_then_device() -> None:
    dots = [dot_of(1, BRIAN.device), dot_of(2, AMINA.device), dot_of(1, AMINA.device)]
    assert sorted(dots) == [dots[2], dots[0], dots[1]]
    assert dot_stamp(dots[1]) == 2
    assert dot_device(dots[1]) == id_to_text(AMINA.device)


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("r", {"r": "short"}),
        ("r", {"r": 5}),
        ("y", {"y": "a/b"}),
        ("y", {"y": None}),
        ("x", {"x": "NOWHERE"}),
        ("x", {"x": 1}),
        ("t", {"t": 65536}),
        ("t", {"t": "000000000001000G"}),
        ("o", {"o": "z"}),
        ("f", {"f": []}),
        ("f", {"f": {"Bad Path": 1}}),
        ("f", {"f": {"": 1}}),
        ("f", {"f": {"a\nb": 1}}),
        ("b", {"b": []}),
        ("b", {"b": {"title": "0"}}),
        ("b", {"b": {"title": ["0"]}}),
        ("b", {"b": {"Bad": []}}),
        ("u", {"u": 5}),
        ("u", {"m": 5}),
        ("v", {"v": 0}),
        ("v", {"v": True}),
        ("v", {"v": "1"}),
    ],
)
def test_a_wrong_shape_is_named(reason: str, changed: dict[str, object]) -> None:
    with pytest.raises(InvalidRecordError) as refused:
        decode_entry(raw(**changed))
    assert refused.value.params["reason"] == reason


@pytest.mark.parametrize(
    ("reason", "bytes_"), [("json", b"{"), ("object", b"[]"), ("json", b"\xff")]
)
def test_what_is_no_object_is_refused(reason: str, bytes_: bytes) -> None:
    with pytest.raises(InvalidRecordError) as refused:
        decode_entry(bytes_)
    assert refused.value.params["reason"] == reason
