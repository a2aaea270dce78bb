"""A whole home as the app has it: vault, key file, services; enrolled without an invite.

Laws:
  * Everything below the services is the app's own, the PIN's KDF with its real cost included.
  * A home begins with the directory, as after a claim that headquarters confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldapp.bootstrap import HomeEnvironment, read_settings, server_factory
from fieldapp.protocol.channels import OfficeRef
from fieldapp.services.facade import Services
from fieldapp.services.preferences import PreferenceFile
from fieldapp.services.workspace import META_UNITS, Profile, as_json
from fieldapp.storage.home import Home
from fieldapp.storage.vault import Transaction
from fieldapp.sync.device import Device
from fieldapp.sync.directory_store import keep_directory
from tests.support.organisation import Member, Organisation

PIN = "247 people at a baraza"


def services_at(root: Path) -> Services:
    """Build the services of a home; opens nothing."""
    home = Home(root)
    settings = read_settings(home=root)
    environment = HomeEnvironment(
        home=home,
        connect=server_factory(settings),
        may_be_short=settings.allow_short_pin,
        pull_bytes=settings.sync_byte_budget,
    )
    return Services(environment, PreferenceFile(root / "preferences.json", autolock_seconds=0))


@contextmanager
def open_home(
    root: Path, organisation: Organisation, member: Member, url: str = "http://127.0.0.1:1"
) -> Iterator[Services]:
    """Make a member's home and keep it unlocked."""

    def fill(tx: Transaction) -> None:
        keep_directory(tx, organisation.log, now_ms=1)
        tx.meta.set(META_UNITS, as_json([{"id": member.unit, "name": "Mkomani", "ward": None}]))
        for key in organisation.office_keys[OfficeRef(member.unit, str(member.desk))]:
            tx.office_keys.put(key.office, key.epoch, key.to_secret().reveal())
        own = [b for _, b in organisation.log if b.header.device == member.device]
        for batch in own:
            tx.batches.mark(batch.hash, "stored")
            tx.streams.set(member.device, batch.header.channel, batch.header.seq, batch.hash)

    profile = Profile(
        name=member.name,
        role=member.role.value,
        unit=member.unit,
        desk=str(member.desk),
        org="Baraza of benchmarks",
        server_url=url,
        invite="",
    )
    with services_at(root) as services:
        services.access.found(PIN, member.keys, profile, fill)
        yield services


def device_of(services: Services) -> Device:
    """Return the device of an unlocked home."""
    return services.access.workspace().device
