"""The suite's edges: wrong keys and changed bytes end as our own errors."""

from __future__ import annotations

import pytest

from fieldapp.crypto.secret import Secret
from fieldapp.crypto.suite import aead_open, aead_seal, derive_key, hpke_open, hpke_seal
from fieldapp.errors import NotARecipientError, TamperedBatchError, UntrustedSenderError
from tests.support.people import AMINA, BRIAN

KEY = Secret(b"k" * 32)


def test_hpke_opens_for_the_receiver_under_the_same_info_only() -> None:
    sealed = hpke_seal(b"K" * 32, AMINA.public_x25519, b"info")
    assert len(sealed) == 80
    assert hpke_open(sealed, AMINA.private_x25519, b"info") == Secret(b"K" * 32)
    for private, info in ((BRIAN.private_x25519, b"info"), (AMINA.private_x25519, b"other")):
        with pytest.raises(NotARecipientError):
            hpke_open(sealed, private, info)


@pytest.mark.parametrize("sealed", [b"", bytes(32), bytes(80), b"\xff" * 80])
def test_hpke_refuses_what_was_never_sealed(sealed: bytes) -> None:
    with pytest.raises(NotARecipientError):
        hpke_open(sealed, AMINA.private_x25519, b"info")


@pytest.mark.parametrize("public", [b"short", bytes(32)])
def test_nothing_is_sealed_to_a_key_that_is_none(public: bytes) -> None:
    with pytest.raises(UntrustedSenderError):
        hpke_seal(b"K" * 32, public, b"info")


@pytest.mark.parametrize(
    ("key", "nonce", "aad", "cut"),
    [
        (Secret(b"?" * 32), bytes(12), b"aad", None),
        (KEY, b"n" * 12, b"aad", None),
        (KEY, bytes(12), b"other", None),
        (KEY, bytes(12), b"aad", -1),
        (KEY, bytes(12), b"aad", 3),
    ],
)
def test_aead_opens_nothing_that_was_changed(
    key: Secret, nonce: bytes, aad: bytes, cut: int | None
) -> None:
    sealed = aead_seal(KEY, bytes(12), b"plaintext", b"aad")
    with pytest.raises(TamperedBatchError):
        aead_open(key, nonce, sealed[:cut], aad)


def test_derived_keys_differ_by_salt_and_label() -> None:
    keys = [
        derive_key(KEY, info=b"one\0").reveal(),
        derive_key(KEY, info=b"two\0").reveal(),
        derive_key(KEY, info=b"one\0", salt=b"s").reveal(),
    ]
    assert len(set(keys)) == 3
    assert {len(key) for key in keys} == {32}
