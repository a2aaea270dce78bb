"""PROTOCOL.md names its tests, its limits and its offsets as the code has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldapp.protocol import limits
from fieldapp.protocol.frames import FrameType

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "PROTOCOL.md").read_text(encoding="utf-8")
NAMED_TESTS = re.findall(r"`(tests/[\w/]+\.py)`: ([a-z0-9 ]+) \|", TEXT)
LIMITS = {
    "entries in a batch": limits.MAX_BATCH_ENTRIES,
    "a batch of several entries, sealed (writers)": limits.MAX_BATCH_BYTES,
    "one entry": limits.MAX_ENTRY_BYTES,
    "any batch": limits.MAX_LARGE_BATCH_BYTES,
    "inflated body": limits.MAX_INFLATED_BYTES,
    "JSON nesting": limits.MAX_JSON_DEPTH,
    "recipients of a packet": limits.MAX_KEY_PACKET_RECIPIENTS,
    "rows of a grant or office key batch": limits.MAX_GRANT_ROWS,
    "one frame": limits.MAX_FRAME_BYTES,
    "a request": limits.MAX_REQUEST_BYTES,
    "an answer": limits.MAX_ANSWER_BYTES,
    "a sealed invite packet": limits.MAX_INVITE_PACKET_BYTES,
    "one chunk of a picture or sound, sealed": limits.MAX_CHUNK_BYTES,
    "chunks of one file": limits.MAX_MEDIA_CHUNKS,
    "kept of a device that is not trusted, or beyond a cut": limits.MAX_UNTRUSTED_BYTES,
}


@pytest.mark.parametrize(("path", "sentence"), NAMED_TESTS)
def test_each_test_that_holds_a_rule_exists(path: str, sentence: str) -> None:
    function = "def test_" + sentence.replace(" ", "_") + "("
    assert function in (ROOT / path).read_text(encoding="utf-8")


def test_there_are_such_tests() -> None:
    assert len(NAMED_TESTS) >= 8


@pytest.mark.parametrize(("words", "number"), list(LIMITS.items()))
def test_each_limit_is_the_codes(words: str, number: int) -> None:
    row = re.search(rf"^\| {re.escape(words)} \| ([\d,]+)", TEXT, re.MULTILINE)
    assert row is not None
    assert int(row[1].replace(",", "")) == number


@pytest.mark.parametrize("kind", list(FrameType))
def test_each_frame_type_is_listed(kind: FrameType) -> None:
    assert re.search(rf"^\| {int(kind)} \| ", TEXT, re.MULTILINE)
