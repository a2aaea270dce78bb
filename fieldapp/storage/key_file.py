"""The file ``vault.key``: the wrapped vault key, alone.

Laws:
  * Nothing else in the home holds the wrapped key: no database, copy, backup or log.
  * It is replaced whole; a crash leaves the old PIN's file or the new one's.
  * ``cover`` leaves a file that looks as it did: same size, same day.
  * ``destroy`` comes before anything else in a quick delete: without this file no PIN opens a
    byte of what is left.
"""

import os
from pathlib import Path

from fieldapp.errors import KeyFileDamagedError, NotEnrolledError
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import (
    PART_SUFFIX,
    overwrite_and_remove,
    overwrite_in_place,
    write_whole,
)

MAX_BYTES = 4_096


class KeyFile:
    """The wrapped vault key at a path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Tell whether there is a wrapped key."""
        return self.path.exists()

    def read(self) -> bytes:
        """Return the wrapped key.

        Raises:
            NotEnrolledError: there is none.
            KeyFileDamagedError: the file is empty or far too large to be one.
            StorageFailedError: the disk refused.
        """
        with disk_errors():
            try:
                with self.path.open("rb") as file:
                    blob = file.read(MAX_BYTES + 1)
            except FileNotFoundError as problem:
                raise NotEnrolledError from problem
        if not 0 < len(blob) <= MAX_BYTES:
            raise KeyFileDamagedError
        return blob

    def write(self, blob: bytes) -> None:
        """Replace the wrapped key, durably.

        Raises:
            StorageError: the disk refused, or is full; the old file stands.
        """
        with disk_errors():
            write_whole(self.path, blob)

    def cover(self, blob: bytes) -> None:
        """Overwrite the wrapped key where it lies and leave the file's day as it was.

        Raises:
            StorageError: the disk refused.
        """
        with disk_errors():
            seen = self.path.stat()
            overwrite_in_place(self.path, blob)
            os.utime(self.path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
            overwrite_and_remove(self._part)

    def destroy(self) -> bool:
        """Overwrite and remove the key and what a crash left of a new one.

        Returns:
            False if there was none.
        """
        with disk_errors():
            removed = overwrite_and_remove(self.path)
            return overwrite_and_remove(self._part) or removed

    @property
    def _part(self) -> Path:
        return self.path.with_name(self.path.name + PART_SUFFIX)
