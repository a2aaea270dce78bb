"""The one table of codes that cross the wire (PROTOCOL 10).

Laws:
  * A code once published is never given another meaning; a retired one stays, marked.
  * Status, retry and who acts come from here, on both sides.
  * A body of an error is JSON: {"code", "params"?, "reference"?}; it never echoes the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol import strict_json
from fieldapp.protocol.limits import MAX_CODE_BYTES, MAX_ERROR_BODY_BYTES


class Actor(Enum):
    """Who has to do something about an error."""

    NOBODY = "nobody"
    APP = "app"
    OFFICER = "officer"
    ADMIN = "admin"
    OPERATOR = "operator"
    DEVELOPER = "developer"


class Retry(Enum):
    """Whether the same bytes may be sent again without a person."""

    BY_ITSELF = "by_itself"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One row: what a code means for the transport."""

    name: str
    status: int
    retry: Retry
    actor: Actor
    is_retired: bool = False

    @property
    def is_retryable(self) -> bool:
        """Tell whether the same request may be sent again by itself."""
        return self.retry is Retry.BY_ITSELF


_ROWS: Final = (
    # The request as a whole.
    ErrorCode("malformed_message", 400, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("waiting_for_update", 400, Retry.NEVER, Actor.OPERATOR),
    ErrorCode("limit_exceeded", 413, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("request_too_large", 413, Retry.NEVER, Actor.APP),
    ErrorCode("wrong_content_type", 415, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("bad_signature", 401, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("unknown_device", 401, Retry.BY_ITSELF, Actor.ADMIN),
    ErrorCode("device_revoked", 403, Retry.NEVER, Actor.ADMIN),
    ErrorCode("clock_wrong", 401, Retry.BY_ITSELF, Actor.APP),
    ErrorCode("client_too_old", 426, Retry.NEVER, Actor.OFFICER),
    ErrorCode("rate_limited", 429, Retry.BY_ITSELF, Actor.NOBODY),
    ErrorCode("server_busy", 503, Retry.BY_ITSELF, Actor.NOBODY),
    ErrorCode("storage_full", 507, Retry.BY_ITSELF, Actor.OPERATOR),
    ErrorCode("internal", 500, Retry.BY_ITSELF, Actor.OPERATOR),
    ErrorCode("not_found", 404, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("method_not_allowed", 405, Retry.NEVER, Actor.DEVELOPER),
    # Claiming a server, and invites.
    ErrorCode("wrong_claim_token", 403, Retry.NEVER, Actor.ADMIN),
    ErrorCode("already_claimed", 409, Retry.NEVER, Actor.ADMIN),
    ErrorCode("server_not_claimed", 503, Retry.NEVER, Actor.ADMIN),
    ErrorCode("invite_unknown", 404, Retry.NEVER, Actor.ADMIN),
    ErrorCode("invite_expired", 410, Retry.NEVER, Actor.ADMIN),
    ErrorCode("invite_used", 409, Retry.NEVER, Actor.ADMIN),
    # One batch of a request, in its refusal.
    ErrorCode("body_missing", 422, Retry.BY_ITSELF, Actor.APP),
    ErrorCode("channel_unknown", 422, Retry.BY_ITSELF, Actor.APP),
    ErrorCode("directory_ahead", 422, Retry.BY_ITSELF, Actor.APP),
    ErrorCode("directory_version_fell", 422, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("reader_missing", 422, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("reader_not_allowed", 422, Retry.NEVER, Actor.DEVELOPER),
    ErrorCode("not_authorised", 403, Retry.NEVER, Actor.ADMIN),
    ErrorCode("quota_exceeded", 507, Retry.BY_ITSELF, Actor.OPERATOR),
    # One chunk of a picture or sound.
    ErrorCode("media_offset", 409, Retry.BY_ITSELF, Actor.APP),
    ErrorCode("media_changed", 422, Retry.BY_ITSELF, Actor.APP),
    ErrorCode("media_unnamed", 422, Retry.BY_ITSELF, Actor.APP),
    ErrorCode("media_unknown", 404, Retry.BY_ITSELF, Actor.NOBODY),
)
_CODE_BY_NAME: Final = {row.name: row for row in _ROWS}
_UNKNOWN: Final = ErrorCode("internal", 500, Retry.BY_ITSELF, Actor.OPERATOR)


def error_codes() -> tuple[ErrorCode, ...]:
    """Return the table."""
    return _ROWS


def error_code(name: str) -> ErrorCode:
    """Return a code's row; a code that is not in the table counts as `internal`."""
    return _CODE_BY_NAME.get(name, _UNKNOWN)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error's response says."""

    code: str
    params: Mapping[str, int]
    reference: str = ""


def encode_error(body: ErrorBody) -> bytes:
    """Return the JSON of an error's response."""
    found: dict[str, object] = {"code": body.code}
    if body.params:
        found["params"] = dict(body.params)
    if body.reference:
        found["reference"] = body.reference
    return strict_json.dumps(found)


def parse_error(raw: bytes) -> ErrorBody:
    """Read the JSON of an error's response.

    Raises:
        MalformedMessageError: It is not one of ours, a captive portal's page for example.
        LimitExceededError: It is nested too deeply.
    """
    if len(raw) > MAX_ERROR_BODY_BYTES:
        raise MalformedMessageError(reason="error_body")
    found = strict_json.loads(raw)
    if not isinstance(found, dict):
        raise MalformedMessageError(reason="error_body")
    code, params = found.get("code"), found.get("params", {})
    reference = found.get("reference", "")
    if not isinstance(code, str) or not 0 < len(code) <= MAX_CODE_BYTES:
        raise MalformedMessageError(reason="error_body")
    if not isinstance(params, dict) or not isinstance(reference, str):
        raise MalformedMessageError(reason="error_body")
    numbers = {name: value for name, value in params.items() if isinstance(value, int)}
    return ErrorBody(code, numbers, reference)
