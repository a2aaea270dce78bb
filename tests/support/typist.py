"""An officer who types without pause into a form of a real home, as a process that can be killed.

Every letter is noted on a pipe before it is typed, with the time and the page it stands on, so
that whoever kills the typist knows what the vault has to hold.
"""

from __future__ import annotations

import asyncio
import struct
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fieldapp.domain.record_types import record_type
from fieldapp.services.facade import Services
from fieldapp.services.preferences import PreferenceFile
from fieldapp.storage.home import Home
from fieldapp.sync.transport import HTTPTransport
from fieldapp.ui.forms import FormState
from tests.support.country import CHEAP, PIN, Link, TestEnvironment
from tests.support.fakes import FakeClock, SeededChance

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PAUSE_SECONDS = 0.01
LETTERS_A_PAGE = 40
NOTE = struct.Struct(">Id")
"""How many letters were typed, and when the next one follows, in seconds of a shared clock."""


def services_of(home: Path, seed: str) -> Services:
    """Open the services of a home that no server answers."""
    nowhere = HTTPTransport("http://127.0.0.1:1")
    environment = TestEnvironment(
        Home(home),
        FakeClock(time.time_ns() // 1_000_000),
        SeededChance(seed),
        Link(nowhere, nowhere),
        kdf=CHEAP,
    )
    services = Services(environment, PreferenceFile(home / "preferences.json", autolock_seconds=0))
    services.access.unlock(PIN)
    return services


def letter(number: int) -> str:
    """Return the letter that stands at a place of what is typed."""
    return LETTERS[number % len(LETTERS)]


def typed(count: int) -> str:
    """Return the first letters that the typist types."""
    return "".join(map(letter, range(count)))


def page_of(count: int) -> int:
    """Return the page on which the letter after so many is typed: the two first in turn."""
    return count // LETTERS_A_PAGE % 2


def type_on(home: str, seed: str, notes: Connection) -> None:
    """Open the only draft and type into it until somebody kills the process."""
    asyncio.run(_type(services_of(Path(home), seed), notes))


async def _type(services: Services, notes: Connection) -> None:
    records: Any = services.records
    draft = services.records.drafts()[0]
    form = FormState(records, record_type(draft.type), draft)
    count = 0
    while True:
        notes.send_bytes(NOTE.pack(count, time.monotonic()))
        count += 1
        form.set("discussion", typed(count))
        if page_of(count) != form.section:
            form.go_to(page_of(count))
        await asyncio.sleep(PAUSE_SECONDS)
