"""A revoked phone: everything is delivered, then its key is destroyed; a lie destroys nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.errors import (
    DatabaseFullError,
    FieldAppError,
    LockedError,
    NotEnrolledError,
    TransientSyncError,
)
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.ids import DeviceId, text_to_id
from fieldapp.protocol.statements import RevokeStatement
from fieldapp.services import syncing, withdrawal
from fieldapp.services.facade import Services
from fieldapp.services.views import HomeState
from fieldapp.services.workspace import Workspace
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.report import SyncReport
from sync_server.exchange import answers
from tests.support.country import PIN, Country

OFFLINE = TransientSyncError("offline")
CONCERN = {"category": "theft", "narrative": "Two bicycles were taken."}


def device(services: Services, role: str) -> str:
    (found,) = [row.device for row in services.organisation.devices() if row.role == role]
    return found


def revoke(country: Country, hq: Services, role: str = "chief") -> None:
    hq.organisation.revoke(device(hq, role), "lost")
    country.sync(hq)


def code(report: SyncReport) -> str | None:
    return None if report.error is None else report.error.code


def has_key(country: Country, name: str = "chief") -> bool:
    return country.environment(name).home.has_key()


def test_a_revoked_phone_delivers_everything_and_then_gives_up_its_key(
    country: Country, hq: Services, chief: Services
) -> None:
    for _ in range(3):
        chief.records.create("concern", None, CONCERN)
    before = chief.syncing.status().sent
    revoke(country, hq)
    report = chief.syncing.sync()
    assert (code(report), report.sent, report.waiting) == ("device_revoked", 3, 0)
    assert not has_key(country)
    assert chief.access.state() is HomeState.NEW
    assert chief.access.withdrawn() == before + 3
    with pytest.raises(LockedError):
        chief.access.workspace()
    again = country.build("chief")
    assert again.access.withdrawn() == before + 3
    with pytest.raises(NotEnrolledError, match="device_withdrawn"):
        again.access.unlock(PIN)
    country.sync(hq)
    hq.organisation.adopt(device(hq, "chief"), "honest")
    assert hq.records.find(type_key="concern")[1] == 3


def test_a_withdrawn_phone_can_be_enrolled_again_and_then_says_so_no_more(
    country: Country, hq: Services, chief: Services
) -> None:
    revoke(country, hq)
    chief.syncing.sync()
    assert chief.access.withdrawn() == 1
    invite = hq.organisation.invite(country.mkomani, "chief")
    chief.access.enrol(invite.packet_text, "Amina Bakari", PIN)
    assert chief.access.withdrawn() is None
    country.sync(hq, chief)
    assert country.build("chief").access.withdrawn() is None


@pytest.mark.parametrize("arrived", [True, False])
def test_nothing_is_given_up_while_the_last_receipt_is_missing(
    country: Country, hq: Services, chief: Services, arrived: bool
) -> None:
    chief.records.create("concern", None, CONCERN)
    revoke(country, hq)
    if arrived:
        country.link.lost = OFFLINE
    else:
        country.link.failure = OFFLINE
    assert code(chief.syncing.sync()) == "offline"
    assert has_key(country)
    assert chief.syncing.status().waiting == 1
    country.link.lost = country.link.failure = None
    assert code(chief.syncing.sync()) == "device_revoked"
    assert not has_key(country)
    country.sync(hq)
    assert hq.organisation.adopt(device(hq, "chief"), "honest").batches == 1


def test_a_batch_that_the_server_has_no_room_for_keeps_the_vault(
    country: Country, hq: Services, chief: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief.records.create("concern", None, CONCERN)
    revoke(country, hq)
    monkeypatch.setattr("fieldapp.protocol.limits.MAX_UNTRUSTED_BYTES", 10)
    report = chief.syncing.sync()
    assert report.sent == 0
    assert has_key(country)
    assert chief.records.find(type_key="concern")[1] == 1
    monkeypatch.undo()
    chief.syncing.sync()
    assert not has_key(country)


def _full(*_args: object) -> None:
    raise DatabaseFullError


@pytest.mark.parametrize(
    ("step", "is_gone"),
    [
        ("fieldapp.services.access.keep_note", False),
        ("fieldapp.services.key_guard.KeyGuard.destroy", False),
        ("fieldapp.services.left_behind.remove_database", True),
    ],
)
def test_a_disk_that_refuses_at_any_step_leaves_a_whole_vault_or_none(
    country: Country, step: str, is_gone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hq, chief = country.unlocked("hq"), country.unlocked("chief")
    chief.records.create("concern", None, CONCERN)
    revoke(country, hq)
    monkeypatch.setattr(step, _full)
    with pytest.raises(FieldAppError):
        chief.syncing.sync()
    monkeypatch.undo()
    assert has_key(country) is not is_gone
    again = country.build("chief")
    if is_gone:
        assert again.access.state() is HomeState.WIPED
    else:
        assert again.access.withdrawn() is None
        again.access.unlock(PIN)
        assert again.records.find(type_key="concern")[1] == 1
        again.syncing.sync()
        assert not has_key(country)
    assert again.access.withdrawn() == 2
    country.sync(hq)
    assert hq.organisation.adopt(device(hq, "chief"), "honest").batches == 1


def test_a_server_that_only_says_so_destroys_nothing(
    country: Country, chief: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It signs its answers, but it has no statement of anybody that ends this device."""
    honest = answers.judge_hello

    def lying(*args: object, **named: object) -> answers.Asker:
        asker = honest(*args, **named)  # type: ignore[arg-type]
        return replace(asker, notices=(*asker.notices, "device_revoked"))

    monkeypatch.setattr("sync_server.exchange.service.judge_hello", lying)
    chief.records.create("concern", None, CONCERN)
    assert code(chief.syncing.sync()) == "device_revoked"
    assert has_key(country)
    assert chief.access.withdrawn() is None
    assert chief.records.find(type_key="concern")[1] == 1


def test_a_revocation_that_nobody_with_authority_said_destroys_nothing(
    country: Country, dcc: Services, chief: Services
) -> None:
    """The chief's own office, and a phone beside it, say that the sub-county is revoked."""
    target = DeviceId(text_to_id(dcc.access.officer().device, 16))
    work = chief.access.workspace()
    with work.vault.transaction() as tx:
        work.device.duties.state(tx, [RevokeStatement(target, (), Cause.OTHER)])
    chief.syncing.sync()
    dcc.syncing.sync()
    assert has_key(country, "dcc")
    assert dcc.access.state() is HomeState.UNLOCKED


def test_the_revocation_of_a_laptop_that_was_cut_off_destroys_nothing(
    country: Country, hq: Services, dcc: Services, chief: Services
) -> None:
    """A stolen laptop revokes a chief after its own end; the server hands both on."""
    victim = device(dcc, "chief")
    revoke(country, hq, "dcc_admin")
    dcc.organisation.revoke(victim, "by whoever stole the laptop")
    dcc.syncing.sync()
    assert not has_key(country, "dcc")
    report = chief.syncing.sync()
    assert code(report) is None
    assert has_key(country)
    assert chief.syncing.status().waiting == 0


@pytest.mark.parametrize("alarm", ["feed_forked", "server_rolled_back"])
def test_a_phone_that_finds_the_server_lying_keeps_its_vault(
    country: Country,
    hq: Services,
    chief: Services,
    monkeypatch: pytest.MonkeyPatch,
    alarm: str,
) -> None:
    """Whatever else the answers prove wrong, a wipe waits for a sync without alarms."""
    revoke(country, hq)
    honest = withdrawal.is_due

    def with_alarm(work: Workspace, report: SyncReport) -> bool:
        assert honest(work, report), "nothing but the alarm stands in the way"
        return honest(work, replace(report, alarms=(SyncFailure(alarm),)))

    with monkeypatch.context() as lying:
        lying.setattr(syncing, "is_due", with_alarm)
        assert code(chief.syncing.sync()) == "device_revoked"
    assert has_key(country)
    chief.syncing.sync()
    assert not has_key(country)
