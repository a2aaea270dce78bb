"""The records of every benchmark: seeded concerns of about 1 KB, sealed by chiefs of Lamu West.

Laws:
  * The same records in every run, and the same bytes but for fresh keys and signatures.
  * What is sealed is what the app would seal: the preset dictionary, a new sender key after 64
    batches, one packet for each reading office.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from fieldapp.crypto.sealing import BatchPlan, new_salt, new_sender_key, seal_batch, wrap_key
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.wordlist import WORDS
from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.domain.paths import flatten, item_id
from fieldapp.domain.routing import routed
from fieldapp.domain.samples import concern
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.dictionaries import CURRENT_DICTIONARY
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import Kid, UnitId, new_record_id
from fieldapp.protocol.key_packet import KeyPacket, Recipient, RecipientKind
from fieldapp.protocol.roles import Role
from fieldapp.sync.sealer import MAX_KEY_BATCHES
from tests.support.factories import LOCATION, NOON_MS, TODAY
from tests.support.organisation import LAMU_WEST, Member, Organisation, small_organisation

DOCUMENTS = 5_000
"""Different documents; beyond that they come again under new ids."""


@lru_cache(maxsize=1)
def documents() -> list[dict[str, Any]]:
    """Return seeded concerns that belong into an ordinary channel, as flat paths."""
    chance = random.Random(2_026)  # noqa: S311 - invented text, no key
    found: list[dict[str, Any]] = []
    while len(found) < DOCUMENTS:
        fields = concern(chance, LOCATION, TODAY).fields
        if routed("concern", LOCATION, fields).cls is ChannelClass.ORDINARY:
            found.append(flatten(fields, new_item_id=lambda: item_id(chance.randbytes(5))))
    return found


def unseen_documents(count: int) -> list[dict[str, Any]]:
    """Return concerns as long as the others, told in words drawn by chance."""
    chance = random.Random(2_027)  # noqa: S311 - invented text, no key
    found = []
    for document in documents()[:count]:
        length = len(document["narrative"])
        words = " ".join(chance.choice(WORDS) for _ in range(length // 4))
        found.append({**document, "narrative": words[:length]})
    return found


@dataclass(slots=True)
class Writer:
    """A chief who seals concerns into one stream.

    Attributes:
        keys: every sender key that was used, for the raw model.
    """

    organisation: Organisation
    member: Member
    chance: random.Random
    keys: dict[Kid, Secret] = field(default_factory=dict)
    head: bytes = ZERO_HASH
    number: int = 0
    written: int = 0
    _key: Secret = field(default_factory=new_sender_key)

    @property
    def channel(self) -> Channel:
        """The ordinary channel of the chief's location."""
        return Channel(self.member.unit, ChannelClass.ORDINARY)

    def entry(self, fields: dict[str, Any]) -> Entry:
        """Stamp one concern as a new record."""
        self.written += 1
        return Entry(
            record=new_record_id(self.channel.id, self.chance.randbytes(12)),
            type="concern",
            unit=self.member.unit,
            stamp=(NOON_MS + 1_000 * self.written) << 16,
            fields=fields,
            officer=self.member.name,
        )

    def entries(self, count: int) -> list[bytes]:
        """Encode so many concerns, each a new record."""
        found = documents()
        return [
            encode_entry(self.entry(found[(self.written + 1) % DOCUMENTS])) for _ in range(count)
        ]

    def batches(self, records: int, size: int) -> list[Batch]:
        """Seal so many new concerns in batches of a size."""
        return list(self.sealed(self.entries(records), size))

    def sealed(self, entries: Sequence[bytes], size: int) -> Iterator[Batch]:
        """Seal entries in batches of a size."""
        for start in range(0, len(entries), size):
            yield self._batch(entries[start : start + size])

    def _batch(self, entries: Sequence[bytes]) -> Batch:
        is_new = self.number % MAX_KEY_BATCHES == 0
        if is_new:
            self._key = new_sender_key()
        self.number += 1
        batch = seal_batch(
            entries,
            keys=self.member.keys,
            plan=self.plan(),
            sender_key=self._key,
            key_packet=self._packet() if is_new else None,
            salt=new_salt(),
            seed=new_salt(),
        )
        self.keys[batch.header.kid] = self._key
        self.head = batch.hash
        return batch

    def plan(self) -> BatchPlan:
        """Return the place of the batch at the present number."""
        return BatchPlan(
            kind=Kind.ENTRIES,
            seq=self.number,
            prev=self.head,
            channel=self.channel.id,
            directory_version=self.organisation.directory.version,
            dictionary=CURRENT_DICTIONARY,
        )

    def _packet(self) -> KeyPacket:
        wraps = [
            wrap_key(
                self._key,
                author=self.member.device,
                channel=self.channel.id,
                recipient=Recipient(RecipientKind.OFFICE, office.id, office.epochs[-1].epoch),
                public_x25519=office.epochs[-1].x,
            )
            for office in self.organisation.directory.readers_of(self.channel)
        ]
        return KeyPacket(self.channel.descriptor(), tuple(wraps))


def organisation_of(chiefs: int) -> tuple[Organisation, list[Writer]]:
    """Found the small organisation with so many chiefs, each with an office of its own."""
    organisation = small_organisation()
    administrator = organisation["chebet"]
    writers = []
    for number in range(chiefs):
        unit = UnitId(f"{LAMU_WEST}-L{number:04d}")
        organisation.open_office(administrator, unit)
        member = organisation.enrol(administrator, f"chief {number}", unit, Role.CHIEF)
        chance = random.Random(number)  # noqa: S311 - ids of invented records
        writers.append(Writer(organisation, member, chance))
    return organisation, writers


def another(writer: Writer) -> Writer:
    """Return a writer who begins the same stream anew, under other ids, for another server."""
    chance = random.Random(writer.chance.random())  # noqa: S311 - ids of invented records
    return replace(
        writer, keys={}, head=ZERO_HASH, number=0, written=0, chance=chance, _key=new_sender_key()
    )
