"""Who may have a body erased, whose receipts count, and who claims an invite too late."""

from __future__ import annotations

import pytest

from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.protocol import limits
from fieldapp.protocol.batch import Batch, Kind, StreamPoint, erased_form, make_seq, parse_batch
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.erasure import EraseOrder
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import Kid
from fieldapp.protocol.judge_devices import CONTEST_MS
from fieldapp.protocol.messages import SyncAnswer, encode_request, parse_answer
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SyncService
from tests.contract.conftest import Place
from tests.support.authors import Author, Device, author, deposit, opened_receipt
from tests.support.organisation import LAMU, LAMU_WEST, MKOMANI, Member, Organisation


def codes(answer: SyncAnswer) -> list[str]:
    return [refusal.code for refusal in answer.refused]


def read(service: SyncService, member: Member) -> list[bytes]:
    return [item.batch for answer in Device(member).pull(service) for item in answer.items]


def order(
    organisation: Organisation,
    by: Member,
    target: StreamPoint,
    kid: bytes,
    after: Batch | None = None,
) -> Batch:
    plan = BatchPlan(
        kind=Kind.ERASE,
        seq=make_seq(0, 1 if after is None else after.header.number + 1),
        prev=ZERO_HASH if after is None else after.hash,
        channel=target.channel,
        directory_version=organisation.position,
        kid=Kid(kid),
    )
    return seal_plain(EraseOrder(target, ()).to_bytes(), keys=by.keys, plan=plan)


def reported(service: SyncService, organisation: Organisation) -> Batch:
    batch = author(organisation, "dalila").batch()
    assert not deposit(service, batch).refused
    return batch


def colleague(
    service: SyncService, organisation: Organisation, role: Role, *, confirmed: bool
) -> Member:
    """Another member of the office that reads what dalila writes at Lamu West."""
    place = organisation.position
    chebet = organisation["chebet"]
    invite = organisation.invite(organisation["brian"], LAMU_WEST, role)
    member = organisation.claim("gakuo", invite)
    if confirmed:
        organisation.issue(chebet, member.certificate())
    said = [batch for position, batch in organisation.log if position > place]
    assert not deposit(service, *said).refused
    return member


# ---------------------------------------------------------------------- erasing


@pytest.mark.parametrize("name", ["dalila", "chebet", "amina"])
def test_the_author_and_confirmed_enrollers_of_reading_offices_have_a_body_erased(
    service: SyncService, organisation: Organisation, name: str
) -> None:
    batch = reported(service, organisation)
    after = batch if name == "dalila" else None
    asked = order(organisation, organisation[name], batch.point, batch.header.kid, after)
    assert not deposit(service, asked).refused
    got = read(service, organisation["brian"])
    assert batch.raw not in got
    assert erased_form(batch) in got


@pytest.mark.parametrize(
    ("role", "confirmed"), [(Role.ACC, True), (Role.ACC, False), (Role.DCC_ADMIN, False)]
)
def test_reading_a_batch_is_no_authority_to_have_it_erased(
    service: SyncService, organisation: Organisation, role: Role, *, confirmed: bool
) -> None:
    batch = reported(service, organisation)
    member = colleague(service, organisation, role, confirmed=confirmed)
    asked = order(organisation, member, batch.point, batch.header.kid)
    assert codes(deposit(service, asked)) == ["not_authorised"]
    assert batch.raw in read(service, organisation["brian"])


def test_an_order_that_misnames_its_batch_takes_nobody_elses_body(
    service: SyncService, organisation: Organisation
) -> None:
    batch = reported(service, organisation)
    thief = colleague(service, organisation, Role.ACC, confirmed=False)
    posed = StreamPoint(thief.device, batch.header.channel, 1, batch.hash)
    asked = order(organisation, thief, posed, batch.header.kid)
    assert codes(deposit(service, asked)) == ["malformed_message"]
    assert batch.raw in read(service, organisation["brian"])


# ---------------------------------------------------------------------- receipts


def receipts_for(service: SyncService, organisation: Organisation, by: Member, batch: Batch) -> int:
    Device(by).sync(service, receipts=[opened_receipt(by, batch)])
    return len(Device(organisation["dalila"]).sync(service).receipts)


@pytest.mark.parametrize(("name", "count"), [("chebet", 1), ("amina", 1), ("fumo", 0)])
def test_only_an_office_that_reads_a_batch_says_that_it_opened_it(
    service: SyncService, organisation: Organisation, name: str, count: int
) -> None:
    batch = reported(service, organisation)
    assert receipts_for(service, organisation, organisation[name], batch) == count


def test_a_receipt_of_a_signer_that_was_never_trusted_reaches_nobody(
    service: SyncService, organisation: Organisation
) -> None:
    batch = reported(service, organisation)
    member = colleague(service, organisation, Role.DCC_ADMIN, confirmed=False)
    assert receipts_for(service, organisation, member, batch) == 0


def test_a_receipt_for_a_batch_that_is_not_here_reaches_nobody(
    service: SyncService, organisation: Organisation
) -> None:
    writer: Author = author(organisation, "dalila")
    first, missing = writer.batches(2)
    deposit(service, first)
    assert receipts_for(service, organisation, organisation["chebet"], missing) == 0


# ---------------------------------------------------------------------- claims that come late


@pytest.mark.parametrize(("waited_ms", "expected"), [(1, ["invite_used"]), (0, [])])
def test_a_further_claim_dated_back_is_refused_seven_days_after_the_first_came(
    place: Place, organisation: Organisation, waited_ms: int, expected: list[str]
) -> None:
    at = organisation.position
    invite = organisation.invite(organisation["chebet"], MKOMANI, Role.CHIEF)
    first = organisation.claim("gakuo", invite)
    said = [batch for position, batch in organisation.log if position > at]
    assert not deposit(place.service, *said).refused
    place.clock.now_ms += CONTEST_MS + waited_ms
    thief = organisation.join("zuri", MKOMANI, "admin", Role.CHIEF)
    claim = organisation.draft(thief, organisation.claim_statement(thief, invite))
    assert codes(deposit(place.service, claim)) == expected
    assert not deposit(place.service, said[-1]).refused
    asked = Device(first).request(time_ms=place.clock.now_ms)
    answer = parse_answer(place.service.sync(encode_request(asked)))
    assert (claim.raw in [item.batch for item in answer.items]) is not bool(expected)


# ---------------------------------------------------------------------- room for the untrusted


def test_a_device_that_nobody_confirmed_takes_so_much_room_and_no_more(
    service: SyncService, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleague(service, organisation, Role.DCC_ADMIN, confirmed=False)
    batches = author(organisation, "gakuo").batches(3)
    room = sum(len(batch.raw) for batch in batches)
    claim = organisation.log[-1][1]
    monkeypatch.setattr(limits, "MAX_UNTRUSTED_BYTES", room + len(claim.raw) - 1)
    assert codes(deposit(service, *batches)) == ["quota_exceeded"]
    trusted = author(organisation, "dalila").batches(4)
    assert codes(deposit(service, *trusted)) == []


def test_beyond_its_cut_a_revoked_device_takes_so_much_room_and_before_it_any(
    service: SyncService, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, last, late, later = author(organisation, "dalila").batches(4)
    cut = Cut(last.header.channel, last.header.seq, last.hash)
    dalila = organisation["dalila"]
    revocation = organisation.revoke(organisation["chebet"], dalila, cut, organisation.cut(dalila))
    assert not deposit(service, revocation).refused
    monkeypatch.setattr(limits, "MAX_UNTRUSTED_BYTES", len(late.raw))
    assert codes(deposit(service, early, last, late, later)) == ["quota_exceeded"]


# ---------------------------------------------------------------------- feeds of the untrusted


def test_an_unconfirmed_device_reads_its_offices_feed_once_words_were_compared(
    service: SyncService, organisation: Organisation
) -> None:
    batch = reported(service, organisation)
    member = colleague(service, organisation, Role.DCC_ADMIN, confirmed=False)
    got = read(service, member)
    assert organisation.log[-1][1].raw in got
    assert batch.raw not in got
    confirmation = organisation.issue(organisation["chebet"], member.certificate())
    assert not deposit(service, confirmation).refused
    assert batch.raw in read(service, member)


def test_a_contested_device_reads_nothing_new_of_its_office(
    service: SyncService, organisation: Organisation
) -> None:
    first = colleague(service, organisation, Role.ACC, confirmed=False)
    device = Device(first)
    early = reported(service, organisation)
    assert early.raw in [item.batch for item in device.sync(service).items]
    invite = organisation.directory.history(first.device)[0].invite
    assert invite is not None
    organisation.claim("zuri", invite)
    contest = organisation.log[-1][1]
    late = Author(organisation, organisation["brian"], author(organisation, "dalila").channel)
    assert not deposit(service, contest, late.batch()).refused
    assert [item.batch for item in device.sync(service).items] == [contest.raw]


def test_an_author_s_order_may_come_before_its_batch_and_takes_the_body_from_the_start(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    early = order(organisation, organisation["dalila"], batch.point, batch.header.kid, batch)
    assert not deposit(service, early).refused
    bare = parse_batch(erased_form(batch))
    assert not deposit(service, bare).refused
    got = read(service, organisation["chebet"])
    assert {bare.raw, early.raw} <= set(got)
    assert batch.raw not in got


def test_an_order_reaches_the_author_who_is_no_reader(
    service: SyncService, organisation: Organisation
) -> None:
    desk = Channel(LAMU, ChannelClass.GENDER)
    batch = Author(organisation, organisation["dalila"], desk).batch()
    assert not deposit(service, batch).refused
    asked = order(organisation, organisation["fumo"], batch.point, batch.header.kid)
    assert not deposit(service, asked).refused
    assert asked.raw in read(service, organisation["dalila"])
