"""A forgotten PIN by command: what is said, and what arrives."""

from __future__ import annotations

import json

import pytest

from fieldapp.bootstrap import claim_window, demo_settings
from tests.support.commanded_region import Region
from tests.support.commands import Commands
from tests.support.factories import meeting_fields

pytestmark = pytest.mark.slow


def test_a_forgotten_pin_is_given_up_only_when_told_and_delivers(
    region: Region, phone: Commands
) -> None:
    """The command first says what would be kept; enrolment says it again."""
    made = phone.good(
        "record", "new", "meeting", given=json.dumps({"fields": meeting_fields(venue="Boma")})
    )
    told = phone.good("forget-pin")
    assert told["forgotten"] is False
    assert told["kept"] >= 1
    assert phone.good("record", "show", made["id"])["state"] == "sealed"
    with claim_window(demo_settings(phone.home)):
        assert phone("forget-pin", "--yes").error == "home_busy"
    assert phone.good("forget-pin", "--yes") == {"forgotten": True, "kept": told["kept"]}
    refused = phone("status")
    assert (refused.code, "not_enrolled" in refused.out) == (1, True)
    code = region.hq.good("invite", "--unit", region.mkomani, "--role", "chief")["code"]
    enrolled = phone("enrol", code, "--officer", "Amina Bakari")
    assert enrolled.code == 0, enrolled.err
    assert f"{told['kept']} sealed batches from before are kept" in enrolled.err
    phone.good("sync")
    region.hq.good("sync")
    assert region.hq.good("record", "show", made["id"])["fields"]["venue"] == "Boma"
    again = Commands(phone.home.parent / "nobody")("forget-pin", "--yes")
    assert again.code == 1
