"""Rows of the vault are sealed alone and in their place."""

from __future__ import annotations

import pytest

from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.crypto.secret import Secret
from fieldapp.errors import TamperedRowError

KEY = Secret(b"v" * 32)
ROWS = RowCipher(KEY, "vault")


def test_a_row_opens_in_its_place() -> None:
    sealed = ROWS.seal(b"content", b"records.state\0id")
    assert len(sealed) == 12 + 7 + 16
    assert b"content" not in sealed
    assert ROWS.open(sealed, b"records.state\0id") == b"content"


def test_the_same_content_never_looks_the_same() -> None:
    assert ROWS.seal(b"content", b"place") != ROWS.seal(b"content", b"place")


@pytest.mark.parametrize(
    ("cipher", "place"),
    [
        (ROWS, b"other place"),
        (RowCipher(KEY, "other"), b"place"),
        (RowCipher(Secret(b"w" * 32), "vault"), b"place"),
    ],
)
def test_a_row_of_another_place_purpose_or_vault_does_not_open(
    cipher: RowCipher, place: bytes
) -> None:
    with pytest.raises(TamperedRowError):
        cipher.open(ROWS.seal(b"content", b"place"), place)


def test_a_cut_row_does_not_open() -> None:
    sealed = ROWS.seal(b"content", b"place")
    for length in range(len(sealed)):
        with pytest.raises(TamperedRowError):
            ROWS.open(sealed[:length], b"place")
