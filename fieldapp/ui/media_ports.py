"""What the screens need of pictures and voice notes, as a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fieldapp.services.media_views import MediaView, Waiting


class MediaPort(Protocol):
    """Pictures and voice notes of records and drafts."""

    def add_photo(self, draft_id: str, path: str, image: bytes) -> MediaView:
        """Shrink and seal a picture."""

    def add_audio(self, draft_id: str, path: str, sound: bytes, seconds: int) -> MediaView:
        """Seal a voice note."""

    def remove(self, draft_id: str, path: str, media_id: str) -> None:
        """Take one out of a draft."""

    def of_record(self, record_or_draft_id: str) -> Sequence[MediaView]:
        """Those of a record or draft."""

    def read(self, media_id: str) -> bytes:
        """Open one, fetching it where it is not here."""

    def waiting(self) -> Waiting:
        """What has to be sent, and about how long that takes."""
