"""One suite, three servers: the simulator, the real one on SQLite, the real one on PostgreSQL.

The real ones are asked through HTTP on loopback; the test moves their clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.protocol.service import SyncService
from sync_server.config import Settings
from tests.support.authors import deposit
from tests.support.organisation import Organisation, small_organisation
from tests.support.postgres import PostgresCluster, running_cluster
from tests.support.server import Clock, HTTPService, ServerThread, make_exchange
from tests.support.simulator import Simulator

ALL = ("simulator", "sqlite", "postgres")
REAL = ("sqlite", "postgres")


@dataclass
class Place:
    """A server under test.

    Attributes:
        url: where it listens; empty for the simulator.
        database_url: what its database is; empty for the simulator.
    """

    service: SyncService
    clock: Clock
    claim_token: bytes
    url: str = ""
    database_url: str = ""


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture
def organisation() -> Organisation:
    return small_organisation()


@pytest.fixture(params=ALL)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database of the kind under test."""
    if kind != "postgres":
        return f"sqlite:///{tmp_path / 'server.db'}"
    found: PostgresCluster = request.getfixturevalue("cluster")
    return Settings(database_url=found.new_database()).url


@pytest.fixture
def unclaimed(
    kind: str, organisation: Organisation, database_url: str, tmp_path: Path
) -> Iterator[Place]:
    """A server that has no root yet."""
    clock = Clock()
    if kind == "simulator":
        yield Place(Simulator(organisation.server, clock), clock, b"any token")
        return
    exchange = make_exchange(database_url, clock=clock)
    token = bytes.fromhex(exchange.claim_token())
    server = ServerThread(Settings(data=str(tmp_path), deposits_per_minute=0), exchange)
    service = HTTPService(server.url)
    yield Place(service, clock, token, server.url, database_url)
    service.close()
    server.stop()


@pytest.fixture
def place(unclaimed: Place, organisation: Organisation) -> Place:
    """A claimed server that knows the small organisation."""
    root, *others = (batch for _, batch in organisation.log)
    unclaimed.service.claim_server(unclaimed.claim_token, root.raw)
    assert not deposit(unclaimed.service, *others).refused
    return unclaimed


@pytest.fixture
def service(place: Place) -> SyncService:
    return place.service
