from pathlib import Path

import pytest

from fieldapp.errors import (
    DatabaseFullError,
    KeyFileDamagedError,
    NotEnrolledError,
    StorageFailedError,
)
from fieldapp.storage.key_file import MAX_BYTES, KeyFile


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "vault.key")


def test_a_wrapped_key_is_kept(key: KeyFile) -> None:
    assert not key.exists()
    key.write(b"wrapped")
    assert key.exists()
    assert key.read() == b"wrapped"


def test_a_home_without_a_key_is_not_enrolled(key: KeyFile) -> None:
    with pytest.raises(NotEnrolledError):
        key.read()


@pytest.mark.parametrize("content", [b"", b"x" * (MAX_BYTES + 1)])
def test_a_file_that_cannot_be_a_key_is_damaged(key: KeyFile, content: bytes) -> None:
    key.path.write_bytes(content)
    with pytest.raises(KeyFileDamagedError):
        key.read()


def test_a_folder_in_its_place_is_a_failure_of_the_disk(key: KeyFile) -> None:
    key.path.mkdir()
    with pytest.raises(StorageFailedError):
        key.read()


def test_a_full_disk_leaves_the_old_key(key: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    key.write(b"old")

    def full(_: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DatabaseFullError):
        key.write(b"new")
    assert key.read() == b"old"


def test_destroying_removes_the_key_and_the_rest_of_a_crashed_change(key: KeyFile) -> None:
    key.write(b"wrapped")
    part = key.path.with_name("vault.key.part")
    part.write_bytes(b"half")
    assert key.destroy()
    assert list(key.path.parent.iterdir()) == []
    assert not key.destroy()


def test_destroying_finds_a_key_that_was_never_moved_into_place(key: KeyFile) -> None:
    key.path.with_name("vault.key.part").write_bytes(b"half")
    assert key.destroy()
