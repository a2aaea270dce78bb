"""An unlocked home: vault, keys, directory, clock and search index, held together.

Laws:
  * It exists only while the vault is unlocked; locking drops it whole.
  * The hybrid clock moves inside the transaction that uses its stamp, so that a crash can never
    hand out one stamp twice.
  * Capture never stops for a clock: a clock before the build date is overruled and marked.
  * Our time is the device's clock corrected by the offset last learnt from a server; best time is
    the later of that and the last time a server signed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fieldapp.crypto.keys import DeviceKeys
from fieldapp.domain.clock import HybridClock, kenya_date
from fieldapp.domain.paths import item_id
from fieldapp.errors import NotEnrolledError
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.directory import Directory
from fieldapp.services.places import Places
from fieldapp.services.ports import Chance, Clock
from fieldapp.storage.cards import card_from_json
from fieldapp.storage.home import Home
from fieldapp.storage.search import SearchIndex
from fieldapp.storage.vault import Transaction, Vault
from fieldapp.sync.device import Device
from fieldapp.sync.exchange import OFFSET_KEY
from fieldapp.sync.sealer import Sealer

BUILD_MS = 1_795_305_600_000
"""When this version was built (22 Nov 2026): no true clock stands before it."""

META_CLOCK = "clock"
META_PROFILE = "profile"
META_DEVICE_KEYS = "device_keys"
META_UNITS = "units"
META_DIRECTORY_KEY = "directory_key"


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
    index: SearchIndex
    clock: Clock
    chance: Chance
    offset_ms: int = 0
    names: dict[str, str] = field(default_factory=dict)

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

    def refresh(self) -> None:
        """Read again what a sync or a sealing may have changed."""
        with self.vault.reading() as tx:
            self.offset_ms = int.from_bytes(tx.meta.get(OFFSET_KEY) or b"", "big", signed=True)
            self.index = SearchIndex(tx.index.cards())
            self.places.learn_packet(tx.meta.get(META_UNITS))
            self._read_names(tx)

    def show_again(self, records: tuple[bytes, ...]) -> None:
        """Put the new cards of a few records into the index."""
        with self.vault.reading() as tx:
            for record, row in tx.records.get_many(records).items():
                if row.card is not None:
                    self.index.put(record, card_from_json(row.card))
                    self._take_card(row.card)

    def _read_names(self, tx: Transaction) -> None:
        for _, raw in tx.index.cards():
            if raw.startswith((b'{"t":"unit"', b'{"t":"officer"')):
                self._take_card(raw)

    def _take_card(self, raw: bytes) -> None:
        card = card_from_json(raw)
        if card.type == "unit":
            self.places.learn(card.unit, card.title.en)
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
