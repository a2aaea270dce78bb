"""Markers planted in every place a person may type: none of them is in the log or the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.domain.samples import golden_meeting
from fieldapp.storage.home import Home
from fieldapp.storage.pin_delay import PinDelay
from tests.support.commanded_region import Region
from tests.support.commands import Commands
from tests.support.factories import concern_fields
from tests.support.markers import Planter

pytestmark = pytest.mark.slow

PIN = "Marker-PIN-QZPINXJ7"


def logged(home: Path) -> str:
    return "".join(path.read_text() for path in sorted((home / "logs").iterdir()))


def end_the_wait(phone: Commands) -> None:
    """Let the second pass that a wrong PIN costs."""
    PinDelay(Home(phone.home).tries).succeed()


def test_no_value_name_pin_or_path_reaches_the_log(region: Region, tmp_path: Path) -> None:
    planter = Planter()
    name, folder, code = (planter.marker(place) for place in ("officer", "home", "code"))
    invite = tmp_path / "invite.json"
    region.hq.good("invite", "--unit", region.mkomani, "--role", "chief", "--out", str(invite))
    phone = Commands(tmp_path / folder, {"FIELDAPP_PIN": PIN})
    phone.good("enrol", str(invite), "--officer", name)
    fields = planter.fill("meeting", dict(golden_meeting(region.mkomani).fields))
    made = phone.good("record", "new", "meeting", given=json.dumps({"fields": fields}))
    restricted = planter.fill("concern", {**concern_fields(), "category": "gbv"})
    phone("record", "new", "concern", given=json.dumps({"fields": restricted}))
    phone("record", "new", planter.marker("type"), given="{}")
    phone("record", "show", planter.marker("record"))
    phone(
        "record", "edit", made["id"], "--set", "venue=" + planter.marker("edit"), "--reason", code
    )
    phone("record", "import", "meeting", "--file", str(tmp_path / planter.marker("file")))
    phone("enrol", planter.marker("invite"), "--officer", planter.marker("second"))
    phone("export", "--out", str(tmp_path / planter.marker("out")))
    phone("status", environment={"FIELDAPP_PIN": planter.marker("wrong pin")})
    end_the_wait(phone)
    phone.good("sync")
    region.network.refuse()
    phone("sync")
    region.network.open()
    shared = phone("diagnose").out
    log = logged(phone.home)
    assert len(log.splitlines()) > 20, "the commands above left their lines"
    for marker, place in planter.planted.items():
        assert marker.lower() not in (log + shared).lower(), place
    for secret in (PIN, str(phone.home), str(tmp_path), region.mkomani):
        assert secret not in log + shared


def test_the_report_ends_with_what_went_on(phone: Commands) -> None:
    phone.good("sync")
    phone("status", environment={"FIELDAPP_PIN": "wrong-pin-entirely"})
    end_the_wait(phone)
    tail = phone.good("diagnose")["log"]
    seen = [(line["event"], line.get("code", ""), line.get("command", "")) for line in tail]
    assert ("unlock", "wrong_pin", "") in seen
    assert ("command", "wrong_pin", "status") in seen
    assert ("command", "", "sync") in seen
    (sync,) = [line for line in tail if line["event"] == "sync"]
    assert (sync["waiting"], sync["quarantined"]) == (0, 0)
    assert sync["bytes_up"] > 0
