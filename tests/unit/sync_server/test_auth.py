"""The server's key: made once, kept for its owner, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.crypto.signing import verify as verify_in_app
from fieldapp.errors import (
    BadSignatureError,
    ClaimRefusedError,
    ConfigError,
    InviteUnknownError,
)
from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.protocol.message_parts import Welcome
from fieldapp.protocol.receipts import StoredReceipt
from sync_server.auth import (
    ServerKey,
    check_token,
    load_key,
    new_log_id,
    restore_key,
    token_hash,
    verify,
    write_key,
)
from sync_server.errors import OperatorError
from tests.support.people import fixed_bytes

SECRET = fixed_bytes("server key", 32)


def stored() -> StoredReceipt:
    return StoredReceipt(
        device=DeviceId(bytes(16)),
        channel=ChannelId(bytes(8)),
        seq=1,
        header_hash=bytes(32),
        position=1,
        time_ms=1,
    )


def test_the_app_accepts_what_the_server_signs() -> None:
    key = ServerKey(SECRET)
    receipt = key.sign_stored(stored())
    verify_in_app(key.public, receipt.signing_bytes(), receipt.signature)
    welcome = key.sign_welcome(
        Welcome(server_time_ms=1, log_id=bytes(16), head_position=1, directory_version=1)
    )
    verify_in_app(key.public, welcome.signing_bytes(), welcome.signature)


def test_another_message_or_a_broken_key_does_not_verify() -> None:
    key = ServerKey(SECRET)
    signature = key.sign_stored(stored()).signature
    with pytest.raises(BadSignatureError):
        verify(key.public, b"something else", signature)
    with pytest.raises(BadSignatureError):
        verify(b"short", b"message", signature)


def test_a_signature_that_was_right_once_makes_no_other_right() -> None:
    key, receipt = ServerKey(SECRET), ServerKey(SECRET).sign_stored(stored())
    message, signature = receipt.signing_bytes(), receipt.signature
    for _ in range(2):
        verify(key.public, message, signature)
    changed = signature[:-1] + bytes([signature[-1] ^ 1])
    for wrong in (
        (key.public, message, changed),
        (key.public, message + b"!", signature),
        (ServerKey(bytes(32)).public, message, signature),
    ):
        for _ in range(2):
            with pytest.raises(BadSignatureError):
                verify(*wrong)


def test_the_key_shows_nothing_of_itself() -> None:
    assert repr(ServerKey(SECRET)) == "ServerKey(<redacted>)"


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    first = load_key(path)
    assert load_key(path).public == first.public
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_or_unreachable_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"short")
    for path in (tmp_path / "short", tmp_path, tmp_path / "no" / "folder"):
        with pytest.raises(ConfigError) as caught:
            load_key(path)
        assert caught.value.code == "file_unreadable"


def test_a_key_never_overwrites_another(tmp_path: Path) -> None:
    path = tmp_path / "server.key"
    write_key(path, SECRET)
    with pytest.raises(FileExistsError):
        write_key(path, bytes(32))
    restore_key(path, SECRET)
    with pytest.raises(OperatorError, match="another server's key"):
        restore_key(path, bytes(32))
    assert path.read_bytes() == SECRET


def test_a_key_is_restored_where_none_is(tmp_path: Path) -> None:
    restore_key(tmp_path / "server.key", SECRET)
    assert load_key(tmp_path / "server.key").public == ServerKey(SECRET).public
    with pytest.raises(ConfigError):
        restore_key(tmp_path / "no" / "folder", SECRET)


def test_the_claim_token_is_the_same_at_each_start_and_tells_nothing_of_the_key() -> None:
    token = ServerKey(SECRET).claim_token()
    assert token == ServerKey(SECRET).claim_token()
    assert len(bytes.fromhex(token)) == 16
    assert token not in SECRET.hex()


def test_only_the_claim_token_passes() -> None:
    key = ServerKey(SECRET)
    key.check_claim(bytes.fromhex(key.claim_token()))
    for wrong in (b"", bytes(16), key.claim_token().encode()):
        with pytest.raises(ClaimRefusedError):
            key.check_claim(wrong)


def test_log_ids_are_drawn_anew() -> None:
    assert len(new_log_id()) == 16
    assert new_log_id() != new_log_id()


def test_an_upload_token_is_held_against_its_hash() -> None:
    check_token(b"token", token_hash(b"token"))
    with pytest.raises(InviteUnknownError):
        check_token(b"other", token_hash(b"token"))
