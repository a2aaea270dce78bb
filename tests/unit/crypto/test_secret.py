"""Secrets do not show."""

from __future__ import annotations

import copy
import hmac
import pickle
import traceback

import pytest

from fieldapp.crypto.keystore import KdfParams, unwrap_vault_key, wrap_vault_key
from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.crypto.secret import Secret
from fieldapp.errors import WrongPinError
from tests.support.people import AMINA, OFFICE_KEY, SENDER_KEY, SERVER, packet, sealed

CHEAP = KdfParams(memory_kib=8, passes=1, lanes=1)


def test_a_secret_shows_only_by_reveal() -> None:
    secret = Secret(b"do not show")
    assert (
        f"{secret} {secret!r} {[secret]}"
        == "<Secret redacted> <Secret redacted> [<Secret redacted>]"
    )
    assert secret.reveal() == b"do not show"
    assert len(secret) == 11


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert Secret(b"a") == Secret(b"a")
    assert Secret(b"a") != Secret(b"b")
    assert compared == [(b"a", b"a"), (b"a", b"b")]


def test_a_secret_equals_nothing_but_a_secret() -> None:
    assert Secret(b"a") != b"a"


@pytest.mark.parametrize("leak", [hash, pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_not_hashed_pickled_or_copied(leak: object) -> None:
    assert callable(leak)
    with pytest.raises(TypeError):
        leak(Secret(b"a"))


def test_nothing_that_holds_a_key_prints_it() -> None:
    shown = repr([AMINA, SERVER, OFFICE_KEY, SENDER_KEY, RowCipher(SENDER_KEY, "rows")])
    for key in (AMINA.to_secret(), SERVER.to_secret(), OFFICE_KEY.to_secret(), SENDER_KEY):
        raw = key.reveal()
        assert raw.hex() not in shown
        assert repr(raw) not in shown
    assert shown.count("redacted") == 5


def test_wrapped_keys_and_bodies_stay_out_of_text() -> None:
    batch = sealed(key_packet=packet())
    assert len(repr(batch)) < 2_000
    assert repr(packet().keys[0].sealed) not in repr(packet())


def test_a_wrong_pin_leaves_neither_pin_nor_key_in_the_traceback() -> None:
    box = wrap_vault_key(SENDER_KEY, "482913", CHEAP)
    wrong = "97" + "5310"
    with pytest.raises(WrongPinError) as caught:
        unwrap_vault_key(box, wrong)
    text = "".join(traceback.format_exception(caught.value))
    assert wrong not in text
    assert "482913" not in text
    assert SENDER_KEY.reveal().hex() not in text
