"""An unlocked home: vault, keys, directory, clock and search index, held together.

Laws:
  * It exists only while the vault is unlocked; locking drops it whole.
  * The hybrid clock moves inside the transaction that uses its stamp, so that a crash can never
    hand out one stamp twice.
  * Capture never stops for a clock: a clock before the build date is overruled and marked.
  * Our time is the device's clock corrected by the offset last learnt from a server; best time is
    the later of that and the last time a server signed.
  * ``lock`` is held by whoever reads or changes the directory, and before a transaction, never
    after one. A sync lets go of it while it waits for the network, so that capture goes on.
  * What another process wrote beside this one is taken in by ``catch_up``.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.domain.clock import BUILD_MS, HybridClock, kenya_date
from fieldapp.domain.paths import item_id
from fieldapp.errors import NotEnrolledError, ProtocolError
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import ID_BYTES, DeviceId, RecordId, UnitId, id_to_text, text_to_id
from fieldapp.services.counting import META_COUNTS, EntryCounts
from fieldapp.services.places import Places
from fieldapp.services.ports import Chance, Clock
from fieldapp.services.promises import Promises
from fieldapp.storage.cards import Card, card_from_json
from fieldapp.storage.home import Home
from fieldapp.storage.search import SearchIndex
from fieldapp.storage.vault import Transaction, Vault
from fieldapp.sync.device import Device
from fieldapp.sync.exchange import OFFSET_KEY
from fieldapp.sync.feed import CURSOR_KEY
from fieldapp.sync.sealer import Sealer

META_CLOCK = "clock"
META_PROFILE = "profile"
META_DEVICE_KEYS = "device_keys"
META_UNITS = "units"
META_DIRECTORY_KEY = "directory_key"
META_FINGERPRINT = "root_fingerprint"

CHANGES_AT_ONCE = 500
NAMING_CARDS = (b'{"t":"unit"', b'{"t":"officer"')
"""How cards begin that bring names of places and people."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who holds this vault and where it belongs."""

    name: str
    role: str
    unit: str
    desk: str
    org: str
    server_url: str
    invite: str

    def to_json(self) -> bytes:
        """Write the profile as the vault keeps it."""
        return json.dumps({slot: getattr(self, slot) for slot in self.__slots__}).encode()

    @classmethod
    def from_json(cls, raw: bytes) -> Profile:
        """Read what ``to_json`` wrote."""
        return cls(**json.loads(raw))


@dataclass(slots=True)
class Workspace:
    """Everything that an unlocked home offers the services."""

    home: Home
    device: Device
    profile: Profile
    places: Places
    clock: Clock
    chance: Chance
    index: SearchIndex = field(default_factory=SearchIndex)
    counts: EntryCounts = field(default_factory=EntryCounts)
    promises: Promises = field(default_factory=Promises)
    offset_ms: int = 0
    names: dict[str, str] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    is_closing: bool = False
    is_pin_only: bool = False
    _change: int = 0
    _mark: bytes = b""

    def __post_init__(self) -> None:
        """Read everything that lists and names need, once."""
        with self.vault.reading() as tx:
            cards = list(tx.index.cards())
            self._change = tx.records.last_change()
            self.places.learn_packet(tx.meta.get(META_UNITS))
            self._read_marks(tx)
            self.counts = EntryCounts(tx.meta.get(META_COUNTS))
        self.index = SearchIndex(cards)
        for _, raw in cards:
            if raw.startswith(NAMING_CARDS):
                self._learn(card_from_json(raw))

    @property
    def vault(self) -> Vault:
        """The open vault."""
        return self.device.vault

    @property
    def keys(self) -> DeviceKeys:
        """This device's keys."""
        return self.device.keys

    @property
    def directory(self) -> Directory:
        """What this device knows of offices and devices."""
        return self.device.directory

    @property
    def sealer(self) -> Sealer:
        """Seals into this device's streams."""
        return self.device.sealer

    def now_ms(self) -> int:
        """Our time: the device's clock with the offset learnt from a server."""
        return self.clock.now_ms() + self.offset_ms

    def best_time_ms(self) -> int:
        """The later of our time and the last time that a server signed."""
        return max(self.now_ms(), self.device.best_time_ms())

    def is_overdue(self, record: RecordId) -> bool:
        """Whether the time to act on a record has passed and nobody has."""
        card = self.index.get(record)
        return card is not None and card.due_ms is not None and card.due_ms < self.best_time_ms()

    def today(self) -> date:
        """The day in Kenya."""
        return kenya_date(max(self.now_ms(), BUILD_MS))

    def tick(self, tx: Transaction) -> tuple[int, bool]:
        """Hand out the next stamp; true when the clock cannot be right."""
        last = int.from_bytes(tx.meta.get(META_CLOCK) or b"\0", "big")
        moved, stamp, unsure = HybridClock(last).tick(self.now_ms(), BUILD_MS)
        tx.meta.set(META_CLOCK, moved.last.to_bytes(8, "big"))
        return stamp, unsure

    def new_item_id(self) -> str:
        """A fresh id for an item of a list."""
        return item_id(self.chance.token(5))

    def certificate(self) -> Certificate | None:
        """Our own certificate, as far as the directory here knows it."""
        return self.directory.device(self.keys.device)

    @property
    def role(self) -> str:
        """What our certificate says we are; what the invite said while there is none here."""
        cert = self.certificate()
        return self.profile.role if cert is None else cert.role.value

    def own_name(self) -> str | None:
        """The name under which this device's officer is known to readers, None before any."""
        return self.names.get(id_to_text(self.keys.device))

    def who(self, device: str) -> str:
        """Name a device's officer; where no card tells, the place that the device stands for."""
        name = self.names.get(device)
        if name is not None:
            return name
        try:
            cert = self.directory.device(DeviceId(text_to_id(device, ID_BYTES)))
        except ProtocolError:
            return device
        return device if cert is None else self.places.name(cert.unit)

    def catch_up(self) -> None:
        """Take in what was written since last time, here or by another process."""
        with self.lock:
            with self.vault.reading() as tx:
                before = self._mark
                self._read_marks(tx)
                rows = self._changed(tx)
            if self._mark != before:
                self.device.reload()
                self._follow_certificate()
            for record, raw in rows:
                self._take(record, raw)

    def note_own_statements(self) -> None:
        """Remember that the directory in memory holds what we just said."""
        with self.vault.reading() as tx:
            self._read_marks(tx)

    def _changed(self, tx: Transaction) -> list[tuple[RecordId, bytes | None]]:
        """The new cards of records that changed, None for one that is no longer listed."""
        found: list[tuple[RecordId, bytes | None]] = []
        while rows := tx.records.changed_cards(self._change, CHANGES_AT_ONCE):
            found += [(record, card) for _, record, card in rows]
            self._change, *_ = rows[-1]
        return found

    def _follow_certificate(self) -> None:
        """Stand where our certificate lets us serve: an officer may have been moved."""
        cert = self.certificate()
        if cert is not None and (cert.unit, cert.desk) != (self.profile.unit, self.profile.desk):
            self.profile = replace(self.profile, unit=cert.unit, desk=cert.desk)
            self.places.stand_in(cert.unit)

    def _read_marks(self, tx: Transaction) -> None:
        """Note how far the directory was read and written, by whatever process."""
        self._follow_certificate()
        own = Channel(UnitId(self.profile.unit), ChannelClass.DIRECTORY)
        head = tx.streams.head(self.keys.device, own.id)
        self._mark = (tx.meta.get(CURSOR_KEY) or b"") + (b"" if head is None else head[1])
        self.offset_ms = int.from_bytes(tx.meta.get(OFFSET_KEY) or b"", "big", signed=True)

    def _take(self, record: RecordId, raw: bytes | None) -> None:
        if raw is None:
            self.index.remove(record)
            return
        self.index.put_json(record, raw)
        if raw.startswith(NAMING_CARDS):
            self._learn(card_from_json(raw))

    def _learn(self, card: Card) -> None:
        """Take the names that a card brings."""
        if card.type == "unit":
            self.places.learn(card.unit, card.title.en, card.extra.get("ward"))
        elif card.type == "officer":
            self.names[card.author] = card.title.en


def load_profile(tx: Transaction) -> Profile:
    """Whose vault it is.

    Raises:
        NotEnrolledError: the vault was made, but enrolment was never finished.
    """
    raw = tx.meta.get(META_PROFILE)
    if raw is None:
        raise NotEnrolledError
    return Profile.from_json(raw)


def as_json(value: Any) -> bytes:  # noqa: ANN401  any JSON value
    """Write a small value for the vault's meta table."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
