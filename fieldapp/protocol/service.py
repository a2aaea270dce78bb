"""What a sync server does, as the app, the simulator and the real server see it (PROTOCOL 5, 9).

History of the protocol version:
  1  first published.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol import strict_json
from fieldapp.protocol.limits import PROTOCOL_VERSION

__all__ = (
    "CLAIM_PATH",
    "CONTENT_TYPE",
    "INFO_PATH",
    "INVITE_PATH",
    "PATHS",
    "PROTOCOL_VERSION",
    "SYNC_PATH",
    "TOKEN_HEADER",
    "ServerInfo",
    "SyncService",
    "invite_path",
    "parse_server_info",
)

SYNC_PATH: Final = "/v1/sync"
INVITE_PATH: Final = "/v1/invites/{invite_id}"
CLAIM_PATH: Final = "/v1/claim"
INFO_PATH: Final = "/v1/info"
PATHS: Final = (SYNC_PATH, INVITE_PATH, CLAIM_PATH, INFO_PATH)
CONTENT_TYPE: Final = "application/vnd.baraza.sync"
TOKEN_HEADER: Final = "Baraza-Token"  # noqa: S105 - the header's name, in hexadecimal its value
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInfo:
    """What a server says about itself to anybody."""

    protocol: int
    oldest_protocol: int
    version: str
    server_key: bytes
    is_claimed: bool
    server_time_ms: int

    def to_bytes(self) -> bytes:
        """Return the JSON of the answer to `GET /v1/info` and `POST /v1/claim`."""
        return strict_json.dumps(
            {
                "protocol": self.protocol,
                "oldest_protocol": self.oldest_protocol,
                "version": self.version,
                "server_key": self.server_key.hex(),
                "claimed": self.is_claimed,
                "server_time_ms": self.server_time_ms,
            }
        )


def parse_server_info(raw: bytes) -> ServerInfo:
    """Read what a server says about itself.

    Raises:
        MalformedMessageError: It is not a sync server's answer.
        LimitExceededError: It is nested too deeply.
    """
    found = strict_json.loads(raw)
    if not isinstance(found, dict):
        raise MalformedMessageError(reason="server_info")
    try:
        info = ServerInfo(
            protocol=_number(found["protocol"]),
            oldest_protocol=_number(found["oldest_protocol"]),
            version=str(found["version"]),
            server_key=bytes.fromhex(found["server_key"]),
            is_claimed=found["claimed"] is True,
            server_time_ms=_number(found["server_time_ms"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedMessageError(reason="server_info") from error
    if len(info.server_key) != _KEY_BYTES:
        raise MalformedMessageError(reason="server_info")
    return info


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def invite_path(invite_id: bytes) -> str:
    """Return the path of one invite's packet."""
    return INVITE_PATH.format(invite_id=invite_id.hex())


class SyncService(Protocol):
    """The server's whole policy; transports and simulators offer the same."""

    def sync(self, request: bytes) -> bytes:
        """Take a request message, return an answer message."""
        ...

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        """Keep an invite's sealed packet under the token that its secret gives."""
        ...

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        """Return an invite's sealed packet to who knows the token."""
        ...

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        """Give an unclaimed server its root, once; return its `ServerInfo`."""
        ...

    def info(self) -> ServerInfo:
        """Return what the server says about itself."""
        ...
