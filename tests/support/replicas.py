"""Devices of the small organisation, each with a real vault, at one simulated server.

    dalila  chief of Mkomani: writes concerns, reads what her office reads
    chebet  sub-county administrator of Lamu West
    amina   headquarters

A replica does what a phone does: it seals, syncs, is killed, is restored from a copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldapp.crypto.keys import DeviceKeys, SigningKey
from fieldapp.domain.clock import HybridClock
from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.domain.fold import RecordState, from_json
from fieldapp.protocol.batch import Batch
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, route
from fieldapp.protocol.ids import RecordId, UnitId, new_record_id
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SyncService
from fieldapp.storage.vault import Transaction, Vault
from fieldapp.sync.device import Device, Surroundings
from fieldapp.sync.directory_store import keep_directory
from fieldapp.sync.report import SyncReport
from fieldapp.sync.runner import Runner
from fieldapp.sync.session import RetryPolicy
from tests.support.fakes import FakeClock, SeededChance
from tests.support.organisation import MKOMANI, Member, Organisation, small_organisation
from tests.support.simulator import Simulator
from tests.support.vaults import open_vault

IMPATIENT = RetryPolicy(attempts=1)


@dataclass(slots=True)
class Replica:
    """One device with its vault."""

    member: Member
    path: Path
    service: SyncService
    clock: FakeClock
    chance: SeededChance
    directory_signer: SigningKey | None = None
    push_bytes: int = 524_288
    pull_bytes: int = 1_048_576
    vault: Vault = field(init=False)
    device: Device = field(init=False)
    hybrid: HybridClock = field(default_factory=HybridClock)

    def __post_init__(self) -> None:
        self.open()

    @property
    def keys(self) -> DeviceKeys:
        """The device's keys."""
        return self.member.keys

    def open(self) -> None:
        """Unlock: everything is read anew from the file."""
        self.vault = open_vault(self.path)
        self.device = Device(
            self.vault,
            self.keys,
            Surroundings(
                self.clock.now_ms,
                self.chance.token,
                self.clock.wait,
                self.push_bytes,
                self.pull_bytes,
            ),
            fingerprint=None,
            directory_signer=self.directory_signer,
        )

    def restart(self) -> None:
        """Be killed and started again."""
        self.vault.close()
        self.open()

    def copy(self) -> Path:
        """Copy the vault, as a backup of the phone would."""
        self.vault.scrub()
        self.vault.close()
        target = self.path.with_suffix(".copy")
        shutil.copy(self.path, target)
        self.open()
        return target

    def restore(self, copy: Path) -> None:
        """Be restored from a copy."""
        self.vault.close()
        for leftover in (self.path, *self.path.parent.glob(self.path.name + "-*")):
            leftover.unlink(missing_ok=True)
        shutil.copy(copy, self.path)
        self.open()

    # -- what its officer does -----------------------------------------------------------------

    def create(
        self,
        words: str = "Two bicycles were taken.",
        *,
        unit: UnitId = MKOMANI,
        cls: ChannelClass = ChannelClass.ORDINARY,
        **fields: Any,
    ) -> RecordId:
        """Seal a new concern."""
        channel = route(unit, cls, self.device.directory.offices())
        record = new_record_id(channel.id, self.chance.token(12))
        content = {"category": "theft", "urgency": "U3", "narrative": words, **fields}
        self.seal(channel, [self.entry(record, unit, content)])
        return record

    def create_many(self, count: int) -> list[RecordId]:
        """Seal many concerns at once."""
        channel = Channel(MKOMANI, ChannelClass.ORDINARY)
        records = [new_record_id(channel.id, self.chance.token(12)) for _ in range(count)]
        self.seal(
            channel,
            [
                self.entry(record, MKOMANI, {"category": "theft", "narrative": f"Concern {at}"})
                for at, record in enumerate(records)
            ],
        )
        return records

    def edit(self, record: RecordId, **fields: Any) -> None:
        """Amend a record."""
        state = self.state(record)
        assert state is not None
        entry = self.entry(
            record, state.unit, fields, replaced=state.refs(fields), reason="corrected"
        )
        self.seal(Channel(state.unit, ChannelClass.ORDINARY), [entry])

    def delete(self, record: RecordId) -> None:
        """Put a tombstone on a record."""
        state = self.state(record)
        assert state is not None
        entry = self.entry(record, state.unit, {}, op="d", reason="entered twice")
        self.seal(Channel(state.unit, ChannelClass.ORDINARY), [entry])

    def entry(self, record: RecordId, unit: UnitId, fields: dict[str, Any], **more: Any) -> bytes:
        """Stamp and encode an entry."""
        self.hybrid, stamp, unsure = self.hybrid.tick(self.clock.now_ms())
        made = Entry(record, "concern", unit, stamp, fields=fields, unsure=unsure, **more)
        return encode_entry(made)

    def seal(self, channel: Channel, entries: Sequence[bytes]) -> list[Batch]:
        """Seal entries in one transaction."""
        with self.vault.transaction() as tx:
            return self.device.sealer.seal_entries(tx, channel, entries)

    def sync(self, **options: Any) -> SyncReport:
        """Sync once."""
        return self.runner(**options).run()

    def channel(self) -> Channel:
        """The ordinary channel of the officer's own unit."""
        return Channel(self.member.unit, ChannelClass.ORDINARY)

    def runner(self, **options: Any) -> Runner:
        """A sync that is about to begin."""
        options.setdefault("policy", IMPATIENT)
        return Runner(self.device, self.service, **options)

    # -- what it holds -------------------------------------------------------------------------

    def state(self, record: RecordId) -> RecordState | None:
        """The fold of a record."""
        with self.vault.reading() as tx:
            row = tx.records.get(record)
        return None if row is None or row.state is None else from_json(row.state)

    def reads(self, record: RecordId) -> bool:
        """Tell whether a record can be read here."""
        return self.state(record) is not None

    def narratives(self, *records: RecordId) -> list[str]:
        """What these records tell here, or all of them; nothing of one that cannot be read."""
        found = self.records()
        states = [found[one] for one in records or found if one in found]
        return sorted(
            str(word) for state in states for word in state.heads_of("narrative").values()
        )

    def records(self) -> dict[RecordId, RecordState]:
        """Every record that can be read here."""
        with self.vault.reading() as tx:
            rows = tx.records.changed_states(0, most=1_000_000)
        return {record: from_json(state) for _, record, state in rows if state is not None}

    def read(self, ask: Callable[[Transaction], Any]) -> Any:
        """Ask the vault something."""
        with self.vault.reading() as tx:
            return ask(tx)


@dataclass(slots=True)
class World:
    """A server and the devices that use it."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    organisation: Organisation = field(default_factory=small_organisation)
    server: Simulator = field(init=False)
    service: SyncService = field(init=False)
    replicas: dict[str, Replica] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server = Simulator(self.organisation.server, self.clock.now_ms)
        self.service = self.server
        for _, batch in self.organisation.log:
            self.server.take(batch.raw)

    def __getitem__(self, name: str) -> Replica:
        if name not in self.replicas:
            self.replicas[name] = self.enrolled(name)
        return self.replicas[name]

    def enrolled(self, name: str) -> Replica:
        """A device with the directory and its office's keys in its vault."""
        member = self.organisation[name]
        path = self.folder / f"{name}.db"
        vault = open_vault(path)
        with vault.transaction() as tx:
            keep_directory(tx, self.organisation.log, now_ms=self.clock.now_ms())
            for number, key in enumerate(self._office_keys(member), start=1):
                tx.office_keys.put(key.office, number, key.to_secret().reveal())
            for device, channel in list(self.organisation.heads):
                if device == member.device:
                    head = self.organisation.heads[device, channel]
                    tx.streams.set(device, channel, *head)
                    for _, batch in self.organisation.log:
                        if batch.header.device == device:
                            tx.batches.mark(batch.hash, "stored")
        vault.close()
        clock = FakeClock(self.clock.ms)
        signer = self.organisation.directory_signer if name == "amina" else None
        chance = SeededChance(name)
        return Replica(member, path, self.service, clock, chance, signer)

    def join(self, name: str, by: str, unit: UnitId, role: Role, desk: str = Desk.ADMIN) -> Replica:
        """Invite somebody and let the new device claim, each by its own next sync."""
        invite = self.organisation.invite_statement(unit, role, desk)
        inviter = self[by]
        with inviter.vault.transaction() as tx:
            inviter.device.duties.state(tx, [invite])
        assert inviter.sync().error is None
        member = self.organisation.join(name, unit, str(desk), role)
        path = self.folder / f"{name}.db"
        vault = open_vault(path)
        with vault.transaction() as tx:
            keep_directory(tx, self.server.directory_log(), now_ms=self.clock.now_ms())
        vault.close()
        clock = FakeClock(self.clock.ms)
        joined = Replica(member, path, self.server, clock, SeededChance(name))
        with joined.vault.transaction() as tx:
            claim = self.organisation.claim_statement(member, invite.invite, clock.ms)
            joined.device.duties.claim(tx, unit, claim)
        self.replicas[name] = joined
        assert joined.sync().error is None
        return joined

    def _office_keys(self, member: Member) -> list[Any]:
        return self.organisation.office_keys.get((member.unit, member.desk), [])  # type: ignore[call-overload, no-any-return]

    def twin(self, name: str, number: int = 2) -> Replica:
        """Copy a home to a second device; both are used from now on."""
        first = self[name]
        path = first.path.with_name(f"{first.path.stem}-{number}.db")
        shutil.copy(first.copy(), path)
        chance = SeededChance(f"{name} {number}")
        clock = FakeClock(first.clock.ms)
        return Replica(first.member, path, self.service, clock, chance)

    def advance(self, ms: int) -> None:
        """Let the same time pass everywhere."""
        for clock in (self.clock, *(one.clock for one in self.replicas.values())):
            clock.advance(ms)

    def exchange(self, *names: str) -> None:
        """Let these devices sync until nothing is left, however each of them ends."""
        for _ in range(3):
            for name in names:
                self[name].sync()

    def revoke(self, by: str, whom: str) -> None:
        """Revoke at what the revoker holds, and publish it."""
        laptop = self[by]
        with laptop.vault.transaction() as tx:
            laptop.device.duties.revoke(tx, self[whom].keys.device, Cause.LOST)
        assert laptop.sync().error is None

    def deliver_to_all(self, words: str, *names: str) -> RecordId:
        """Let dalila seal a record and each of these devices sync once, without an error."""
        record = self["dalila"].create(words)
        for name in ("dalila", *names, "dalila"):
            assert self[name].sync().error is None
        return record

    def close(self) -> None:
        """Let go of every vault."""
        for replica in self.replicas.values():
            replica.vault.close()
