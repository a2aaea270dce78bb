"""The reader of fixed layouts never runs past the end."""

from __future__ import annotations

import pytest

from fieldapp.errors import LocalProtocolError, MalformedMessageError
from fieldapp.protocol.reading import Reader, fixed, number, word_bytes


def test_numbers_are_big_endian() -> None:
    reader = Reader(bytes(range(1, 16)))
    assert (reader.u8(), reader.u16(), reader.u32()) == (1, 0x0203, 0x04050607)
    assert reader.u64() == 0x08090A0B0C0D0E0F
    reader.end()


def test_too_few_bytes_are_named_as_truncated() -> None:
    with pytest.raises(MalformedMessageError) as caught:
        Reader(b"abc").take(4)
    assert caught.value.params == {"reason": "truncated", "at": 0}


def test_bytes_left_over_are_refused() -> None:
    reader = Reader(b"abcd")
    assert reader.take(1) + reader.rest() == b"abcd"
    reader.end()
    with pytest.raises(MalformedMessageError, match="trailing_bytes"):
        Reader(b"a").end()


def test_a_word_is_read_as_it_was_written() -> None:
    assert Reader(word_bytes("reader_missing")).word() == "reader_missing"


@pytest.mark.parametrize("raw", [b"\x00", b"\x01A", b"\x02a ", b"\x01\xff"])
def test_a_word_holds_small_letters_digits_and_underscores_only(raw: bytes) -> None:
    with pytest.raises(MalformedMessageError, match="word"):
        Reader(raw).word()


@pytest.mark.parametrize("word", ["", "Big", "with space", "é", "a" * 256])
def test_no_other_word_is_written(word: str) -> None:
    with pytest.raises(LocalProtocolError):
        word_bytes(word)


def test_fields_of_a_wrong_length_are_not_written() -> None:
    assert fixed("pair", (b"ab", 2), (b"c", 1)) == b"abc"
    with pytest.raises(LocalProtocolError):
        fixed("pair", (b"ab", 3))


@pytest.mark.parametrize("value", [-1, 256])
def test_numbers_that_do_not_fit_are_not_written(value: int) -> None:
    with pytest.raises(LocalProtocolError):
        number("byte", value, 1)
