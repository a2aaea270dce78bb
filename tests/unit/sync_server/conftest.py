"""A real PostgreSQL for the tests that need one, and a server that knows an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.exchange.service import Exchange
from tests.support.authors import deposit
from tests.support.organisation import Organisation, small_organisation
from tests.support.postgres import PostgresCluster, running_cluster
from tests.support.server import make_exchange


@pytest.fixture(scope="session")
def cluster() -> Iterator[PostgresCluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture
def organisation() -> Organisation:
    return small_organisation()


@pytest.fixture
def exchange(organisation: Organisation, tmp_path: Path) -> Iterator[Exchange]:
    made = make_exchange(f"sqlite:///{tmp_path / 'server.db'}")
    root, *others = (batch for _, batch in organisation.log)
    made.claim_server(bytes.fromhex(made.claim_token()), root.raw)
    assert not deposit(made, *others).refused
    yield made
    made.close()
