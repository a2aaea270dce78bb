"""Packets against the readers of the version they name: decisions 1 and 4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import HiddenFromOfficeError
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, party_channel, route
from fieldapp.protocol.ids import DeviceId, UnitId, office_id
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from fieldapp.protocol.offices import OfficeBook, OfficesAt
from fieldapp.protocol.readership import (
    check_recipients,
    counts_as_opened,
    judged_version,
    may_erase,
)
from fieldapp.protocol.receipts import Receipt
from fieldapp.protocol.roles import Role
from tests.support.organisation import (
    KE,
    LAMU,
    LAMU_WEST,
    MKOMANI,
    NOON_MS,
    VILLAGE,
    Organisation,
    small_organisation,
)

ORDINARY = Channel(MKOMANI, ChannelClass.ORDINARY)


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


def office(unit: UnitId, desk: str = "admin", epoch: int = 1) -> Recipient:
    return Recipient(RecipientKind.OFFICE, office_id(unit, desk), epoch)


def device(name: bytes) -> Recipient:
    return Recipient(RecipientKind.DEVICE, name * 16, 0)


def certified(org: Organisation, name: str) -> Certificate:
    certificate = org.directory.device(org[name].device)
    assert certificate is not None
    return certificate


PATH = [office(unit) for unit in (MKOMANI, LAMU_WEST, LAMU, KE)]


def refusal(
    org: Organisation,
    recipients: Iterable[Recipient],
    *,
    channel: Channel = ORDINARY,
    at_version: int | None = None,
) -> tuple[str, object] | None:
    at = org.position if at_version is None else at_version
    try:
        check_recipients(channel, list(recipients), org.directory, at)
    except HiddenFromOfficeError as error:
        return error.code, error.params["reason"]
    return None


def test_a_packet_for_exactly_the_readers_is_taken(org: Organisation) -> None:
    assert refusal(org, PATH) is None


@pytest.mark.parametrize("hidden", range(4))
def test_nobody_hides_from_an_office_of_the_channel(org: Organisation, hidden: int) -> None:
    rest = PATH[:hidden] + PATH[hidden + 1 :]
    assert refusal(org, rest) == ("reader_missing", "office_missing")


def test_nobody_else_is_let_in(org: Organisation) -> None:
    for other in (office(LAMU, "gender"), office(KE, "gender"), office(UnitId("KE-006"))):
        assert refusal(org, [*PATH, other]) == ("reader_not_allowed", "office_not_a_reader")
    assert refusal(org, [*PATH, device(b"d")]) == ("reader_not_allowed", "office_not_a_reader")


def test_an_office_added_later_is_not_demanded(org: Organisation) -> None:
    channel = Channel(VILLAGE, ChannelClass.ORDINARY)
    before = org.position
    org.open_office(org["chebet"], VILLAGE)
    assert refusal(org, PATH, channel=channel, at_version=before) is None
    assert refusal(org, PATH, channel=channel) == ("reader_missing", "office_missing")
    assert refusal(org, [office(VILLAGE), *PATH], channel=channel) is None


def test_a_phone_enrolled_by_file_may_name_an_office_the_server_learned_of_later(
    org: Organisation,
) -> None:
    channel = Channel(VILLAGE, ChannelClass.ORDINARY)
    before = org.position
    org.open_office(org["chebet"], VILLAGE)
    assert refusal(org, [office(VILLAGE), *PATH], channel=channel, at_version=before) is None


def test_an_older_epoch_is_fine_and_an_unknown_one_is_not(org: Organisation) -> None:
    org.open_office(org["chebet"], MKOMANI)
    assert refusal(org, PATH) is None
    assert refusal(org, [office(MKOMANI, epoch=2), *PATH[1:]]) is None
    for epoch in (0, 3):
        named = [office(MKOMANI, epoch=epoch), *PATH[1:]]
        assert refusal(org, named) == ("reader_not_allowed", "unknown_epoch")


def test_a_restricted_packet_names_its_desk_and_the_one_at_ke(org: Organisation) -> None:
    channel = route(MKOMANI, ChannelClass.GENDER, org.directory.offices())
    desks = [office(LAMU, "gender"), office(KE, "gender")]
    assert refusal(org, desks, channel=channel) is None
    assert refusal(org, desks[:1], channel=channel) == ("reader_missing", "office_missing")
    for admin in PATH:
        assert refusal(org, [*desks, admin], channel=channel) == (
            "reader_not_allowed",
            "office_not_a_reader",
        )


def test_a_nearer_desk_created_later_changes_no_older_channel(org: Organisation) -> None:
    channel = route(MKOMANI, ChannelClass.GENDER, org.directory.offices())
    desks = [office(LAMU, "gender"), office(KE, "gender")]
    org.open_office(org["fumo"], LAMU_WEST, Desk.GENDER)
    assert refusal(org, desks, channel=channel) is None


def test_a_desk_that_the_server_learned_of_later_is_demanded_whole(org: Organisation) -> None:
    before = org.position
    org.open_office(org["fumo"], LAMU_WEST, Desk.GENDER)
    channel = Channel(LAMU_WEST, ChannelClass.GENDER)
    desks = [office(LAMU_WEST, "gender"), office(KE, "gender")]
    assert refusal(org, desks, channel=channel, at_version=before) is None
    for one in desks:
        assert refusal(org, [one], channel=channel, at_version=before) == (
            "reader_missing",
            "office_missing",
        )


def test_a_channel_without_any_reader_takes_no_packet(org: Organisation) -> None:
    channel = Channel(MKOMANI, ChannelClass.GENDER)
    refusals = [refusal(org, named, channel=channel) for named in ([], [office(KE, "gender")])]
    assert refusals == [
        ("reader_missing", "office_missing"),
        ("reader_not_allowed", "office_not_a_reader"),
    ]


def test_a_reply_names_its_office_and_its_device(org: Organisation) -> None:
    channel = party_channel(
        LAMU,
        ChannelClass.REPLY,
        device=DeviceId(b"d" * 16),
        office=office_id(LAMU, "gender"),
    )
    desk = office(LAMU, "gender")
    assert refusal(org, [desk, device(b"d")], channel=channel) is None
    assert refusal(org, [desk], channel=channel) == ("reader_missing", "office_missing")
    assert refusal(org, [device(b"d")], channel=channel) == ("reader_missing", "office_missing")
    assert refusal(org, [desk, device(b"d"), device(b"e")], channel=channel) == (
        "reader_not_allowed",
        "office_not_a_reader",
    )
    assert org.directory.readers_of(channel) == (org.directory.office(LAMU, "gender"),)
    assert org.directory.readers_of(channel, 1) == ()


def test_a_source_names_its_office_and_not_the_device_that_wrote_it(org: Organisation) -> None:
    channel = party_channel(
        LAMU,
        ChannelClass.SOURCE,
        device=DeviceId(b"d" * 16),
        office=office_id(LAMU, "gender"),
    )
    desk = office(LAMU, "gender")
    assert refusal(org, [desk], channel=channel) is None
    assert refusal(org, [desk, device(b"d")], channel=channel) == (
        "reader_not_allowed",
        "office_not_a_reader",
    )


def test_an_office_of_our_own_is_demanded_before_the_server_placed_it(org: Organisation) -> None:
    version = org.directory.version
    batch = org.draft(org["chebet"], org.office_statement(VILLAGE, Desk.ADMIN))
    org.directory.apply(None, batch, verify)
    channel = Channel(VILLAGE, ChannelClass.ORDINARY)
    assert org.directory.readers_of(channel)[0].unit == VILLAGE
    assert refusal(org, [office(VILLAGE), *PATH], channel=channel, at_version=version) is None


def test_offices_are_shown_as_of_a_version() -> None:
    book = OfficeBook()
    refs = [ref for ref in small_organisation().directory.offices() if ref.desk == "admin"]
    for position, ref in enumerate(refs, start=10):
        book.add(ref, b"x" * 32, position)
    assert set(OfficesAt(book, 11)) == set(refs[:2])
    assert len(OfficesAt(book, None)) == len(refs)
    assert refs[2] in OfficesAt(book, None)
    assert refs[2] not in OfficesAt(book, 11)
    text: object = "KE/admin"
    assert text not in OfficesAt(book, None)


def test_an_author_cannot_name_a_directory_older_than_its_own_invite(org: Organisation) -> None:
    chief = org["dalila"].device
    invited_at = judged_version(org.directory, chief, 0)
    assert invited_at > 1
    assert judged_version(org.directory, chief, org.position) == org.position
    assert refusal(org, [office(KE)], at_version=1) is None
    assert refusal(org, [office(KE)], at_version=invited_at) == (
        "reader_missing",
        "office_missing",
    )


def test_a_phone_enrolled_by_file_need_not_know_what_its_inviter_did_not(
    org: Organisation,
) -> None:
    chebet = org["chebet"]
    statement = org.invite_statement(VILLAGE, Role.VILLAGE_ELDER)
    known = org.position
    offline = org.draft(chebet, statement)
    org.open_office(org["brian"], VILLAGE)
    org.place(offline)
    gakii = org.claim("gakii", statement.invite)
    assert judged_version(org.directory, gakii.device, 0) == known
    channel = Channel(VILLAGE, ChannelClass.ORDINARY)
    assert refusal(org, PATH, channel=channel, at_version=known) is None


def test_what_the_root_certified_is_judged_from_the_root_on(org: Organisation) -> None:
    hq = next(cert.device for cert in org.directory.certificates() if cert.depth == 1)
    assert judged_version(org.directory, hq, 0) == 1
    assert judged_version(org.directory, DeviceId(bytes(16)), 3) == 3


@pytest.mark.parametrize(
    "doubt",
    [{"state": State.REVOKED}, {"granted": False}, {"confirmed": False}],
    ids=["revoked", "never trusted", "words not compared"],
)
def test_only_a_trusted_leader_of_a_reading_office_has_anothers_body_erased(
    org: Organisation, doubt: dict[str, Any]
) -> None:
    leader, author = certified(org, "chebet"), org["dalila"].device
    holders = {leader.office_id}
    assert may_erase(leader, author, holders)
    assert not may_erase(leader, author, set())
    assert not may_erase(replace(leader, role=Role.ACC), author, holders)
    assert not may_erase(replace(leader, **doubt), author, holders)


@pytest.mark.parametrize("doubt", [{"state": State.REVOKED}, {"granted": False}])
def test_only_a_trusted_device_of_the_office_says_that_it_opened(
    org: Organisation, doubt: dict[str, Any]
) -> None:
    signer = certified(org, "chebet")
    receipt = Receipt(
        office=signer.office_id,
        device=org["dalila"].device,
        channel=ORDINARY.id,
        seq=1,
        header_hash=bytes(32),
        time_ms=NOON_MS,
        signer=signer.device,
    )
    held = receipt.point
    holders = {signer.office_id}
    assert counts_as_opened(receipt, signer, holders, held)
    assert not counts_as_opened(receipt, signer, set(), held)
    assert not counts_as_opened(receipt, replace(signer, **doubt), holders, held)
