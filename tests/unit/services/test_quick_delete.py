"""Quick delete and the second PIN: nothing readable is left, and what was sealed arrives once."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from fieldapp.crypto import passphrase_box
from fieldapp.crypto.keystore import first_box
from fieldapp.errors import FieldAppError, WeakPinError, WrongPinError
from fieldapp.services.facade import Services
from fieldapp.services.second_pin import check_distance
from fieldapp.services.views import HomeState
from fieldapp.storage.home import Home
from fieldapp.storage.key_file import KeyFile
from tests.support.country import PIN, Country
from tests.support.factories import meeting_fields
from tests.support.left_over import assert_nothing_opens, box_size, dump

SECOND = "135791"
NEW_PIN = "975310"
MARKER = "Marker Mkomani 7741"
WAITING = 14
VENUES = sorted(f"{MARKER} {number:02d}" for number in range(WAITING))
Deed = Callable[[Services], None]


def delete_at_once(services: Services) -> None:
    """Slide on the lock screen."""
    services.access.quick_delete()


def give_the_second_pin(services: Services) -> None:
    """Say what a thief wants to hear."""
    with pytest.raises(WrongPinError, match="wrong_pin"):
        services.access.unlock(SECOND)


DEEDS = pytest.mark.parametrize("deed", [delete_at_once, give_the_second_pin])


@pytest.fixture
def waiting(country: Country) -> Services:
    """A locked chief with a second PIN, a draft, and fourteen meetings that no server has."""
    chief = country.unlocked("chief")
    chief.access.set_duress_pin(PIN, SECOND)
    for venue in VENUES:
        chief.records.create("meeting", None, meeting_fields(venue=venue))
    chief.records.new_draft("meeting", None, {"venue": f"{MARKER} draft"})
    chief.access.lock()
    return country.build("chief")


def enrol_anew(country: Country, services: Services) -> None:
    hq = country.unlocked("hq")
    made = hq.organisation.invite(country.mkomani, "chief")
    country.sync(hq)
    services.access.enrol(made.packet_text, "Amina Bakari", NEW_PIN)


def venues(services: Services) -> list[str]:
    rows = services.records.find(type_key="meeting")[0]
    return sorted(str(services.records.show(row.id).fields.get("venue")) for row in rows)


@DEEDS
def test_the_vault_is_noise_and_the_fourteen_still_arrive_once(
    country: Country, waiting: Services, deed: Deed
) -> None:
    home = Home(country.folder / "chief")
    size = box_size(home)
    deed(waiting)
    assert_nothing_opens(home.root, size, marker=MARKER, pins=(PIN, SECOND))
    if waiting.access.state() is HomeState.LOCKED:
        country.clock.advance(300_000)
        with pytest.raises(WrongPinError):
            waiting.access.unlock(PIN)
        assert waiting.access.forget_pin() == WAITING
    enrol_anew(country, waiting)
    country.sync(waiting, waiting)
    hq = country.unlocked("hq")
    country.sync(hq)
    assert venues(hq) == VENUES
    assert home.set_aside() == []


def test_after_a_quick_delete_the_home_is_new_and_tells_nothing(
    country: Country, waiting: Services
) -> None:
    home = Home(country.folder / "chief")
    home.store.write_bytes(MARKER.encode())
    home.media.mkdir()
    (home.media / "chunk").write_bytes(b"sealed")
    waiting.access.quick_delete()
    assert waiting.access.state() is HomeState.NEW
    assert waiting.access.withdrawn() is None
    left = set(dump(home.root)) - {"vault.tries.turn", "preferences.json"}
    assert left == {"aside-1.db"}


def test_the_key_goes_before_anything_else(
    country: Country, waiting: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(country.folder / "chief")
    home.store.write_bytes(MARKER.encode())
    keys_seen: list[bool] = []
    unlink = Path.unlink

    def watched(path: Path, **more: bool) -> None:
        if path != home.key:
            keys_seen.append(home.has_key())
        unlink(path, **more)

    monkeypatch.setattr(Path, "unlink", watched)
    waiting.access.quick_delete()
    assert len(keys_seen) > 2
    assert not any(keys_seen)


def test_what_is_open_is_sealed_in_the_last_second(country: Country) -> None:
    chief, hq = country.unlocked("chief"), country.unlocked("hq")
    whole = chief.records.new_draft("meeting", None, meeting_fields(venue="Boma"))
    begun = chief.records.new_draft("meeting", None, {"venue": "Fig tree", "date": "2999-01-01"})
    open_tier = chief.records.new_draft("concern", None, {"narrative": "Nobody knows yet"})
    assert len({whole.id, begun.id, open_tier.id}) == 3
    chief.access.quick_delete()
    enrol_anew(country, chief)
    country.sync(chief, hq)
    assert venues(hq) == ["Boma", "Fig tree"]
    shown = [hq.records.show(row.id) for row in hq.records.find(type_key="meeting")[0]]
    marks = {str(one.fields["venue"]): one.history[0].is_unfinished for one in shown}
    assert marks == {"Boma": False, "Fig tree": True}
    assert "date" not in next(one.fields for one in shown if one.fields["venue"] == "Fig tree")
    assert hq.records.find(type_key="concern")[1] == 0


def test_a_second_is_all_that_sealing_gets(country: Country) -> None:
    chief = country.unlocked("chief")
    for venue in ("Boma", "Fig tree", "School"):
        chief.records.new_draft("meeting", None, meeting_fields(venue=venue))
    seal = chief.records.seal

    def slowly(draft_id: str) -> str:
        country.clock.advance(600)
        return seal(draft_id)

    chief.records.seal = slowly  # type: ignore[method-assign]
    before = chief.access.sealed_waiting()
    chief.access.quick_delete()
    assert chief.access.sealed_waiting() - before == 2


def test_the_second_pin_leaves_what_a_locked_vault_leaves(
    country: Country, waiting: Services
) -> None:
    home = Home(country.folder / "chief")
    before, day = dump(home.root), home.key.stat().st_mtime_ns
    give_the_second_pin(waiting)
    after = dump(home.root)
    assert set(after) == set(before)
    assert {name for name in before if len(before[name]) != len(after[name])} <= {
        "logs/app.jsonl",
        "vault.tries",
    }
    assert home.key.stat().st_mtime_ns == day
    assert after["vault.db"] == before["vault.db"]
    assert waiting.access.state() is HomeState.LOCKED


def test_a_wrong_pin_and_the_second_one_say_and_log_the_same(
    country: Country, waiting: Services
) -> None:
    home = Home(country.folder / "chief")
    said, logged = [], []
    for pin in ("000000", SECOND):
        with pytest.raises(WrongPinError) as refused:
            country.clock.advance(300_000)
            waiting.access.unlock(pin)
        said.append(refused.value.code)
        last = (home.logs / "app.jsonl").read_text().splitlines()[-1]
        logged.append(last.partition('"event"')[2])
    assert said == ["wrong_pin", "wrong_pin"]
    assert logged[0] == logged[1]


def test_files_and_work_are_alike_with_a_second_pin_and_without(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief, home = country.unlocked("chief"), Home(country.folder / "chief")
    costs: list[object] = []
    stretch = passphrase_box.argon2id

    def counted(*args: object) -> object:
        costs.append(args[2])
        return stretch(*args)  # type: ignore[arg-type]

    seen = []
    for second in (None, SECOND, None):
        country.clock.advance(300_000)
        chief.access.set_duress_pin(PIN, second)
        monkeypatch.setattr(passphrase_box, "argon2id", counted)
        for pin in (PIN, "000000"):
            country.clock.advance(300_000)
            costs.clear()
            with suppress(WrongPinError):
                chief.access.check_pin(pin)
            raw = KeyFile(home.key).read()
            box, other = first_box(raw)
            seen.append((len(raw), box[:14] == other[:14], tuple(costs)))
        monkeypatch.undo()
    assert len(set(seen)) == 1


def test_the_pin_may_not_become_the_second_one(country: Country) -> None:
    chief = country.unlocked("chief")
    chief.access.set_duress_pin(PIN, SECOND)
    with pytest.raises(WeakPinError, match="pin_not_usable"):
        chief.access.change_pin(PIN, SECOND)
    chief.access.change_pin(PIN, NEW_PIN)
    with pytest.raises(WrongPinError):
        chief.access.check_pin(SECOND)
    assert chief.access.state() is HomeState.LOCKED


def test_a_second_pin_that_was_taken_away_is_only_wrong(country: Country) -> None:
    chief = country.unlocked("chief")
    chief.access.set_duress_pin(PIN, SECOND)
    chief.access.set_duress_pin(PIN, None)
    with pytest.raises(WrongPinError):
        chief.access.check_pin(SECOND)
    country.clock.advance(300_000)
    chief.access.check_pin(PIN)
    assert chief.access.state() is HomeState.UNLOCKED


@pytest.mark.parametrize(
    "second",
    [PIN, "2468100", "246810999", "246811", "346810", "24681", "246801", "0246810"],
)
def test_a_second_pin_near_the_pin_is_refused(second: str) -> None:
    with pytest.raises(WeakPinError, match="second_pin_near"):
        check_distance(PIN, second)


@pytest.mark.parametrize("second", ["135791", "018642", "246981", "Kisima na mwalimu"])
def test_a_second_pin_far_from_the_pin_is_taken(second: str) -> None:
    check_distance(PIN, second)


@DEEDS
@pytest.mark.parametrize("step", range(1, 16))
def test_a_death_at_any_step_leaves_everything_or_nothing_readable(
    country: Country,
    waiting: Services,
    deed: Deed,
    step: int,
) -> None:
    """The process dies at the n-th deed on the disk; the next start goes on."""
    home = Home(country.folder / "chief")
    size = box_size(home)
    with pytest.MonkeyPatch.context() as dying:
        die_at(dying, step)
        with suppress(SystemExit):
            deed(waiting)
    again = country.build("chief")
    country.clock.advance(300_000)
    try:
        again.access.unlock(PIN)
    except FieldAppError:
        assert_nothing_opens(home.root, size, marker=MARKER, pins=(PIN, SECOND))
        again.access.quick_delete()
        assert again.access.state() is HomeState.NEW
        assert again.access.sealed_waiting() == WAITING
    else:
        assert venues(again) == VENUES


def die_at(dying: pytest.MonkeyPatch, step: int) -> None:
    """End the process at the n-th flush, move or removal."""
    left = [step]

    def counted(name: str, owner: object) -> None:
        real = getattr(owner, name)

        def call(*args: object, **more: object) -> object:
            left[0] -= 1
            if left[0] <= 0:
                raise SystemExit
            return real(*args, **more)

        dying.setattr(owner, name, call)

    counted("fsync", os)
    counted("unlink", Path)
    counted("replace", Path)
