"""Errors as answers: one table gives the status, and a stranger learns nothing else.

Laws:
  * A FieldAppError whose code stands in ``error_codes`` is answered with that row's status.
  * Anything else is a 500 with a random reference; the log has the reference and the class name,
    never the request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from fieldapp.errors import (
    DatabaseFullError,
    FieldAppError,
    HomeBusyError,
    ProtocolError,
    StorageError,
)
from fieldapp.protocol.error_codes import ErrorBody, encode_error, error_code, error_codes
from sync_server.routes.logs import log

JSON: Final = "application/json"
INTERNAL: Final = "internal"
MALFORMED: Final = "malformed_message"
_WIRE_CODES: Final[Mapping[type[FieldAppError], str]] = {
    DatabaseFullError: "storage_full",
    HomeBusyError: "server_busy",
    StorageError: INTERNAL,
}
"""Errors of the disk, which have names of their own on the wire."""
_KNOWN: Final = frozenset(row.name for row in error_codes())

_HTTP_CODES: Final[Mapping[int, str]] = {
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    415: "wrong_content_type",
}


def wire_code(problem: FieldAppError) -> str:
    """Return the code that goes over the wire for an error."""
    for known in type(problem).__mro__:
        if known in _WIRE_CODES:
            return _WIRE_CODES[known]
    if problem.code in _KNOWN:
        return problem.code
    return MALFORMED if isinstance(problem, ProtocolError) else INTERNAL


class Problems:
    """Turns errors into responses.

    Args:
        reference: draws a random reference for what nobody foresaw.
    """

    def __init__(self, reference: Callable[[], str]) -> None:
        self._reference = reference

    def response(self, problem: Exception) -> Response:
        """Return the answer to an error of any kind."""
        code = wire_code(problem) if isinstance(problem, FieldAppError) else INTERNAL
        if not isinstance(problem, FieldAppError) or code == INTERNAL:
            return self._internal(problem)
        numbers = {
            name: value
            for name, value in problem.params.items()
            if isinstance(value, int) and not isinstance(value, bool)
        }
        log("refused", code=code)
        return _body(code, numbers)

    def handler(self) -> Callable[[Request, Exception], Awaitable[Response]]:
        """Return the application's one exception handler."""

        async def handle(_request: Request, problem: Exception) -> Response:
            return self.response(problem)

        return handle

    def _internal(self, problem: Exception) -> Response:
        reference = self._reference()
        log("internal", reference=reference, error=type(problem).__name__)
        return _body(INTERNAL, {}, reference=reference)


def http_response(status: int) -> Response:
    """Return the answer to a wrong path or method, in the same form as every other."""
    return _body(_HTTP_CODES.get(status, "not_found"), {})


def _body(code: str, numbers: Mapping[str, int], reference: str = "") -> Response:
    body = encode_error(ErrorBody(code, numbers, reference))
    headers: dict[str, Any] = {}
    if "retry_after" in numbers:
        headers["Retry-After"] = str(numbers["retry_after"])
    return Response(body, error_code(code).status, headers, JSON)
