"""Whatever a stranger sends to whatever route: a named error in JSON, no 500, no traceback.

Routes are tried by a schema of their own; sync messages are made of honest ones, changed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.protocol.batch import HEADER_BYTES, Batch
from fieldapp.protocol.error_codes import error_codes
from fieldapp.protocol.messages import encode_request, parse_answer
from fieldapp.protocol.service import (
    CLAIM_PATH,
    CONTENT_TYPE,
    INFO_PATH,
    INVITE_PATH,
    SYNC_PATH,
    TOKEN_HEADER,
)
from sync_server.config import Settings
from tests.support.authors import Device, author, deposit, opened_receipt
from tests.support.organisation import Organisation, small_organisation
from tests.support.server import Clock, ServerThread, make_exchange

CODES = frozenset(row.name for row in error_codes())
PATIENCE_SECONDS = 30
QUIET = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Noise(logging.Handler):
    """Keeps what is logged as a failure."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR or record.msg == "internal":
            self.heard.append(f"{record.name}: {record.getMessage()}")


@dataclass
class Target:
    """A claimed server, and what one of its devices would honestly send."""

    url: str
    organisation: Organisation
    batches: list[Batch]
    noise: Noise
    session: requests.Session = field(default_factory=requests.Session)

    def send(self, body: bytes) -> requests.Response:
        return self.session.post(
            self.url + SYNC_PATH,
            data=body,
            headers={"Content-Type": CONTENT_TYPE},
            timeout=PATIENCE_SECONDS,
        )

    def honest(self) -> bytes:
        """A request with each kind of part."""
        device = Device(self.organisation["dalila"])
        receipt = opened_receipt(self.organisation["chebet"], self.batches[0])
        return encode_request(device.request(self.batches, receipts=[receipt]))


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("strangers")
    organisation, noise = small_organisation(), Noise()
    exchange = make_exchange(f"sqlite:///{folder / 'server.db'}", clock=Clock())
    root, *others = (batch for _, batch in organisation.log)
    exchange.claim_server(bytes.fromhex(exchange.claim_token()), root.raw)
    assert not deposit(exchange, *others).refused
    limits = Settings(data=str(folder), deposits_per_minute=0)
    server = ServerThread(limits, exchange)
    logging.getLogger().addHandler(noise)
    logging.getLogger("sync_server").addHandler(noise)
    logging.getLogger("sync_server").setLevel(logging.INFO)
    yield Target(server.url, organisation, author(organisation, "dalila").batches(3), noise)
    logging.getLogger("sync_server").removeHandler(noise)
    logging.getLogger().removeHandler(noise)
    server.stop()


def is_answered_properly(target: Target, response: requests.Response) -> None:
    """An answer of its kind, or a published code with its own status."""
    assert response.status_code < 500 or response.status_code == 503, response.text
    if not response.ok:
        said: dict[str, Any] = json.loads(response.content)
        assert said["code"] in CODES
        assert all(isinstance(value, int) for value in said.get("params", {}).values())
    assert target.noise.heard == []


# ---------------------------------------------------------------------- every route


def operation(*, body: str = "", token: bool = False, invite: bool = False) -> dict[str, Any]:
    """Describe one operation as OpenAPI does."""
    parameters: list[dict[str, Any]] = []
    if token:
        parameters.append({"name": TOKEN_HEADER, "in": "header", "schema": {"type": "string"}})
    if invite:
        where = {"name": "invite_id", "in": "path", "required": True}
        parameters.append({**where, "schema": {"type": "string", "minLength": 1}})
    found: dict[str, Any] = {
        "parameters": parameters,
        "responses": {"default": {"description": ""}},
    }
    if body:
        content = {body: {"schema": {"type": "string", "format": "binary"}}}
        found["requestBody"] = {"content": content}
    return found


ROUTES = {
    "openapi": "3.0.3",
    "info": {"title": "what a stranger can reach", "version": "1"},
    "paths": {
        SYNC_PATH: {"post": operation(body=CONTENT_TYPE)},
        CLAIM_PATH: {"post": operation(body=CONTENT_TYPE, token=True)},
        INVITE_PATH: {
            "put": operation(body=CONTENT_TYPE, token=True, invite=True),
            "get": operation(token=True, invite=True),
        },
        INFO_PATH: {"get": operation()},
        "/healthz": {"get": operation()},
        "/readyz": {"get": operation()},
        "/metrics": {"get": operation()},
    },
}


@schemathesis.serializer(CONTENT_TYPE)
def as_it_is(_context: object, value: object) -> bytes:
    """Send the bytes that were drawn."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.openapi.from_dict(ROUTES).parametrize()
@settings(QUIET, max_examples=40)
def test_any_request_to_any_route_ends_in_its_answer_or_a_named_error(
    case: schemathesis.Case[Any], target: Target
) -> None:
    response = requests.request(timeout=PATIENCE_SECONDS, **case.as_transport_kwargs(target.url))
    is_answered_properly(target, response)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "POST"])
@pytest.mark.parametrize(
    "path", [SYNC_PATH, CLAIM_PATH, INFO_PATH, INFO_PATH + "/", "/v1/invites/00", "/else"]
)
def test_any_method_at_any_path_is_answered_with_a_code(
    target: Target, method: str, path: str
) -> None:
    response = target.session.request(
        method, target.url + path, timeout=PATIENCE_SECONDS, allow_redirects=False
    )
    assert not 300 <= response.status_code < 400
    is_answered_properly(target, response)


# ---------------------------------------------------------------------- changed messages


@given(data=st.data())
@QUIET
def test_an_honest_request_with_bytes_changed_is_answered_or_named(
    target: Target, data: st.DataObject
) -> None:
    raw = bytearray(target.honest())
    places = st.integers(0, len(raw) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=4)):
        raw[place] = byte
    is_answered_properly(target, target.send(bytes(raw)))


@given(data=st.data())
@QUIET
def test_an_honest_request_cut_doubled_or_spliced_is_answered_or_named(
    target: Target, data: st.DataObject
) -> None:
    raw = target.honest()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
    middle = data.draw(st.sampled_from([b"", raw[start:end] * 2, raw[:end], bytes(end - start)]))
    is_answered_properly(target, target.send(raw[:start] + middle + raw[end:]))


@given(data=st.data())
@QUIET
def test_a_batch_changed_anywhere_is_refused_by_name_and_never_stored(
    target: Target, data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from(target.batches)).raw
    place = data.draw(st.integers(0, HEADER_BYTES - 1) | st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    request = Device(target.organisation["dalila"]).request()
    body = encode_request(type(request)(hello=request.hello, batches=(bytes(changed),)))
    response = target.send(body)
    is_answered_properly(target, response)
    if response.ok:
        answer = parse_answer(response.content)
        assert answer.stored == ()
        assert [refusal.code in CODES for refusal in answer.refused] == [True]


def test_after_all_that_the_server_serves_its_device(target: Target) -> None:
    answer = parse_answer(target.send(target.honest()).content)
    assert [one.header_hash for one in answer.stored] == [one.hash for one in target.batches]
    chebet = Device(target.organisation["chebet"])
    got = parse_answer(target.send(encode_request(chebet.request())).content)
    found = [item.batch for item in got.items]
    assert [found.count(batch.raw) for batch in target.batches] == [1, 1, 1]
