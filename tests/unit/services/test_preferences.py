"""Choices about the app, kept in one small file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.errors import StorageError
from fieldapp.services.preferences import PreferenceFile, Preferences


def file_in(folder: Path, **more: str) -> PreferenceFile:
    return PreferenceFile(folder / "home" / "preferences.json", autolock_seconds=60, **more)


def test_nobody_chose_yet(tmp_path: Path) -> None:
    assert file_in(tmp_path).read() == Preferences()
    assert not (tmp_path / "home").exists()


def test_a_choice_is_kept_beside_the_others(tmp_path: Path) -> None:
    file_in(tmp_path).change(language="sw")
    file_in(tmp_path).change(theme="dark")
    assert file_in(tmp_path).read() == Preferences(language="sw", theme="dark")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{torn",
        "\ud800".encode("utf-8", "surrogatepass"),
        '{"theme": "pink", "text_scale": 99, "autolock_seconds": -1, "language": 7}',
        '{"text_scale": true, "autolock_seconds": true}',
        '{"text_scale": "big", "autolock_seconds": 1.5, "more": 1}',
    ],
)
def test_a_damaged_file_is_as_good_as_none_and_choosing_mends_it(
    tmp_path: Path, text: str | bytes
) -> None:
    path = tmp_path / "home" / "preferences.json"
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert file_in(tmp_path).read() == Preferences()
    file_in(tmp_path).change(theme="light")
    assert json.loads(path.read_text())["theme"] == "light"


def test_the_settings_language_wins_and_is_never_kept(tmp_path: Path) -> None:
    file_in(tmp_path).change(language="en")
    ruled = file_in(tmp_path, language="sw")
    assert ruled.read().language == "sw"
    ruled.change(theme="dark")
    assert file_in(tmp_path).read().language == "en"


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError):
        file_in(tmp_path).change(theme="dark")
