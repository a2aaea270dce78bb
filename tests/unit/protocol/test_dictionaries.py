"""Preset dictionaries: named by id, never changed."""

from __future__ import annotations

import hashlib

from fieldapp.protocol.dictionaries import (
    CURRENT_DICTIONARY,
    dictionary_bytes,
    known_dictionaries,
)

# A dictionary once published never changes by a byte: this table only grows.
PUBLISHED = {1: "0b3b110b95c583e6c9996f058b82e65016bf055f61eac73ff020efe3ff66e4fa"}


def test_a_published_dictionary_never_changes() -> None:
    found = {
        known: hashlib.sha256(dictionary_bytes(known) or b"").hexdigest()
        for known in known_dictionaries()
    }
    assert found == PUBLISHED


def test_writers_use_one_that_readers_have() -> None:
    assert CURRENT_DICTIONARY in known_dictionaries()
    assert dictionary_bytes(0) is None
    assert dictionary_bytes(65_535) is None


def test_a_dictionary_fits_the_window_of_deflate() -> None:
    for known in known_dictionaries():
        assert 0 < len(dictionary_bytes(known) or b"") <= 32_768
