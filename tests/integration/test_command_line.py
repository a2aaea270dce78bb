"""The commands as DESIGN's contract names them: JSON shapes, exit codes, PIN, offline work."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer.main

from fieldapp.bootstrap import build_services, claim_window, demo_settings
from fieldapp.cli.commands import app
from fieldapp.services.facade import Services
from tests.support.commanded_region import Region
from tests.support.commands import Commands
from tests.support.country import LAMU_WEST, PIN
from tests.support.factories import concern_fields, meeting_fields
from tests.support.reference import leaves

pytestmark = pytest.mark.slow

INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+03:00$")
COMMANDS = [name for name, _ in leaves(typer.main.get_command(app), "fieldapp")]


def meeting(**changed: Any) -> str:
    return json.dumps({"fields": meeting_fields(**changed)})


def test_every_command_explains_itself(tmp_path: Path) -> None:
    nobody = Commands(tmp_path / "nobody")
    for name in COMMANDS:
        shown = nobody(*name.split()[1:], "--help")
        assert shown.code == 0
        assert "Usage:" in shown.out
    assert nobody("--version").out == "0.1.0\n"
    assert not (tmp_path / "nobody").exists()


def test_a_home_may_be_named_before_the_command_or_after_it(
    phone: Commands, tmp_path: Path
) -> None:
    nobody = Commands(tmp_path / "nobody")
    here = ("--home", str(phone.home))
    own = phone.good("status")
    assert nobody.good(*here, "status") == own
    assert nobody.good("status", *here) == own
    assert nobody.good("--home", str(tmp_path / "other"), "status", *here) == own
    assert nobody.good(*here, "record", "list", "meeting") == phone.good(
        "record", "list", "meeting"
    )
    assert nobody("status").json["error"]["code"] == "not_enrolled"


def test_wrong_usage_is_two(phone: Commands) -> None:
    for words in (
        ("nonsense",),
        ("record",),
        ("record", "new"),
        ("record", "list", "meeting", "--state", "torn"),
        ("record", "edit", "x", "--set", "nonsense", "--reason", "r"),
        ("export", "--out", "x", "--format", "xlsx"),
        ("invite", "--unit", "KE", "--role", "chief", "--expires-hours", "0"),
    ):
        assert phone(*words).code == 2, words


def test_a_record_is_made_shown_listed_changed_and_synced(region: Region, phone: Commands) -> None:
    made = phone.good("record", "new", "meeting", given=meeting(venue="Fig tree"))
    assert set(made) == {"id", "state"}
    assert made["state"] == "sealed"
    shown = phone.good("record", "show", made["id"])
    assert set(shown) >= {
        *("id", "type", "unit", "tier", "state", "fields", "ticks", "history", "conflicts"),
    }
    assert shown["ticks"] == {"server": None, "sub_county": None, "hq": None}
    assert shown["fields"]["venue"] == "Fig tree"
    assert (shown["unit"], shown["tier"]) == (region.mkomani, "ordinary")

    changed = phone.good(
        *("record", "edit", made["id"], "--set", "venue=Under the mango"),
        *("--set", 'attendance={"total": 50}', "--reason", "Typing error"),
    )
    assert changed == {"id": made["id"], "state": "sealed"}
    shown = phone.good("record", "show", made["id"])
    assert [item["op"] for item in shown["history"]] == ["created", "changed"]
    assert shown["history"][1]["reason"] == "Typing error"
    assert shown["fields"]["attendance"] == {"total": 50}

    synced = phone.good("sync")
    assert set(synced) >= {
        *("sent", "received", "waiting", "quarantined"),
        *("bytes_up", "bytes_down", "round_trips", "error"),
    }
    assert (synced["sent"], synced["waiting"], synced["error"]) == (3, 0, None)
    assert synced["bytes_up"] > 0
    ticks = phone.good("record", "show", made["id"])["ticks"]
    assert INSTANT.match(ticks["server"])
    assert (ticks["sub_county"], ticks["hq"]) == (None, None)

    region.hq.good("sync")
    rows = region.hq.good("record", "list", "meeting", "--unit", LAMU_WEST)["records"]
    (row,) = [row for row in rows if row["id"] == made["id"]]
    assert set(row) >= {"id", "type", "unit", "title", "state", "updated_at"}
    assert INSTANT.match(row["updated_at"])
    assert row["author"].startswith("Amina phone")
    phone.good("sync")
    assert INSTANT.match(phone.good("record", "show", made["id"])["ticks"]["hq"])


def test_a_raised_record_prints_both_ids_and_who_had_read_the_old(
    region: Region, phone: Commands
) -> None:
    told = json.dumps({"fields": concern_fields(narrative="Said in the open")})
    old = phone.good("record", "new", "concern", given=told)["id"]
    phone.good("sync")
    region.hq.good("sync")
    phone.good("sync")
    raised = phone.good(
        *("record", "edit", old, "--set", "confidential=true", "--reason", "Names a witness")
    )
    assert set(raised) == {"id", "state", "raised_from", "had_read", "media_left"}
    assert (raised["raised_from"], raised["state"]) == (old, "sealed")
    assert len(raised["had_read"]) == 1
    assert phone.good("record", "show", raised["id"])["continues"] == old
    left = phone.good("record", "show", old)
    assert left["fields"] == {}
    assert {item["op"] for item in left["history"]} == {"erased", "deleted"}
    phone.good("sync")
    region.hq.good("sync")
    assert region.hq.good("record", "show", old)["fields"] == {}
    assert region.hq.good("record", "show", raised["id"])["tier"] == "confidential"


def test_a_draft_is_kept_changed_and_sealed(phone: Commands) -> None:
    incomplete = json.dumps({"fields": {"meeting_type": "baraza_chief"}})
    draft = phone.good("record", "new", "meeting", "--draft", given=incomplete)
    assert draft["state"] == "draft"
    refused = phone("record", "seal", draft["id"])
    assert refused.code == 1
    fields = {row["field"]: row["code"] for row in refused.json["errors"]}
    assert fields == {"date": "required", "venue": "required"}
    assert all(row["message"] for row in refused.json["errors"])
    phone.good(
        *("record", "edit", draft["id"], "--set", "date=2025-11-20"),
        *("--set", "venue=Chief's camp"),
    )
    assert phone.good("status")["drafts"] == 1
    sealed = phone.good("record", "seal", draft["id"])
    assert sealed["state"] == "sealed"
    assert sealed["id"] != draft["id"]
    assert phone.good("status")["drafts"] == 0
    assert phone.good("record", "show", draft["id"])["id"] == sealed["id"]
    whole = meeting(venue="Chief's camp", date="2025-11-20")
    phone.good("record", "edit", sealed["id"], "--reason", "Counted again", given=whole)
    states = [
        len(phone.good("record", "list", "meeting", "--state", state)["records"])
        for state in ("draft", "sealed")
    ]
    assert states == [0, 1]


def test_a_draft_whose_category_changed_seals_without_what_is_hidden(phone: Commands) -> None:
    told = json.dumps({"fields": concern_fields(narrative="Said in confidence")})
    draft = phone.good("record", "new", "concern", "--draft", given=told)["id"]
    phone.good("record", "edit", draft, "--set", "category=gbv", "--set", "date=null")
    sealed = phone.good("record", "seal", draft)["id"]
    shown = phone.good("record", "show", sealed)
    assert shown["tier"] == "restricted"
    assert "narrative" not in shown["fields"]
    assert shown["unit"] == LAMU_WEST
    assert set(shown["ticks"]) == {"server", "hq"}


def test_a_sealed_record_is_amended_with_a_reason_only(phone: Commands) -> None:
    made = phone.good("record", "new", "meeting", given=meeting())["id"]
    refused = phone("record", "edit", made, "--set", "venue=Elsewhere")
    assert refused.code == 1
    assert refused.json["errors"][0] == {
        "field": "reason",
        "code": "required",
        "message": refused.json["errors"][0]["message"],
    }


def test_offline_loses_nothing_and_says_so(region: Region, phone: Commands) -> None:
    phone.good("sync")
    region.network.refuse()
    phone.good("record", "new", "meeting", given=meeting())
    outcome = phone("sync", "--json")
    assert outcome.code == 1
    assert outcome.json["error"]["code"] == "offline"
    assert outcome.json["error"]["message"]
    assert outcome.json["waiting"] == 1
    status = phone.good("status")
    assert status["waiting"] == 1
    assert INSTANT.match(status["oldest_waiting_at"])
    assert INSTANT.match(status["last_delivered_at"])
    region.network.portal()
    assert phone("sync").error == "captive_portal"
    region.network.open()
    assert phone.good("sync")["sent"] == 1
    assert phone.good("status")["waiting"] == 0


def test_deeds_of_an_administrator_wait_for_the_link(region: Region, phone: Commands) -> None:
    del phone
    region.network.refuse()
    added = region.hq(
        "unit", "add", "--parent", LAMU_WEST, "--level", "location", "--name", "Hindi"
    )
    assert added.code == 0
    assert set(added.json) == {"id"}
    assert "waiting to be sent" in added.err
    created = region.hq("office", "create", added.json["id"])
    assert created.json == {"office": f"{added.json['id']}/admin", "epoch": 1}
    assert "waiting to be sent" in created.err
    invited = region.hq("invite", "--unit", added.json["id"], "--role", "chief")
    assert invited.code == 0
    assert set(invited.json) == {"code", "invite_id", "expires_at"}
    assert INSTANT.match(invited.json["expires_at"])
    assert "waiting to be sent" in invited.err
    newcomer = Commands(region.folder / "hindi")
    offline = newcomer("enrol", invited.json["code"], "--officer", "Hamisi")
    assert (offline.code, offline.error) == (1, "offline")
    region.network.open()
    assert region.hq.good("sync")["error"] is None
    enrolled = newcomer.good("enrol", invited.json["code"], "--officer", "Hamisi")
    assert set(enrolled) == {"device", "unit", "role", "words"}
    assert len(enrolled["words"].split()) == 4


def test_a_wrong_pin_waits_longer_each_time_without_sleeping(phone: Commands) -> None:
    wrong = phone("status", environment={"FIELDAPP_PIN": "000000"})
    assert wrong.code == 1
    assert wrong.json["error"]["code"] == "wrong_pin"
    assert wrong.json["error"]["retry_after"] == 1
    early = phone("status")
    if early.code == 1:  # This machine was quick enough to be too early.
        assert early.json["error"]["code"] == "wrong_pin_wait"
        assert early.json["error"]["retry_after"] == 1
    with closing(sqlite3.connect(phone.home / "vault.tries")) as tries:
        tries.execute("DELETE FROM tries")
        tries.execute("INSERT INTO tries VALUES (8, 0)")
        tries.commit()
    wrong = phone("status", environment={"FIELDAPP_PIN": "000000"})
    assert wrong.json["error"]["retry_after"] == 256


def test_the_pin_is_never_an_argument(tmp_path: Path) -> None:
    nobody = Commands(tmp_path / "nobody")
    for name in COMMANDS:
        assert "--pin" not in nobody(*name.split()[1:], "--help").out, name


def test_without_a_pin_and_a_terminal_the_command_says_where_to_put_it(phone: Commands) -> None:
    refused = phone("status", environment={"FIELDAPP_PIN": None})
    assert (refused.code, refused.error) == (1, "secret_not_given")
    assert refused.json["error"]["variable"] == "FIELDAPP_PIN"


def test_rows_are_imported_and_bad_ones_reported(phone: Commands, tmp_path: Path) -> None:
    csv = tmp_path / "concerns.csv"
    csv.write_text(
        "category,urgency,date,narrative,harm.injured,told\n"
        "theft,U3,2025-11-19,Two bicycles,1,OCS\n"
        "nonsense,U3,2025-11-19,What is this,,\n"
        "theft,U3,2025-11-19,Three goats,many,\n"
        "theft,U3\n"
        "theft,U1,2025-11-18,A fight,2,OCS;AC\n",
        encoding="utf-8",
    )
    outcome = phone("record", "import", "concern", "--file", str(csv))
    assert outcome.code == 1
    assert len(outcome.json["created"]) == 2, outcome.json
    errors = [(row["row"], row["field"], row["code"]) for row in outcome.json["errors"]]
    assert errors == [
        (2, "category", "not_a_choice"),
        (3, "harm.injured", "import_cell_unreadable"),
        (4, "", "import_row_length"),
    ]
    assert all(row["message"] for row in outcome.json["errors"])
    lines = tmp_path / "meetings.jsonl"
    lines.write_text(f"{meeting()}\n\n{meeting(venue='Second')}\n")
    assert len(phone.good("record", "import", "meeting", "--file", str(lines))["created"]) == 2
    assert phone.good("status")["waiting"] == 5


def test_an_import_becomes_few_batches(phone: Commands, tmp_path: Path) -> None:
    lines = tmp_path / "meetings.jsonl"
    lines.write_text("\n".join(meeting(venue=f"Place {n}") for n in range(60)))
    assert len(phone.good("record", "import", "meeting", "--file", str(lines))["created"]) == 60
    with closing(sqlite3.connect(phone.home / "vault.db")) as vault:
        (count,) = vault.execute("SELECT count(*) FROM batches WHERE kind = 1").fetchone()
    assert count <= 5
    assert phone.good("sync")["sent"] == 61


def test_the_gap_proof_has_its_shape(region: Region, phone: Commands) -> None:
    phone.good("record", "new", "meeting", given=meeting())
    phone.good("sync")
    region.hq.good("sync")
    proof = region.hq.good("verify")
    assert proof["complete"] is True
    assert all(
        set(row) >= {"device", "channel", "sealed", "received", "missing", "forked"}
        for row in proof["streams"]
    )


def test_an_export_codes_people_and_names_them_on_demand(
    region: Region, phone: Commands, tmp_path: Path
) -> None:
    phone.good("record", "new", "meeting", given=meeting(venue="Exported"))
    phone.good("sync")
    region.hq.good("sync")
    coded = region.hq("export", "--out", str(tmp_path / "coded"), "--format", "jsonl")
    assert coded.json["files"]["meeting.jsonl"] >= 1
    assert "no longer protected" in coded.err
    region.hq.good("export", "--out", str(tmp_path / "named"), "--format", "jsonl", "--identities")
    rows = {
        name: next(
            row
            for line in (tmp_path / name / "meeting.jsonl").read_text().splitlines()
            if (row := json.loads(line))["fields"]["venue"] == "Exported"
        )
        for name in ("coded", "named")
    }
    assert rows["coded"]["fields"] == rows["named"]["fields"]
    assert rows["named"]["officer"].startswith("Amina phone")
    assert "Amina" not in json.dumps(rows["coded"])
    refused = phone("export", "--out", str(tmp_path / "x"), "--identities")
    assert (refused.code, refused.error) == (1, "identities_refused")
    phone.good("export", "--out", str(tmp_path / "own"), "--format", "csv")
    assert (tmp_path / "own" / "meeting.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not list(phone.home.glob("hq.db*"))


def test_types_and_schemas_are_printed_without_any_home(tmp_path: Path) -> None:
    nobody = Commands(tmp_path / "nobody")
    types = nobody.good("record", "types")["types"]
    assert {"meeting", "concern"} <= {row["type"] for row in types}
    schema = nobody.good("record", "schema", "meeting")
    assert schema["$schema"].endswith("2020-12/schema")
    unknown = nobody("record", "schema", "nonsense")
    assert (unknown.code, unknown.error) == (1, "unknown_record_type")
    assert not (tmp_path / "nobody").exists()


@pytest.fixture
def window(phone: Commands) -> Iterator[Services]:
    """The app of a phone, open and unlocked in another process than the commands."""
    settings = demo_settings(phone.home)
    with claim_window(settings), build_services(settings) as services:
        services.access.unlock(PIN)
        yield services


def test_the_commands_work_beside_an_open_window(phone: Commands, window: Services) -> None:
    second = phone("run", "--web")
    assert second.code == 1
    assert "Baraza" in second.err or second.err
    made = phone.good("record", "new", "meeting", given=meeting(venue="By command"))
    rows, _ = window.records.find(type_key="meeting")
    assert [row.id for row in rows] == [made["id"]]
    other = window.records.create("meeting", None, meeting_fields(venue="By window"))
    phone.good("sync")
    assert window.syncing.status().waiting == 0
    shown = phone.good("record", "list", "meeting")["records"]
    assert {row["id"] for row in shown} == {made["id"], other}
    assert window.syncing.sync().error is None
    assert phone.good("verify")["streams"]


def test_words_follow_the_language_of_the_officer(phone: Commands) -> None:
    english = phone("status", environment={"FIELDAPP_PIN": "000000"}).json["error"]["message"]
    swahili = phone("record", "show", "nonsense", environment={"FIELDAPP_LANGUAGE": "sw"}).json[
        "error"
    ]["message"]
    assert english != swahili
    assert "Hakuna" in swahili or "haipo" in swahili.lower() or swahili.isascii()


def test_a_report_to_share_holds_no_content(phone: Commands) -> None:
    phone.good("record", "new", "meeting", given=meeting(venue="Secret grove"))
    shown = phone("diagnose")
    assert shown.json["records"] == 2
    assert "grove" not in shown.out
    assert "Amina" not in shown.out
