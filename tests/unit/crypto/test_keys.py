"""Private keys: made, kept and read back."""

from __future__ import annotations

import pytest

from fieldapp.crypto.keys import (
    DeviceKeys,
    OfficeKey,
    SigningKey,
    generate_device_keys,
    generate_office_key,
    generate_signing_key,
)
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.errors import BadSignatureError, KeyFileDamagedError
from fieldapp.protocol.ids import device_id
from tests.support.people import AMINA, BRIAN, OFFICE


def test_new_keys_are_never_the_same() -> None:
    assert generate_device_keys().device != generate_device_keys().device
    assert generate_office_key(OFFICE, 1).public != generate_office_key(OFFICE, 1).public
    assert generate_signing_key().public != generate_signing_key().public


def test_a_devices_keys_come_back_from_the_vault() -> None:
    keys = generate_device_keys()
    found = DeviceKeys.from_secret(keys.to_secret())
    assert found.device == keys.device == device_id(keys.public_ed25519)
    assert (found.public_ed25519, found.public_x25519) == (keys.public_ed25519, keys.public_x25519)
    assert found.sign(b"m") == keys.sign(b"m")


def test_an_offices_key_comes_back_from_the_vault() -> None:
    key = generate_office_key(OFFICE, 4)
    found = OfficeKey.from_secret(OFFICE, 4, key.to_secret())
    assert (found.office, found.epoch, found.public) == (OFFICE, 4, key.public)


def test_a_signing_key_comes_back() -> None:
    key = generate_signing_key()
    assert SigningKey(key.to_secret()).public == key.public


def test_keys_of_a_wrong_length_are_named() -> None:
    with pytest.raises(KeyFileDamagedError):
        DeviceKeys.from_secret(Secret(bytes(63)))
    with pytest.raises(KeyFileDamagedError):
        OfficeKey.from_secret(OFFICE, 1, Secret(bytes(31)))
    with pytest.raises(KeyFileDamagedError):
        SigningKey(Secret(bytes(31)))


def test_a_signature_verifies_for_its_key_and_message_only() -> None:
    signature = AMINA.sign(b"message")
    verify(AMINA.public_ed25519, b"message", signature)
    for public, message, wrong in (
        (BRIAN.public_ed25519, b"message", signature),
        (AMINA.public_ed25519, b"messagf", signature),
        (AMINA.public_ed25519, b"message", signature[:-1]),
        (AMINA.public_ed25519, b"message", bytes(64)),
        (b"no key", b"message", signature),
    ):
        with pytest.raises(BadSignatureError):
            verify(public, message, wrong)
