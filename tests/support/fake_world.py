"""What the fake services of one home share: officers, places, drafts and records, in memory."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fieldapp.errors import FieldAppError
from fieldapp.services.office_views import DeviceRow, InvitedRow
from fieldapp.services.views import (
    ConflictView,
    DraftView,
    HistoryItem,
    HomeState,
    Note,
    Officer,
    UnitRow,
)

PIN = "246810"
CODE = "BARAZA1-0000-TEST"
PHRASE = "amber basket cedar dune ember flint grove harbor"
WORDS = "copper lantern river maize"
START_MS = 1_795_327_200_000  # 22 Nov 2026, 09:00 in Kenya
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
LOCATION = "KE-005-S022-LMK01"
UNDER = (
    UnitRow("KE-005-S022", "Lamu West", "sub_county", "Lamu", None),
    UnitRow(LOCATION, "Mkomani", "location", "Lamu West", "Mkomani"),
    UnitRow("KE-005-S022-LMK01-BLG02", "Langoni", "sub_location", "Mkomani", "Mkomani"),
    UnitRow("KE-005-S022-LMK01-BMK03", "Mkunguni", "sub_location", "Mkomani", "Mkomani"),
    UnitRow("KE-005-S022-LMK01-BLG02-VKA04", "Kashmiri", "village", "Langoni", "Mkomani"),
)
CHIEF = Officer(
    "Amina Bakari", "chief", LOCATION, "Mkomani", "7f3k9m2q8r4t6v1w5x0y2z3a4b", "admin",
    "Ministry of Interior",
)  # fmt: skip
SUB_COUNTY = replace(
    CHIEF, name="Brian Otieno", role="dcc_admin", unit="KE-005-S022", unit_name="Lamu West"
)
DESK_OFFICER = replace(
    CHIEF, name="Saida Omar", role="referral_desk", unit="KE-005-S022", unit_name="Lamu West",
    desk="gender",
)  # fmt: skip


@dataclass
class SyncProgress:
    """How far an exchange is."""

    stage: str
    done: int
    total: int


@dataclass
class SyncReport:
    """What an exchange did."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    quarantined: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    round_trips: int = 1
    media_sent: int = 0
    media_error: tuple[str, Mapping[str, Any]] | None = None
    error: tuple[str, Mapping[str, Any]] | None = None


@dataclass
class SyncScript:
    """How the next exchange goes: its error, or how far delivery gets."""

    error: tuple[str, Mapping[str, Any]] | None = None
    reaches: str = "server"
    hold: threading.Event | None = None
    withdraws: int | None = None


@dataclass
class Held:
    """A sealed record in the fake."""

    id: str
    type: str
    unit: str
    fields: dict[str, Any]
    author: str
    mine: bool
    at_ms: int
    tick: str = "phone"
    ticks: dict[str, int | None] = field(default_factory=dict)
    history: list[HistoryItem] = field(default_factory=list)
    conflicts: list[ConflictView] = field(default_factory=list)
    attention: Note | None = None


class World:
    """What all fake services of one home share."""

    def __init__(self, officer: Officer, state: HomeState, *, pin: str = PIN) -> None:
        self.officer = officer
        self.state = state
        self.pin: str | None = pin
        self.second_pin: str | None = None
        self.now_ms = START_MS
        self.language = ""
        self.theme = "light"
        self.text_scale = 1.0
        self.autolock_seconds = 60
        self.wrong_pins = 0
        self.saves: list[tuple[str, dict[str, Any]]] = []
        self.drafts: dict[str, DraftView] = {}
        self.records: dict[str, Held] = {}
        self.cards_waiting = 0
        self.last_delivered: int | None = None
        self.next_sync = SyncScript()
        self.synced = 0
        self.units = list(UNDER)
        self.device_rows: list[DeviceRow] = []
        self.notes: list[Note] = []
        self.handover_pending = False
        self.withdrawn: int | None = None
        self.offices = {row.id for row in UNDER[:2]}
        self.offices_of_all = {UNDER[0].id}
        self.invited: list[tuple[str, str, str]] = []
        self.open_invites: list[InvitedRow] = []
        self.deeds: list[tuple[str, str, str, str]] = []
        self.refusal: FieldAppError | None = None
        self.is_answer_lost = False
        self._number = 0

    def new_id(self, kind: str) -> str:
        """Return the next id."""
        self._number += 1
        return f"{kind}{self._number:04d}"

    def unit_name(self, unit: str) -> str:
        """Return a unit's name."""
        return next((row.name for row in self.units if row.id == unit), unit)

    def hold(self, type_key: str, unit: str, fields: dict[str, Any], **more: Any) -> Held:
        """Put a sealed record into the home."""
        record = Held(
            self.new_id("r"), type_key, unit, fields,
            more.pop("author", self.officer.name), more.pop("mine", True),
            more.pop("at_ms", self.now_ms), **more,
        )  # fmt: skip
        record.ticks = record.ticks or {"server": None, "sub_county": None, "hq": None}
        record.history.append(
            HistoryItem(record.at_ms, record.author, "created", (), None, clock_unsure=False)
        )
        self.records[record.id] = record
        return record
