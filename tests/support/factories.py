"""People and records for tests: amina, brian and chebet, and documents drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.domain.fields import FieldSpec
from fieldapp.domain.paths import flatten, item_id
from fieldapp.domain.record_types import record_type
from fieldapp.domain.samples import Sample, concern, golden_meeting, meeting
from fieldapp.protocol.ids import DeviceId, RecordId, UnitId

TODAY = date(2025, 11, 22)
NOON_MS = 1_763_802_000_000
"""Noon of ``TODAY`` in Kenya."""

SUB_COUNTY = UnitId("KE-005-S022")
LOCATION = UnitId("KE-005-S022-L7F3A")
SUB_LOCATION = UnitId("KE-005-S022-L7F3A-B2K9Q")
CHANNEL_BYTES = bytes.fromhex("00c0ffee")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented with a phone."""

    name: str
    role: str
    unit: UnitId
    device: DeviceId


AMINA = Person("Amina", "chief", LOCATION, DeviceId(b"amina's phone 01"))
BRIAN = Person("Brian", "assistant_chief", SUB_LOCATION, DeviceId(b"brian's phone 02"))
CHEBET = Person("Chebet", "dcc_admin", SUB_COUNTY, DeviceId(b"chebet's laptop3"))
PEOPLE = (AMINA, BRIAN, CHEBET)


def meeting_fields(**changed: Any) -> dict[str, Any]:
    """Return a small, valid meeting."""
    fields: dict[str, Any] = {
        "meeting_type": "baraza_chief",
        "date": "2025-11-20",
        "venue": "Chief's office grounds",
        "attendance": {"total": 40, "female": 18, "male": 22},
    }
    return fields | changed


def concern_fields(**changed: Any) -> dict[str, Any]:
    """Return a small, valid concern."""
    fields: dict[str, Any] = {
        "category": "theft",
        "urgency": "U3",
        "date": "2025-11-19",
        "narrative": "Two bicycles were taken from the market at night.",
    }
    return fields | changed


def visible_fields(type_key: str, fields: Mapping[str, Any]) -> list[FieldSpec]:
    """Return what a document shows of its type's fields."""
    return [spec for spec in record_type(type_key).fields if spec.is_visible(fields)]


def golden_fields() -> dict[str, Any]:
    """Return the document of the Lamu workshop."""
    return dict(golden_meeting().fields)


def seeded(seed: int) -> random.Random:
    """Return a source of chance that is the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - chooses invented text, no key


def seeded_records(seed: int, count: int) -> list[Sample]:
    """Return realistic documents, nine concerns to each meeting, the same for the same seed."""
    chance = seeded(seed)
    makers = [concern] * 9 + [meeting]
    return [makers[n % len(makers)](chance, LOCATION, TODAY) for n in range(count)]


def seeded_entries(seed: int, count: int, person: Person = AMINA) -> list[bytes]:
    """Return the encoded first entries of ``seeded_records``, one a minute up to noon."""
    chance = seeded(~seed)
    first_ms = NOON_MS - 60_000 * count
    return [
        encode_entry(entry_of(sample, first_ms + 60_000 * n, chance=chance, person=person))
        for n, sample in enumerate(seeded_records(seed, count))
    ]


def entry_of(sample: Sample, at_ms: int, *, chance: random.Random, person: Person = AMINA) -> Entry:
    """Return the entry that records a sample."""
    return Entry(
        record=RecordId(CHANNEL_BYTES + chance.randbytes(12)),
        type=sample.type,
        unit=UnitId(sample.unit),
        stamp=at_ms << 16,
        fields=flatten(sample.fields, new_item_id=lambda: item_id(chance.randbytes(5))),
        officer=person.name,
    )
