"""What the directory changes for batches: forks, revocations, early batches, handed-on keys."""

from __future__ import annotations

from fieldapp.crypto.sealing import BatchPlan, seal_plain, wrap_key, wrap_office_key
from fieldapp.protocol.batch import Batch, Kind, make_seq
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, OfficeRef, party_channel
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.grants import GrantRow, encode_grants, encode_office_keys
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import Kid, office_id
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from fieldapp.protocol.messages import SyncAnswer
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SyncService
from tests.support.authors import Author, Device, author, deposit
from tests.support.organisation import KE, LAMU, LAMU_WEST, MKOMANI, VILLAGE, Member, Organisation


def batches_in(*answers: SyncAnswer) -> list[bytes]:
    return [item.batch for answer in answers for item in answer.items]


def cut_at(batch: Batch) -> Cut:
    return Cut(batch.header.channel, batch.header.seq, batch.hash)


def plain_batch(member: Member, kind: Kind, payload: bytes, version: int) -> Batch:
    plan = BatchPlan(
        kind=kind,
        seq=make_seq(0, 1),
        prev=ZERO_HASH,
        channel=Channel(member.unit, ChannelClass.KEYS).id,
        directory_version=version,
    )
    return seal_plain(payload, keys=member.keys, plan=plan)


def grant_row(organisation: Organisation, writer: Author, batch: Batch, ref: OfficeRef) -> GrantRow:
    office = organisation.office_keys[ref][-1]
    wrapped = wrap_key(
        writer.sender_key,
        author=writer.member.device,
        channel=writer.channel.id,
        recipient=Recipient(RecipientKind.OFFICE, office.office, office.epoch),
        public_x25519=office.public,
    )
    return GrantRow(
        writer.member.device,
        writer.channel.id,
        Kid(batch.header.kid),
        office.office,
        office.epoch,
        wrapped.sealed,
    )


# ---------------------------------------------------------------------- forks and generations


def test_a_second_batch_of_one_number_is_kept_and_shown_to_the_readers(
    service: SyncService, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    first, honest = writer.batches(2)
    writer.branch(first, 0)
    odd = writer.batch(b'{"other":"entry"}')
    assert len(deposit(service, first, honest, odd).stored) == 3
    got = batches_in(Device(organisation["chebet"]).sync(service))
    assert {honest.raw, odd.raw} <= set(got)


def test_a_fork_does_not_move_the_head(service: SyncService, organisation: Organisation) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    first, honest = writer.batches(2)
    writer.branch(first, 0)
    odd, beyond = writer.batch(b'{"other":"entry"}'), writer.batch()
    heads = dalila.sync(service, [first, honest, odd, beyond]).heads or ()
    assert (first.header.channel, honest.hash) in [(head.channel, head.hash) for head in heads]


def test_a_batch_that_its_successor_does_not_name_is_a_fork(
    service: SyncService, organisation: Organisation
) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    first, second, third = writer.batches(3)
    writer.branch(first, 0)
    odd = writer.batch(b'{"other":"entry"}')
    dalila.sync(service, [first, third, odd])
    heads = dalila.sync(service, [second]).heads
    assert heads is not None
    assert (third.header.channel, third.hash) in [(head.channel, head.hash) for head in heads]


def test_a_restored_phone_goes_on_in_a_new_generation(
    service: SyncService, organisation: Organisation
) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    first, second, third = writer.batches(3)
    dalila.sync(service, [first, second, third])
    writer.branch(first, 1)
    again, after = writer.batches(2)
    heads = dalila.sync(service, [again, after]).heads or ()
    assert (after.header.channel, after.hash) in [(head.channel, head.hash) for head in heads]
    got = batches_in(Device(organisation["chebet"]).sync(service))
    assert {third.raw, again.raw, after.raw} <= set(got)


def test_two_batches_that_claim_one_place_of_a_new_generation_are_a_fork(
    service: SyncService, organisation: Organisation
) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    first, second = writer.batches(2)
    writer.branch(first, 1)
    again = writer.batch()
    writer.branch(second, 1)
    skipping = writer.batch()
    dalila.sync(service, [first, second, again, skipping])
    dalila.heads.clear()
    heads = dalila.sync(service).heads or ()
    kept = [head.hash for head in heads if head.channel == first.header.channel]
    assert kept in ([again.hash], [skipping.hash])


# ---------------------------------------------------------------------- revocation


def revoked(service: SyncService, organisation: Organisation) -> tuple[Author, Batch, Member]:
    """dalila wrote of her village, where kahindi reads, and was revoked."""
    before = organisation.position
    organisation.open_office(organisation["chebet"], VILLAGE)
    kahindi = organisation.enrol(organisation["chebet"], "kahindi", VILLAGE, Role.VILLAGE_ELDER)
    deposit(service, *[batch for _, batch in organisation.log[before:]])
    member = organisation["dalila"]
    writer = Author(organisation, member, Channel(VILLAGE, ChannelClass.ORDINARY))
    last = writer.batch()
    deposit(service, last)
    revocation = organisation.revoke(
        organisation["chebet"], member, cut_at(last), organisation.cut(member)
    )
    assert not deposit(service, revocation).refused
    return writer, last, kahindi


def test_what_a_revoked_device_sends_is_shown_to_those_readers_alone_who_may_adopt_it(
    service: SyncService, organisation: Organisation
) -> None:
    writer, _, kahindi = revoked(service, organisation)
    late = writer.batch()
    assert len(deposit(service, late).stored) == 1
    for name in ("chebet", "brian", "amina"):
        assert late.raw in batches_in(Device(organisation[name]).sync(service)), name
    assert late.raw not in batches_in(Device(kahindi).sync(service))
    assert late.raw not in batches_in(Device(organisation["eshe"]).sync(service))


def test_what_a_revoked_device_sealed_for_a_desk_is_shown_to_the_desk_alone(
    service: SyncService, organisation: Organisation
) -> None:
    revoked(service, organisation)
    dalila = organisation["dalila"]
    late = Author(organisation, dalila, Channel(LAMU, ChannelClass.GENDER)).batch()
    assert len(deposit(service, late).stored) == 1
    for name in ("fumo", "eshe"):
        assert late.raw in batches_in(Device(organisation[name]).sync(service)), name
    for name in ("chebet", "brian", "amina"):
        assert late.raw not in batches_in(Device(organisation[name]).sync(service)), name


def test_what_came_before_the_cut_is_untouched(
    service: SyncService, organisation: Organisation
) -> None:
    _, last, _ = revoked(service, organisation)
    assert last.raw in batches_in(Device(organisation["amina"]).sync(service))


def test_an_adopted_batch_reaches_all_its_readers(
    service: SyncService, organisation: Organisation
) -> None:
    writer, _, kahindi = revoked(service, organisation)
    late, later = writer.batches(2)
    deposit(service, late, later)
    adoption = organisation.adopt(organisation["chebet"], late)
    assert not deposit(service, adoption).refused
    got = batches_in(Device(kahindi).sync(service))
    assert late.raw in got
    assert later.raw not in got


def test_whoever_is_nearer_the_root_is_heard_also_after_being_revoked(
    service: SyncService, organisation: Organisation
) -> None:
    amina = organisation["amina"]
    before = organisation.position
    thief = organisation.enrol(amina, "thief", KE, amina.role)
    attack = organisation.revoke(thief, amina, organisation.cut(amina))
    answer = organisation.revoke(amina, thief, organisation.cut(thief, 0))
    issued = [batch for position, batch in organisation.log if position > before]
    assert issued[-2:] == [attack, answer]
    assert not deposit(service, *issued).refused
    assert answer.raw in batches_in(Device(organisation["brian"]).sync(service))


# ---------------------------------------------------------------------- the directory's own order


def test_a_directory_batch_that_comes_before_its_predecessor_is_kept_until_that_comes(
    service: SyncService, organisation: Organisation
) -> None:
    brian = organisation["brian"]
    version = organisation.position
    first = organisation.take(
        organisation.draft(brian, organisation.office_statement(LAMU_WEST, "all"))
    )
    second = organisation.take(
        organisation.draft(brian, organisation.office_statement(LAMU_WEST, "admin"))
    )
    dalila = Device(organisation["dalila"])
    dalila.pull(service)
    assert len(deposit(service, second).stored) == 1
    assert batches_in(*dalila.pull(service)) == []
    deposit(service, first)
    answers = dalila.pull(service)
    assert batches_in(*answers) == [first.raw, second.raw]
    assert answers[-1].welcome.directory_version > version


def test_a_directory_batch_outside_its_authors_units_is_refused(
    service: SyncService, organisation: Organisation
) -> None:
    chebet = organisation["chebet"]
    elsewhere = Channel(VILLAGE, ChannelClass.DIRECTORY).id
    odd = organisation.draft(
        chebet, organisation.office_statement(MKOMANI, "admin"), channel=elsewhere
    )
    deposit(service, odd)
    assert odd.raw not in batches_in(Device(organisation["chebet"]).sync(service))


# ---------------------------------------------------------------------- keys handed on


def test_a_grant_brings_an_offices_history(
    service: SyncService, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    writer.channel = Channel(VILLAGE, ChannelClass.ORDINARY)
    first, second = writer.batches(2)
    deposit(service, first, second)
    place = organisation.position
    ref = organisation.open_office(organisation["chebet"], VILLAGE)
    elder = organisation.enrol(
        organisation["chebet"], "wanjiru", VILLAGE, organisation["dalila"].role
    )
    deposit(service, *[batch for position, batch in organisation.log if position > place])
    assert first.raw not in batches_in(Device(elder).sync(service))
    row = grant_row(organisation, writer, first, ref)
    grant = plain_batch(
        organisation["chebet"], Kind.GRANT, encode_grants([row, row]), organisation.position
    )
    assert not deposit(service, grant).refused
    got = batches_in(*Device(elder).pull(service))
    assert {grant.raw, first.raw, second.raw} <= set(got)
    third = writer.batch()
    deposit(service, third)
    assert third.raw in batches_in(*Device(elder).pull(service))


def test_a_grant_by_somebody_who_does_not_hold_the_key_is_refused(
    service: SyncService, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    batch = writer.batch()
    deposit(service, batch)
    ref = OfficeRef(KE, Desk.ADMIN)
    row = grant_row(organisation, writer, batch, ref)
    grant = plain_batch(
        organisation["fumo"], Kind.GRANT, encode_grants([row]), organisation.position
    )
    answer = deposit(service, grant)
    assert grant.raw not in batches_in(Device(organisation["fumo"]).sync(service))
    assert [refusal.code for refusal in answer.refused] == ["not_authorised"]


def test_a_grant_to_an_office_that_does_not_read_the_channel_is_refused(
    service: SyncService, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    batch = writer.batch()
    deposit(service, batch)
    ref = OfficeRef(LAMU, Desk.GENDER)
    row = grant_row(organisation, writer, batch, ref)
    grant = plain_batch(
        organisation["chebet"], Kind.GRANT, encode_grants([row]), organisation.position
    )
    assert [one.code for one in deposit(service, grant).refused] == ["not_authorised"]
    assert batch.raw not in batches_in(Device(organisation["fumo"]).sync(service))


def test_a_grant_for_a_channel_that_nobody_described_may_come_again(
    service: SyncService, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    batch = writer.batch()
    ref = OfficeRef(KE, Desk.ADMIN)
    row = grant_row(organisation, writer, batch, ref)
    grant = plain_batch(
        organisation["chebet"], Kind.GRANT, encode_grants([row]), organisation.position
    )
    assert [one.code for one in deposit(service, grant).refused] == ["channel_unknown"]
    assert not deposit(service, batch, grant).refused


def test_office_keys_go_to_the_devices_that_they_name(
    service: SyncService, organisation: Organisation
) -> None:
    dalila, chebet = organisation["dalila"], organisation["chebet"]
    ref = OfficeRef(MKOMANI, Desk.ADMIN)
    row = wrap_office_key(
        organisation.office_keys[ref][-1], dalila.device, dalila.keys.public_x25519
    )
    keys = plain_batch(chebet, Kind.OFFICE_KEYS, encode_office_keys([row]), organisation.position)
    assert not deposit(service, keys).refused
    assert keys.raw in batches_in(Device(dalila).sync(service))
    assert keys.raw not in batches_in(Device(chebet).sync(service))


def test_a_reply_reaches_the_office_and_the_one_device(
    service: SyncService, organisation: Organisation
) -> None:
    chebet, dalila = organisation["chebet"], organisation["dalila"]
    channel = party_channel(
        LAMU_WEST,
        ChannelClass.REPLY,
        device=dalila.device,
        office=office_id(chebet.unit, chebet.desk),
    )
    reply = Author(organisation, chebet, channel).batch()
    assert not deposit(service, reply).refused
    for name in ("chebet", "dalila"):
        assert reply.raw in batches_in(Device(organisation[name]).sync(service))
    for name in ("amina", "brian"):
        assert reply.raw not in batches_in(Device(organisation[name]).sync(service))


def test_a_source_reaches_its_one_office_and_not_the_device_that_wrote_it(
    service: SyncService, organisation: Organisation
) -> None:
    chebet, dalila = organisation["chebet"], organisation["dalila"]
    office = office_id(chebet.unit, chebet.desk)
    channel = party_channel(LAMU_WEST, ChannelClass.SOURCE, device=dalila.device, office=office)
    source = Author(organisation, dalila, channel).batch()
    assert not deposit(service, source).refused
    assert source.raw in batches_in(Device(chebet).sync(service))
    for name in ("dalila", "amina", "brian"):
        assert source.raw not in batches_in(Device(organisation[name]).sync(service))


def test_a_notice_reaches_every_officer_of_its_unit(
    service: SyncService, organisation: Organisation
) -> None:
    writer = Author(
        organisation, organisation["chebet"], Channel(LAMU_WEST, ChannelClass.BROADCAST)
    )
    notice = writer.batch()
    assert not deposit(service, notice).refused
    for name in ("chebet", "dalila"):
        assert notice.raw in batches_in(Device(organisation[name]).sync(service))
    for name in ("amina", "brian", "fumo"):
        assert notice.raw not in batches_in(Device(organisation[name]).sync(service))
