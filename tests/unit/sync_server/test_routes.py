"""Logs, rates and errors: what a stranger and an operator get to see."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from starlette.requests import Request

from fieldapp.errors import (
    ConfigError,
    DatabaseDamagedError,
    DatabaseFullError,
    FieldAppError,
    HomeBusyError,
    InviteUnknownError,
    LimitExceededError,
    LocalProtocolError,
)
from fieldapp.protocol.error_codes import error_code
from sync_server.routes.logs import close_log, log, open_log
from sync_server.routes.problems import Problems, http_response, wire_code
from sync_server.routes.rates import MAX_ADDRESSES, RateLimit
from tests.support.server import Clock


def problems() -> Problems:
    return Problems(lambda: "ref-1")


# ---------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (DatabaseFullError(), "storage_full"),
        (HomeBusyError(), "server_busy"),
        (DatabaseDamagedError(), "internal"),
        (LocalProtocolError(), "malformed_message"),
        (InviteUnknownError(), "invite_unknown"),
        (FieldAppError("never published"), "internal"),
    ],
)
def test_each_error_has_one_code_on_the_wire(problem: FieldAppError, code: str) -> None:
    assert wire_code(problem) == code
    assert problems().response(problem).status_code == error_code(code).status


def test_numbers_are_passed_on_and_words_are_not() -> None:
    problem = LimitExceededError("rate_limited", retry_after=3, what="secret", flag=True)
    response = problems().response(problem)
    assert json.loads(bytes(response.body)) == {
        "code": "rate_limited",
        "params": {"retry_after": 3},
    }
    assert response.headers["retry-after"] == "3"


def test_what_nobody_foresaw_is_a_reference_and_nothing_else() -> None:
    response = problems().response(RuntimeError("the body was: hello"))
    assert response.status_code == 500
    assert json.loads(bytes(response.body)) == {"code": "internal", "reference": "ref-1"}


async def test_the_handler_answers_like_the_response() -> None:
    handler = problems().handler()
    response = await handler(Request({"type": "http"}), DatabaseFullError())
    assert response.status_code == 507


def test_a_status_of_the_framework_has_a_code_too() -> None:
    assert json.loads(bytes(http_response(405).body)) == {"code": "method_not_allowed"}
    assert json.loads(bytes(http_response(418).body)) == {"code": "not_found"}


# ---------------------------------------------------------------------- rates


def test_an_address_may_do_so_much_in_a_minute() -> None:
    clock = Clock()
    limit = RateLimit(3, clock)
    for _ in range(3):
        limit.admit("a")
    with pytest.raises(LimitExceededError) as caught:
        limit.admit("a")
    assert caught.value.params["retry_after"] == 21
    limit.admit("b")


def test_a_bucket_refills_with_time_and_never_beyond_its_size() -> None:
    clock = Clock()
    limit = RateLimit(3, clock)
    for _ in range(3):
        limit.admit("a")
    clock.now_ms += 20_000
    limit.admit("a")
    with pytest.raises(LimitExceededError):
        limit.admit("a")
    clock.now_ms += 3_600_000
    for _ in range(3):
        limit.admit("a")
    with pytest.raises(LimitExceededError):
        limit.admit("a")


def test_a_clock_set_back_takes_nothing_away() -> None:
    clock = Clock()
    limit = RateLimit(2, clock)
    limit.admit("a")
    clock.now_ms -= 3_600_000
    limit.admit("a")


def test_no_limit_admits_everything() -> None:
    limit = RateLimit(0, Clock())
    for _ in range(1_000):
        limit.admit("a")


def test_the_oldest_address_is_forgotten_when_there_are_too_many() -> None:
    limit = RateLimit(1, Clock())
    limit.admit("first")
    for number in range(MAX_ADDRESSES):
        limit.admit(str(number))
    limit.admit("first")


# ---------------------------------------------------------------------- logs


def test_a_line_holds_the_event_with_its_numbers_and_ids(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    handler = open_log(path, max_bytes=1_000)
    log("stored", batches=3, device="abc")
    close_log(handler)
    line = json.loads(path.read_text())
    assert {name: line[name] for name in ("event", "level", "batches", "device")} == {
        "event": "stored",
        "level": "info",
        "batches": 3,
        "device": "abc",
    }


def test_what_is_neither_a_number_nor_a_word_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    handler = open_log(path, max_bytes=1_000)
    record = logging.LogRecord("sync_server", logging.INFO, "", 0, "event", (), None)
    record.facts = {"body": b"bytes", "count": 1}
    handler.emit(record)
    close_log(handler)
    assert "bytes" not in path.read_text()
    assert json.loads(path.read_text())["count"] == 1


def test_three_files_are_kept(tmp_path: Path) -> None:
    handler = open_log(tmp_path / "server.log", max_bytes=200)
    for number in range(50):
        log("stored", batches=number)
    close_log(handler)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["server.log", "server.log.1", "server.log.2"]


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_log(tmp_path / "no" / "folder", max_bytes=1)
    assert caught.value.params == {"what": "log"}
