import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.protocol.media import chunk_id
from fieldapp.storage import files
from fieldapp.storage.chunk_files import ChunkFiles
from fieldapp.storage.files import (
    flush_folder,
    make_private_folder,
    overwrite_and_remove,
    write_private,
    write_whole,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a"


def test_a_file_is_replaced_whole_and_private(file: Path) -> None:
    write_whole(file, b"old and longer")
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_crash_before_the_move_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_whole(file, b"old")

    def crash(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(RuntimeError):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    monkeypatch.undo()
    write_whole(file, b"newer")
    assert list(file.parent.iterdir()) == [file]


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes in which order files are flushed, moved and removed."""
    noted: list[str] = []
    replace, unlink, fsync = Path.replace, Path.unlink, os.fsync

    def note_replace(self: Path, target: Path) -> Path:
        noted.append("move")
        return replace(self, target)

    def note_unlink(self: Path) -> None:
        noted.append("remove")
        unlink(self)

    def note_fsync(descriptor: int) -> None:
        noted.append("flush")
        fsync(descriptor)

    monkeypatch.setattr(Path, "replace", note_replace)
    monkeypatch.setattr(Path, "unlink", note_unlink)
    monkeypatch.setattr(os, "fsync", note_fsync)
    return noted


def test_the_bytes_are_flushed_before_the_move(file: Path, order: list[str]) -> None:
    write_whole(file, b"new")
    assert order == ["flush", "move", "flush"]


def test_the_zeros_are_flushed_before_the_removal(file: Path, order: list[str]) -> None:
    file.write_bytes(b"secret")
    overwrite_and_remove(file)
    assert order == ["flush", "remove", "flush"]


def test_removing_overwrites_first(file: Path) -> None:
    write_whole(file, b"secret")
    with file.open("rb") as held:
        assert overwrite_and_remove(file)
        assert held.read() == bytes(6)
    assert not file.exists()


def test_removing_nothing_says_so(file: Path) -> None:
    assert not overwrite_and_remove(file)


def test_a_folder_is_private_also_when_it_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "y"
    folder.mkdir(parents=True, mode=0o755)
    make_private_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_windows_is_not_asked_for_what_it_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(files, "POSIX", False)
    monkeypatch.setattr(Path, "chmod", refuse)
    monkeypatch.setattr(os, "open", refuse)
    make_private_folder(tmp_path)
    flush_folder(tmp_path)


def test_a_file_that_leaves_the_home_is_private_also_where_an_open_one_lay(file: Path) -> None:
    file.write_bytes(b"older and longer")
    file.chmod(0o644)
    write_private(file, [b"new", b"er"])
    assert file.read_bytes() == b"newer"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_leaves_the_home_half_written_is_no_file(file: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "full")

    write_private(file, [b"older"])
    with pytest.raises(OSError, match="full"):
        write_private(file, pieces())
    assert file.read_bytes() == b"older"
    assert list(file.parent.iterdir()) == [file]


def test_what_leaves_the_home_by_a_link_or_a_pipe_goes_where_that_leads(file: Path) -> None:
    link, pipe = file.with_name("link"), file.with_name("pipe")
    link.symlink_to(file)
    write_private(link, [b"words"])
    assert (link.is_symlink(), file.read_bytes()) == (True, b"words")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private(pipe, [b"words"])
    assert os.read(reader, 10) == b"words"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_full_disk_gets_back_what_was_half_written(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_whole(file, b"old")
    fsync = os.fsync
    calls: list[int] = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 1:
            raise OSError(errno.ENOSPC, "full")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        write_whole(file, b"new and longer")
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_a_chunk_that_was_half_written_goes_with_the_others(tmp_path: Path) -> None:
    chunks = ChunkFiles(tmp_path)
    whole = chunks.keep(b"sealed")
    half = chunk_id(b"sealed later")
    (tmp_path / f"{half.hex()}.part").write_bytes(b"sea")
    chunks.remove([whole, half])
    assert list(tmp_path.iterdir()) == []
