"""What an officer feels every day: starting, unlocking, searching, saving.

Laws:
  * Measured from the services down, on a home that holds what 10,000 in a metric's name says.
  * The KDF is measured apart: what one guess costs is a choice, not a delay to be removed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from fieldapp.domain.samples import concern
from fieldapp.errors import WrongPinError
from fieldapp.protocol.channels import OfficeRef
from fieldapp.protocol.ids import ReaderId
from fieldapp.services import key_guard
from fieldapp.services.facade import Services
from tests.benchmarks import raw_model
from tests.benchmarks.homes import PIN, device_of, open_home, services_at
from tests.benchmarks.metrics import Report
from tests.benchmarks.opening import feed_of, take_all
from tests.benchmarks.servers import ROOT
from tests.benchmarks.timing import Scale, in_turns, percentile, seconds, timed
from tests.benchmarks.workload import Writer, another, organisation_of
from tests.support.factories import TODAY
from tests.support.organisation import MKOMANI, Organisation

SECOND_PIN = "975310 elders by the well"
BATCH = 50
PAGE = 50
CARD_KEY = bytes(range(32))
QUESTIONS = (
    "theft",
    "market night",
    "ferry",
    "chief elders",
    "w",
    "bicycle stolen",
    "nothinglikeit",
)
APP = "fieldapp.bootstrap, fieldapp.ui.app"
LIBRARIES = "flet, requests, sqlalchemy, cryptography.hazmat.primitives.hpke, argon2"


def run(report: Report, scale: Scale) -> None:
    """Measure everything of this module."""
    measure_import(report, scale)
    organisation, (writer, *_) = organisation_of(1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "home"
        with filled_home(root, organisation, writer, scale.records) as services:
            measure_search(report, scale, services)
            cards = [bytes(raw) for raw in _cards(services)]
        measure_unlock(report, scale, root, cards)
        half = scale.records // 2
        with filled_home(Path(folder) / "list", organisation, another(writer), half) as services:
            measure_list(report, scale, services, half)
        with open_home(Path(folder) / "chief", organisation, organisation["dalila"]) as services:
            measure_saves(report, scale, services, Path(folder))
        measure_giving_up(report, scale, organisation, Path(folder))


@contextmanager
def filled_home(
    root: Path, organisation: Organisation, writer: Writer, records: int
) -> Iterator[Services]:
    """Make a sub-county's home that holds so many records."""
    member = organisation["chebet"]
    reader = ReaderId(OfficeRef(member.unit, str(member.desk)).id)
    with open_home(root, organisation, member) as services:
        take_all(device_of(services), feed_of(writer.batches(records, BATCH), reader), records)
        services.access.lock()
        services.access.unlock(PIN)
        yield services


def _cards(services: Services) -> list[bytes]:
    with services.access.workspace().vault.reading() as tx:
        return [card for _, card in tx.index.cards()]


def measure_unlock(report: Report, scale: Scale, root: Path, cards: Sequence[bytes]) -> None:
    """From the right PIN to the first list; the KDF is timed where it runs and taken off."""
    raw = root.parent / "cards.db"
    raw_model.make_rows(raw, CARD_KEY, cards)
    kdf: list[float] = []

    def rest() -> float:
        with services_at(root) as services, timed(key_guard, "unwrap_vault_key") as spent:
            whole = seconds(lambda: _unlock(services, scale.records))
        kdf.append(sum(spent))
        return whole - kdf[-1]

    value, limit = in_turns(
        scale.repeats,
        rest,
        lambda: seconds(lambda: raw_model.open_rows(raw, CARD_KEY, len(cards))),
    )
    report.add("unlock_10000_ms", 1000 * value, 1000 * limit)
    report.add("unlock_kdf_ms", 1000 * median(kdf))


def _unlock(services: Services, expected: int) -> None:
    services.access.unlock(PIN)
    _, total = services.records.find()
    if total != expected:
        raise ValueError(total)


def measure_search(report: Report, scale: Scale, services: Services) -> None:
    """Ask for a page by words, against a bare scan of the same texts."""
    texts = [raw.decode().casefold() for raw in _cards(services)]
    questions = [question.split() for question in QUESTIONS]
    services.records.find(text=QUESTIONS[0])

    def product() -> float:
        return median(
            seconds(partial(services.records.find, text=question)) for question in QUESTIONS
        )

    def raw() -> float:
        return median(seconds(partial(raw_model.find_words, texts, words)) for words in questions)

    value, limit = in_turns(scale.repeats, product, raw)
    report.add("search_10000_ms", 1000 * value, 1000 * limit)


def measure_list(report: Report, scale: Scale, services: Services, records: int) -> None:
    """Turn to the first page of a list and to one in the middle, each as the screen asks for it.

    The slower of the two counts, ticks included; beside it the cards of a page are parsed.
    """
    cards = [bytes(raw) for raw in _cards(services)]
    pages = [
        partial(_turn_to, services, state, offset, records)
        for state in (None, "received")
        for offset in (0, records // 2)
    ]
    value, limit = in_turns(
        scale.repeats,
        lambda: max(seconds(page) for page in pages),
        lambda: seconds(lambda: raw_model.parse_page(cards, records // 2, PAGE)),
    )
    report.add("list_5000_page_ms", 1000 * value, 1000 * limit)


def _turn_to(services: Services, state: str | None, offset: int, expected: int) -> None:
    rows, total = services.records.find(state=state, offset=offset, limit=PAGE)
    if (len(rows), total) != (PAGE, expected):
        raise ValueError(total)


def measure_saves(report: Report, scale: Scale, services: Services, folder: Path) -> None:
    """Save a draft as it is typed, and seal records one by one."""
    chance = random.Random(7)  # noqa: S311 - invented text, no key
    documents = [concern(chance, MKOMANI, TODAY).fields for _ in range(scale.saves)]
    draft = services.records.new_draft("concern").id
    spent = each(documents, lambda fields: services.records.save_draft(draft, fields))
    bodies = [b"x" * 1_024] * scale.saves
    bare = raw_model.commit_seconds(folder / "saves.db", bodies)
    report.add("save_p95_ms", 1000 * percentile(spent, 95), 1000 * percentile(bare, 95))
    spent = each(documents, lambda fields: services.records.create("concern", MKOMANI, fields))
    report.add("seal_one_p95_ms", 1000 * percentile(spent, 95), 1000 * percentile(bare, 95))


def measure_giving_up(
    report: Report, scale: Scale, organisation: Organisation, folder: Path
) -> None:
    """Give up a home in which fourteen records and a draft wait, by each of the two ways."""
    spent: dict[str, list[float]] = {"quick_delete_14_ms": [], "emergency_pin_14_ms": []}
    for number in range(scale.repeats):
        for name, found in spent.items():
            root = folder / f"{name} {number}"
            with open_home(root, organisation, organisation["dalila"]) as services:
                _let_wait(services, 14)
                is_silent = name == "emergency_pin_14_ms"
                found.append(seconds(partial(_give_up, services, is_silent=is_silent)))
    for name, found in spent.items():
        report.add(name, 1000 * median(found))


def _let_wait(services: Services, count: int) -> None:
    services.access.set_duress_pin(PIN, SECOND_PIN)
    chance = random.Random(14)  # noqa: S311 - invented text, no key
    for _ in range(count):
        services.records.create("concern", MKOMANI, concern(chance, MKOMANI, TODAY).fields)
    services.records.new_draft("concern", MKOMANI, concern(chance, MKOMANI, TODAY).fields)


def _give_up(services: Services, *, is_silent: bool) -> None:
    """As a screen does: the draft is sealed, the key destroyed, the rest removed."""
    if not is_silent:
        services.access.quick_delete()
        return
    services.access.lock()
    with suppress(WrongPinError):
        services.access.unlock(SECOND_PIN)


def each(
    documents: Sequence[dict[str, object]], do: Callable[[dict[str, object]], object]
) -> list[float]:
    """Time one thing for each document."""
    found = []
    for fields in documents:
        start = perf_counter()
        do(fields)
        found.append(perf_counter() - start)
    return found


def measure_import(report: Report, scale: Scale) -> None:
    """Import the app in a fresh interpreter, beside the libraries that it stands on."""
    value, limit = in_turns(scale.repeats, lambda: _import(APP), lambda: _import(LIBRARIES))
    report.add("import_app_ms", 1000 * value, 1000 * limit)


def _import(modules: str) -> float:
    program = (
        f"import time; s = time.perf_counter(); import {modules}; print(time.perf_counter() - s)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        check=True,
        text=True,
    )
    return float(done.stdout)
