"""The committed test vectors: made anew they are the same, and each ends as it says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fieldapp.protocol.batch import Kind, parse_batch
from tests.support.vectors import changed, expanded, from_text, outcome
from tests.vectors.make_vectors import FOLDER, files

PATHS = sorted(path for path in FOLDER.glob("*.txt") if path.name != "derived.txt")


def stem(path: Path) -> str:
    return path.stem


def test_vectors_made_anew_are_the_committed_ones() -> None:
    committed = {path.name: path.read_text(encoding="ascii") for path in FOLDER.glob("*.txt")}
    assert committed == files()


@pytest.mark.parametrize("path", PATHS, ids=stem)
def test_a_vector_ends_as_it_says(path: Path) -> None:
    vector = from_text(path.read_text(encoding="ascii"))
    assert outcome(vector.type, vector.raw, vector.fields) == vector.expect


@pytest.mark.parametrize("path", PATHS, ids=stem)
def test_each_single_change_ends_as_it_says(path: Path) -> None:
    vector = from_text(path.read_text(encoding="ascii"))
    for change in vector.changes:
        for how, at, what in expanded(change):
            raw = changed(vector.raw, how, at)
            assert outcome(vector.type, raw, vector.fields) == what, f"{how} {at}"


def test_there_is_a_batch_of_each_kind() -> None:
    raws = [from_text(path.read_text(encoding="ascii")).raw for path in FOLDER.glob("batch-*.txt")]
    known = [raw for raw in raws if raw[2:4] == b"\1\1" and raw[4] in set(Kind) and raw[5] < 8]
    kinds = Counter(parse_batch(raw).header.kind for raw in known)
    assert set(kinds) == set(Kind)


@pytest.mark.parametrize(
    "name", ["batch-entries", "batch-plain-directory", "receipt", "stored-receipt", "reissue"]
)
def test_what_is_signed_never_ends_well_when_it_is_changed_or_cut(name: str) -> None:
    vector = from_text((FOLDER / f"{name}.txt").read_text(encoding="ascii"))
    assert vector.changes
    assert [change for change in vector.changes if change.endswith(" ok")] == []


@pytest.mark.parametrize("path", PATHS, ids=stem)
def test_a_cut_vector_never_ends_well(path: Path) -> None:
    vector = from_text(path.read_text(encoding="ascii"))
    for length in range(len(vector.raw)):
        assert outcome(vector.type, vector.raw[:length], vector.fields) != "ok"
