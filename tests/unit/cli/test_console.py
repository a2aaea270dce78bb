"""How the command line speaks to a person at a terminal, and to a program."""

from __future__ import annotations

import errno
import getpass
import io
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from fieldapp.cli import console, syncing
from fieldapp.errors import FieldAppError, TransientSyncError
from fieldapp.services.access import AccessService
from fieldapp.services.records import RecordService
from tests.support.commands import Commands
from tests.support.country import PIN, Country
from tests.support.factories import meeting_fields

MEETING = json.dumps({"fields": meeting_fields()})


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person watches standard output."""
    monkeypatch.setattr(console.Console, "__init__", _for_people)


def _for_people(self: console.Console, *, as_json: bool, language: str) -> None:
    self.as_json = as_json
    self.language = language


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            {
                "status": ["drafts: 0", "waiting: 1", "last delivered: 20", "hand-over files"],
                "sync": ["sent 1, received 0, waiting 0"],
                "verify": [" of "],
                "office": ["epoch", "member"],
                "list": ["sealed  Mkomani: Chief's baraza"],
                "show": ['"venue"'],
                "types": ["meeting  Meeting"],
                "units": ["Mkomani, Lamu West (location)"],
                "devices": ["chief, Active since "],
            },
        ),
        (
            "sw",
            {
                "status": ["rasimu: 0", "zinazosubiri: 1", "makabidhiano"],
                "sync": ["zimetumwa 1, zimepokelewa 0, zinasubiri 0"],
                "verify": [" kati ya "],
                "office": ["kipindi", "mwanachama"],
                "list": ["imefungwa  Mkomani: "],
                "show": ['"venue"'],
                "types": ["meeting  Mkutano"],
                "units": ["Mkomani, Lamu West (location)"],
                "devices": ["chief, Kinatumika tangu "],
            },
        ),
    ],
)
def test_people_read_sentences_in_their_language(
    country: Country, hq: Commands, language: str, words: dict[str, list[str]]
) -> None:
    hq.environment["FIELDAPP_LANGUAGE"] = language
    made = hq(
        "record",
        "new",
        "meeting",
        "--json",
        given=json.dumps({"unit": country.mkomani, "fields": meeting_fields()}),
    ).json["id"]
    for name, asked in (
        ("status", ("status",)),
        ("sync", ("sync",)),
        ("verify", ("verify",)),
        ("office", ("office", "list")),
        ("list", ("record", "list", "meeting")),
        ("show", ("record", "show", made)),
        ("types", ("record", "types")),
        ("units", ("unit", "list")),
        ("devices", ("device", "list")),
    ):
        shown = hq(*asked)
        assert shown.code == 0, shown.err
        for piece in words[name]:
            assert piece in shown.out, (name, shown.out)


@pytest.mark.usefixtures("terminal")
def test_people_read_what_was_made_and_what_went_wrong(chief: Commands, tmp_path: Path) -> None:
    assert "sealed" in chief("record", "new", "meeting", given=MEETING).out
    draft = chief("record", "new", "meeting", "--draft", given=MEETING).out.split()[0]
    assert "draft" in chief("record", "edit", draft, "--set", "venue=X").out
    assert "sealed" in chief("record", "seal", draft).out
    wrong = chief("record", "new", "meeting", given='{"fields": {"venue": "X"}}')
    assert (wrong.code, wrong.out) == (1, "")
    assert "date: " in wrong.err
    moved = chief("record", "edit", draft, "--set", 'classification="restricted"', "--reason", "x")
    assert moved.code == 1
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{MEETING}\nnonsense\n")
    imported = chief("record", "import", "meeting", "--file", str(file))
    assert imported.code == 1
    assert imported.out.splitlines()[0] == "1 added, 1 refused"
    assert imported.out.splitlines()[1].startswith("row 2")


@pytest.mark.parametrize(
    "value", ["[" * 20_000, '{"a": 1, "a": 2}', "NaN", "9" * 5_000, '"\\ud800"', "1e999"]
)
def test_a_value_that_is_no_strict_json_is_taken_as_text(chief: Commands, value: str) -> None:
    draft = chief.good("record", "new", "meeting", "--draft", given=MEETING)["id"]
    chief.good("record", "edit", draft, "--set", f"venue={value}")
    assert chief.good("record", "show", draft)["fields"]["venue"] == value


@pytest.mark.usefixtures("terminal")
def test_people_read_what_an_administrator_did(
    country: Country, hq: Commands, tmp_path: Path
) -> None:
    unit = hq("unit", "add", "--parent", "KE-005-S022", "--level", "location", "--name", "Hindi")
    assert unit.out.startswith("KE-005-S022-L")
    assert hq("office", "create", unit.out.strip()).out.strip().endswith("/admin  1")
    invite = hq("invite", "--unit", country.mkomani, "--role", "chief")
    assert invite.out.startswith("BARAZA1-")
    phone = Commands(country.folder / "phone")
    enrolled = phone("enrol", invite.out.split()[0], "--officer", "Hamisi", "--json").json
    device, words = enrolled["device"], enrolled["words"]
    file = tmp_path / "invite.json"
    hq("invite", "--unit", country.mkomani, "--role", "chief", "--out", str(file))
    third = Commands(country.folder / "third")("enrol", str(file), "--officer", "Iman")
    assert third.out.startswith("Mkomani: chief\n")
    assert len(third.out.splitlines()[1].split()) == 4
    assert phone("sync").code == 0
    assert hq("sync").code == 0
    assert hq("device", "confirm", device, "--words", words).out.strip() == device
    assert hq("device", "revoke", device, "--reason", "x").out.strip() == device
    csv = tmp_path / "units.csv"
    csv.write_text("parent,level,name\nKE-005-S022,location,Mapenya\nX,location,Y\n")
    assert hq("unit", "import", "--file", str(csv)).out.startswith("1 added, 1 refused")
    exported = hq("export", "--out", str(tmp_path / "out"))
    assert "unit.csv: 3 rows" in exported.out
    assert "records: " in hq("diagnose").out


@pytest.mark.usefixtures("terminal")
def test_a_sync_that_failed_says_why(country: Country, chief: Commands) -> None:
    country.link.failure = TransientSyncError("offline")
    shown = chief("sync")
    assert shown.code == 1
    assert "waiting 0" in shown.out
    assert len(shown.out.splitlines()) == 2


class Terminal(io.StringIO):
    """A standard input that is a person's."""

    def isatty(self) -> bool:
        return True


def test_a_person_is_asked_for_the_pin_without_an_echo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    answers = iter([PIN, "one", "two", "three", "three", "eight words"])

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.delenv("FIELDAPP_PIN", raising=False)
    monkeypatch.delenv("FIELDAPP_PHRASE", raising=False)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", answer)
    voice = console.Console(as_json=False, language="en")
    assert console.ask_pin(voice) == PIN
    assert console.ask_new_pin(voice) == "three"
    assert console.ask_phrase(voice) == "eight words"
    assert len(asked) == 6
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for ask in (console.ask_pin, console.ask_new_pin, console.ask_phrase):
        with pytest.raises(FieldAppError, match="secret_not_given"):
            ask(voice)


def test_a_disk_that_refuses_is_told_and_a_closed_pipe_is_not(
    country: Country, chief: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    del country

    def broken(_self: AccessService, _pin: str, **_: bool) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(AccessService, "unlock", broken)
    refused = chief("status")
    assert (refused.code, refused.error) == (1, "storage_failed")

    def closed(_self: AccessService, _pin: str, **_: bool) -> None:
        raise BrokenPipeError(errno.EPIPE, "broken pipe")

    monkeypatch.setattr(AccessService, "unlock", closed)
    assert chief("status").code == 1


def test_programs_read_utf8_whatever_the_machine_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    poor = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", poor)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    console.speak_utf8()
    sys.stdout.write("ng'ombe – أمينة\n")
    poor.flush()
    assert raw.getvalue().decode() == "ng'ombe – أمينة\n"

    shown = io.BytesIO()

    class Screen(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    screen = Screen(shown, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    console.speak_utf8()
    sys.stdout.write("é\n")
    screen.flush()
    assert shown.getvalue() == b"?\n"


def test_a_watched_sync_shows_a_bar(chief: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "is_watched", lambda: True)
    chief.good("record", "new", "meeting", given=MEETING)
    outcome = chief("sync")
    assert outcome.code == 0
    assert outcome.json["sent"] == 1


@pytest.mark.usefixtures("terminal")
def test_people_found_an_organisation_and_hand_its_desks_over(
    country: Country, tmp_path: Path
) -> None:
    """Another organisation at a server of its own, first with a link that loses the answer."""
    (tmp_path / "fresh").mkdir()
    fresh = Country(tmp_path / "fresh")
    country.link.service = fresh.exchange
    country.link.during = lambda: setattr(
        country.link,
        "lost",
        TransientSyncError("timeout") if country.link.asked[-1] == "claim_server" else None,
    )
    hq = Commands(country.folder / "new hq")
    made = hq(
        *("hq", "init", "--server", "http://127.0.0.1:1", "--org", "Kilifi"),
        *("--claim", fresh.exchange.claim_token(), "--shares", str(tmp_path / "shares")),
    )
    assert made.code == 0, made.err
    lines = made.out.splitlines()
    assert lines[0].startswith("Kilifi: ready. This device is ")
    assert "root-key-1.json" in lines
    phrase = next(line for line in lines if line.startswith("gender: ")).removeprefix("gender: ")
    assert "the next sync finishes the claim" in made.err
    country.link.during = country.link.lost = None
    assert hq("sync").code == 0
    assert hq("hq", "init", *made_again(tmp_path)).code == 1

    desk = Commands(country.folder / "desk", {"FIELDAPP_PHRASE": phrase})
    file = tmp_path / "shares" / "hand-over-gender.json"
    assert desk("enrol", str(file), "--officer", "Eshe").out.startswith("Kenya: referral_desk")
    qr = tmp_path / "code.png"
    shown = hq("invite", "--unit", "KE", "--role", "hq_analyst", "--qr", str(qr))
    assert shown.code == 0
    assert qr.read_bytes().startswith(b"\x89PNG")
    assert qr.stat().st_mode & 0o777 == 0o600
    for option in ("--qr", "--out"):
        refused = hq(
            *("invite", "--unit", "KE", "--role", "hq_analyst"),
            *(option, str(tmp_path / "missing" / "file")),
        )
        assert refused.code == 1
    assert hq("enrol", "missing.json", "--officer", "X").code == 1
    assert hq("enrol", "x" * 5000, "--officer", "X").code == 1
    fresh.close()


def made_again(folder: Path) -> tuple[str, ...]:
    """The options of a second founding in the same home."""
    return (
        *("--server", "http://127.0.0.1:1", "--org", "Kilifi"),
        *("--claim", "00", "--shares", str(folder / "more")),
    )


def test_input_comes_from_a_file_or_from_standard_input(
    chief: Commands, country: Country, tmp_path: Path
) -> None:
    del country
    file = tmp_path / "meeting.json"
    file.write_text(MEETING, encoding="utf-8-sig")
    for name in (str(file), "-"):
        assert chief("record", "new", "meeting", "--file", name, given=MEETING).code == 0
    for given, code in (
        ("[]", "input_not_document"),
        ('{"unit": 5, "fields": {}}', "input_not_document"),
        ("{", "input_not_json"),
        (b"\xff", "file_not_text"),
    ):
        assert chief("record", "new", "meeting", given=given).error == code
    missing = chief("record", "new", "meeting", "--file", str(tmp_path / "missing.json"))
    assert missing.error == "file_unreadable"


def test_a_standard_input_that_the_shell_closed_gives_no_document_and_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(FieldAppError, match="file_unreadable"):
        console.read_json(None)
    monkeypatch.delenv("FIELDAPP_PIN", raising=False)
    with pytest.raises(FieldAppError, match="secret_not_given"):
        console.ask_pin(console.Console(as_json=True, language="en"))


def test_an_import_that_is_interrupted_tells_what_it_made_and_where_it_stopped(
    chief: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join([MEETING] * 70))
    seal_many = RecordService.create_many

    def and_ctrl_c(self: RecordService, *words: Any) -> Any:
        answers = seal_many(self, *words)
        signal.raise_signal(signal.SIGINT)
        return answers

    monkeypatch.setattr(RecordService, "create_many", and_ctrl_c)
    before = signal.getsignal(signal.SIGINT)
    outcome = chief("record", "import", "meeting", "--file", str(file))
    assert signal.getsignal(signal.SIGINT) == before
    assert (outcome.code, len(outcome.json["created"])) == (1, 50)
    (stopped,) = outcome.json["errors"]
    assert (stopped["row"], stopped["code"]) == (51, "import_stopped")
