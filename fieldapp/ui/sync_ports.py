"""What the screens are told of an exchange with the server, as protocols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class SyncProgress(Protocol):
    """How far a running sync is."""

    @property
    def stage(self) -> str:
        """Which step: connecting, sending, receiving, opening or done."""

    @property
    def done(self) -> int:
        """Steps of the stage that are done."""

    @property
    def total(self) -> int:
        """Steps of the stage in all; 0 when unknown."""


class SyncReport(Protocol):
    """What a sync did; ``error`` is a code with parameters, or None."""

    @property
    def sent(self) -> int:
        """Entries that the server now holds."""

    @property
    def received(self) -> int:
        """Entries that came in and were opened."""

    @property
    def waiting(self) -> int:
        """Entries still waiting to be sent."""

    @property
    def quarantined(self) -> int:
        """Batches that were kept aside."""

    @property
    def bytes_up(self) -> int:
        """Bytes sent."""

    @property
    def bytes_down(self) -> int:
        """Bytes received."""

    @property
    def media_sent(self) -> int:
        """Pictures and voice notes that the server now holds whole."""

    @property
    def media_error(self) -> tuple[str, Mapping[str, Any]] | None:
        """What stopped those, or None."""

    @property
    def error(self) -> tuple[str, Mapping[str, Any]] | None:
        """What stopped it, or None."""
