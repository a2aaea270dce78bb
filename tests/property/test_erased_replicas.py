"""Replicas, a server and erase orders in any order: what was erased is gone, the rest is equal."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fieldapp.errors import NoRightError
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import RecordId
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.key_packets import noted_alarms
from fieldapp.sync.orders import is_erased, ordered_targets, orders_for
from tests.property.test_replicas import folds
from tests.support.organisation import MKOMANI
from tests.support.replicas import World

NAMES = ("dalila", "chebet", "amina")
CHANNEL = Channel(MKOMANI, ChannelClass.ORDINARY)
replicas = st.sampled_from(NAMES)


class ErasedReplicas(RuleBasedStateMachine):
    """dalila and chebet write and have records erased; amina reads; all sync when they like."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.erased: set[RecordId] = set()
        self.created: set[RecordId] = set()

    @initialize()
    def start(self) -> None:
        self.world = World(Path(self.folder.name))
        for name in NAMES:
            assert self.world[name].sync().error is None

    def teardown(self) -> None:
        self.world.close()
        self.folder.cleanup()

    @rule(count=st.integers(1, 4))
    def create_together(self, count: int) -> None:
        self.created |= set(self.world["dalila"].create_many(count))

    @rule(name=replicas, data=st.data())
    def edit(self, name: str, data: st.DataObject) -> None:
        replica = self.world[name]
        known = sorted(set(replica.records()) & self.created)
        if known:
            replica.edit(data.draw(st.sampled_from(known)), narrative=f"by {name}")

    @rule(name=st.sampled_from(("dalila", "chebet")), data=st.data())
    def erase(self, name: str, data: st.DataObject) -> None:
        replica = self.world[name]
        known = sorted(set(replica.records()) & self.created)
        if not known:
            return
        record = data.draw(st.sampled_from(known))
        try:
            with replica.vault.transaction() as tx:
                replica.device.erasure.erase_record(tx, CHANNEL, record)
        except NoRightError:
            assert name == "dalila", "an enroller of a reading office may have anything erased"
            return
        self.erased.add(record)
        assert record not in replica.records()

    @rule(name=replicas)
    def sync(self, name: str) -> None:
        report = self.world[name].sync()
        assert (report.error, report.alarms) == (None, ())

    @rule(name=replicas)
    def read_all_again(self, name: str) -> None:
        replica = self.world[name]
        with replica.vault.transaction() as tx:
            replica.device.rewind(tx)

    @rule(name=replicas)
    def lose_response(self, name: str) -> None:
        self.world.server.cut_answer_at = 0
        assert self.world[name].sync().error == SyncFailure("connection_cut")

    @invariant()
    def no_body_outlives_its_order(self) -> None:
        if hasattr(self, "world"):
            for replica in self.world.replicas.values():
                assert not replica.read(covered_bodies)

    @rule()
    def exchange_everything(self) -> None:
        for _ in range(4):
            for name in NAMES:
                assert self.world[name].sync().error is None
        expected = folds(self.world["amina"])
        assert self.created - self.erased <= expected.keys()
        for name in NAMES:
            replica = self.world[name]
            assert folds(replica) == expected, name
            assert not replica.read(lambda tx: tx.quarantine.all()), name
            assert not replica.read(lambda tx: list(tx.batches.waiting())), name
            assert not replica.read(noted_alarms), name
            assert replica.device.verify().complete, name


def covered_bodies(tx: Any) -> list[bytes]:
    """Find batches that lie whole in a vault although an order for them counts there."""
    rows = [tx.batches.by_hash(one) for one in ordered_targets(tx) if orders_for(tx, one)]
    return [row.hash for row in rows if row is not None and not is_erased(row.raw)]


TestErasedReplicas: Any = ErasedReplicas.TestCase
TestErasedReplicas.settings = settings(
    max_examples=20,
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
