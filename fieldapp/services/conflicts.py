"""Settling what was changed in two places: an officer chooses one of the two values.

Laws:
  * Choosing is an amendment like any other: it says who chose, when and why, and both values stay
    in the history.
  * Nothing is settled by itself, and words in an item that was removed cannot bring it back.
"""

from __future__ import annotations

from typing import Final

from fieldapp.domain.text import Text
from fieldapp.errors import UnknownRecordError
from fieldapp.services.access import AccessService
from fieldapp.services.records import RecordService
from fieldapp.services.sealing import Writer
from fieldapp.services.views import ConflictView

CHOSEN: Final = Text("Changed in two places", "Imebadilishwa mahali pawili")


def may_choose(conflict: ConflictView) -> bool:
    """Whether both values can stand; not where the item that held one was removed."""
    return conflict.kept is not None or "/" not in conflict.path


class ConflictService:
    """The choice between two values."""

    def __init__(self, access: AccessService, records: RecordService) -> None:
        self._access = access
        self._records = records

    def choose(self, record_id: str, path: str, *, keeps: bool) -> None:
        """Let the value that stands stand, or put the other one in its place.

        Raises:
            UnknownRecordError: the record is not here, or nothing at this path is in conflict.
            ProblemsError, NoRightError, NoReaderError: as an amendment says them.
        """
        record = self._records.show(record_id)
        found = next((one for one in record.conflicts if one.path == path), None)
        if found is None or not may_choose(found):
            raise UnknownRecordError
        changes = {} if keeps else {path: found.lost}
        language = self._access.language() or "en"
        reason = f"{CHOSEN.in_language(language)}: {found.label.in_language(language)}"
        Writer(self._access.workspace()).amend(record_id, changes, reason, settled=path)
