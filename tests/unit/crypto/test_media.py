"""Sealed chunks: who holds the key opens the whole file, and every other arrangement fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldapp.crypto.media import new_media_key, open_chunks, seal_chunks
from fieldapp.errors import LocalProtocolError, TamperedBatchError

FILE = b"f" * 16
CONTENT = bytes(range(256)) * 10
KEY = new_media_key()
CHUNKS = seal_chunks(KEY, FILE, CONTENT, 1_000)


def test_the_key_gives_the_file_back() -> None:
    assert [len(chunk) for chunk in CHUNKS] == [1_016, 1_016, 576]
    assert open_chunks(KEY, FILE, CHUNKS) == CONTENT


def test_no_chunk_shows_a_byte_run_of_the_file() -> None:
    assert all(CONTENT[at : at + 16] not in b"".join(CHUNKS) for at in range(0, 2_544, 16))


def test_two_files_of_the_same_bytes_have_nothing_in_common() -> None:
    again = seal_chunks(new_media_key(), FILE, CONTENT, 1_000)
    assert not set(again) & set(CHUNKS)


@pytest.mark.parametrize(
    "bend",
    [
        lambda chunks: chunks[:-1],
        lambda chunks: [*chunks, chunks[0]],
        lambda chunks: [chunks[1], chunks[0], chunks[2]],
        lambda chunks: [chunks[0], chunks[0], chunks[2]],
        lambda chunks: [chunks[0][:-1] + bytes((chunks[0][-1] ^ 1,)), *chunks[1:]],
    ],
    ids=["left out", "added", "swapped", "repeated", "changed"],
)
def test_chunks_in_any_other_arrangement_do_not_open(
    bend: Callable[[list[bytes]], list[bytes]],
) -> None:
    with pytest.raises(TamperedBatchError):
        open_chunks(KEY, FILE, bend(CHUNKS))


def test_chunks_of_another_file_or_key_do_not_open() -> None:
    with pytest.raises(TamperedBatchError):
        open_chunks(KEY, b"g" * 16, CHUNKS)
    with pytest.raises(TamperedBatchError):
        open_chunks(new_media_key(), FILE, CHUNKS)


def test_an_empty_file_is_not_sealed() -> None:
    with pytest.raises(LocalProtocolError):
        seal_chunks(KEY, FILE, b"", 1_000)
