"""Bad input, bad disks and bad networks: a clear word with what to do, nothing lost, no traceback.

The long tables run in this process, where an exception that is no exit fails the test; the rest
are processes of their own, as a person's would be, where a traceback does.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.bootstrap import build_services, demo_settings
from tests.support.bad_network import BadNetwork
from tests.support.children import unmeasured
from tests.support.commands import ROOT, Commands, Environment, Outcome, processes
from tests.support.country import LAMU_WEST, PIN, WARD
from tests.support.factories import meeting_fields
from tests.support.people import fixed_bytes
from tests.support.server import ServerProcess, running

pytestmark = pytest.mark.slow

GOOD = {"fields": meeting_fields()}


@dataclass
class Region:
    """Headquarters and one phone, behind a network that a test can break."""

    folder: Path
    network: BadNetwork
    mkomani: str
    expired: str
    code: str
    packet: str


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    folder = tmp_path_factory.mktemp("region")
    with running(ServerProcess(folder / "server")) as server, BadNetwork(server.port) as network:
        with (
            build_services(demo_settings(folder / "hq")) as hq,
            build_services(demo_settings(folder / "phone")) as phone,
        ):
            token = server.claim_token.hex()
            hq.organisation.init(network.url, token, "Interior", folder / "shares", "HQ", PIN)
            mkomani = hq.organisation.add_unit(LAMU_WEST, "location", "Mkomani", WARD)
            hq.organisation.create_office(LAMU_WEST)
            hq.organisation.create_office(mkomani)
            packet = hq.organisation.invite(mkomani, "chief").packet_text
            phone.access.enrol(packet, "Amina", PIN)
            expired = hq.organisation.invite(mkomani, "chief", expires_hours=-1)
            made = hq.organisation.invite(mkomani, "chief")
            for services in (hq, phone, hq):
                assert services.syncing.sync().error is None
        yield Region(folder, network, mkomani, expired.packet_text, made.code, made.packet_text)


@pytest.fixture
def phone(region: Region, tmp_path: Path) -> Commands:
    """A copy of the phone's home, which a test may spoil."""
    region.network.open()
    shutil.copytree(region.folder / "phone", tmp_path / "phone")
    return processes(tmp_path / "phone")


@pytest.fixture
def quick(phone: Commands) -> Commands:
    """The same home, with commands that run in this process."""
    return Commands(phone.home)


@pytest.fixture
def newcomer(region: Region, tmp_path: Path) -> Commands:
    region.network.open()
    return processes(tmp_path / "newcomer")


def refused(outcome: Outcome, code: str) -> None:
    """One code, said in words on standard error too, and exit code 1."""
    assert outcome.code == 1, outcome.out + outcome.err
    assert outcome.error == code
    assert outcome.json["error"]["message"] in outcome.err
    assert code not in outcome.err, "a person is told in words"


def assert_nothing_lost(home: Path) -> None:
    with build_services(demo_settings(home)) as services:
        services.access.unlock(PIN)
        assert services.syncing.status().sent == 1


BAD_DOCUMENTS: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"{", "input_not_json"),
    "nothing": (b"", "input_not_json"),
    "a duplicate key": (b'{"fields": {}, "fields": {}}', "input_not_json"),
    "not a number": (b'{"fields": {"members_total": NaN}}', "input_not_json"),
    "a huge number": (b'{"fields": {"members_total": 1' + b"0" * 9_999 + b"}}", "input_not_json"),
    "far too deep": (b'{"fields": ' + b"[" * 50_000, "input_not_json"),
    "Latin letters": ('{"fields": {"venue": "Café"}}'.encode("latin-1"), "file_not_text"),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), "file_not_text"),
    "a list": (b"[]", "input_not_document"),
    "no fields": (b'{"unit": "KE"}', "input_not_document"),
    "a unit that is a number": (b'{"unit": 5, "fields": {}}', "input_not_document"),
    "a unit in capitals": (b'{"Unit": "KE-003-S016", "fields": {}}', "input_name_unknown"),
    "an unknown unit": (
        json.dumps({"unit": "KE-999", **GOOD}).encode(),
        "unknown_unit",
    ),
    "no unit at all": (json.dumps({"unit": "Lamu", **GOOD}).encode(), "invalid_unit"),
    "a unit of others": (json.dumps({"unit": "KE-003-S016", **GOOD}).encode(), "no_right"),
}


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_a_document_that_is_none_is_refused(quick: Commands, name: str) -> None:
    given, code = BAD_DOCUMENTS[name]
    refused(quick("record", "new", "meeting", given=given), code)
    assert_nothing_lost(quick.home)


BAD_FIELDS: dict[str, tuple[object, str]] = {
    "members_total": (10**39, "number_too_large"),
    "venue": ("x" * 100_000, "too_long"),
    "attendance": ({"total": 5, "female": 9, "male": 9}, "attendance_sum"),
    "date": ("2999-01-01", "date_in_future"),
    "nonsense": (1, "field_unknown"),
}


def test_every_wrong_field_is_named_at_once(phone: Commands) -> None:
    fields = {name: value for name, (value, _) in BAD_FIELDS.items()}
    document = json.dumps({"fields": {**meeting_fields(meeting_type="cpc_loc"), **fields}})
    outcome = phone("record", "new", "meeting", given=document)
    assert outcome.code == 1
    found = {row["field"].split("/")[0].split(".")[0] for row in outcome.json["errors"]}
    assert found >= set(BAD_FIELDS)
    assert all(row["message"] for row in outcome.json["errors"])


Words = tuple[str, ...]
BAD_WORDS: list[tuple[Words, str]] = [
    (("record", "new", "nonsense"), "unknown_record_type"),
    (("record", "list", "nonsense"), "unknown_record_type"),
    (("record", "list", "meeting", "--unit", "nonsense"), "invalid_unit"),
    (("record", "show", "../../etc/passwd"), "unknown_record"),
    (("record", "show", "0" * 26), "unknown_record"),
    (("record", "seal", "0" * 26), "unknown_draft"),
    (("record", "new", "meeting", "--file", "missing.json"), "file_unreadable"),
    (("record", "import", "meeting", "--file", "missing.csv"), "file_unreadable"),
    (("record", "import", "meeting", "--file", "README.md"), "unknown_format"),
    (("unit", "add", "--parent", "KE", "--level", "location", "--name", "X"), "no_right"),
    (("unit", "add", "--parent", "x", "--level", "location", "--name", "X"), "invalid_unit"),
    (("office", "create", LAMU_WEST), "office_exists"),
    (("office", "create", "KE-005", "--desk", "nonsense"), "unknown_desk"),
    (("invite", "--unit", LAMU_WEST, "--role", "king"), "unknown_role"),
    (("invite", "--unit", LAMU_WEST, "--role", "hq_admin"), "role_does_not_fit"),
    (("invite", "--unit", LAMU_WEST, "--role", "dcc_admin"), "not_allowed_by_directory"),
    (("invite", "--unit", "KE-009", "--role", "county_desk"), "office_missing"),
    (("device", "revoke", "nobody", "--reason", "x"), "no_such_device"),
    (("device", "confirm", "0" * 26, "--words", "a b c d"), "no_such_device"),
    (("enrol", "BARAZA1-AAAA", "--officer", "X"), "already_enrolled"),
]


@pytest.mark.parametrize(("words", "code"), BAD_WORDS, ids=lambda part: str(part)[:50])
def test_words_that_name_nothing_are_refused(quick: Commands, words: Words, code: str) -> None:
    refused(quick(*words, given=json.dumps(GOOD)), code)


def test_an_officer_is_told_in_the_chosen_language(phone: Commands) -> None:
    spoken = [
        phone("record", "show", "0" * 26, environment={"FIELDAPP_LANGUAGE": language}).err
        for language in ("en", "sw")
    ]
    assert spoken[0] != spoken[1]
    with build_services(demo_settings(phone.home)) as services:
        services.access.set_language("sw")
    assert phone("record", "show", "0" * 26).err == spoken[1]


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "concern.csv": (b"\x00\xff\xfe", "file_not_text"),
    "empty.csv": (b"", "invalid_file"),
    "column.csv": (b"category,colour\ntheft,red\n", "import_column_unknown"),
    "quote.csv": (b'category,"date\ntheft,2025-11-19\n', "invalid_file"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_broken_import_file_is_refused_whole(phone: Commands, tmp_path: Path, name: str) -> None:
    content, code = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    refused(phone("record", "import", "concern", "--file", str(tmp_path / name)), code)


def test_broken_lines_of_an_import_are_reported_one_by_one(phone: Commands, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    good = json.dumps(GOOD)
    file.write_text(
        f'{good}\n{{"fields": 1}}\nnonsense\n{{"fields": {{}}, "fields": {{}}}}\n{good}'
    )
    outcome = phone("record", "import", "meeting", "--file", str(file))
    assert outcome.code == 1
    assert [(row["row"], row["code"]) for row in outcome.json["errors"]] == [
        (2, "import_line_not_document"),
        (3, "import_line_not_json"),
        (4, "import_line_not_json"),
    ]
    assert len(outcome.json["created"]) == 2


def test_broken_invites_enrol_nobody(region: Region, newcomer: Commands, tmp_path: Path) -> None:
    truncated = tmp_path / "truncated.json"
    truncated.write_text(region.packet[:-200])
    expired = tmp_path / "expired.json"
    expired.write_text(region.expired)
    binary = tmp_path / "binary.json"
    binary.write_bytes(fixed_bytes("noise", 300) + b"\xff")
    slip = region.code[:-1] + ("A" if region.code[-1] != "A" else "B")
    for given, code in (
        ("BARAZA1-AAAA", "invalid_code"),
        ("", "invalid_code"),
        (slip, "invalid_code_checksum"),
        (region.code[: len(region.code) // 2], "invalid_code"),
        (str(truncated), "invalid_code"),
        (str(expired), "invite_expired"),
        (str(binary), "file_not_text"),
        (str(tmp_path / "missing.json"), "file_unreadable"),
    ):
        outcome = newcomer("enrol", given, "--officer", "X")
        assert outcome.code == 1
        assert outcome.error.startswith(code), given
    assert not (newcomer.home / "vault.db").exists()
    for word in ("status", "sync", "verify"):
        refused(newcomer(word), "not_enrolled")


def test_a_server_that_is_down_or_no_server_is_named(
    region: Region, newcomer: Commands, phone: Commands
) -> None:
    region.network.refuse()
    refused(newcomer("enrol", region.code, "--officer", "X"), "offline")
    assert phone("sync").error == "offline"
    region.network.portal()
    refused(newcomer("enrol", region.code, "--officer", "X"), "captive_portal")
    assert phone("sync").error == "captive_portal"
    init = ("hq", "init", "--claim", "00", "--org", "X", "--shares", str(newcomer.home) + "-s")
    refused(newcomer(*init, "--server", region.network.url), "captive_portal")
    refused(newcomer(*init, "--server", "ftp://example.org"), "server_address_refused")
    refused(newcomer(*init, "--server", "http://example.org"), "server_address_refused")
    region.network.open()
    refused(newcomer(*init, "--server", region.network.url), "already_claimed")
    assert not Path(str(newcomer.home) + "-s").exists()


def test_another_organisations_server_is_not_taken_for_ours(
    region: Region, phone: Commands, tmp_path: Path
) -> None:
    """The same address, another server: nothing is delivered, everything is kept."""
    other = ServerProcess(tmp_path / "other")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "server.key").write_bytes(fixed_bytes("another server", 32))
    with running(other):
        with build_services(demo_settings(tmp_path / "stranger")) as stranger:
            stranger.organisation.init(
                other.url, other.claim_token.hex(), "Other", tmp_path / "s", "X", PIN
            )
        phone.good("record", "new", "meeting", given=json.dumps(GOOD))
        before = region.network.target
        region.network.target = other.port
        try:
            outcome = phone("sync")
        finally:
            region.network.target = before
    assert outcome.code == 1
    assert outcome.error in {"answer_not_signed", "unknown_device", "wrong_server"}
    assert outcome.json["waiting"] == 1


def in_a_small_room(kilobytes: int) -> Callable[[Words, bytes, Environment], Outcome]:
    """Run a command whose process may write no file beyond a size, as on a full disk."""

    def run(words: Words, given: bytes, environment: Environment) -> Outcome:
        limit = kilobytes * 1024
        done = subprocess.run(
            [sys.executable, "-m", "fieldapp.cli", *words],
            check=False,
            input=given,
            capture_output=True,
            cwd=ROOT,
            env=unmeasured() | {k: v for k, v in environment.items() if v is not None},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in outcome.err, outcome.err
        return outcome

    return run


def test_a_full_disk_loses_nothing_and_says_so(
    region: Region, phone: Commands, newcomer: Commands, tmp_path: Path
) -> None:
    kept = phone.good("record", "new", "meeting", given=json.dumps(GOOD))["id"]
    size = (phone.home / "vault.db").stat().st_size // 1024
    small = Commands(phone.home, run=in_a_small_room(size // 4))
    long = {"fields": meeting_fields(discussion="A long talk about the wells. " * 60)}
    outcome = small("record", "new", "meeting", given=json.dumps(long))
    refused(outcome, "database_full")
    assert phone.good("record", "show", kept)["fields"]["venue"] == meeting_fields()["venue"]
    assert phone.good("status")["waiting"] == 1
    export = Commands(phone.home, run=in_a_small_room(1))
    assert export("export", "--out", str(tmp_path / "out")).code == 1

    file = tmp_path / "invite.json"
    file.write_text(region.packet)
    cramped = Commands(newcomer.home, run=in_a_small_room(8))
    refused(cramped("enrol", str(file), "--officer", "Dalila"), "database_full")
    assert not (newcomer.home / "vault.db").exists()
    newcomer.good("enrol", str(file), "--officer", "Dalila")


def test_a_home_that_cannot_be_written_is_named(region: Region, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "invite.json").write_text(region.packet)
    blocked = processes(tmp_path / "file" / "home")
    outcome = blocked("enrol", str(tmp_path / "invite.json"), "--officer", "X")
    refused(outcome, "read_only")
    refused(blocked("status"), "not_enrolled")


def test_damaged_files_of_a_home_are_named(phone: Commands) -> None:
    key = (phone.home / "vault.key").read_bytes()
    (phone.home / "vault.key").write_bytes(b"")
    refused(phone("status"), "key_file_damaged")
    (phone.home / "vault.key").write_bytes(key)
    (phone.home / "preferences.json").write_text("{nonsense")
    phone.good("status")
    vault = (phone.home / "vault.db").read_bytes()
    (phone.home / "vault.db").write_bytes(b"nonsense" * 1000)
    refused(phone("status"), "database_damaged")
    (phone.home / "vault.db").write_bytes(vault)
    assert_nothing_lost(phone.home)


def test_wrong_settings_are_named(phone: Commands) -> None:
    (phone.home / "settings.toml").write_text("colour = 1\n")
    refused(phone("status"), "invalid_setting")
    (phone.home / "settings.toml").write_bytes(b"\xff\xfe")
    refused(phone("status"), "file_unreadable")
    (phone.home / "settings.toml").write_text("language = [\n")
    refused(phone("status"), "invalid_setting")
    (phone.home / "settings.toml").unlink()
    refused(phone("status", environment={"FIELDAPP_SYNC_BYTE_BUDGET": "many"}), "invalid_setting")


def test_names_in_any_script_reach_a_pipe_and_a_poor_terminal(phone: Commands) -> None:
    document = json.dumps({"fields": meeting_fields(title="Mkutano wa أمينة – ng'ombe")})
    phone.good("record", "new", "meeting", given=document)
    shown = phone("record", "list", "meeting", environment={"PYTHONIOENCODING": "ascii"})
    assert shown.json["records"][0]["title"] == "Mkutano wa أمينة – ng'ombe"


def test_output_files_that_cannot_be_written_are_named(region: Region, tmp_path: Path) -> None:
    hq = processes(region.folder / "hq")
    before = hq.good("diagnose")["batches"]
    for option in ("--out", "--qr"):
        outcome = hq(
            *("invite", "--unit", region.mkomani, "--role", "chief"),
            *(option, str(tmp_path / "missing" / "file")),
        )
        refused(outcome, "file_unwritable")
    assert hq.good("diagnose")["batches"] == before
    (tmp_path / "file").write_text("x")
    refused(hq("export", "--out", str(tmp_path / "file")), "folder_unwritable")
