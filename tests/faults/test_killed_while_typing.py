"""The app dies at any instant while an officer types: promise 1, saved means saved.

Two hundred deaths, on a few phones at the same time. After each the vault opens, the draft holds
a beginning of what was typed that lacks no letter older than two seconds, and it is taken up on
a page that was open then or later.
"""

from __future__ import annotations

import multiprocessing
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.domain.record_types import record_type
from fieldapp.ui.forms import FormState
from tests.support.country import make_template
from tests.support.factories import meeting_fields
from tests.support.typist import NOTE, page_of, services_of, type_on, typed

DEATHS = 200
PHONES = 8
OLDEST_LOSS_SECONDS = 2.0
STRIDE = 97
LONGEST_LIFE = 300
"""Letters: about three seconds of typing, so that many deaths come late enough to tell."""


@dataclass(frozen=True)
class Death:
    """What the killer knows: when, and each letter's time."""

    at: float
    letters: tuple[float, ...]

    @property
    def safe(self) -> int:
        """How many letters are too old to be lost."""
        return sum(self.at - when > OLDEST_LOSS_SECONDS for when in self.letters)


def die(home: Path, seed: str, life: int) -> Death:
    """Let the officer type so many letters, and kill the app in the middle of the next one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.typist"])
    notes, given = context.Pipe(duplex=False)
    typist = context.Process(target=type_on, args=(str(home), seed, given), daemon=True)
    typist.start()
    given.close()
    times: list[float] = []
    while len(times) < life:
        times.append(NOTE.unpack(notes.recv_bytes())[1])
    typist.kill()
    at = time.monotonic()
    typist.join()
    while notes.poll():
        try:
            times.append(NOTE.unpack(notes.recv_bytes())[1])
        except EOFError:
            break
    notes.close()
    return Death(at, tuple(times))


def survive(home: Path, seed: str, life: int) -> int:
    """Die once and look at what is left; return how many letters had to be there."""
    before = services_of(home, f"{seed} before")
    draft = before.records.new_draft("meeting", fields=meeting_fields(discussion=""))
    before.close()
    death = die(home, seed, life)
    after = services_of(home, f"{seed} after")
    left = after.records.draft(draft.id)
    words = str(left.fields.get("discussion") or "")
    assert typed(len(death.letters)).startswith(words)
    assert len(words) >= death.safe, (len(words), death.safe)
    resumed = FormState(after.records, record_type(left.type), left)
    pages = {page_of(count) for count in range(death.safe, len(death.letters) + 1)}
    assert resumed.section in pages or not words
    after.records.discard_draft(draft.id)
    after.close()
    return death.safe


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    template = make_template(tmp_path_factory.mktemp("country"))
    folder = tmp_path_factory.mktemp("phones")
    found = [folder / str(number) for number in range(PHONES)]
    for phone in found:
        shutil.copytree(template / "chief", phone)
    return found


def test_two_hundred_deaths_while_typing_lose_nothing_older_than_two_seconds(
    phones: list[Path],
) -> None:
    def dies_often(number: int) -> list[int]:
        deaths = range(number, DEATHS, PHONES)
        return [
            survive(phones[number], f"death {n}", 1 + STRIDE * n % LONGEST_LIFE) for n in deaths
        ]

    with ThreadPoolExecutor(PHONES) as pool:
        safe = [count for found in pool.map(dies_often, range(PHONES)) for count in found]
    assert len(safe) == DEATHS
    assert sum(count > 0 for count in safe) > DEATHS // 8, "too few deaths came late"
