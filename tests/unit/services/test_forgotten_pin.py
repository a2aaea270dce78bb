"""A forgotten PIN: what was sealed still arrives, once; the old bytes open by nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.crypto.keystore import first_box, unwrap_vault_key
from fieldapp.errors import (
    FieldAppError,
    InvalidCodeError,
    NotEnrolledError,
    StorageFailedError,
    TransientSyncError,
)
from fieldapp.services.facade import Services
from fieldapp.services.views import HomeState
from fieldapp.storage.home import Home
from fieldapp.storage.key_file import KeyFile
from fieldapp.storage.outbox import open_outbox
from tests.support.country import PIN, Country
from tests.support.factories import meeting_fields
from tests.support.failures import why

NEW_PIN = "975310"
VENUES = ["Boma", "Fig tree", "School"]


@pytest.fixture
def waiting(country: Country) -> Services:
    """A chief with three sealed meetings that no server has, locked."""
    chief = country.unlocked("chief")
    for venue in VENUES:
        chief.records.create("meeting", None, meeting_fields(venue=venue))
    chief.records.new_draft("meeting", None, {"venue": "Never sealed"})
    chief.access.lock()
    return country.build("chief")


def new_invite(country: Country, *, is_published: bool = True) -> str:
    hq = country.unlocked("hq")
    made = hq.organisation.invite(country.mkomani, "chief")
    if is_published:
        country.sync(hq)
    return made.packet_text


def venues(services: Services) -> list[str]:
    rows = services.records.find(type_key="meeting")[0]
    return sorted(services.records.show(row.id).fields["venue"] for row in rows)


def notes(services: Services) -> dict[str, int | str]:
    found = services.syncing.status().notes
    return {note.code: note.params.get("count", 0) for note in found}


def test_what_was_sealed_arrives_exactly_once_after_a_new_enrolment(
    country: Country, waiting: Services
) -> None:
    hq = country.unlocked("hq")
    assert waiting.access.sealed_waiting() == 3
    assert waiting.access.forget_pin() == 3
    assert waiting.access.state() is HomeState.NEW
    assert waiting.access.sealed_waiting() == 3
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    assert notes(waiting)["note.left_behind"] == 3
    country.sync(waiting, waiting, hq, waiting, hq)
    assert venues(hq) == VENUES
    assert "note.left_behind" not in notes(waiting)
    assert Home(country.folder / "chief").set_aside() == []


def test_a_cut_on_the_way_loses_and_doubles_nothing(country: Country, waiting: Services) -> None:
    hq = country.unlocked("hq")
    waiting.access.forget_pin()
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    country.link.lost = TransientSyncError("connection_cut")
    waiting.syncing.sync()
    country.link.lost = None
    assert notes(waiting)["note.left_behind"] == 3
    country.sync(waiting, hq)
    assert venues(hq) == VENUES


def test_the_right_old_pin_opens_no_byte_that_is_left(country: Country, waiting: Services) -> None:
    home = Home(country.folder / "chief")
    size = len(first_box(KeyFile(home.key).read())[0])
    waiting.access.forget_pin()
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    waiting.access.lock()
    left = [path for path in home.root.rglob("*") if path.is_file()]
    assert home.set_aside()[0] in left
    for path in left:
        raw = path.read_bytes()
        for start in (at for at in range(len(raw)) if raw[at : at + 4] == b"BVK1"):
            with pytest.raises(FieldAppError):
                unwrap_vault_key(raw[start : start + size], PIN)
        assert b"Never sealed" not in raw
    with pytest.raises(FieldAppError, match="wrong_pin"):
        country.build("chief").access.unlock(PIN)


def test_a_home_whose_key_was_destroyed_enrols_anew_and_delivers(
    country: Country, waiting: Services
) -> None:
    hq = country.unlocked("hq")
    KeyFile(country.folder / "chief" / "vault.key").destroy()
    assert waiting.access.state() is HomeState.WIPED
    with pytest.raises(InvalidCodeError):
        waiting.access.enrol("nonsense", "Amina Bakari", NEW_PIN)
    assert waiting.access.state() is HomeState.WIPED
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    country.sync(waiting, hq)
    assert venues(hq) == VENUES


def test_the_wait_for_the_old_pin_is_forgotten_with_it(country: Country, waiting: Services) -> None:
    for _ in range(3):
        with pytest.raises(FieldAppError):
            waiting.access.unlock("000000")
    waiting.access.forget_pin()
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    waiting.access.lock()
    waiting.access.unlock(NEW_PIN)
    assert waiting.access.state() is HomeState.UNLOCKED


def test_forgetting_twice_keeps_both_outboxes(country: Country, waiting: Services) -> None:
    hq = country.unlocked("hq")
    waiting.access.forget_pin()
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    waiting.records.create("meeting", None, meeting_fields(venue="Well"))
    # The officer's own introduction waits beside the meeting.
    assert waiting.access.forget_pin() == 5
    waiting.access.enrol(new_invite(country), "Amina Bakari", PIN)
    country.sync(waiting, hq)
    assert venues(hq) == sorted([*VENUES, "Well"])


def test_a_home_with_nothing_to_deliver_keeps_nothing(country: Country) -> None:
    chief = country.unlocked("chief")
    country.sync(chief)
    assert chief.access.forget_pin() == 0
    root = country.folder / "chief"
    assert sorted(path.name for path in root.glob("*.db*")) == []


def test_a_new_home_has_nothing_to_forget(country: Country) -> None:
    with pytest.raises(NotEnrolledError):
        country.build("nobody").access.forget_pin()


def test_a_disk_that_refuses_half_way_is_gone_on_with(
    waiting: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageFailedError):
        waiting.access.forget_pin()
    monkeypatch.undo()
    assert waiting.access.state() is HomeState.WIPED
    assert waiting.access.forget_pin() == 3
    assert waiting.access.state() is HomeState.NEW


def test_an_office_member_gets_the_history_back(country: Country) -> None:
    hq, dcc, chief = (country.unlocked(name) for name in ("hq", "dcc", "chief"))
    chief.records.create("meeting", None, meeting_fields(venue="Boma"))
    country.sync(chief, dcc, hq)
    dcc.access.forget_pin()
    invite = hq.organisation.invite("KE-005-S022", "dcc_admin").packet_text
    words = dcc.access.enrol(invite, "Brian Otieno", NEW_PIN)
    country.sync(hq, dcc, hq)
    hq.organisation.confirm(words.device, words.words)
    country.sync(hq, dcc, hq, dcc)
    assert venues(dcc) == ["Boma"]


def test_a_batch_that_the_server_refused_is_not_thrown_away(
    country: Country, waiting: Services
) -> None:
    waiting.access.forget_pin()
    (aside,) = Home(country.folder / "chief").set_aside()
    with open_outbox(aside) as outbox, outbox.transaction() as tx:
        (first, *_) = tx.batches.outbox(1)
        tx.batches.mark(first.hash, "refused", "unknown_suite")
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    country.sync(waiting)
    assert Home(country.folder / "chief").set_aside() == [aside]


def test_it_is_delivered_before_the_server_knows_the_new_device(
    country: Country, waiting: Services
) -> None:
    hq = country.unlocked("hq")
    waiting.access.forget_pin()
    waiting.access.enrol(new_invite(country, is_published=False), "Amina Bakari", NEW_PIN)
    report = waiting.syncing.sync()
    assert (why(report.error), report.sent) == ("unknown_device", 3)
    country.sync(hq)
    assert venues(hq) == VENUES


def rot(path: Path) -> None:
    """Leave of a database no page that can be read."""
    path.write_bytes(b"\xa5" * path.stat().st_size)


def test_a_vault_that_is_damaged_is_kept_and_stops_no_new_enrolment(
    country: Country, waiting: Services
) -> None:
    home = Home(country.folder / "chief")
    rot(home.vault)
    noise = home.vault.read_bytes()
    assert waiting.access.sealed_waiting() == 0
    assert waiting.access.forget_pin() == 0
    assert waiting.access.state() is HomeState.NEW
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    country.sync(waiting)
    assert waiting.syncing.status().needs_attention == 0
    assert (home.root / "damaged-1.db").read_bytes() == noise


def test_what_was_set_aside_and_is_damaged_later_stops_no_sync(
    country: Country, waiting: Services
) -> None:
    home = Home(country.folder / "chief")
    waiting.access.forget_pin()
    waiting.access.enrol(new_invite(country), "Amina Bakari", NEW_PIN)
    (aside,) = home.set_aside()
    rot(aside)
    assert not {code for code in notes(waiting) if "aside" in code}
    country.sync(waiting)
    assert home.set_aside() == []
    assert (home.root / "damaged-1.db").exists()
