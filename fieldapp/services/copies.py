"""What a phone's chooser leaves behind: a plain copy of the chosen file, which goes at once.

Android hands an app a copy in the app's own cache. A file that a person keeps somewhere is never
touched: only what lies in the chooser's own folder goes.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from fieldapp.storage.files import overwrite_and_remove

CHOOSERS_FOLDER: Final = "file_picker"
CACHE: Final = "cache"


def drop_copy(path: str | None) -> None:
    """Overwrite and remove a chooser's copy; a disk that refuses changes nothing else."""
    if path is None:
        return
    parts = Path(path).parts
    if CACHE in parts and CHOOSERS_FOLDER in parts[parts.index(CACHE) :]:
        with suppress(OSError):
            overwrite_and_remove(Path(path))
