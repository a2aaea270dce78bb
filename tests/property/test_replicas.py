"""Three replicas, a copied home and a server, in any order: nothing lost, nothing doubled."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fieldapp.domain.fold import to_json
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.ids import RecordId
from fieldapp.sync.commands import SyncFailure
from sync_server.storage.backup import POSITION_GAP
from tests.faults.test_crash_at_each_command import DoomedRunner, KilledError
from tests.support.organisation import MKOMANI
from tests.support.people import fixed_bytes
from tests.support.replicas import Replica, World

NAMES = ("dalila", "chebet", "amina")
WRITERS = ("dalila", "chebet")
MARKER = "bicycles"
HOUR_MS = 60 * 60 * 1000
replicas = st.sampled_from(NAMES)
writers = st.sampled_from(WRITERS)


class Replicas(RuleBasedStateMachine):
    """dalila writes, chebet writes and revokes, amina reads; all of them sync when they like."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.acknowledged: set[RecordId] = set()
        self.created: dict[str, list[RecordId]] = {name: [] for name in NAMES}
        self.is_revoked = False
        self.backup: Any = None
        self.restores = 0
        self.copy: Replica | None = None

    @initialize()
    def start(self) -> None:
        self.world = World(Path(self.folder.name))
        for name in NAMES:
            assert self.world[name].sync().error is None

    def teardown(self) -> None:
        for replica in (*self.world.replicas.values(), *self.copies()):
            replica.vault.close()
        self.folder.cleanup()

    def copies(self) -> list[Replica]:
        """The second phone with dalila's home, once there is one."""
        return [] if self.copy is None else [self.copy]

    # -- what people do ------------------------------------------------------------------------

    @rule(name=writers, count=st.integers(1, 3))
    def create(self, name: str, count: int) -> None:
        for _ in range(count):
            self.created[name].append(self.world[name].create(f"Two {MARKER} were taken."))

    @rule(name=replicas, words=st.text(alphabet="abc ", max_size=5), data=st.data())
    def edit(self, name: str, words: str, data: st.DataObject) -> None:
        replica = self.world[name]
        known = sorted(replica.records())
        if known:
            record = data.draw(st.sampled_from(known))
            replica.edit(record, narrative=f"{MARKER} {words}")

    @rule(name=replicas, data=st.data())
    def delete(self, name: str, data: st.DataObject) -> None:
        replica = self.world[name]
        known = sorted(replica.records())
        if known:
            replica.delete(data.draw(st.sampled_from(known)))

    @rule(name=replicas)
    def sync(self, name: str) -> None:
        report = self.world[name].sync()
        if not (self.is_revoked and name == "dalila"):
            assert report.error is None
        self.note_acknowledged(name)

    @precondition(lambda self: not self.is_revoked)
    @rule()
    def revoke(self) -> None:
        laptop = self.world["chebet"]
        with laptop.vault.transaction() as tx:
            laptop.device.duties.revoke(tx, self.world["dalila"].keys.device, Cause.LOST)
        self.is_revoked = True

    # -- what goes wrong -----------------------------------------------------------------------

    @rule(name=replicas, at=st.integers(1, 12), after=st.booleans())
    def crash(self, name: str, at: int, after: bool) -> None:
        replica = self.world[name]
        runner = DoomedRunner(replica.device, replica.service)
        runner.doom(at, after=after)
        try:
            runner.run()
        except KilledError:
            replica.restart()
        self.note_acknowledged(name)

    @rule(name=replicas)
    def lose_response(self, name: str) -> None:
        self.world.server.cut_answer_at = 0
        assert self.world[name].sync().error == SyncFailure("connection_cut")

    @rule(name=replicas, at=st.integers(0, 3000))
    def lose_request(self, name: str, at: int) -> None:
        self.world.server.cut_request_at = at
        assert self.world[name].sync().error == SyncFailure("connection_cut")

    @rule()
    def duplicate(self) -> None:
        self.world.server.sync(self.world.server.requests[-1])

    @rule(name=replicas, hours=st.integers(-48, 48))
    def clock_jump(self, name: str, hours: int) -> None:
        self.world[name].clock.advance(hours * HOUR_MS)

    @rule()
    def back_the_server_up(self) -> None:
        self.backup = self.world.server.copy_tables()

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore_the_server(self) -> None:
        self.restores += 1
        self.world.server.restore(self.backup, log_id=fixed_bytes(f"log {self.restores}", 16))
        self.world.server.tables.position += POSITION_GAP * self.restores

    @precondition(lambda self: self.copy is None)
    @rule()
    def copy_a_home(self) -> None:
        self.copy = self.world.twin("dalila")
        self.created["copy"] = list(self.created["dalila"])

    @precondition(lambda self: self.copy is not None)
    @rule(count=st.integers(0, 2), syncs=st.booleans())
    def use_the_copy(self, count: int, syncs: bool) -> None:
        assert self.copy is not None
        for _ in range(count):
            self.created["copy"].append(self.copy.create(f"Two {MARKER} were taken."))
        if syncs:
            report = self.copy.sync()
            assert self.is_revoked or report.error is None

    @rule(name=replicas)
    def read_all_again(self, name: str) -> None:
        replica = self.world[name]
        with replica.vault.transaction() as tx:
            replica.device.rewind(tx)

    # -- what always holds ---------------------------------------------------------------------

    def note_acknowledged(self, name: str) -> None:
        """Remember which of a writer's records the server holds by a verified receipt."""
        replica = self.world[name]
        with replica.vault.reading() as tx:
            for record in self.created[name]:
                rows = [tx.batches.by_hash(one) for one in tx.records.history(record)]
                if rows and rows[0] is not None and rows[0].state == "stored":
                    self.acknowledged.add(record)

    @invariant()
    def the_server_holds_no_plaintext(self) -> None:
        if hasattr(self, "world"):
            assert MARKER.encode() not in self.world.server.tables.every_byte()

    @invariant()
    def what_a_writer_sealed_is_still_his_to_read(self) -> None:
        if hasattr(self, "world"):
            for name, records in self.created.items():
                writer = self.copy if name == "copy" else self.world[name]
                assert writer is not None
                assert set(records) <= writer.records().keys()

    @rule()
    def exchange_everything(self) -> None:
        for _ in range(4):
            for name in NAMES:
                self.world[name].sync()
                self.note_acknowledged(name)
            for copy in self.copies():
                copy.sync()
        laptop, headquarters = self.world["chebet"], self.world["amina"]
        assert folds(laptop) == folds(headquarters)
        if not self.is_revoked:
            assert folds(self.world["dalila"]).items() <= folds(headquarters).items()
            assert self.acknowledged <= headquarters.records().keys()
            assert not headquarters.read(lambda tx: tx.quarantine.all())
            self.come_to_rest()
        states = {"received", "stored", "quarantined", *(["forked"] if self.copy else [])}
        assert headquarters.read(lambda tx: tx.batches.counts()).keys() <= states

    def come_to_rest(self) -> None:
        """Both phones hold the same, and have nothing more to send."""
        for copy in self.copies():
            assert folds(copy) == folds(self.world["dalila"])
        for phone in (self.world["dalila"], *self.copies()):
            report = phone.sync()
            assert (report.error, report.sent, report.round_trips) == (None, 0, 1)


def folds(replica: Replica) -> dict[RecordId, bytes]:
    """Every record of Mkomani as the bytes of its fold."""
    return {
        record: to_json(state)
        for record, state in replica.records().items()
        if state.unit == MKOMANI
    }


TestReplicas: Any = Replicas.TestCase
TestReplicas.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
