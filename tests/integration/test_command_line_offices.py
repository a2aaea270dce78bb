"""The commands for devices and desks: confirm, revoke, hand over."""

from __future__ import annotations

import json

import pytest

from tests.support.commanded_region import Region
from tests.support.commands import Commands
from tests.support.country import LAMU_WEST

pytestmark = pytest.mark.slow


def test_devices_are_listed_confirmed_and_revoked(region: Region, phone: Commands) -> None:
    phone.good("sync")
    file = region.folder / "dcc.json"
    region.hq.good("invite", "--unit", LAMU_WEST, "--role", "dcc_admin", "--out", str(file))
    dcc = Commands(region.folder / "dcc")
    words = dcc.good("enrol", str(file), "--officer", "Brian")
    status = dcc.good("status")
    assert "note.not_confirmed_yet" in {note["code"] for note in status["notes"]}
    dcc.good("sync")
    region.hq.good("sync")
    rows = {row["device"]: row for row in region.hq.good("device", "list")["devices"]}
    assert set(rows[words["device"]]) >= {"device", "unit", "role", "state", "last_seen_at"}
    assert rows[words["device"]]["state"] == "unconfirmed"
    wrong = region.hq("device", "confirm", words["device"], "--words", "one two three four")
    assert (wrong.code, wrong.error) == (1, "words_differ")
    region.hq.good("device", "confirm", words["device"], "--words", words["words"])
    dcc.good("sync")
    notes = {note["code"] for note in dcc.good("status")["notes"]}
    assert "note.not_confirmed_yet" not in notes

    region.hq.good("device", "revoke", words["device"], "--reason", "Left the service")
    refused = dcc("sync")
    assert (refused.code, refused.error) == (1, "device_revoked")
    assert refused.json["withdrawn"] >= 1
    gone = dcc("status")
    assert (gone.code, gone.error) == (1, "device_withdrawn")
    again = region.hq("device", "revoke", words["device"], "--reason", "Twice")
    assert (again.code, again.error) == (1, "device_is_revoked")
    unknown = region.hq("device", "revoke", "nobody", "--reason", "x")
    assert (unknown.code, unknown.error) == (1, "no_such_device")


def test_a_desk_is_handed_over_by_file_and_eight_words(region: Region, phone: Commands) -> None:
    made = phone.good("record", "new", "concern", given=json.dumps({"fields": {"category": "gbv"}}))
    phone.good("sync")
    notes = [note["code"] for note in region.hq.good("status")["notes"]]
    assert "note.handover_pending" in notes
    file = region.folder / "shares" / "hand-over-gender.json"
    desk = Commands(region.folder / "gender")
    wrong = desk(
        "enrol", str(file), "--officer", "Eshe", environment={"FIELDAPP_PHRASE": "one two"}
    )
    assert (wrong.code, wrong.error) == (1, "invalid_phrase")
    other = desk(
        *("enrol", str(file), "--officer", "Eshe"),
        environment={"FIELDAPP_PHRASE": region.phrases["csic"]},
    )
    assert (other.code, other.error) == (1, "wrong_phrase")
    desk.environment["FIELDAPP_PHRASE"] = region.phrases["gender"]
    assert desk.good("enrol", str(file), "--officer", "Eshe")["role"] == "referral_desk"
    desk.good("sync")
    ids = {row["id"] for row in desk.good("record", "list", "concern")["records"]}
    assert made["id"] in ids
    assert region.hq.good("record", "list", "concern")["records"] == []
    phone.good("sync")
    assert phone.good("record", "show", made["id"])["fields"] == {}


def test_an_old_case_is_given_to_the_newcomer_of_a_desk_by_a_command(region: Region) -> None:
    above = Commands(region.folder / "csic")
    above.environment["FIELDAPP_PHRASE"] = region.phrases["csic"]
    above.good(
        "enrol", str(region.folder / "shares" / "hand-over-csic.json"), "--officer", "Bakari"
    )
    above.good("sync")
    above.good("office", "create", "KE-005", "--desk", "csic")
    phone = region.phone()
    phone.good("sync")
    fields = {"category": "trafficking", "narrative": "Boats at night."}
    made = phone.good("record", "new", "concern", given=json.dumps({"fields": fields}))["id"]
    phone.good("sync")
    file, newcomer = region.folder / "newcomer.json", Commands(region.folder / "newcomer")
    place = ("--unit", "KE-005", "--desk", "csic", "--role", "referral_desk")
    above.good("invite", *place, "--out", str(file))
    known = newcomer.good("enrol", str(file), "--officer", "Zawadi")
    newcomer.good("sync")
    above.good("sync")
    refused = above("record", "share", made, "--reason", "Nobody is confirmed there")
    assert (refused.code, refused.error) == (1, "share_nobody")
    above.good("device", "confirm", known["device"], "--words", known["words"])
    newcomer.good("sync")
    assert newcomer.good("record", "list", "concern")["records"] == []
    given = above.good("record", "share", made, "--reason", "Zawadi follows it up")
    assert given == {"id": made, "offices": ["KE-005/csic"], "left": []}
    above.good("sync")
    newcomer.good("sync")
    assert newcomer.good("record", "show", made)["fields"]["narrative"] == "Boats at night."
    again = above("record", "share", made, "--reason", "Twice")
    assert (again.code, again.error) == (1, "share_nobody")


def test_an_officer_is_moved_and_her_late_work_is_taken_over(region: Region) -> None:
    phone, file = Commands(region.folder / "moved"), region.folder / "moved.json"
    region.hq.good("invite", "--unit", region.mkomani, "--role", "chief", "--out", str(file))
    device = phone.good("enrol", str(file), "--officer", "Dalila")["device"]
    phone.good("sync")
    region.hq.good("sync")
    hindi = region.hq.good(
        *("unit", "add", "--parent", LAMU_WEST, "--level", "location", "--name", "Hindi")
    )["id"]
    region.hq.good("office", "create", hindi)
    rows = region.hq.good("device", "list")["devices"]
    (chief,) = [row for row in rows if row["device"] == device]
    assert (chief["state"], chief["desk"], chief["kept_apart"]) == ("active", "admin", 0)
    assert chief["since"].endswith("+03:00")
    moved = region.hq.good(
        *("device", "change", chief["device"], "--unit", hindi, "--reason", "Transferred")
    )
    assert (moved["unit"], moved["role"], moved["state"]) == (hindi, "chief", "active")
    again = region.hq("device", "change", chief["device"], "--unit", hindi, "--reason", "Twice")
    assert (again.code, again.error) == (1, "nothing_to_change")
    phone.good("sync")
    given = json.dumps({"fields": {"category": "theft", "narrative": "Two bicycles were taken."}})
    made = phone.good("record", "new", "concern", given=given)
    region.hq.good("device", "revoke", chief["device"], "--reason", "Lost")
    phone("sync")
    region.hq.good("sync")
    assert region.hq.good("device", "list")["devices"] != rows
    adopted = region.hq.good("device", "adopt", chief["device"], "--reason", "Brought back")
    assert (adopted["batches"], adopted["changes"], adopted["left"]) == (1, 1, 0)
    shown = region.hq.good("record", "show", made["id"])
    assert shown["unit"] == hindi
    nothing = region.hq("device", "adopt", chief["device"], "--reason", "Again")
    assert (nothing.code, nothing.error) == (1, "nothing_to_adopt")
