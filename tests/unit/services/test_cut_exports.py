"""Exports that a power cut ends, and exports into a folder where other files lie."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import ConfigError, HomeBusyError, StorageError
from fieldapp.services import transfer
from fieldapp.services.facade import Services
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, meeting_fields

MARKER = "Under the fig tree"


@pytest.fixture
def written(chief: Services) -> Services:
    """A chief's phone with a meeting."""
    chief.records.create("meeting", None, meeting_fields(venue=MARKER))
    return chief


def while_exporting(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Do something at the moment at which the store is filled and nothing is written yet."""
    write = transfer.FORMATS["csv"]

    def and_then(*args: Any) -> dict[str, int]:
        deed()
        return write(*args)

    monkeypatch.setitem(transfer.FORMATS, "csv", and_then)


def in_clear(home: Path) -> list[str]:
    """Name the files of a home that hold the marker."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path.name for path in files if MARKER.encode() in path.read_bytes()]


def test_what_a_cut_export_left_in_clear_goes_when_the_phone_is_next_unlocked(
    written: Services, country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = country.folder / "cut"
    while_exporting(monkeypatch, lambda: shutil.copytree(country.folder / "chief", cut))
    written.transfer.export(tmp_path, "csv", pin=PIN)
    assert in_clear(cut)
    country.unlocked("cut")
    assert in_clear(cut) == []


def test_a_store_that_an_older_version_left_on_a_phone_goes_and_an_offices_stays(
    written: Services, country: Country
) -> None:
    for name in ("chief", "hq"):
        (country.folder / name / "hq.db").write_bytes(MARKER.encode())
        country.unlocked(name)
    written.access.lock()
    assert in_clear(country.folder / "chief") == []
    assert in_clear(country.folder / "hq") == ["hq.db"]


def test_unlocking_beside_an_export_takes_nothing_from_it(
    written: Services, country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_exporting(monkeypatch, lambda: country.unlocked("chief"))
    written.transfer.export(tmp_path, "csv", pin=PIN)
    assert MARKER in (tmp_path / "meeting.csv").read_text(encoding="utf-8")
    assert in_clear(country.folder / "chief") == []


def test_a_second_export_of_a_phone_waits_for_the_first(
    written: Services, country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = country.unlocked("chief")

    def second() -> None:
        monkeypatch.undo()
        with pytest.raises(HomeBusyError, match="database_busy"):
            again.transfer.export(tmp_path / "second", "csv", pin=PIN)

    while_exporting(monkeypatch, second)
    written.transfer.export(tmp_path / "first", "csv", pin=PIN)
    assert MARKER in (tmp_path / "first" / "meeting.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["meeting.csv", "unit.csv"])
def test_a_file_that_no_export_wrote_is_neither_overwritten_nor_removed(
    written: Services, tmp_path: Path, name: str
) -> None:
    own = tmp_path / name
    own.write_text("unit,date\nmine,2026-11-22\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="file_not_exported") as refused:
        written.transfer.export(tmp_path, "csv", pin=PIN)
    assert refused.value.params == {"file": name}
    assert own.read_text(encoding="utf-8") == "unit,date\nmine,2026-11-22\n"
    assert [path.name for path in tmp_path.glob("*.csv")] == [name]
    assert written.records.find(type_key="export_log")[1] == 0


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_an_older_export_is_replaced_and_can_be_read_by_its_owner_only(
    written: Services, tmp_path: Path, file_format: str
) -> None:
    out = tmp_path / "out"
    written.records.create("concern", None, concern_fields())
    written.transfer.export(out, file_format, pin=PIN)
    for path in out.iterdir():
        path.chmod(0o644)
    written.records.create("meeting", None, meeting_fields(venue="Elsewhere"))
    report = written.transfer.export(out, file_format, pin=PIN)
    assert report.files[f"meeting.{file_format}"] == 2
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert sorted(path.name for path in out.iterdir()) == sorted(report.files)


def test_a_full_disk_leaves_the_older_export_whole(
    written: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.transfer.export(tmp_path, "csv", pin=PIN)
    before = (tmp_path / "meeting.csv").read_bytes()

    def full(_file: int) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr("fieldapp.storage.files.os.fsync", full)
    with pytest.raises(StorageError):
        written.transfer.export(tmp_path, "csv", pin=PIN)
    assert (tmp_path / "meeting.csv").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))
