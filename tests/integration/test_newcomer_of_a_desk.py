"""A desk's old case and its newcomer, at the real server: closed until a person gives it."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.errors import NoRightError, UnknownRecordError
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.services.views import RecordView
from tests.support.country import PIN, Country

LAMU = "KE-005"
GBV: dict[str, Any] = {"category": "gbv", "survivor_age": "age_18_34"}
WHY = "Zawadi follows the case up from now on"


def hand_over(country: Country, desk: Services) -> None:
    """Take headquarters' gender desk over from its file."""
    text = (country.folder / "shares" / "hand-over-gender.json").read_text()
    desk.access.enrol(text, "Eshe", PIN, phrase=country.phrases["gender"])
    country.sync(desk)


class Desks:
    """Headquarters' gender desk and Lamu's, whose one device is confirmed from above."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.chief = country.unlocked("chief")
        self.above = country.build("above")
        hand_over(country, self.above)
        self.above.organisation.create_office(LAMU, "gender")
        self.old = self.join("Fumo")

    def join(self, name: str) -> Services:
        """Admit a device to Lamu's desk; the desk above compares its words."""
        invite = self.above.organisation.invite(LAMU, "referral_desk", "gender")
        self.country.sync(self.above)
        newcomer = self.country.build(name)
        newcomer.access.enrol(invite.packet_text, name, PIN)
        self.country.sync(newcomer, self.above)
        device = newcomer.access.officer().device
        (row,) = [one for one in self.above.organisation.devices() if one.device == device]
        self.above.organisation.confirm(device, row.words or "")
        self.country.sync(self.above, newcomer, self.chief)
        return newcomer

    def case(self, reference: str) -> str:
        """A case that the chief sealed and both desks read."""
        made = self.chief.records.create("concern", None, {**GBV, "follow_up_ref": reference})
        self.country.sync(self.chief, self.old, self.above)
        return made


@pytest.fixture
def desks(country: Country) -> Desks:
    return Desks(country)


def concerns(services: Services) -> set[str]:
    return {row.id for row in services.records.find(type_key="concern", limit=None)[0]}


def steps(view: RecordView) -> list[tuple[object, ...]]:
    """What each entry did; who is named depends on whose names a device was told."""
    return [(one.op, one.at_ms, one.reason, one.changes) for one in view.history]


def refusal(services: Services, record: str) -> str:
    with pytest.raises((NoRightError, UnknownRecordError)) as refused:
        services.cases.share(record, WHY)
    return refused.value.code


def test_a_newcomer_reads_the_old_case_that_she_was_given_and_no_other(desks: Desks) -> None:
    given, kept = desks.case("GV-2026-11"), desks.case("GV-2026-12")
    desks.old.records.edit(given, {"survivor_age": "age_35_59"}, "She told her age")
    desks.country.sync(desks.old, desks.above)
    newcomer = desks.join("Zawadi")
    desks.country.sync(desks.old)
    assert concerns(newcomer) == set()
    assert [office.en for office in desks.old.cases.lacking(given)] == ["Gender desk, Lamu"]

    done = desks.old.cases.share(given, WHY)
    assert (done.record, done.offices, done.left) == (given, ("KE-005/gender",), ())
    desks.country.sync(desks.old, newcomer)
    assert concerns(newcomer) == {given}
    seen, known = newcomer.records.show(given), desks.old.records.show(given)
    assert (seen.fields, steps(seen)) == (known.fields, steps(known))
    assert [step[0] for step in steps(seen)] == ["created", "changed"]
    assert seen.fields["follow_up_ref"] == "GV-2026-11"
    with pytest.raises(UnknownRecordError):
        newcomer.records.show(kept)
    assert desks.old.cases.lacking(given) == ()
    assert refusal(desks.old, given) == "share_nobody"


def test_the_desk_above_gives_it_where_the_only_device_was_lost(desks: Desks) -> None:
    given = desks.case("GV-2026-11")
    desks.above.organisation.revoke(desks.old.access.officer().device, "Lost", "lost")
    newcomer = desks.join("Zawadi")
    assert concerns(newcomer) == set()
    assert desks.above.cases.share(given, WHY).offices == ("KE-005/gender",)
    desks.country.sync(desks.above, newcomer)
    assert newcomer.records.show(given).fields["follow_up_ref"] == "GV-2026-11"


def test_the_desks_read_who_gave_what_and_why_and_nobody_else_does(desks: Desks) -> None:
    given = desks.case("GV-2026-11")
    hq, dcc = desks.country.unlocked("hq"), desks.country.unlocked("dcc")
    newcomer = desks.join("Zawadi")
    desks.country.sync(desks.old)
    desks.old.cases.share(given, WHY)
    desks.country.sync(desks.old, desks.above, newcomer, hq, dcc)
    for desk in (desks.above, desks.old, newcomer):
        (row,) = desk.records.find(type_key="deed")[0]
        assert desk.records.show(row.id).fields == {
            "deed": "share",
            "record": given,
            "offices": "KE-005/gender",
            "reason": WHY,
            "desk": "gender",
        }
    for admin in (hq, dcc):
        assert concerns(admin) == set()
        assert admin.records.find(type_key="deed")[1] == 0
    kept = b"".join(path.read_bytes() for path in desks.country.folder.glob("server.db*"))
    assert kept
    for word in (WHY, "GV-2026-11", given, "KE-005/gender"):
        assert word.encode() not in kept


def test_only_a_desk_that_reads_the_record_gives_it(desks: Desks) -> None:
    hq, dcc = desks.country.unlocked("hq"), desks.country.unlocked("dcc")
    given = desks.chief.records.create("concern", None, GBV)
    open_to_all = desks.chief.records.create(
        "concern", None, {"category": "theft", "narrative": "Two bicycles were taken."}
    )
    assert desks.chief.cases.lacking(given) == ()
    assert refusal(desks.chief, given) == "share_not_desk"
    assert refusal(desks.chief, open_to_all) == "share_not_restricted"
    desks.country.sync(desks.chief, desks.old, desks.above, hq, dcc, desks.chief)
    desks.join("Zawadi")
    desks.country.sync(desks.old)
    assert refusal(desks.chief, given) == "record_given_up"
    for admin in (hq, dcc):
        assert refusal(admin, given) == "unknown_record"
        assert refusal(admin, open_to_all) == "share_not_restricted"
    assert desks.old.cases.share(given, WHY).offices == ("KE-005/gender",)


def test_without_a_reason_and_without_a_newcomer_nothing_is_given(desks: Desks) -> None:
    given = desks.case("GV-2026-11")
    assert refusal(desks.old, given) == "share_nobody"
    with pytest.raises(ProblemsError):
        desks.old.cases.share(given, "  ")
    assert desks.old.syncing.status().waiting == 0
    assert desks.old.records.find(type_key="deed")[1] == 0


def test_the_one_device_of_a_desk_lacks_nothing_of_what_came_before_it(country: Country) -> None:
    chief, desk = country.unlocked("chief"), country.build("above")
    made = chief.records.create("concern", None, GBV)
    country.sync(chief)
    hand_over(country, desk)
    country.sync(desk)
    assert concerns(desk) == {made}
    assert desk.cases.lacking(made) == ()
    assert refusal(desk, made) == "share_nobody"
