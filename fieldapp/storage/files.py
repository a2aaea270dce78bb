"""Files of a home, whole or absent: written beside, flushed, then moved; and files that leave it.

Laws:
  * After a crash a file of a home holds its old bytes or its new ones.
  * A file made here can be read by its owner only, also where one lay that others could read.
  * Removing a secret overwrites it first. On flash storage an old block may survive that, which
    is why such a file holds wrapped keys and never a bare one.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_FOLDER = 0o700
PART_SUFFIX = ".part"
POSIX = os.name == "posix"


def write_whole(path: Path, content: bytes) -> None:
    """Replace the content of a file, durably."""
    part = path.with_name(path.name + PART_SUFFIX)
    overwrite_and_remove(part)
    with ExitStack() as undo:
        undo.callback(_take_back, part)
        descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        undo.pop_all()
    flush_folder(path.parent)


def _take_back(part: Path) -> None:
    """Give a full disk its room back; a disk that refuses this too keeps it for the next try."""
    with suppress(OSError):
        overwrite_and_remove(part)


def write_private(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that leaves the home: whole or not at all, readable by its owner only.

    What is no file, a pipe or a terminal, is written to as it is.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            stream.writelines(pieces)
        return
    whole = path.resolve()
    part = whole.with_name(whole.name + PART_SUFFIX)
    part.unlink(missing_ok=True)
    with ExitStack() as undo:
        undo.callback(part.unlink, missing_ok=True)
        descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)


def overwrite_and_remove(path: Path) -> bool:
    """Overwrite a file with zeros, flush it and remove it; tell whether there was one."""
    try:
        overwrite_in_place(path, bytes(path.stat().st_size))
    except FileNotFoundError:
        return False
    path.unlink()
    flush_folder(path.parent)
    return True


def overwrite_in_place(path: Path, content: bytes) -> None:
    """Write over the bytes of a file where they lie, durably."""
    with path.open("r+b") as file:
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def free_bytes(folder: Path) -> int | None:
    """Return how much room is left where a folder lies; None where the disk does not tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, that only its owner may enter."""
    path.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
    if POSIX:
        path.chmod(OWNER_FOLDER)


def flush_folder(folder: Path) -> None:
    """Make a rename or removal in a folder durable; Windows does so by itself."""
    if not POSIX:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
