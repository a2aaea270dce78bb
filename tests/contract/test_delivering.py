"""Delivering batches: what every server takes, and what it says about each."""

from __future__ import annotations

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import FieldAppError
from fieldapp.protocol.batch import HEADER_BYTES, Batch, parse_batch
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.checks import check_stored, check_welcome
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_request, parse_answer
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SyncService
from tests.support.authors import Author, Device, author, deposit, key_packet
from tests.support.organisation import MKOMANI, VILLAGE, Organisation, small_organisation


def codes(answer: SyncAnswer) -> list[str]:
    return [refusal.code for refusal in answer.refused]


def changed(batch: Batch, at: int) -> bytes:
    raw = bytearray(batch.raw)
    raw[at] ^= 1
    return bytes(raw)


def send_raw(service: SyncService, *raw: bytes) -> SyncAnswer:
    return parse_answer(service.sync(encode_request(SyncRequest(batches=raw))))


def test_each_batch_gets_a_receipt_signed_by_the_server_key_of_the_root(
    service: SyncService, organisation: Organisation
) -> None:
    batches = author(organisation, "dalila").batches(3)
    answer = Device(organisation["dalila"]).sync(service, batches)
    assert [row.point for row in answer.stored] == [batch.point for batch in batches]
    for receipt in answer.stored:
        check_stored(receipt, organisation.server.public, verify)


def test_receipts_have_rising_positions(service: SyncService, organisation: Organisation) -> None:
    answer = Device(organisation["dalila"]).sync(service, author(organisation, "dalila").batches(3))
    positions = [row.position for row in answer.stored]
    assert positions == sorted(set(positions))
    assert positions[0] > organisation.position


def test_the_welcome_is_signed_over_the_hello_it_answers(
    service: SyncService, organisation: Organisation
) -> None:
    request = Device(organisation["dalila"]).request()
    assert request.hello is not None
    answer = parse_answer(service.sync(encode_request(request)))
    check_welcome(answer.welcome, request.hello.hash, organisation.server.public, verify)


def test_the_same_batch_again_gets_the_same_receipt(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    first = deposit(service, batch)
    again = deposit(service, batch, batch)
    assert set(again.stored) == set(first.stored)


def test_a_batch_sent_five_times_is_fed_once(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    for _ in range(5):
        deposit(service, batch)
    items = Device(organisation["chebet"]).sync(service).items
    assert [item.batch for item in items].count(batch.raw) == 1


def test_a_deposit_without_hello_gets_receipts_and_nothing_to_read(
    service: SyncService, organisation: Organisation
) -> None:
    answer = deposit(service, author(organisation, "dalila").batch())
    check_welcome(answer.welcome, ZERO_HASH, organisation.server.public, verify)
    assert len(answer.stored) == 1
    assert (answer.items, answer.receipts, answer.heads) == ((), (), None)


@pytest.mark.parametrize("at", [177, 24, 64, 92], ids=["signature", "seq", "channel", "salt"])
def test_a_changed_header_is_refused(
    service: SyncService, organisation: Organisation, at: int
) -> None:
    batch = author(organisation, "dalila").batch()
    answer = send_raw(service, changed(batch, at))
    assert codes(answer) == ["bad_signature"]


def test_a_changed_body_is_refused(service: SyncService, organisation: Organisation) -> None:
    batch = author(organisation, "dalila").batch()
    assert codes(send_raw(service, changed(batch, len(batch.raw) - 1))) == ["malformed_message"]


def test_a_refused_batch_stops_nothing_else(
    service: SyncService, organisation: Organisation
) -> None:
    first, second, third = author(organisation, "dalila").batches(3)
    answer = send_raw(service, first.raw, changed(second, 177), third.raw)
    assert [row.header_hash for row in answer.stored] == [first.hash, third.hash]
    assert codes(answer) == ["bad_signature"]


def test_a_batch_of_a_newer_version_waits_for_the_servers_update(
    service: SyncService, organisation: Organisation
) -> None:
    raw = bytearray(author(organisation, "dalila").batch().raw)
    raw[2] = 9
    assert codes(send_raw(service, bytes(raw))) == ["waiting_for_update"]


def test_an_unknown_device_is_refused_until_its_certificate_comes(
    service: SyncService, organisation: Organisation
) -> None:
    place = organisation.position
    chebet = organisation["chebet"]
    organisation.enrol(chebet, "gakuo", MKOMANI, Role.ASSISTANT_CHIEF)
    said = [batch for position, batch in organisation.log if position > place]
    writer = author(organisation, "gakuo")
    early = writer.batch(version=place)
    assert codes(deposit(service, early)) == ["unknown_device"]
    assert not deposit(service, *said).refused
    assert not deposit(service, early).refused


def test_a_claim_under_an_unknown_invite_is_refused_until_the_invite_comes(
    service: SyncService, organisation: Organisation
) -> None:
    place = organisation.position
    invite = organisation.invite(organisation["chebet"], MKOMANI, Role.ASSISTANT_CHIEF)
    organisation.claim("gakuo", invite)
    invited, claimed = (batch for position, batch in organisation.log if position > place)
    claimed_early = organisation.draft(
        organisation["gakuo"],
        organisation.claim_statement(organisation["gakuo"], invite),
        after=(0, ZERO_HASH),
    )
    refused = codes(deposit(service, claimed))
    assert refused == ["invite_unknown"]
    assert claimed_early.header.number == 1
    assert not deposit(service, invited, claimed).refused


def test_a_batch_that_names_a_newer_directory_and_every_known_reader_is_handed_out(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch(version=organisation.position + 5)
    assert codes(deposit(service, batch)) == []
    items = Device(organisation["chebet"]).sync(service).items
    assert batch.raw in [item.batch for item in items]


def test_a_packet_that_leaves_an_office_out_is_refused(
    service: SyncService, organisation: Organisation
) -> None:
    hiding = HidingAuthor(
        organisation, organisation["dalila"], author(organisation, "dalila").channel
    )
    assert codes(deposit(service, hiding.batch())) == ["reader_missing"]


class HidingAuthor(Author):
    """Somebody who leaves headquarters out."""

    def _packet(self) -> KeyPacket:
        packet = key_packet(self.organisation, self.member, self.channel, self.sender_key)
        return KeyPacket(packet.descriptor, packet.keys[:-1])


def test_a_packet_is_judged_by_the_directory_that_its_header_names(
    service: SyncService, organisation: Organisation
) -> None:
    before = small_organisation()
    then, position = before.directory.version, organisation.position
    organisation.open_office(organisation["chebet"], VILLAGE)
    said = [batch for at, batch in organisation.log if at > position]
    assert not deposit(service, *said).refused
    away = Author(before, before["dalila"], Channel(VILLAGE, ChannelClass.ORDINARY))
    assert not deposit(service, away.batch(version=then)).refused
    away.rotate()
    hiding = away.batch(version=organisation.directory.version)
    assert codes(deposit(service, hiding)) == ["reader_missing"]


def test_an_office_key_of_an_older_epoch_is_fine(
    service: SyncService, organisation: Organisation
) -> None:
    away = author(small_organisation(), "dalila", ChannelClass.CONFIDENTIAL).batch()
    organisation.open_office(organisation["chebet"], MKOMANI)
    assert not deposit(service, organisation.log[-1][1]).refused
    assert not deposit(service, away).refused


def test_a_body_cannot_be_taken_away_without_an_order(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    header = batch.raw[:HEADER_BYTES]
    assert parse_batch(header).is_erased
    send_raw(service, header)
    assert not deposit(service, batch).refused
    items = Device(organisation["chebet"]).sync(service).items
    assert batch.raw in [item.batch for item in items]


def test_a_message_that_stops_before_its_end_is_malformed(
    service: SyncService, organisation: Organisation
) -> None:
    request = encode_request(Device(organisation["dalila"]).request())
    with pytest.raises(FieldAppError) as caught:
        service.sync(request[:-5])
    assert caught.value.code == "malformed_message"
