"""The law of headquarters' tables: followed step by step, or built at once, they hold the same."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import Connection

from fieldapp.domain.fold import RecordState
from fieldapp.domain.record_types import record_type
from fieldapp.protocol.channels import ChannelClass
from fieldapp.storage.hq import refresh as refreshing
from fieldapp.storage.hq import store as storing
from fieldapp.storage.hq.store import HqStore
from tests.support.stores import READER, amended, folded, keep, table_rows
from tests.support.vaults import open_vault

TYPES = (record_type("meeting"), record_type("concern"))
MEETINGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"venue": st.sampled_from(["Hall", "Tree", 7])},
    optional={
        "agencies": st.lists(st.sampled_from(["nctc", "eacc", 7]), max_size=3),
        "attendance": st.dictionaries(st.sampled_from(["total", "female"]), st.integers(0, 9)),
        "resolutions": st.lists(
            st.fixed_dictionaries({"text": st.sampled_from(["Patrols", "Lights"])}), max_size=2
        ),
    },
)
CONCERNS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"category": st.sampled_from(["theft", "gbv"]), "date": st.just("2023-11-05")},
    optional={"told": st.lists(st.sampled_from(["chief", "police"]), max_size=2)},
)
DOCUMENTS = st.tuples(st.just("meeting"), MEETINGS) | st.tuples(st.just("concern"), CONCERNS)


class KilledError(Exception):
    """Stands for a kill: nothing after this instant happens."""


class MortalStore(HqStore):
    """A store that can be killed inside a chunk, after its rows were written."""

    chunks_left: int | None = None

    def _set(self, connection: Connection, key: str, value: str) -> None:
        if self.chunks_left == 0:
            raise KilledError
        if self.chunks_left is not None:
            self.chunks_left -= 1
        super()._set(connection, key, value)


class FollowedTables(RuleBasedStateMachine):
    """A vault that changes, and a store that follows it now and then and is killed at times."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.patches = contextlib.ExitStack()
        self.patches.enter_context(mock.patch.object(refreshing, "CHUNK", 3))
        self.patches.enter_context(mock.patch.object(storing, "record_types", return_value=TYPES))
        root = Path(self.folder.name)
        self.vault = open_vault(root / "vault.db")
        self.store = MortalStore(root / "hq.db")
        self.fresh = HqStore(root / "fresh.db")
        self.states: list[RecordState] = []

    def teardown(self) -> None:
        for opened in (self.vault, self.store, self.fresh):
            opened.close()
        self.patches.close()
        self.folder.cleanup()

    @rule(document=DOCUMENTS)
    def write(self, document: tuple[str, dict[str, Any]]) -> None:
        type_key, fields = document
        is_restricted = fields.get("category") == "gbv"
        cls = ChannelClass.GENDER if is_restricted else ChannelClass.ORDINARY
        self.states.append(folded(f"record {len(self.states)}", type_key, fields, cls=cls))
        keep(self.vault, self.states[-1])

    @precondition(lambda self: self.states)
    @rule(data=st.data(), op=st.sampled_from("sd"), venue=st.sampled_from(["Shade", None]))
    def amend(self, data: st.DataObject, op: str, venue: str | None) -> None:
        at = data.draw(st.integers(0, len(self.states) - 1))
        self.states[at] = amended(self.states[at], {"venue": venue} if op == "s" else {}, op=op)
        keep(self.vault, self.states[at])

    @precondition(lambda self: self.states)
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        with self.vault.transaction() as tx:
            tx.records.erase(data.draw(st.sampled_from(self.states)).record)

    @rule(chunks=st.integers(0, 3))
    def be_killed(self, chunks: int) -> None:
        """Follow some chunks, and die inside the next one after its rows were written."""
        self.store.chunks_left = chunks
        with contextlib.suppress(KilledError):
            self._refresh(self.store)
        self.store.chunks_left = None

    @rule()
    def follow(self) -> None:
        """After each look at the vault the tables are those of a store that was built just now."""
        self._refresh(self.store)
        self.fresh.rebuild()
        self._refresh(self.fresh)
        assert tables_of(self.store) == tables_of(self.fresh)

    def _refresh(self, store: HqStore) -> None:
        refreshing.refresh(store, self.vault, READER)


def tables_of(store: HqStore) -> dict[str, list[str]]:
    names = [row["name"] for row in table_rows(store, "sqlite_master") if row["type"] == "table"]
    followed = [name for name in names if name != "hq_state"]
    return {name: sorted(map(repr, table_rows(store, name))) for name in followed}


TestFollowedTables: Any = FollowedTables.TestCase
TestFollowedTables.settings = settings(max_examples=30, stateful_step_count=25)
