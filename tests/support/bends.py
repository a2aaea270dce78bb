"""Answers that a lying server bends, once or for as long as it likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from fieldapp.protocol.message_parts import FeedItem
from fieldapp.protocol.messages import SyncAnswer
from fieldapp.sync.report import SyncReport
from tests.support.replicas import World


def read_once(folder: Path) -> World:
    """Make a world in which headquarters has read a phone's first record."""
    made = World(folder)
    made["dalila"].create("What was there before.")
    made["dalila"].sync()
    made["amina"].sync()
    return made


def with_news(folder: Path) -> World:
    """Make a world in which three new records wait for headquarters, which read one."""
    made = read_once(folder)
    for number in range(3):
        made["dalila"].create(f"News number {number}.")
    made["dalila"].sync()
    return made


def codes(report: SyncReport) -> set[str]:
    """Name all that a report complains of."""
    error = set() if report.error is None else {report.error.code}
    return error | {alarm.code for alarm in report.alarms}


def bent(world: World, bend: Callable[[SyncAnswer], SyncAnswer], *, once: bool = True) -> None:
    """Let the server bend its next answer, or every one."""

    def bend_once(answer: SyncAnswer) -> SyncAnswer:
        if once and bend_once in world.server.bends:
            world.server.bends.remove(bend_once)
        return bend(answer)

    world.server.bends.append(bend_once)


Items = tuple[FeedItem, ...]
Bend = Callable[[SyncAnswer], SyncAnswer]


def with_items(change: Callable[[Items], Items]) -> Bend:
    """Bend the items of an answer."""
    return lambda answer: replace(answer, items=change(answer.items))
