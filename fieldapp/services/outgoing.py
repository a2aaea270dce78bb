"""Files that leave the home, at a place that a person named.

Laws:
  * Whether a place takes a file is asked before anything is made, sealed or said of it.
  * A refusal speaks of the place that was named; only a full disk is called one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from fieldapp.errors import ConfigError, DatabaseFullError, FieldAppError, StorageError
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import write_private


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder for files, with those above it.

    Raises:
        DatabaseFullError: there is no room for it.
        ConfigError: nothing can be written there.
    """
    try:
        with disk_errors():
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except DatabaseFullError:
        raise
    except StorageError as problem:
        raise ConfigError("folder_unwritable") from problem
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError("folder_unwritable")


def require_file(path: Path) -> None:
    """Refuse a name that is a folder's, or in a folder that is missing or takes no files.

    Raises:
        FieldAppError: the file could not be written.
    """
    if path.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise FieldAppError("file_unwritable", file=path.name)


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that its owner alone may read: whole, or not at all.

    Raises:
        DatabaseFullError: there is no room for it.
        FieldAppError: it cannot be written.
    """
    try:
        with disk_errors():
            write_private(path, pieces)
    except DatabaseFullError:
        raise
    except StorageError as problem:
        raise FieldAppError("file_unwritable", file=path.name) from problem
