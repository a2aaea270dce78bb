"""What a screen or a command is told of pictures and sounds: numbers and a thumbnail, no key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fieldapp.domain.media import MediaKind

Raw = bytes
State = Literal["here", "sending", "sent", "coming", "gone"]


@dataclass(frozen=True, slots=True)
class MediaView:
    """One picture or voice note as a screen shows it.

    ``state``: `here` (a draft's, or fetched), `sending`, `sent` (ours, at the server), `coming`
    (another's, to be fetched), `gone` (ours, and its bytes are no longer on this device).
    ``takes`` is about how many seconds what is left of it takes to send, or to fetch.
    """

    id: str
    kind: MediaKind
    bytes: int
    seconds: int | None
    state: State
    sent_bytes: int
    takes: int = 0
    thumb: Raw | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has to be sent: how many, what is left of how much, about how long that takes."""

    count: int
    bytes: int
    seconds: int
    total: int = 0
