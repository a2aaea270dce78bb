"""Pictures and voice notes of one fake home, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldapp.errors import InvalidFieldError
from fieldapp.services.media_views import MediaView, Waiting
from tests.support.fake_world import World

THUMB = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf50000003860180"
)
"""The first bytes of a picture of one point: enough for a screen that draws nothing."""


class FakeMedia:
    """Takes what it is given."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.held: dict[str, list[MediaView]] = {}
        self.contents: dict[str, bytes] = {}

    def add_photo(self, draft_id: str, path: str, image: bytes) -> MediaView:
        if image.startswith(b"no picture"):
            raise InvalidFieldError("not_a_picture")
        return self._add(draft_id, path, image, "photo")

    def add_audio(self, draft_id: str, path: str, sound: bytes, seconds: int) -> MediaView:
        return self._add(draft_id, path, sound, "audio", seconds)

    def _add(
        self, draft_id: str, path: str, content: bytes, kind: str, seconds: int | None = None
    ) -> MediaView:
        del path
        name = self._world.new_id("m").ljust(26, "0")
        thumb = THUMB if kind == "photo" else None
        view = MediaView(
            name,
            kind,  # type: ignore[arg-type]
            len(content),
            seconds,
            "here",
            0,
            takes=-(-len(content) // 5_000),
            thumb=thumb,
        )
        self.held.setdefault(draft_id, []).append(view)
        self.contents[name] = content
        return view

    def remove(self, draft_id: str, path: str, media_id: str) -> None:
        del path
        left = [one for one in self.held.get(draft_id, []) if one.id != media_id]
        self.held[draft_id] = left

    def of_record(self, record_or_draft_id: str) -> Sequence[MediaView]:
        return list(self.held.get(record_or_draft_id, ()))

    def read(self, media_id: str) -> bytes:
        for owner, held in self.held.items():
            self.held[owner] = [
                replace(one, state="here", takes=0)
                if (one.id, one.state) == (media_id, "coming")
                else one
                for one in held
            ]
        return self.contents[media_id]

    def waiting(self) -> Waiting:
        waits = [one for held in self.held.values() for one in held if one.state == "sending"]
        size = sum(one.bytes for one in waits)
        left = size - sum(one.sent_bytes for one in waits)
        return Waiting(len(waits), left, -(-left // 5_000), size)
