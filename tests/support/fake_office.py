"""The office of a fake home: units, offices, invites and devices, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fieldapp.domain.roles import ENROLLING_ROLES
from fieldapp.errors import NoRightError
from fieldapp.services.office_views import (
    Adopted,
    DeviceRow,
    InvitedRow,
    InviteView,
    OfficeRow,
    Organisation,
)
from fieldapp.services.views import HomeState, Officer, UnitRow
from tests.support.fake_world import PHRASE, START_MS, WORDS, World


class FakeOrganisation:
    """Units, offices, invites, devices."""

    def __init__(self, world: World) -> None:
        self._world = world

    def init(
        self, server: str, claim: str, org: str, shares_dir: Path, officer: str, pin: str
    ) -> Organisation:
        del server, claim, shares_dir
        if self._world.refusal is not None:
            raise self._world.refusal
        self._world.officer = Officer(officer, "hq_admin", "KE", "Kenya", "d" * 26, "admin", org)
        self._world.pin, self._world.state = pin, HomeState.UNLOCKED
        return Organisation(
            org, "d" * 26, ("root-1.key", "root-2.key", "root-3.key"),
            {"gender": PHRASE}, is_claimed=not self._world.is_answer_lost,
        )  # fmt: skip

    def add_unit(self, parent: str, level: str, name: str, ward: str | None = None) -> str:
        unit = f"{parent}-{level[0].upper()}{self._world.new_id('')}"
        above = self._world.unit_name(parent)
        self._world.units.append(UnitRow(unit, name, level, above, ward))
        return unit

    def list_units(self, under: str | None = None) -> Sequence[UnitRow]:
        del under
        return self._world.units

    def create_office(self, unit: str, desk: str = "admin") -> tuple[str, int]:
        if self._world.refusal is not None:
            raise self._world.refusal
        known = self._world.offices_of_all if desk == "all" else self._world.offices
        known.add(unit)
        return f"{unit}/{desk}", 1

    def offices(self) -> Sequence[OfficeRow]:
        return [OfficeRow(f"{unit}/admin", 1, 2) for unit in sorted(self._world.offices)]

    def invite(
        self, unit: str, role: str, desk: str = "admin", expires_hours: int = 24
    ) -> InviteView:
        if unit not in self._world.offices:
            raise NoRightError("office_missing", office=f"{unit}/{desk}", unit=unit, desk=desk)
        self._world.invited.append((unit, role, desk))
        code = "BARAZA1-" + "-".join(["7K2M", "Q9XR", "4T6V", "1W5X"] * 6)
        return InviteView(code, "a1b2c3d4e5f60718", START_MS + expires_hours * 3_600_000, "{}")

    def devices(self) -> Sequence[DeviceRow]:
        return self._world.device_rows

    def confirm(self, device: str, words: str) -> None:
        del words
        self._change(device, state="active", words=None)

    def invited(self) -> Sequence[InvitedRow]:
        return self._world.open_invites

    def change_device(
        self,
        device: str,
        role: str | None = None,
        unit: str | None = None,
        desk: str | None = None,
        *,
        reason: str,
        because: str = "moved",
    ) -> DeviceRow:
        del desk
        if unit not in self._world.offices:
            raise NoRightError("office_missing", office=f"{unit}/admin", unit=unit, desk="admin")
        name = self._world.unit_name(unit)
        needs_words = role in ENROLLING_ROLES
        state, words = ("unconfirmed", WORDS) if needs_words else ("active", None)
        self._world.deeds.append(("change", device, because, reason))
        self._change(device, unit=unit, unit_name=name, role=role, state=state, words=words)
        return self._row(device)

    def revoke(self, device: str, reason: str, because: str = "other") -> None:
        if self._world.refusal is not None:
            raise self._world.refusal
        self._world.deeds.append(("revoke", device, because, reason))
        self._change(device, state="revoked", may_act=False)

    def adopt(
        self, device: str, reason: str, batch: str | None = None, because: str = "other"
    ) -> Adopted:
        del batch
        count = self._row(device).adoptable
        self._world.deeds.append(("adopt", device, because, reason))
        self._change(device, kept_apart=0, adoptable=0)
        return Adopted(count, count + 1, 1, ("ab" * 32,))

    def _row(self, device: str) -> DeviceRow:
        return next(row for row in self._world.device_rows if row.device == device)

    def _change(self, device: str, **changed: Any) -> None:
        rows = self._world.device_rows
        rows[:] = [replace(row, **changed) if row.device == device else row for row in rows]
