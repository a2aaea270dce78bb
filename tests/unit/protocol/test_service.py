"""What a server says about itself."""

from __future__ import annotations

import pytest

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol import service
from fieldapp.protocol.service import ServerInfo, invite_path, parse_server_info

INFO = ServerInfo(
    protocol=1,
    oldest_protocol=1,
    version="0.1.0",
    server_key=b"k" * 32,
    is_claimed=False,
    server_time_ms=1_700_000_000_000,
)


def test_a_servers_info_is_read_as_it_was_written() -> None:
    assert parse_server_info(INFO.to_bytes()) == INFO


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"{}",
        INFO.to_bytes().replace(b'"protocol":1', b'"protocol":true'),
        INFO.to_bytes().replace(b'"protocol":1', b'"protocol":"1"'),
        INFO.to_bytes().replace(b"6b6b", b"6b"),
        INFO.to_bytes().replace(b"6b6b", b"zz"),
        INFO.to_bytes().replace(b'"' + b"6b" * 32 + b'"', b"7"),
    ],
)
def test_what_is_no_info_is_named(raw: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse_server_info(raw)


def test_an_invite_has_a_path_of_its_own() -> None:
    assert invite_path(b"\x01" * 8) == "/v1/invites/0101010101010101"
    assert all(path.startswith("/v1/") for path in service.PATHS)
    assert service.PROTOCOL_VERSION == 1
