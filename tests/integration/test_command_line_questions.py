"""Questions, answers and notices by command, between two homes and a real server."""

from __future__ import annotations

import json

import pytest

from tests.support.commanded_region import Region
from tests.support.commands import Commands
from tests.support.country import LAMU_WEST
from tests.support.factories import concern_fields

pytestmark = pytest.mark.slow

QUESTION = "How many goats?"


def test_a_question_is_asked_and_answered(region: Region, phone: Commands) -> None:
    told = json.dumps({"fields": concern_fields()})
    record = phone.good("record", "new", "concern", given=told)["id"]
    phone.good("sync")
    region.hq.good("sync")
    before = phone.good("status")["needs_attention"]
    query = region.hq.good("record", "ask", record, "--text", QUESTION)
    assert query["state"] == "sealed"
    region.hq.good("sync")
    phone.good("sync")
    assert phone.good("status")["needs_attention"] == before + 1
    (asked,) = phone.good("record", "questions")["questions"]
    assert (asked["id"], asked["record"], asked["question"]) == (query["id"], record, QUESTION)
    assert (asked["to_me"], asked["answer"], asked["state"]) == (True, None, "open")
    phone.good("record", "answer", query["id"], "--text", "Nine")
    phone.good("sync")
    region.hq.good("sync")
    (back,) = region.hq.good("record", "show", record)["questions"]
    assert (back["answer"], back["state"], back["to_me"]) == ("Nine", "answered", False)
    region.hq.good("record", "close", query["id"])
    assert region.hq.good("record", "questions")["questions"] == []


def test_what_may_not_be_asked_or_said_is_refused_in_words(region: Region, phone: Commands) -> None:
    told = json.dumps({"fields": concern_fields()})
    record = phone.good("record", "new", "concern", given=told)["id"]
    own = phone("record", "ask", record, "--text", QUESTION)
    assert own.code == 1
    assert "wrote this record yourself" in own.err
    state = phone("record", "status", record, "--state", "closed")
    assert state.code == 1
    notice = json.dumps(
        {"unit": LAMU_WEST, "fields": {"title": "Rain", "text": "Stay", "until": "2030-01-01"}}
    )
    refused = region.hq("record", "new", "notice", given=notice)
    assert refused.code == 1
