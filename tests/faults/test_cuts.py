"""Cut the link at every byte that matters, in the request and in the answer, and try again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.protocol.batch import HEADER_BYTES, parse_batch
from fieldapp.protocol.frames import FRAME_HEADER_BYTES, FrameType
from fieldapp.sync.commands import SyncFailure
from tests.support.organisation import DAY_MS
from tests.support.replicas import Replica, World
from tests.support.simulator import Simulator

MAGIC_BYTES = 4
MOST_CUTS = 200


class Cutter(Simulator):
    """Cuts the n-th interesting byte of the next request or answer, then lets everything pass."""

    def __init__(self, inner: Simulator) -> None:
        self._inner = inner
        self.request_cut = self.answer_cut = -1
        self.name = ""

    def sync(self, request: bytes) -> bytes:
        if self.request_cut >= 0:
            cuts = request_cuts(request)
            self.name, at = cuts[self.request_cut] if self.request_cut < len(cuts) else ("", -1)
            self._inner.cut_request_at = at if at >= 0 else None
            self.request_cut = -1
        answer = self._inner.sync(request)
        if self.answer_cut >= 0:
            cuts = answer_cuts(answer)
            self.name, at = cuts[self.answer_cut] if self.answer_cut < len(cuts) else ("", -1)
            self.answer_cut = -1
            return answer[:at] if at >= 0 else answer
        return answer


def frames(raw: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield type, first byte and end of each frame's data."""
    at = MAGIC_BYTES
    while at < len(raw):
        length = int.from_bytes(raw[at + 1 : at + FRAME_HEADER_BYTES], "big")
        start = at + FRAME_HEADER_BYTES
        yield raw[at], start, start + length
        at = start + length


def cuts_in_batch(raw: bytes, start: int) -> Iterator[tuple[str, int]]:
    """Yield the first, the middle and the last byte of header, key packet and body."""
    batch = parse_batch(raw)
    parts = {
        "header": (0, HEADER_BYTES),
        "packet": (HEADER_BYTES, batch.packet_end),
        "body": (batch.packet_end, len(raw)),
    }
    for name, (first, end) in parts.items():
        if first < end:
            yield f"{name}-first", start + first
            yield f"{name}-middle", start + (first + end) // 2
            yield f"{name}-last", start + end - 1


def request_cuts(raw: bytes) -> list[tuple[str, int]]:
    """Name every cut of a request that is worth trying."""
    found = {"nothing": 0, "magic": 2, "hello": 30, "last": len(raw) - 1, "whole": len(raw)}
    batches = [(start, end) for kind, start, end in frames(raw) if kind == FrameType.BATCH]
    for number, (start, end) in enumerate(batches):
        found[f"{number}-frame"] = start - 2
        for name, at in cuts_in_batch(raw[start:end], start):
            found[f"{number}-{name}"] = at
        found[f"{number}-end"] = end
    return list(found.items())


def answer_cuts(raw: bytes) -> list[tuple[str, int]]:
    """Name every cut of an answer that is worth trying: inside and behind each frame."""
    found = {"nothing": 0, "magic": 3}
    for number, (kind, start, end) in enumerate(frames(raw)):
        found[f"{number}-{kind}-first"] = start
        found[f"{number}-{kind}-middle"] = (start + end) // 2
        found[f"{number}-{kind}-last"] = max(start, end - 1)
    return [(name, at) for name, at in found.items() if at < len(raw)]


def write_two(replica: Replica) -> None:
    """Two records in two batches, the second one with a key packet of its own."""
    replica.create("The first one.")
    replica.clock.advance(8 * DAY_MS)
    replica.create("The second one.")


def test_a_request_cut_anywhere_delivers_each_record_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone = world["dalila"]
    cutter = phone.service = Cutter(world.server)
    for number in range(MOST_CUTS):
        write_two(phone)
        world.clock.ms = phone.clock.ms
        cutter.request_cut = number
        report = phone.sync()
        if not cutter.name:
            break
        assert (report.error, report.sent) == (SyncFailure("connection_cut"), 0), cutter.name
        phone.restart()
        again = phone.sync()
        assert (again.error, again.sent) == (None, 2), cutter.name
    assert number > 20
    world["amina"].sync()
    assert len(world["amina"].records()) == 2 * (number + 1)
    assert {kept.state for kept in world.server.tables.kept.values()} == {"stored"}


def test_an_answer_cut_anywhere_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    phone, laptop = world["dalila"], world["chebet"]
    cutter = laptop.service = Cutter(world.server)
    for number in range(MOST_CUTS):
        phone.create("From below.")
        phone.sync()
        laptop.create("From the laptop.")
        cutter.answer_cut = number
        report = laptop.sync()
        if not cutter.name:
            break
        code = None if report.error is None else report.error.code
        assert (code, report.sent, report.received) == ("malformed_message", 0, 0), cutter.name
        laptop.restart()
        again = laptop.sync()
        assert (again.error, again.sent, again.received) == (None, 1, 1), cutter.name
    assert number > 10
    assert len(laptop.records()) == 2 * (number + 1)


@pytest.mark.parametrize("cut", ["first", "middle", "last"])
def test_a_pull_cut_again_and_again_still_comes_to_its_end(tmp_path: Path, cut: str) -> None:
    world = World(tmp_path)
    for number in range(5):
        world["dalila"].create(f"Concern {number}")
    world["dalila"].sync()
    reader = world["amina"]
    reader.pull_bytes = 3_000
    reader.restart()
    world.server.cut_answer_at = {"first": 0, "middle": 100, "last": 200}[cut]
    assert reader.sync().error == SyncFailure("connection_cut")
    assert reader.sync().error is None
    assert len(reader.records()) == 5
