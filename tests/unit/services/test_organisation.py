"""Founding, units, offices and invites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.errors import (
    AlreadyEnrolledError,
    ClaimRefusedError,
    ConfigError,
    DatabaseFullError,
    FieldAppError,
    InvalidUnitError,
    NoRightError,
    TransientSyncError,
    UnknownDeviceError,
    WeakPinError,
)
from fieldapp.services.facade import Services
from fieldapp.services.office_views import Organisation
from fieldapp.services.problems import ProblemsError
from fieldapp.services.views import HomeState
from fieldapp.sync.commands import SyncFailure
from tests.support.country import LAMU_WEST, PIN, SERVER_URL, WARD, Country
from tests.support.failures import why

OFFLINE = TransientSyncError("offline")


def init(
    country: Country,
    hq: Services,
    *,
    claim: str = "",
    org: str = "Interior",
    officer: str = "Chebet",
    pin: str = PIN,
    shares: Path | None = None,
) -> Organisation:
    return hq.organisation.init(
        SERVER_URL,
        claim or country.exchange.claim_token(),
        org,
        shares or country.folder / "shares",
        officer,
        pin,
    )


def test_founding_leaves_three_shares_and_a_hand_over_for_each_desk(empty: Country) -> None:
    hq = empty.build("hq")
    made = init(empty, hq)
    assert made.is_claimed
    assert set(made.handover_phrases) == {
        *("gender", "children", "psychosocial", "csic", "nctc", "oversight"),
    }
    assert all(len(phrase.split()) == 8 for phrase in made.handover_phrases.values())
    files = sorted(path.name for path in (empty.folder / "shares").iterdir())
    assert files == sorted(made.shares)
    assert len(files) == 9
    for path in (empty.folder / "shares").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    share = json.loads((empty.folder / "shares" / "root-key-2.json").read_text())
    assert (share["share"], share["of"], share["threshold"]) == (2, 3, 2)
    assert hq.access.officer().role == "hq_admin"
    empty.sync(hq)
    with pytest.raises(AlreadyEnrolledError, match="already_initialised"):
        init(empty, hq)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"pin": "1"}, WeakPinError),
        ({"org": "  "}, ConfigError),
        ({"org": "x" * 300}, ConfigError),
        ({"officer": ""}, ProblemsError),
        ({"claim": "not hexadecimal"}, ClaimRefusedError),
        ({"claim": "00" * 16}, ClaimRefusedError),
    ],
)
def test_a_founding_that_is_refused_leaves_nothing_behind(
    empty: Country, change: dict[str, str], error: type[FieldAppError]
) -> None:
    hq = empty.build("hq")
    with pytest.raises(error):
        init(empty, hq, **change)  # type: ignore[arg-type]
    assert hq.access.state() is HomeState.NEW
    assert not list((empty.folder / "shares").glob("*"))
    init(empty, hq)


def test_the_shares_may_not_lie_inside_the_home(empty: Country) -> None:
    hq = empty.build("hq")
    with pytest.raises(ConfigError, match="shares_inside_home"):
        init(empty, hq, shares=empty.folder / "hq" / "keys")


def test_shares_are_never_overwritten(empty: Country) -> None:
    hq = empty.build("hq")
    (empty.folder / "shares").mkdir()
    (empty.folder / "shares" / "root-key-1.json").write_text("another organisation's")
    with pytest.raises(ConfigError, match="file_exists"):
        init(empty, hq)
    assert hq.access.state() is HomeState.NEW


def test_a_disk_that_fills_while_founding_leaves_no_shares(
    empty: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    hq = empty.build("hq")

    def full(*_args: object) -> None:
        raise DatabaseFullError

    monkeypatch.setattr(hq.access, "found", full)
    with pytest.raises(DatabaseFullError):
        init(empty, hq)
    assert not list((empty.folder / "shares").glob("*"))


def test_a_server_of_others_is_not_claimed(country: Country) -> None:
    with pytest.raises(ClaimRefusedError, match="already_claimed"):
        init(country, country.build("other"), shares=country.folder / "more")


def test_founding_needs_the_server(empty: Country) -> None:
    hq = empty.build("hq")
    empty.link.failure = OFFLINE
    with pytest.raises(TransientSyncError):
        init(empty, hq)
    assert hq.access.state() is HomeState.NEW
    assert not (empty.folder / "shares").exists()


@pytest.mark.parametrize("arrived", [True, False])
def test_a_claim_whose_answer_was_lost_is_made_again_by_the_next_sync(
    empty: Country, arrived: bool
) -> None:
    hq = empty.build("hq")

    def cut() -> None:
        if empty.link.asked[-1] == "claim_server":
            empty.link.lost = OFFLINE if arrived else None
            empty.link.failure = None if arrived else OFFLINE

    empty.link.during = cut
    made = init(empty, hq)
    assert not made.is_claimed
    assert len(made.handover_phrases) == 6
    empty.link.during = empty.link.lost = None
    empty.link.failure = OFFLINE
    unit = hq.organisation.add_unit(LAMU_WEST, "location", "Mkomani")
    hq.organisation.create_office(LAMU_WEST)
    report = hq.syncing.sync()
    assert why(report.error) == "offline"
    assert report.waiting == 2
    empty.link.failure = None
    again = empty.unlocked("hq")
    empty.sync(again)
    assert again.syncing.status().waiting == 0
    assert unit in {row.id for row in again.organisation.list_units()}
    asked = empty.link.asked.count("claim_server")
    empty.sync(again)
    assert empty.link.asked.count("claim_server") == asked


def test_a_pending_claim_that_others_made_first_is_told(empty: Country) -> None:
    hq, rival = empty.build("hq"), empty.build("rival")

    def cut() -> None:
        if empty.link.asked[-1] == "claim_server":
            empty.link.failure = OFFLINE

    empty.link.during = cut
    init(empty, hq)
    empty.link.during = empty.link.failure = None
    init(empty, rival, shares=empty.folder / "others")
    report = hq.syncing.sync()
    assert why(report.error) == "already_claimed"


# ---------------------------------------------------------------------------------- units


def test_a_unit_is_known_with_its_name_and_ward_to_every_process(
    country: Country, hq: Services
) -> None:
    unit = hq.organisation.add_unit(country.mkomani, "village", "Bandani", WARD)
    again = country.unlocked("hq")
    (row,) = [row for row in again.organisation.list_units() if row.id == unit]
    assert (row.name, row.level, row.parent_name, row.ward) == (
        *("Bandani", "village", "Mkomani", WARD),
    )
    assert [row.id for row in again.organisation.list_units(country.mkomani)] == [
        country.mkomani,
        unit,
    ]
    assert again.access.workspace().places.ward_name(WARD) == "Mkomani, Lamu West"


@pytest.mark.parametrize(
    ("parent", "level", "name", "ward", "error"),
    [
        ("nonsense", "location", "X", None, InvalidUnitError),
        ("KE-999", "location", "X", None, InvalidUnitError),
        (LAMU_WEST, "county", "X", None, InvalidUnitError),
        ("KE", "location", "X", None, InvalidUnitError),
        (LAMU_WEST, "location", "  ", None, ProblemsError),
        (LAMU_WEST, "location", "X", "no ward", ProblemsError),
    ],
)
def test_a_refused_unit_is_known_nowhere(
    hq: Services, parent: str, level: str, name: str, ward: str | None, error: type[FieldAppError]
) -> None:
    before = [row.id for row in hq.organisation.list_units()]
    with pytest.raises(error):
        hq.organisation.add_unit(parent, level, name, ward)
    assert [row.id for row in hq.organisation.list_units()] == before


def test_a_chief_adds_no_unit(country: Country, chief: Services) -> None:
    with pytest.raises(NoRightError):
        chief.organisation.add_unit(country.mkomani, "village", "X")


def test_units_are_imported_with_parents_by_name_or_id(hq: Services) -> None:
    report = hq.organisation.import_units(
        "\ufeffparent,level,name,ward\n"
        f"{LAMU_WEST},location,Hindi,\n"
        "hindi,sub_location,Hindi Magogoni,\n"
        "Hindi Magogoni,village,Bar'goni,\n"
        "Nowhere,village,X,\n"
        f"{LAMU_WEST},city,X,\n"
        f"{LAMU_WEST},location,,\n"
        f"{LAMU_WEST},location,Mapenya,KE-005-W0105\n"
    )
    assert [(row.row, row.code) for row in report.problems] == [
        (4, "invalid_unit"),
        (5, "unit_level_not_addable"),
        (6, "invalid_record"),
    ]
    names = {row.id: row.name for row in hq.organisation.list_units(LAMU_WEST)}
    assert [names[unit] for unit in report.created] == [
        *("Hindi", "Hindi Magogoni", "Bar'goni", "Mapenya"),
    ]


def test_a_long_list_of_units_is_imported_whole(hq: Services) -> None:
    rows = "\n".join(f"{LAMU_WEST},location,Place {n}" for n in range(120))
    report = hq.organisation.import_units(f"parent,level,name\n{rows}\n")
    assert (len(report.created), report.problems) == (120, [])
    assert hq.records.find(type_key="unit")[1] == 121


@pytest.mark.parametrize("text", ["", "name,level\nX,location\n"])
def test_a_file_that_is_no_list_of_units_is_refused(hq: Services, text: str) -> None:
    with pytest.raises(ConfigError, match="units_heading"):
        hq.organisation.import_units(text)


# ---------------------------------------------------------------------------------- offices


def test_offices_above_and_below_are_listed(country: Country, chief: Services) -> None:
    shown = {row.office: row.members for row in chief.organisation.offices()}
    assert shown[f"{country.mkomani}/admin"] == 1
    assert shown["KE/gender"] == 0
    assert f"{LAMU_WEST}/admin" in shown


@pytest.mark.parametrize(
    ("unit", "desk", "code"),
    [
        (LAMU_WEST, "admin", "office_exists"),
        ("KE-005", "all", "not_allowed_by_directory"),
        ("KE-005", "nonsense", "unknown_desk"),
        ("KE-005", "gender", "not_allowed_by_directory"),
        ("KE-999", "admin", "unknown_unit"),
    ],
)
def test_an_office_that_may_not_be_is_refused(
    hq: Services, unit: str, desk: str, code: str
) -> None:
    with pytest.raises(FieldAppError) as refused:
        hq.organisation.create_office(unit, desk)
    assert refused.value.code == code
    hq.organisation.create_office("KE-005")


def test_a_desk_makes_its_own_office_in_a_county(country: Country) -> None:
    desk = country.build("desk")
    text = (country.folder / "shares" / "hand-over-gender.json").read_text()
    desk.access.enrol(text, "Eshe", PIN, phrase=country.phrases["gender"])
    country.sync(desk)
    assert desk.organisation.create_office("KE-005", "gender") == ("KE-005/gender", 1)
    made = desk.organisation.invite("KE-005", "referral_desk", desk="gender")
    country.sync(desk)
    county = country.build("county")
    assert county.access.enrol(made.packet_text, "Fumo", PIN).role == "referral_desk"


# ---------------------------------------------------------------------------------- invites


@pytest.mark.parametrize(
    ("unit", "role", "desk", "code"),
    [
        (LAMU_WEST, "king", "admin", "unknown_role"),
        (LAMU_WEST, "hq_admin", "admin", "role_does_not_fit"),
        ("KE", "referral_desk", "gender", "not_allowed_by_directory"),
        ("KE-009", "county_desk", "admin", "office_missing"),
        ("KE-999", "chief", "admin", "unknown_unit"),
    ],
)
def test_an_invite_that_may_not_be_is_refused(
    hq: Services, unit: str, role: str, desk: str, code: str
) -> None:
    with pytest.raises(FieldAppError) as refused:
        hq.organisation.invite(unit, role, desk=desk)
    assert refused.value.code == code


def test_an_invite_waits_in_the_vault_until_the_server_took_it(
    country: Country, hq: Services
) -> None:
    made = hq.organisation.invite(country.mkomani, "chief")
    country.link.failure = OFFLINE
    assert hq.syncing.sync().error == SyncFailure("offline")
    country.link.failure = None

    def fail_once() -> None:
        country.link.failure = OFFLINE if country.link.asked[-1] == "put_invite" else None

    country.link.during = fail_once
    assert hq.syncing.sync().error == SyncFailure("offline")
    country.link.during = country.link.failure = None
    country.sync(country.unlocked("hq"))
    assert country.build("phone").access.enrol(made.code, "Hamisi", PIN).role == "chief"


def test_an_invite_that_expired_unsent_is_forgotten(country: Country, hq: Services) -> None:
    hq.organisation.invite(country.mkomani, "chief", expires_hours=1)
    country.clock.advance(2 * 60 * 60 * 1000)
    country.sync(hq)
    asked = country.link.asked.count("put_invite")
    country.sync(hq)
    assert country.link.asked.count("put_invite") == asked


def test_a_chief_invites_nobody(country: Country, chief: Services) -> None:
    with pytest.raises(NoRightError, match="not_allowed_by_directory"):
        chief.organisation.invite(country.mkomani, "assistant_chief")


# ---------------------------------------------------------------------------------- devices


def test_devices_show_where_they_are_and_when_they_last_recorded(
    country: Country, hq: Services, dcc: Services
) -> None:
    rows = {row.role: row for row in hq.organisation.devices()}
    assert set(rows) == {"hq_admin", "dcc_admin", "chief"}
    assert rows["chief"].unit_name == "Mkomani"
    assert rows["chief"].last_seen_at_ms == country.clock.now_ms()
    assert len((rows["chief"].words or "").split()) == 4
    assert rows["dcc_admin"].words is None
    assert {row.role for row in dcc.organisation.devices()} == {"dcc_admin", "chief"}


def test_a_statement_of_another_process_is_heard_before_the_next(
    country: Country, hq: Services
) -> None:
    other = country.unlocked("hq")
    other.organisation.create_office("KE-005")
    with pytest.raises(NoRightError, match="office_exists"):
        hq.organisation.create_office("KE-005")


def test_a_revoked_device_cannot_be_confirmed(hq: Services) -> None:
    chief = next(row for row in hq.organisation.devices() if row.role == "chief")
    hq.organisation.revoke(chief.device, "x" * 500)
    with pytest.raises(NoRightError, match="device_is_revoked"):
        hq.organisation.confirm(chief.device, chief.words or "")
    with pytest.raises(NoRightError, match="device_is_revoked"):
        hq.organisation.revoke(chief.device, "again")
    for nobody in ("0" * 26, "nonsense"):
        with pytest.raises(UnknownDeviceError):
            hq.organisation.confirm(nobody, "a b c d")


def test_a_list_that_breaks_off_in_its_first_row_names_that_row(hq: Services) -> None:
    report = hq.organisation.import_units('parent,level,name\n"x')
    assert report.created == []
    assert [row.row for row in report.problems] == [1]
