"""Ingest over real HTTP: several clients push sealed batches at one server process.

Laws:
  * Each request is a whole sync: signed hello, one batch, heads; the answer brings a page of the
    feed as it would to a phone.
  * Every run has a fresh server and fresh streams; the count of stored batches is checked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

import psycopg

from fieldapp.protocol.batch import Batch
from fieldapp.protocol.hashing import heads_digest
from fieldapp.protocol.messages import SyncRequest, encode_request
from fieldapp.protocol.service import SYNC_PATH
from fieldapp.sync.exchange import PUSH_BYTES
from sync_server.app import now_ms
from tests.benchmarks.metrics import Report
from tests.benchmarks.servers import RAW_PATH, Run, push, raw_server, real_server, stored_batches
from tests.benchmarks.timing import Scale, in_turns, percentile, seconds
from tests.benchmarks.workload import Writer, another, organisation_of
from tests.support.authors import Device
from tests.support.organisation import Organisation
from tests.support.postgres import running_cluster
from tests.support.server import HTTPService, ServerProcess

CLIENTS = 8
PAGE_BYTES = 1
"""The smallest page an answer may have: a phone that pushes pulls its own batches back."""
RAW_TABLES = """
CREATE TABLE batches(position BIGSERIAL PRIMARY KEY, hash BYTEA UNIQUE, device BYTEA, seq BIGINT,
    raw BYTEA, UNIQUE(device, seq));
CREATE TABLE feed(reader INT, position BIGINT, PRIMARY KEY(reader, position));
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """Who pushes what.

    Attributes:
        clients: how many at once.
        size: records in a batch.
        full: as many batches a request as the app sends, instead of one.
    """

    clients: int
    size: int
    full: bool = False


SHAPES = {
    "8x50": Shape(CLIENTS, 50),
    "8x10": Shape(CLIENTS, 10),
    "1x50": Shape(1, 50),
    "8x50_full": Shape(CLIENTS, 50, full=True),
}


def run(report: Report, scale: Scale) -> None:
    """Measure everything of this module."""
    organisation, writers = organisation_of(CLIENTS)
    for name, shape in SHAPES.items():
        times: list[float] = []
        value, limit = in_turns(
            max(1, scale.repeats - 2),
            partial(_real_rate, organisation, writers[: shape.clients], shape, scale, times),
            partial(_raw_rate, writers[: shape.clients], shape, scale),
        )
        report.add(f"ingest_http_records_per_s_{name}", value, limit)
        if name == "8x50":
            report.add("ingest_http_p95_ms_8x50", 1000 * median(times))
    measure_postgres(report, scale, organisation, writers)


def _real_rate(
    organisation: Organisation,
    writers: Sequence[Writer],
    shape: Shape,
    scale: Scale,
    times: list[float],
) -> float:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with real_server(data / "server", organisation) as server:
            done = _push_all(data, server, writers, shape, scale.pushed)
    times.append(percentile(done.requests, 95))
    return len(writers) * scale.pushed / done.seconds


def _push_all(
    folder: Path, server: ServerProcess, writers: Sequence[Writer], shape: Shape, pushed: int
) -> Run:
    bodies = [
        list(requests_of(server.url, writer, writer.batches(pushed, shape.size), shape))
        for writer in map(another, writers)
    ]
    before = stored_batches(server)
    done = push(folder, server.port, SYNC_PATH, bodies)
    if stored_batches(server) - before != len(writers) * pushed // shape.size:
        raise ValueError("batches stored")
    return done


def _raw_rate(writers: Sequence[Writer], shape: Shape, scale: Scale) -> float:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with raw_server(data / "raw", writers) as server:
            bodies = [
                [
                    encode_request(SyncRequest(batches=tuple(batch.raw for batch in group)))
                    for group in groups(writer.batches(scale.pushed, shape.size), full=shape.full)
                ]
                for writer in map(another, writers)
            ]
            done = push(data, server.port, RAW_PATH, bodies)
    return len(writers) * scale.pushed / done.seconds


def groups(batches: Sequence[Batch], *, full: bool) -> Iterator[Sequence[Batch]]:
    """Group the batches of one client into requests."""
    group: list[Batch] = []
    size = 0
    for batch in batches:
        if group and (not full or size + len(batch.raw) > PUSH_BYTES):
            yield group
            group, size = [], 0
        group.append(batch)
        size += len(batch.raw)
    if group:
        yield group


def requests_of(
    url: str, writer: Writer, batches: Sequence[Batch], shape: Shape
) -> Iterator[bytes]:
    """Make the requests of one client, signed now, from where its feed stands now."""
    service = HTTPService(url)
    device = Device(writer.member)
    device.pull(service)
    heads = {
        batch.header.channel: (batch.header.seq, batch.hash)
        for _, batch in writer.organisation.log
        if batch.header.device == writer.member.device
    }
    service.close()
    for group in groups(batches, full=shape.full):
        last = group[-1]
        heads[last.header.channel] = (last.header.seq, last.hash)
        yield encode_request(
            SyncRequest(
                hello=device.hello(time_ms=now_ms(), byte_budget=PAGE_BYTES),
                heads_digest=heads_digest((channel, *head) for channel, head in heads.items()),
                batches=tuple(batch.raw for batch in group),
            )
        )


def measure_postgres(
    report: Report, scale: Scale, organisation: Organisation, writers: Sequence[Writer]
) -> None:
    """Push at a server over a PostgreSQL that waits for its disk."""
    shape = SHAPES["8x50"]
    smaller = replace(scale, pushed=scale.pushed // 2)
    with running_cluster(durable=True) as cluster:

        def real() -> float:
            options = ("--database-url", cluster.new_database())
            with tempfile.TemporaryDirectory() as folder:
                data = Path(folder)
                with real_server(data / "server", organisation, options) as server:
                    done = _push_all(data, server, writers, shape, smaller.pushed)
            return len(writers) * smaller.pushed / done.seconds

        def raw() -> float:
            batches = another(writers[0]).batches(CLIENTS * smaller.pushed, shape.size)
            spent = seconds(lambda: _insert_into_postgres(cluster.new_database(), batches))
            return CLIENTS * smaller.pushed / spent

        value, limit = in_turns(max(1, scale.repeats - 2), real, raw)
    report.add("ingest_postgres_records_per_s_8x50", value, limit)


def _insert_into_postgres(url: str, batches: Sequence[Batch]) -> None:
    """Insert batches and feed rows by the bare driver, one commit for every client's batch."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(RAW_TABLES)
        for start in range(0, len(batches), CLIENTS):
            with connection.transaction():
                for position, batch in enumerate(batches[start : start + CLIENTS], start=start):
                    header = batch.header
                    connection.execute(
                        "INSERT INTO batches VALUES (%s,%s,%s,%s,%s)",
                        (position, batch.hash, header.device, header.seq, batch.raw),
                    )
                    connection.execute(
                        "INSERT INTO feed SELECT reader, %s FROM generate_series(1, 4) reader",
                        (position,),
                    )
