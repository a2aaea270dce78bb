"""Pictures and voice notes leave with the records that name them, or are named as missing."""

from __future__ import annotations

import csv
import stat
import sys
from pathlib import Path

import pytest

from fieldapp.errors import NoRightError
from fieldapp.services.facade import Services
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, golden_fields
from tests.support.pictures import SOUND, photo


def table(out: Path) -> list[dict[str, str]]:
    with (out / "media.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def recorded(country: Country, chief: Services, hq: Services) -> dict[str, str]:
    """A meeting with a picture and a concern with a voice note, at headquarters."""
    meeting = chief.records.new_draft("meeting", None, golden_fields()).id
    picture = chief.media.add_photo(meeting, "attachments", photo(900, 700)).id
    concern = chief.records.new_draft("concern", None, concern_fields(category="land")).id
    sound = chief.media.add_audio(concern, "voice_note", SOUND, 41).id
    named = {picture: chief.records.seal(meeting), sound: chief.records.seal(concern)}
    country.sync(chief, hq)
    return named


def test_files_stand_beside_the_records_and_a_table_names_them(
    recorded: dict[str, str], chief: Services, hq: Services, tmp_path: Path
) -> None:
    report = hq.transfer.export(tmp_path, "jsonl", pin=PIN, media=True)
    assert report.files["media.csv"] == 2
    rows = {row["file"]: row for row in table(tmp_path)}
    assert {file: row["record"] for file, row in rows.items()} == recorded
    picture, sound = rows
    if rows[picture]["kind"] == "audio":
        picture, sound = sound, picture
    assert rows[picture] | {"bytes": "", "seconds": ""} == {
        "record": recorded[picture], "type": "meeting", "field": "attachments", "file": picture,
        "name": f"{picture}.jpg", "kind": "photo", "bytes": "", "seconds": "", "state": "written",
    }  # fmt: skip
    assert (rows[sound]["name"], rows[sound]["seconds"]) == (f"{sound}.ogg", "41")
    folder = tmp_path / "media"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        row["name"] for row in rows.values()
    )
    assert (folder / f"{sound}.ogg").read_bytes() == SOUND
    assert (folder / f"{picture}.jpg").read_bytes() == chief.media.read(picture)
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / f"{sound}.ogg").stat().st_mode) == 0o600


def test_how_many_left_is_said_upwards_before_the_first_file(
    recorded: dict[str, str], hq: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise NoRightError("no_right")

    with monkeypatch.context() as patch:
        patch.setattr(hq.records, "create", refuse)
        with pytest.raises(NoRightError):
            hq.transfer.export(tmp_path / "no", "csv", pin=PIN, media=True)
    assert list((tmp_path / "no").iterdir()) == []
    hq.transfer.export(tmp_path / "yes", "csv", pin=PIN, media=True)
    (row,) = hq.records.find(type_key="export_log")[0]
    assert hq.records.show(row.id).fields["media"] == len(recorded)


def test_without_being_asked_for_none_leaves(
    recorded: dict[str, str], hq: Services, tmp_path: Path
) -> None:
    assert len(recorded) == 2
    report = hq.transfer.export(tmp_path, "csv", pin=PIN)
    assert "media.csv" not in report.files
    assert not (tmp_path / "media").exists()
    (row,) = hq.records.find(type_key="export_log")[0]
    assert "media" not in hq.records.show(row.id).fields


def test_what_the_server_does_not_give_is_named_as_missing_and_asked_for_once(
    recorded: dict[str, str], country: Country, hq: Services, tmp_path: Path
) -> None:
    for path in (country.folder / "media").rglob("*"):
        if path.is_file():
            path.unlink()
    report = hq.transfer.export(tmp_path, "csv", pin=PIN, media=True)
    assert report.files["media.csv"] == len(recorded)
    assert {(row["name"], row["state"]) for row in table(tmp_path)} == {("", "missing")}
    assert country.link.asked.count("get_chunk") == 1
    assert report.files["meeting.csv"] == 1


def test_what_no_exported_record_names_stays(chief: Services, tmp_path: Path) -> None:
    draft = chief.records.new_draft("meeting", None, golden_fields()).id
    chief.media.add_photo(draft, "attachments", photo(200, 200))
    sealed = chief.records.new_draft("meeting", None, golden_fields()).id
    kept = chief.media.add_photo(sealed, "attachments", photo(200, 200, seed=2)).id
    chief.records.seal(sealed)
    chief.transfer.export(tmp_path, "csv", pin=PIN, media=True)
    assert [row["file"] for row in table(tmp_path)] == [kept]
    assert [path.stem for path in (tmp_path / "media").iterdir()] == [kept]
