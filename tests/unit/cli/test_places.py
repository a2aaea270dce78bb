"""Files and folders that a person names: none is guessed, and a refusal says what was wrong."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from fieldapp.cli import console
from fieldapp.errors import FieldAppError, TransientSyncError
from fieldapp.services import headquarters, outgoing
from fieldapp.storage.files import write_whole
from tests.support.commands import Commands
from tests.support.country import Country
from tests.support.factories import meeting_fields
from tests.unit.cli.conftest import building_in

NAMELESS: list[tuple[str, ...]] = [
    ("--home", "", "status"),
    ("status", "--home", ""),
    ("run", "--home", " "),
    ("demo", "--home", ""),
    ("export", "--out", ""),
    ("record", "minutes", "x", "--out", ""),
    ("record", "new", "meeting", "--file", ""),
    ("record", "import", "meeting", "--file", ""),
    ("unit", "import", "--file", ""),
    ("invite", "--unit", "KE", "--role", "hq_analyst", "--out", ""),
    ("invite", "--unit", "KE", "--role", "hq_analyst", "--qr", ""),
    ("hq", "init", "--server", "x", "--claim", "x", "--org", "x", "--shares", ""),
]


@pytest.mark.parametrize("words", NAMELESS, ids=" ".join)
def test_an_option_without_a_name_is_wrong_usage_and_touches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = Commands(tmp_path / "home")(*words)
    assert (refused.code, refused.out) == (2, "")
    assert "name a file or folder" in " ".join(refused.err.split())
    assert list(tmp_path.iterdir()) == []


def test_minutes_that_cannot_be_written_are_refused_before_it_is_said_that_they_left(
    country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief = Commands(country.folder / "chief")
    document = json.dumps({"fields": meeting_fields()})
    meeting = chief.good("record", "new", "meeting", given=document)["id"]
    (tmp_path / "file").write_text("x")
    for out, code in (
        (tmp_path / "file" / "m.pdf", "folder_unwritable"),
        (tmp_path, "file_unwritable"),
    ):
        assert chief("record", "minutes", meeting, "--out", str(out)).error == code
    monkeypatch.setattr(os, "access", lambda *_: False)
    refused = chief("record", "minutes", meeting, "--out", str(tmp_path / "m.pdf"))
    assert (refused.code, refused.error) == (1, "folder_unwritable")
    assert "disk refused" not in refused.err
    assert chief.good("record", "list", "export_log")["records"] == []
    assert not (tmp_path / "m.pdf").exists()


def test_a_home_that_is_a_file_leaves_no_root_key_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server").mkdir()
    country = Country(tmp_path / "server")
    monkeypatch.setattr(console, "build_services", building_in(country))
    (country.folder / "hq").write_text("x")
    asked = ("hq", "init", "--server", "http://127.0.0.1:1", "--org", "Kilifi")
    claim = ("--claim", country.exchange.claim_token(), "--shares", str(tmp_path / "shares"))
    refused = Commands(country.folder / "hq")(*asked, *claim)
    assert (refused.code, refused.error) == (1, "read_only")
    assert list((tmp_path / "shares").iterdir()) == []
    assert Commands(country.folder / "hq 2")(*asked, *claim).code == 0
    country.close()


def test_where_nothing_is_saved_yet_nobody_is_told_that_it_is(
    country: Country, hq: Commands
) -> None:
    code = hq.good("invite", "--unit", country.mkomani, "--role", "chief")["code"]
    country.link.failure = TransientSyncError("offline")
    new = Commands(country.folder / "new")
    for words in (
        ("enrol", code, "--officer", "Hamisi"),
        (
            *("hq", "init", "--server", "http://127.0.0.1:1", "--claim", "00"),
            *("--org", "X", "--shares", str(country.folder / "shares")),
        ),
    ):
        refused = new(*words)
        assert (refused.code, refused.error) == (1, "offline")
        assert "saved" not in refused.err
        assert "did not answer" in refused.err


def test_a_full_disk_is_called_one_and_no_other_place_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(number: int) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError(number, "refused")

        monkeypatch.setattr(outgoing, "write_private", fail)
        monkeypatch.setattr(Path, "mkdir", fail)

    for number, codes in (
        (errno.ENOSPC, ["database_full", "database_full"]),
        (errno.EACCES, ["file_unwritable", "folder_unwritable"]),
    ):
        failing(number)
        with pytest.raises(FieldAppError) as file:
            outgoing.write_file(tmp_path / "file", [b"x"])
        with pytest.raises(FieldAppError) as folder:
            outgoing.make_folder(tmp_path / "folder")
        assert [file.value.code, folder.value.code] == codes


def test_root_keys_are_all_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = write_whole

    def full_at_the_second(path: Path, content: bytes) -> None:
        if "2" in path.name:
            raise OSError(errno.ENOSPC, "no space")
        real(path, content)

    monkeypatch.setattr(headquarters, "write_whole", full_at_the_second)
    files = {f"root-key-{number}.json": "x" for number in (1, 2, 3)}
    with pytest.raises(FieldAppError, match="database_full"):
        headquarters._write_shares(tmp_path, files)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert len(headquarters._write_shares(tmp_path, files)) == 3
    with pytest.raises(FieldAppError, match="file_exists"):
        headquarters._write_shares(tmp_path, files)
    with pytest.raises(FieldAppError, match="folder_unwritable"):
        headquarters._write_shares(tmp_path / "root-key-1.json" / "below", files)
