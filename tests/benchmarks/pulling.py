"""Pulls over real HTTP, from the services down: what an officer waits for.

Laws:
  * A pull is a whole sync of the app: request, answer, check, open, fold, index, receipts.
  * The server is the real process; its peak memory is read after everything was pushed and pulled.
  * An idle sync is counted on the socket, HTTP headers both ways included.
"""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import requests

from fieldapp.protocol.messages import SyncRequest, encode_request
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SYNC_PATH
from fieldapp.services.facade import Services
from tests.benchmarks import raw_model
from tests.benchmarks.homes import open_home
from tests.benchmarks.ingest import CLIENTS, SHAPES, groups, requests_of
from tests.benchmarks.metrics import Report
from tests.benchmarks.opening import raw_keys
from tests.benchmarks.servers import (
    RAW_PATH,
    RawProcess,
    peak_rss_mb,
    push,
    raw_server,
    real_server,
)
from tests.benchmarks.timing import Scale, in_turns, seconds
from tests.benchmarks.workload import Writer, organisation_of
from tests.support.organisation import LAMU_WEST, Member, Organisation
from tests.support.server import ServerProcess

BATCH = 50
IDLE_SYNCS = 5


@dataclass(slots=True)
class Place:
    """A real and a raw server that hold the same batches, and who wrote them."""

    folder: Path
    organisation: Organisation
    writers: Sequence[Writer]
    real: ServerProcess
    raw: RawProcess
    readers: Iterator[Member]
    stored: int = 0

    def grow(self, records: int) -> None:
        """Push new records to both servers."""
        share = records // len(self.writers) // BATCH * BATCH
        shares = [records - share * (len(self.writers) - 1), *[share] * (len(self.writers) - 1)]
        made = [
            (writer, writer.batches(count, BATCH))
            for writer, count in zip(self.writers, shares, strict=True)
            if count
        ]
        full = SHAPES["8x50_full"]
        url = self.real.url
        push(
            self.folder,
            self.real.port,
            SYNC_PATH,
            [list(requests_of(url, writer, batches, full)) for writer, batches in made],
        )
        raws = [
            [
                encode_request(SyncRequest(batches=tuple(batch.raw for batch in group)))
                for group in groups(batches, full=True)
            ]
            for _, batches in made
        ]
        push(self.folder, self.raw.port, RAW_PATH, raws)
        self.stored += records

    def home(self, stack: ExitStack, url: str = "") -> Services:
        """Make a fresh home of one more administrator of the sub-county."""
        member = next(self.readers)
        root = self.folder / member.name
        return stack.enter_context(open_home(root, self.organisation, member, url or self.real.url))


def run(report: Report, scale: Scale) -> None:
    """Measure everything of this module."""
    organisation, writers = organisation_of(CLIENTS)
    readers = [
        organisation.enrol(organisation["brian"], f"reader {at}", LAMU_WEST, Role.DCC_ADMIN)
        for at in range(scale.repeats + 3)
    ]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder)
        real = stack.enter_context(real_server(data / "real", organisation))
        raw = stack.enter_context(raw_server(data / "raw", writers))
        place = Place(data, organisation, writers, real, raw, iter(readers))
        place.grow(scale.records)
        measure_pull(report, scale, place)
        before = measure_news(report, scale, place, "pull_100_new_after_10000_ms")
        measure_idle(report, place)
        place.grow(scale.many - place.stored)
        after = measure_news(report, scale, place, "pull_100_new_after_100000_ms")
        report.add("pull_100_new_ratio", after / before)
        report.add("server_peak_rss_mb", peak_rss_mb(real.pid), peak_rss_mb(raw.pid))


def measure_pull(report: Report, scale: Scale, place: Place) -> None:
    """Let a fresh device pull everything, against fetch, check, open and fold by the raw model."""

    def product() -> float:
        with ExitStack() as stack:
            services = place.home(stack)
            return place.stored / seconds(lambda: _pull(services, place.stored))

    value, limit = in_turns(scale.repeats, product, lambda: place.stored / _raw_seconds(place, 0))
    report.add("pull_10000_records_per_s", value, limit)


def _pull(services: Services, expected: int) -> None:
    """Sync once; beside what is expected there may be a few cards of officers."""
    done = services.syncing.sync()
    if done.error is not None or done.received < expected or done.quarantined:
        raise ValueError(done)


def _raw_seconds(place: Place, after: int) -> float:
    """Time a raw pull from a position on; what lies before is no part of it."""
    known = _raw_pages(place.raw.port, 0, until=after)
    keys = raw_keys(*place.writers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.db"
        if not after:
            return seconds(
                lambda: raw_model.check_open_fold(_raw_pages(place.raw.port, 0), keys, path)
            )
        heads = raw_model.heads_of(known)
        return seconds(
            lambda: raw_model.check_open_fold(_raw_pages(place.raw.port, after), keys, path, heads)
        )


def _raw_pages(port: int, after: int, until: int | None = None) -> list[bytes]:
    """Fetch batches page by page, up to a position."""
    found: list[bytes] = []
    with requests.Session() as session:
        while until is None or after < until:
            page = session.post(f"http://127.0.0.1:{port}/page", data=after.to_bytes(8, "big"))
            if not page.content:
                break
            for position, raw in raw_model.split_page(page.content):
                if until is None or position <= until:
                    found.append(raw)
                after = position
    return found


def measure_news(report: Report, scale: Scale, place: Place, name: str) -> float:
    """Pull a little that is new on top of all that is there."""
    with ExitStack() as stack:
        services = place.home(stack)
        _pull(services, place.stored)
        spent, raw = [], []
        for _ in range(max(scale.repeats, 3)):
            position = place.stored // BATCH
            place.grow(scale.news)
            spent.append(1000 * seconds(lambda: _pull(services, scale.news)))
            raw.append(1000 * _raw_seconds(place, position))
    report.add(name, median(spent), median(raw))
    return median(spent)


def measure_idle(report: Report, place: Place) -> None:
    """Count the bytes of a sync that brings nothing, beside an empty POST of the same library."""
    with ExitStack() as stack:
        wire = stack.enter_context(counted(place.real.port))
        services = place.home(stack, f"http://127.0.0.1:{wire.port}")
        services.syncing.sync()
        services.syncing.sync()
        found = []
        for _ in range(IDLE_SYNCS):
            wire.bytes = 0
            _pull(services, 0)
            found.append(wire.bytes)
        echo = stack.enter_context(counted(place.raw.port))
        requests.post(f"http://127.0.0.1:{echo.port}/echo", timeout=10)
        report.add("idle_sync_bytes", median(found), echo.bytes)


@dataclass(slots=True)
class Wire:
    """A loopback port that passes everything on and counts it."""

    port: int
    bytes: int = 0


@contextmanager
def counted(port: int) -> Iterator[Wire]:
    """Stand before a server and count what goes through, both ways."""
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire(listener.getsockname()[1])
    thread = threading.Thread(target=_accept, args=(listener, port, wire), daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, port: int, wire: Wire) -> None:
    with contextlib.suppress(OSError):
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(one, other, wire), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket, wire: Wire) -> None:
    """Pass bytes on; counted before they are passed, so that nobody is ahead of the count."""
    with contextlib.suppress(OSError):
        while block := one.recv(65_536):
            wire.bytes += len(block)
            other.sendall(block)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)
