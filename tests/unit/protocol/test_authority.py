"""Who may say what: each attack on the table of powers is void, with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.protocol.channels import Desk
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.roles import Role, fits, holds_office_key, may_enrol, needs_words
from fieldapp.protocol.statements import DeviceStatement, Statement
from fieldapp.protocol.verdicts import AlarmCode, Outcome, Reason
from tests.support.organisation import (
    KE,
    LAMU,
    LAMU_EAST,
    LAMU_WEST,
    MKOMANI,
    VILLAGE,
    Member,
    Organisation,
    hand_over_invite,
    small_organisation,
)
from tests.support.people import device_keys


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


def reason_for(org: Organisation, by: Member, statement: Statement) -> Reason | None:
    """Say one thing and give the reason why it does not count."""
    batch = org.issue(by, statement)
    outcome, reason = org.directory.verdict(batch.hash)
    assert (outcome is Outcome.ACCEPTED) == (reason is None)
    return reason


def newcomer(
    unit: UnitId, role: Role, desk: str = Desk.ADMIN, *, confirmed: bool = True
) -> DeviceStatement:
    return Member("gakii", device_keys("gakii"), unit, desk, role).certificate(confirmed=confirmed)


# -- finding 1: nobody makes himself a reader of a desk ------------------------------------------


def test_a_sub_county_admin_cannot_create_a_gender_office_for_himself(org: Organisation) -> None:
    statement = org.office_statement(LAMU_WEST, Desk.GENDER)
    assert reason_for(org, org["chebet"], statement) is Reason.WRONG_DESK
    assert org.directory.office(LAMU_WEST, Desk.GENDER) is None


def test_not_even_headquarters_admin_creates_a_desk(org: Organisation) -> None:
    statement = org.office_statement(LAMU_WEST, Desk.GENDER)
    assert reason_for(org, org["amina"], statement) is Reason.WRONG_DESK


def test_headquarters_admin_cannot_take_a_new_key_for_a_desk(org: Organisation) -> None:
    statement = org.office_statement(KE, Desk.GENDER)
    assert reason_for(org, org["amina"], statement) is Reason.WRONG_DESK
    office = org.directory.office(KE, Desk.GENDER)
    assert office is not None
    assert len(office.epochs) == 1


def test_an_admin_cannot_admit_or_invite_a_member_of_a_desk(org: Organisation) -> None:
    member = newcomer(LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    invite = org.invite_statement(LAMU, Role.REFERRAL_DESK, Desk.GENDER)
    assert reason_for(org, org["amina"], member) is Reason.WRONG_DESK
    assert reason_for(org, org["amina"], invite) is Reason.WRONG_DESK


def test_an_admin_cannot_revoke_a_member_of_a_desk(org: Organisation) -> None:
    revoked = org.revoke(org["amina"], org["fumo"])
    assert org.directory.verdict(revoked.hash) == (Outcome.VOID, Reason.WRONG_DESK)


def test_a_desk_admits_below_itself_and_nowhere_else(org: Organisation) -> None:
    below = org.office_statement(LAMU_WEST, Desk.GENDER)
    beside = org.office_statement(UnitId("KE-006"), Desk.GENDER)
    above = org.office_statement(KE, Desk.GENDER)
    other = org.office_statement(LAMU, Desk.CHILDREN)
    assert reason_for(org, org["fumo"], below) is None
    assert reason_for(org, org["fumo"], beside) is Reason.OUTSIDE_SUBTREE
    assert reason_for(org, org["fumo"], above) is Reason.OUTSIDE_SUBTREE
    assert reason_for(org, org["fumo"], other) is Reason.WRONG_DESK


def test_a_desk_cannot_create_admin_offices(org: Organisation) -> None:
    statement = org.office_statement(VILLAGE, Desk.ADMIN)
    assert reason_for(org, org["eshe"], statement) is Reason.WRONG_DESK


def test_a_new_desk_office_raises_a_notice_and_an_admin_office_none(org: Organisation) -> None:
    before = len(org.directory.alarms)
    org.open_office(org["fumo"], LAMU_WEST, Desk.GENDER)
    org.open_office(org["chebet"], VILLAGE)
    org.open_office(org["fumo"], LAMU_WEST, Desk.GENDER)
    new = org.directory.alarms[before:]
    assert [(alarm.code, alarm.subject) for alarm in new] == [
        (AlarmCode.DESK_OFFICE_CREATED, "KE-005-S022/gender")
    ]


def test_a_desk_has_members_only_where_it_has_an_office(org: Organisation) -> None:
    invite = org.invite_statement(LAMU_EAST, Role.REFERRAL_DESK, Desk.GENDER)
    member = newcomer(LAMU_EAST, Role.REFERRAL_DESK, Desk.GENDER)
    assert reason_for(org, org["eshe"], invite) is Reason.UNKNOWN_OFFICE
    assert reason_for(org, org["eshe"], member) is Reason.UNKNOWN_OFFICE


# -- sub-trees and ranks -------------------------------------------------------------------------


def test_a_sub_county_admin_certifies_nobody_outside_its_sub_tree(org: Organisation) -> None:
    beside = UnitId("KE-005-S023-L0001")
    member = newcomer(beside, Role.CHIEF)
    assert reason_for(org, org["chebet"], member) is Reason.OUTSIDE_SUBTREE
    office = org.office_statement(beside, Desk.ADMIN)
    assert reason_for(org, org["chebet"], office) is Reason.OUTSIDE_SUBTREE
    invite = org.invite_statement(LAMU, Role.CHIEF)
    assert reason_for(org, org["chebet"], invite) is Reason.OUTSIDE_SUBTREE


def test_a_sub_county_admin_enrols_its_own_rank_and_below(org: Organisation) -> None:
    clerk = org.invite_statement(LAMU_WEST, Role.DCC_ADMIN)
    elder = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    assert reason_for(org, org["chebet"], clerk) is None
    assert reason_for(org, org["chebet"], elder) is None


@pytest.mark.parametrize("role", [Role.HQ_ADMIN, Role.HQ_ANALYST, Role.AUDITOR])
def test_headquarters_roles_exist_at_headquarters_only(org: Organisation, role: Role) -> None:
    invite = org.invite_statement(LAMU_WEST, role)
    assert reason_for(org, org["chebet"], invite) is Reason.ROLE_DOES_NOT_FIT
    assert reason_for(org, org["amina"], invite) is Reason.ROLE_DOES_NOT_FIT


def test_a_sub_county_admin_cannot_make_an_hq_admin(org: Organisation) -> None:
    certificate = newcomer(KE, Role.HQ_ADMIN)
    assert reason_for(org, org["chebet"], certificate) is Reason.OUTSIDE_SUBTREE


def test_nobody_gives_a_role_above_his_own(org: Organisation) -> None:
    desk_below = newcomer(LAMU_WEST, Role.COUNTY_DESK)
    assert reason_for(org, org["chebet"], desk_below) is Reason.ROLE_ABOVE_ISSUER


def test_nobody_promotes_himself(org: Organisation) -> None:
    chebet = org["chebet"]
    promoted = replace(chebet.certificate(), role=Role.COUNTY_DESK, after=(org.cut(chebet),))
    assert reason_for(org, chebet, promoted) is Reason.ROLE_ABOVE_ISSUER


def test_a_chief_enrols_nobody(org: Organisation) -> None:
    member = newcomer(VILLAGE, Role.VILLAGE_ELDER)
    assert reason_for(org, org["dalila"], member) is Reason.ROLE_MAY_NOT_ENROL
    office = org.office_statement(VILLAGE, Desk.ADMIN)
    assert reason_for(org, org["dalila"], office) is Reason.ROLE_MAY_NOT_ENROL


def test_all_offices_stand_at_sub_counties_and_below(org: Organisation) -> None:
    assert reason_for(org, org["amina"], org.office_statement(LAMU, Desk.ALL)) is (
        Reason.OFFICE_TOO_HIGH
    )
    assert reason_for(org, org["chebet"], org.office_statement(MKOMANI, Desk.ALL)) is None


def test_the_all_office_has_no_members_of_its_own(org: Organisation) -> None:
    member = newcomer(LAMU_WEST, Role.CHIEF, Desk.ALL)
    assert reason_for(org, org["amina"], member) is Reason.ROLE_DOES_NOT_FIT


def test_an_epoch_follows_the_last_one_by_one(org: Organisation) -> None:
    statement = org.office_statement(LAMU_WEST, Desk.ADMIN)
    for wrong in (1, 3):
        off = replace(statement, epoch=wrong)
        assert reason_for(org, org["chebet"], off) is Reason.EPOCH_NOT_NEXT
    assert reason_for(org, org["chebet"], statement) is None


def test_an_invite_id_is_used_once(org: Organisation) -> None:
    statement = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    again = replace(statement, unit=MKOMANI)
    assert reason_for(org, org["chebet"], statement) is None
    assert reason_for(org, org["chebet"], again) is Reason.INVITE_EXISTS


def test_an_unknown_or_revoked_device_cannot_be_revoked(org: Organisation) -> None:
    stranger = Member("gakii", device_keys("gakii"), MKOMANI, Desk.ADMIN, Role.CHIEF)
    unknown = org.revoke(org["chebet"], stranger, org.cut(org["dalila"], 0))
    assert org.directory.verdict(unknown.hash)[1] is Reason.UNKNOWN_DEVICE
    org.revoke(org["chebet"], org["dalila"])
    again = org.revoke(org["amina"], org["dalila"])
    assert org.directory.verdict(again.hash)[1] is Reason.DEVICE_REVOKED


def test_a_chief_adopts_nothing(org: Organisation) -> None:
    adopted = org.adopt(org["dalila"], org.log[0][1])
    assert org.directory.verdict(adopted.hash)[1] is Reason.ROLE_MAY_NOT_ENROL


def test_the_first_device_of_a_ke_desk_comes_by_the_roots_invite(org: Organisation) -> None:
    invite = hand_over_invite(org, Desk.CHILDREN)
    gakii = org.claim("gakii", invite)
    certificate = org.directory.device(gakii.device)
    assert certificate is not None
    assert (certificate.unit, certificate.desk) == (KE, Desk.CHILDREN)
    assert (certificate.is_active, certificate.granted, certificate.confirmed) == (
        True,
        True,
        True,
    )
    assert org.directory.device(org["chebet"].device) != certificate


# -- the role table ------------------------------------------------------------------------------


def test_who_may_enrol_whom() -> None:
    enrollers = {role for role in Role if may_enrol(role)}
    assert enrollers == {Role.HQ_ADMIN, Role.COUNTY_DESK, Role.DCC_ADMIN}
    field_roles = {
        Role.NK_COORDINATOR,
        Role.VILLAGE_ELDER,
        Role.ASSISTANT_CHIEF,
        Role.CHIEF,
        Role.ACC,
    }
    given = {role: {other for other in Role if may_enrol(role, other)} for role in enrollers}
    assert given[Role.DCC_ADMIN] == field_roles | {Role.DCC_ADMIN}
    assert given[Role.COUNTY_DESK] == given[Role.DCC_ADMIN] | {Role.COUNTY_DESK}
    assert given[Role.HQ_ADMIN] == set(Role) - {Role.REFERRAL_DESK}


def test_words_are_compared_for_enrollers_and_for_every_desk() -> None:
    assert {role for role in Role if needs_words(role, Desk.ADMIN)} == {
        Role.HQ_ADMIN,
        Role.COUNTY_DESK,
        Role.DCC_ADMIN,
    }
    assert needs_words(Role.REFERRAL_DESK, Desk.GENDER)


@pytest.mark.parametrize(
    ("role", "unit", "desk", "expected"),
    [
        (Role.CHIEF, MKOMANI, Desk.ADMIN, True),
        (Role.CHIEF, MKOMANI, Desk.GENDER, False),
        (Role.REFERRAL_DESK, MKOMANI, Desk.GENDER, True),
        (Role.REFERRAL_DESK, MKOMANI, Desk.ADMIN, False),
        (Role.DCC_ADMIN, LAMU_WEST, Desk.ADMIN, True),
        (Role.DCC_ADMIN, LAMU, Desk.ADMIN, False),
        (Role.COUNTY_DESK, LAMU, Desk.ADMIN, True),
        (Role.COUNTY_DESK, KE, Desk.ADMIN, False),
        (Role.AUDITOR, KE, Desk.ADMIN, True),
        (Role.AUDITOR, LAMU, Desk.ADMIN, False),
        (Role.CHIEF, LAMU_WEST, Desk.ALL, False),
    ],
)
def test_where_a_role_can_sit(role: Role, unit: UnitId, desk: Desk, *, expected: bool) -> None:
    assert fits(role, unit, desk) is expected


def test_an_auditor_holds_no_office_key() -> None:
    assert {role for role in Role if not holds_office_key(role)} == {Role.AUDITOR}
