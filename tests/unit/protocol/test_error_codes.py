"""The table of codes on the wire, and the body of an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldapp.errors import HiddenFromOfficeError, LimitExceededError, MalformedMessageError
from fieldapp.protocol.error_codes import (
    ErrorBody,
    encode_error,
    error_code,
    error_codes,
    parse_error,
)
from fieldapp.protocol.reading import word_bytes

ROOT = Path(__file__).resolve().parents[3]


def test_each_code_stands_once_and_can_be_written_in_a_refusal() -> None:
    names = [row.name for row in error_codes()]
    assert len(set(names)) == len(names)
    assert all(word_bytes(name) for name in names)


def test_each_code_that_the_server_refuses_a_batch_with_is_in_the_table() -> None:
    known = {row.name for row in error_codes()}
    raised = re.compile(r'RefusedBatchError\(\s*"([a-z_]+)"')
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "sync_server").rglob("*.py")]
    found = {code for source in sources for code in raised.findall(source)}
    assert found
    assert found | set(HiddenFromOfficeError.codes) <= known


def test_each_code_has_a_status_that_means_a_failure() -> None:
    assert all(400 <= row.status < 600 for row in error_codes())


def test_a_revoked_device_does_not_try_again_by_itself_and_a_busy_server_is_asked_again() -> None:
    assert not error_code("device_revoked").is_retryable
    assert error_code("server_busy").is_retryable


def test_an_unknown_code_counts_as_internal() -> None:
    assert error_code("invented_tomorrow") == error_code("internal")


@pytest.mark.parametrize(
    "body",
    [
        ErrorBody("internal", {}, "r7f3"),
        ErrorBody("request_too_large", {"limit": 4_194_304}),
        ErrorBody("not_found", {}),
    ],
)
def test_a_body_is_read_as_it_was_written(body: ErrorBody) -> None:
    assert parse_error(encode_error(body)) == body


def test_params_that_are_no_numbers_are_dropped() -> None:
    raw = b'{"code":"internal","params":{"limit":1,"name":"x"}}'
    assert parse_error(raw).params == {"limit": 1}


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"code":7}',
        b'{"code":""}',
        b'{"code":"' + b"c" * 65 + b'"}',
        b'{"code":"internal","params":[]}',
        b'{"code":"internal","reference":1}',
        b'{"code":"internal"}' + b" " * 5_000,
    ],
)
def test_a_portals_page_is_not_an_error_of_ours(raw: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse_error(raw)


def test_a_deep_body_is_refused() -> None:
    with pytest.raises(LimitExceededError):
        parse_error(b"[" * 17)
