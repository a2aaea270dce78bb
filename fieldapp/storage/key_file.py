"""The file ``vault.key``: the wrapped vault key, alone.

Laws:
  * Nothing else in the home holds the wrapped key: no database, copy, backup or log.
  * It is replaced whole; a crash leaves the old PIN's file or the new one's.
  * ``destroy`` comes before anything else in a quick delete: without this file no PIN opens a
    byte of what is left.
"""

from pathlib import Path

from fieldapp.errors import KeyFileDamagedError, NotEnrolledError
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import PART_SUFFIX, overwrite_and_remove, write_whole

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

    def destroy(self) -> bool:
        """Overwrite and remove the key and what a crash left of a new one.

        Returns:
            False if there was none.
        """
        part = self.path.with_name(self.path.name + PART_SUFFIX)
        with disk_errors():
            removed = overwrite_and_remove(self.path)
            return overwrite_and_remove(part) or removed
