"""The app's own log: what a line may hold, how large it grows, and that it stops nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldapp.storage.app_log import AppLog

NOON_MS = 1_795_305_600_000
MARKER = "Marker Mkomani 7741"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


def log_in(folder: Path, limit: int = 10_000) -> AppLog:
    return AppLog(folder, limit, lambda: NOON_MS)


def lines(folder: Path, name: str = "app.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def test_a_line_holds_instant_event_code_and_counts(folder: Path) -> None:
    log_in(folder).note("sync", code="offline", sent=3, waiting=0)
    at = "2026-11-22T03:00:00+03:00"
    assert lines(folder) == [
        {"at": at, "event": "sync", "code": "offline", "sent": 3, "waiting": 0}
    ]
    assert log_in(folder).tail() == lines(folder)


@pytest.mark.parametrize("word", [MARKER, "/home/amina/baraza", "amina", "QZ001XJ7WVK", "\n{}"])
def test_what_is_no_word_of_the_program_is_never_written(folder: Path, word: str) -> None:
    log_in(folder).note(word, code=word, command=f"{word}!", place=word)
    raw = (folder / "app.jsonl").read_text()
    assert word not in raw
    assert {value for name, value in lines(folder)[0].items() if name != "at"} == {"other"}


def test_a_fault_of_the_screens_is_named_by_code_and_place(folder: Path) -> None:
    log_in(folder).note("fault", code="1A2B-3C4D", place="record_body.py:88")
    (line,) = log_in(folder).tail()
    assert (line["code"], line["place"]) == ("1A2B-3C4D", "record_body.py:88")


def test_three_files_of_a_limited_size_are_kept(folder: Path) -> None:
    log = log_in(folder, limit=300)
    for number in range(40):
        log.note("sync", sent=number)
    assert sorted(path.name for path in folder.iterdir()) == [
        "app.1.jsonl",
        "app.2.jsonl",
        "app.jsonl",
    ]
    assert all(path.stat().st_size <= 300 for path in folder.iterdir())
    names = ("app.2.jsonl", "app.1.jsonl", "app.jsonl")
    kept = [line["sent"] for name in names for line in lines(folder, name)]
    assert kept == list(range(40))[-len(kept) :]
    assert [line["sent"] for line in log.tail(7)] == list(range(33, 40))


def test_only_the_owner_may_read_it(folder: Path) -> None:
    log_in(folder).note("start")
    assert (folder / "app.jsonl").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_somebody_else_wrote_into_the_file_is_not_shown(folder: Path) -> None:
    log = log_in(folder)
    log.note("start")
    with (folder / "app.jsonl").open("a") as file:
        file.write(f'{MARKER}\n[1]\n{{"event": "{MARKER}", "name": "{MARKER}", "sent": 2}}\n')
        file.write('{"Marker Mkomani": 1, "sent": [1]}\n' + "[" * 100_000 + "\n")
    assert [line.get("event") for line in log.tail()] == ["start", None, None]
    assert "Mkomani" not in json.dumps(log.tail())


def test_where_there_is_no_home_there_is_no_log(tmp_path: Path) -> None:
    log_in(tmp_path / "nobody" / "logs").note("start")
    assert not (tmp_path / "nobody").exists()
    assert log_in(tmp_path / "nobody" / "logs").tail() == []


def test_a_log_that_cannot_be_written_stops_nothing(folder: Path) -> None:
    folder.write_text("a file in its place")
    log_in(folder).note("start")
    assert log_in(folder).tail() == []
