"""What the screens of an office need from the services, as a protocol.

The laws are those of ``ports``, which joins it with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from fieldapp.services.office_views import (
    Adopted,
    DeviceRow,
    InvitedRow,
    InviteView,
    OfficeRow,
    Organisation,
)
from fieldapp.services.views import UnitRow


class OrganisationPort(Protocol):
    """Units, offices, invites and devices."""

    def init(
        self, server: str, claim: str, org: str, shares_dir: Path, officer: str, pin: str
    ) -> Organisation:
        """Found an organisation on a fresh server."""

    def add_unit(self, parent: str, level: str, name: str, ward: str | None = None) -> str:
        """Add a unit; returns its id."""

    def list_units(self) -> Sequence[UnitRow]:
        """All units of the officer's subtree."""

    def create_office(self, unit: str, desk: str) -> tuple[str, int]:
        """Make an office; returns its name and epoch."""

    def offices(self) -> Sequence[OfficeRow]:
        """All offices of the subtree."""

    def invite(
        self, unit: str, role: str, desk: str = "admin", expires_hours: int = 24
    ) -> InviteView:
        """Make an invite for one device."""

    def invited(self) -> Sequence[InvitedRow]:
        """Who was invited and has not come yet."""

    def devices(self) -> Sequence[DeviceRow]:
        """All devices of the subtree."""

    def confirm(self, device: str, words: str) -> None:
        """Confirm a device after its words were compared."""

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
        """Give a device another post; returns it as it stands then."""

    def revoke(self, device: str, reason: str, because: str = "other") -> None:
        """Shut a device out from now on."""

    def adopt(
        self,
        device: str,
        reason: str,
        batch: str | None = None,
        because: str = "other",
    ) -> Adopted:
        """Take over what a device sealed beyond its cut."""
