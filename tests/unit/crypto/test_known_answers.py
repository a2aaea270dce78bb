"""The primitives give what their RFCs print."""

from __future__ import annotations

import pytest
from argon2.low_level import ARGON2_VERSION, Type, core, error_to_str, ffi, hash_secret_raw
from cryptography.hazmat.bindings._rust import openssl as rust_openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from fieldapp.crypto.keys import SigningKey
from fieldapp.crypto.passphrase_box import KdfParams, argon2id
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.crypto.suite import aead_open, aead_seal, derive_key, hpke_open, hpke_seal
from tests.support import reference_hpke

# RFC 9180, A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode.
HPKE_INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
HPKE_EPHEMERAL = bytes.fromhex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")
HPKE_ENC = bytes.fromhex("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
HPKE_PUBLIC = bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
HPKE_PRIVATE = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
HPKE_AAD = b"Count-0"
HPKE_CIPHERTEXT = bytes.fromhex(
    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
)
# RFC 8032, 7.1, tests 1 and 2.
SIGNATURE_1 = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
    "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)
SIGNATURE_2 = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
    "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def test_the_library_opens_the_hpke_vector_of_rfc_9180() -> None:
    private = X25519PrivateKey.from_private_bytes(HPKE_PRIVATE)
    sealed = HPKE_ENC + HPKE_CIPHERTEXT
    found = rust_openssl.hpke._decrypt_with_aad(SUITE, sealed, private, HPKE_INFO, HPKE_AAD)
    assert found == b"Beauty is truth, truth beauty"


def test_the_second_implementation_gives_the_hpke_vector_of_rfc_9180() -> None:
    plaintext = b"Beauty is truth, truth beauty"
    sealed = reference_hpke.seal(plaintext, HPKE_PUBLIC, HPKE_INFO, HPKE_EPHEMERAL, HPKE_AAD)
    assert sealed == HPKE_ENC + HPKE_CIPHERTEXT
    found = reference_hpke.open_sealed(sealed, HPKE_PRIVATE, HPKE_INFO, HPKE_AAD)
    assert found == plaintext


def test_both_implementations_open_each_other() -> None:
    private = X25519PrivateKey.from_private_bytes(HPKE_PRIVATE)
    theirs = reference_hpke.seal(b"key", HPKE_PUBLIC, b"info", HPKE_EPHEMERAL)
    assert hpke_open(theirs, private, b"info") == Secret(b"key")
    ours = hpke_seal(b"key", HPKE_PUBLIC, b"info")
    assert reference_hpke.open_sealed(ours, HPKE_PRIVATE, b"info") == b"key"


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            SIGNATURE_1,
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            SIGNATURE_2,
        ),
    ],
)
def test_ed25519_gives_the_vectors_of_rfc_8032(
    seed: str, public: str, message: str, signature: str
) -> None:
    key = SigningKey(Secret(bytes.fromhex(seed)))
    assert key.public.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    verify(key.public, bytes.fromhex(message), bytes.fromhex(signature))


def test_chacha20_poly1305_gives_the_vector_of_rfc_8439() -> None:
    key = Secret(bytes(range(0x80, 0xA0)))
    nonce = bytes.fromhex("070000004041424344454647")
    aad = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    plaintext = (
        b"Ladies and Gentlemen of the class of '99: "
        b"If I could offer you only one tip for the future, sunscreen would be it."
    )
    sealed = bytes.fromhex(
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
        "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
        "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"
    )
    assert aead_seal(key, nonce, plaintext, aad) == sealed
    assert aead_open(key, nonce, sealed, aad) == plaintext


@pytest.mark.parametrize(
    ("salt", "info", "derived"),
    [
        (
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            "",
            "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_hkdf_gives_the_vectors_of_rfc_5869(salt: str, info: str, derived: str) -> None:
    found = derive_key(
        Secret(b"\x0b" * 22), salt=bytes.fromhex(salt), info=bytes.fromhex(info), length=42
    )
    assert found.reveal().hex() == derived


ARGON2_TAG = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_the_argon2_that_we_link_gives_the_vector_of_rfc_9106() -> None:
    parts = [
        ffi.new("uint8_t[]", value) for value in (b"\1" * 32, b"\2" * 16, b"\3" * 8, b"\4" * 12)
    ]
    out = ffi.new("uint8_t[]", 32)
    context = ffi.new(
        "argon2_context *",
        {
            "version": ARGON2_VERSION,
            "out": out,
            "outlen": 32,
            "pwd": parts[0],
            "pwdlen": 32,
            "salt": parts[1],
            "saltlen": 16,
            "secret": parts[2],
            "secretlen": 8,
            "ad": parts[3],
            "adlen": 12,
            "t_cost": 3,
            "m_cost": 32,
            "lanes": 4,
            "threads": 4,
            "allocate_cbk": ffi.NULL,
            "free_cbk": ffi.NULL,
            "flags": 0,
        },
    )
    status = core(context, Type.ID.value)
    assert status == 0, error_to_str(status)
    assert bytes(ffi.buffer(out, 32)).hex() == ARGON2_TAG


def test_two_argon2_libraries_agree_on_our_parameters() -> None:
    params = KdfParams(memory_kib=64, passes=3, lanes=1)
    found = argon2id(b"passphrase", b"salt" * 4, params, 32).reveal()
    second = Argon2id(salt=b"salt" * 4, length=32, iterations=3, lanes=1, memory_cost=64).derive(
        b"passphrase"
    )
    assert found == second
    assert found == hash_secret_raw(b"passphrase", b"salt" * 4, 3, 64, 1, 32, Type.ID)
