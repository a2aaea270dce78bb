"""A chooser's copy goes; what a person keeps stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.services.copies import drop_copy


def lay(root: Path, *parts: str) -> Path:
    path = root.joinpath(*parts)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"what a camera took")
    return path


def test_the_copy_that_android_made_is_removed(tmp_path: Path) -> None:
    copy = lay(tmp_path, "ke.baraza", "cache", "file_picker", "1764", "IMG_1.jpg")
    drop_copy(str(copy))
    assert not copy.exists()


@pytest.mark.parametrize(
    "place",
    [("Pictures", "IMG_1.jpg"), ("file_picker", "IMG_1.jpg"), ("cache", "other", "IMG_1.jpg")],
)
def test_a_file_of_the_person_s_own_is_never_touched(
    tmp_path: Path, place: tuple[str, ...]
) -> None:
    kept = lay(tmp_path, *place)
    drop_copy(str(kept))
    assert kept.read_bytes() == b"what a camera took"


def test_what_is_not_there_and_what_has_no_place_are_no_fault(tmp_path: Path) -> None:
    drop_copy(None)
    drop_copy(str(tmp_path / "cache" / "file_picker" / "gone.jpg"))
    assert list(tmp_path.iterdir()) == []
