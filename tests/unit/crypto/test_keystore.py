"""The key file: opened by its PIN, telling rot from a wrong PIN."""

from __future__ import annotations

import pytest
from argon2.exceptions import HashingError

from fieldapp.crypto import passphrase_box
from fieldapp.crypto.keystore import (
    DEFAULT_PARAMS,
    PIN_PARAMS,
    KdfParams,
    check_pin_policy,
    needs_platform_half,
    new_vault_key,
    pack_half,
    unpack_half,
    unwrap_vault_key,
    wrap_vault_key,
)
from fieldapp.crypto.passphrase_box import Purpose, open_box, params_of
from fieldapp.crypto.secret import Secret
from fieldapp.errors import (
    KeyFileDamagedError,
    KeyStoreMissingError,
    NotEnoughMemoryError,
    WeakPinError,
    WrongPinError,
)
from fieldapp.protocol.hashing import sha256

CHEAP = KdfParams(memory_kib=8, passes=1, lanes=1)
KEY = Secret(b"v" * 32)
BOX = wrap_vault_key(KEY, "482913", CHEAP)
FIRST_RELEASE = (
    "42564b31010000008000000301000101010101010101010101010101010102020202020202020202"
    "020200301bdab086a753018bd9a7441cc6a68232542e81b48717b94e3f190ae5ca7c3ed7ce1aa288"
    "7241e46a73fc48c83cfae9a6e92273334e24bad9"
)


def checked(body: bytes) -> bytes:
    """A box with a right checksum over wrong bytes."""
    return body + sha256(body)[:8]


def test_the_right_pin_opens_and_no_other() -> None:
    assert unwrap_vault_key(BOX, "482913") == KEY
    for pin in ("482914", "", "482913 ", "48291"):
        with pytest.raises(WrongPinError) as caught:
            unwrap_vault_key(BOX, pin)
        assert caught.value.code == "wrong_pin"


def test_the_parameters_are_recorded_at_their_offsets() -> None:
    assert BOX[:4] == b"BVK1"
    assert BOX[4:6] == b"\x01\x00"
    assert BOX[6:14] == b"\x00\x00\x00\x08\x00\x01\x01\x00"
    assert len(BOX) == 44 + 48 + 8
    assert (DEFAULT_PARAMS.memory_kib, DEFAULT_PARAMS.passes, DEFAULT_PARAMS.lanes) == (
        32_768,
        3,
        1,
    )


def test_a_box_made_with_other_parameters_still_opens() -> None:
    dearer = KdfParams(memory_kib=64, passes=2, lanes=2)
    assert unwrap_vault_key(wrap_vault_key(KEY, "482913", dearer), "482913") == KEY


def test_the_same_pin_gives_another_box_each_time() -> None:
    assert wrap_vault_key(KEY, "482913", CHEAP) != BOX


def test_a_typed_passphrase_does_not_depend_on_the_keyboard() -> None:
    box = wrap_vault_key(KEY, "Cafe\u0301 ya Mkomani", CHEAP)
    assert unwrap_vault_key(box, "Caf\u00e9 ya Mkomani") == KEY


def test_rot_is_told_apart_from_a_wrong_pin_at_every_byte() -> None:
    for at in range(len(BOX)):
        rotten = bytearray(BOX)
        rotten[at] ^= 1
        with pytest.raises(KeyFileDamagedError):
            unwrap_vault_key(bytes(rotten), "482913")
    for length in range(len(BOX)):
        with pytest.raises(KeyFileDamagedError):
            unwrap_vault_key(BOX[:length], "482913")


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, b"X"),
        (4, b"\x02"),
        (5, b"\x02"),
        (13, b"\x01"),
        (6, b"\xff\xff\xff\xff"),
        (6, b"\x00\x00\x00\x07"),
        (10, b"\x00\x00"),
        (10, b"\xff\xff"),
        (12, b"\x00"),
        (12, b"\xff"),
        (42, b"\x00\x31"),
    ],
)
def test_no_parameter_out_of_bounds_is_ever_used(at: int, value: bytes) -> None:
    body = BOX[:-8]
    with pytest.raises(KeyFileDamagedError):
        unwrap_vault_key(checked(body[:at] + value + body[at + len(value) :]), "482913")


def test_a_box_of_another_purpose_does_not_open() -> None:
    with pytest.raises(KeyFileDamagedError):
        open_box(BOX, "482913", purpose=Purpose.HAND_OVER)


def test_with_a_key_store_the_pin_alone_opens_nothing() -> None:
    half = new_vault_key()
    box = wrap_vault_key(KEY, "482913", CHEAP, platform_half=half)
    assert needs_platform_half(box)
    assert not needs_platform_half(BOX)
    assert not needs_platform_half(b"")
    assert unwrap_vault_key(box, "482913", platform_half=half) == KEY
    with pytest.raises(KeyStoreMissingError):
        unwrap_vault_key(box, "482913")
    with pytest.raises(WrongPinError):
        unwrap_vault_key(box, "482913", platform_half=new_vault_key())


def test_a_half_that_the_box_does_not_need_is_left_alone() -> None:
    assert unwrap_vault_key(BOX, "482913", platform_half=new_vault_key()) == KEY


def test_a_machine_without_the_memory_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(*_args: object, **_kwargs: object) -> bytes:
        raise HashingError

    monkeypatch.setattr(passphrase_box, "hash_secret_raw", out_of_memory)
    with pytest.raises(NotEnoughMemoryError) as caught:
        unwrap_vault_key(BOX, "482913")
    assert caught.value.params == {"kib": 8}


@pytest.mark.parametrize(
    ("pin", "may_be_short", "code"),
    [
        ("12345", True, "pin_too_short"),
        ("", True, "pin_too_short"),
        ("482913", False, "passphrase_is_digits"),
        ("4829134829134829", False, "passphrase_is_digits"),
        ("48291 34829 13482", False, "passphrase_too_short"),
        ("nine char", False, "passphrase_too_short"),
        ("a b c d", False, "passphrase_too_short"),
    ],
)
def test_a_short_pin_is_refused(pin: str, may_be_short: bool, code: str) -> None:
    with pytest.raises(WeakPinError) as caught:
        check_pin_policy(pin, may_be_short=may_be_short)
    assert caught.value.code == code


def test_six_digits_do_with_a_key_store_and_ten_characters_without() -> None:
    check_pin_policy("482913", may_be_short=True)
    check_pin_policy("ten chars!", may_be_short=False)
    check_pin_policy("a b c d e", may_be_short=False)


def test_a_pin_that_stands_alone_costs_twice_the_memory() -> None:
    assert (PIN_PARAMS.memory_kib, PIN_PARAMS.passes) == (65_536, 3)
    box = wrap_vault_key(KEY, "482913", PIN_PARAMS)
    assert params_of(box) == PIN_PARAMS
    assert unwrap_vault_key(box, "482913") == KEY


def test_a_key_file_of_the_first_release_still_opens() -> None:
    """Bytes written before a key store or a dearer PIN was known, under 32 MiB and 3 passes."""
    assert unwrap_vault_key(bytes.fromhex(FIRST_RELEASE), "482913") == KEY


def test_the_half_for_the_key_store_tells_rot_at_every_byte() -> None:
    packed = pack_half(b"wrapped by the platform")
    assert unpack_half(packed) == b"wrapped by the platform"
    for at in range(len(packed)):
        rotten = bytearray(packed)
        rotten[at] ^= 1
        with pytest.raises(KeyFileDamagedError):
            unpack_half(bytes(rotten))
    with pytest.raises(KeyFileDamagedError):
        unpack_half(b"")
