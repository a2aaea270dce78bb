"""JSON with one reading: the rules of the wire."""

from __future__ import annotations

import pytest

from fieldapp.errors import LimitExceededError, LocalProtocolError, MalformedMessageError
from fieldapp.protocol import strict_json


def test_what_is_written_is_compact_utf8_in_the_order_given() -> None:
    assert strict_json.dumps({"z": 1, "a": ["Ngũgĩ", None, True]}) == (
        '{"z":1,"a":["Ngũgĩ",null,true]}'.encode()
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a":1,"a":2}', "duplicate_key"),
        (b'[{"a":{"b":1,"b":1}}]', "duplicate_key"),
        (b"NaN", "not_a_number"),
        (b"[-Infinity]", "not_a_number"),
        (b"1e999", "number_range"),
        (b"-1e999", "number_range"),
        (b"1" * 41, "number_range"),
        (b'"\xff"', "utf8"),
        (b"\xef\xbb\xbf{}", "json"),
        (b"{} {}", "json"),
        (b"", "json"),
        (b"{'a':1}", "json"),
        (b'"\\ud800"', "surrogate"),
        (b'{"\\udfff":1}', "surrogate"),
    ],
)
def test_text_with_two_readings_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        strict_json.loads(raw)
    assert caught.value.params["reason"] == reason


def test_sixteen_levels_are_read_and_seventeen_refused() -> None:
    assert strict_json.loads(b"[" * 16 + b"]" * 16) == eval("[" * 16 + "]" * 16)  # noqa: S307
    with pytest.raises(LimitExceededError):
        strict_json.loads(b"[" * 17 + b"]" * 17)


def test_a_hundred_thousand_levels_are_refused_before_the_parser_descends() -> None:
    with pytest.raises(LimitExceededError):
        strict_json.loads(b'{"a":' * 100_000)


def test_many_shallow_brackets_and_brackets_in_text_are_not_depth() -> None:
    raw = b"[" + b",".join([b'{"a":"[[[{{{\\"[["}'] * 40) + b"]"
    assert strict_json.loads(raw) == [{"a": '[[[{{{"[['}] * 40


def test_numbers_are_read_as_they_are() -> None:
    assert strict_json.loads(b"[0,-7,2.5,1e3]") == [0, -7, 2.5, 1000.0]


def test_escaped_characters_are_read() -> None:
    assert strict_json.loads(b'"\\ud83d\\ude00 \\u0041"') == "\U0001f600 A"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"bytes", "\ud800", {1, 2}])
def test_what_is_not_json_is_not_written(value: object) -> None:
    with pytest.raises(LocalProtocolError):
        strict_json.dumps(value)
