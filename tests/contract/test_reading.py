"""Reading the feed: who gets what, page by page, and how a cursor moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.protocol.batch import parse_batch
from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.feeds import followed_readers
from fieldapp.protocol.hashing import ZERO_HASH, cursor_digest, feed_hash
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import RUNNING_HASH_BYTES, START, Cursor
from fieldapp.protocol.messages import SyncAnswer, encode_request, parse_answer
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SyncService
from tests.support.authors import Device, author, deposit, opened_receipt
from tests.support.organisation import LAMU_WEST, NOON_MS, Organisation

TWO_DAYS_MS = 2 * 86_400_000


def batches_in(*answers: SyncAnswer) -> list[bytes]:
    return [item.batch for answer in answers for item in answer.items]


def running_after(
    organisation: Organisation, name: str, *answers: SyncAnswer
) -> dict[ReaderId, bytes]:
    """Follow the feed as a client does: each item must continue its reader's hash."""
    certificate = organisation.directory.device(organisation[name].device)
    assert certificate is not None
    running = dict.fromkeys(followed_readers(certificate), ZERO_HASH)
    for answer in answers:
        for item in answer.items:
            before = running[item.reader]
            assert item.previous_running_hash == before[:RUNNING_HASH_BYTES]
            named = item.batch if item.is_bare else parse_batch(item.batch).hash
            running[item.reader] = feed_hash(before, item.position, named)
    return running


def test_every_office_above_gets_an_ordinary_batch(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    deposit(service, batch)
    for name in ("amina", "brian", "chebet"):
        assert batch.raw in batches_in(Device(organisation[name]).sync(service))


def test_a_desk_gets_nothing_ordinary(service: SyncService, organisation: Organisation) -> None:
    batch = author(organisation, "dalila").batch()
    deposit(service, batch)
    assert batch.raw not in batches_in(Device(organisation["fumo"]).sync(service))


def test_a_restricted_batch_reaches_its_desk_and_no_admin(
    service: SyncService, organisation: Organisation
) -> None:
    writer = author(organisation, "dalila")
    writer.channel = replace(
        writer.channel, unit=organisation["fumo"].unit, cls=ChannelClass.GENDER
    )
    batch = writer.batch()
    assert not deposit(service, batch).refused
    assert batch.raw in batches_in(Device(organisation["fumo"]).sync(service))
    assert batch.raw in batches_in(Device(organisation["eshe"]).sync(service))
    for name in ("amina", "brian", "chebet", "dalila"):
        assert batch.raw not in batches_in(Device(organisation[name]).sync(service))


def test_a_phone_gets_what_is_said_above_it_and_not_beside_it(
    service: SyncService, organisation: Organisation
) -> None:
    got = batches_in(Device(organisation["dalila"]).sync(service))
    said_by = {
        name: [
            batch.raw
            for _, batch in organisation.log
            if batch.header.device == organisation[name].device
        ]
        for name in ("amina", "brian", "chebet", "fumo")
    }
    assert set(said_by["amina"] + said_by["brian"] + said_by["chebet"]) <= set(got)
    assert not set(said_by["fumo"][1:]) & set(got)


def test_each_item_continues_the_running_hash_of_its_reader(
    service: SyncService, organisation: Organisation
) -> None:
    deposit(service, *author(organisation, "dalila").batches(3))
    answer = Device(organisation["chebet"]).sync(service)
    running = running_after(organisation, "chebet", answer)
    assert answer.cursor.digest == cursor_digest(running.items())
    assert answer.cursor.position == answer.welcome.head_position


def test_what_was_read_is_not_sent_again(service: SyncService, organisation: Organisation) -> None:
    writer, chebet = author(organisation, "dalila"), Device(organisation["chebet"])
    deposit(service, writer.batch())
    chebet.pull(service)
    later = writer.batch()
    deposit(service, later)
    assert batches_in(*chebet.pull(service)) == [later.raw]
    assert batches_in(*chebet.pull(service)) == []


@pytest.mark.parametrize("byte_budget", [0, 700, 3_000])
def test_small_pages_give_the_same_feed_as_one_large_page(
    service: SyncService, organisation: Organisation, byte_budget: int
) -> None:
    deposit(service, *author(organisation, "dalila").batches(12))
    at_once = Device(organisation["chebet"]).pull(service)
    by_page = Device(organisation["chebet"]).pull(service, byte_budget=byte_budget)
    assert len(by_page) > len(at_once)
    assert batches_in(*by_page) == batches_in(*at_once)
    running = running_after(organisation, "chebet", *by_page)
    assert by_page[-1].cursor.digest == cursor_digest(running.items())


def test_a_page_stays_below_the_budget_unless_one_batch_is_larger(
    service: SyncService, organisation: Organisation
) -> None:
    deposit(service, *author(organisation, "dalila").batches(12))
    for answer in Device(organisation["chebet"]).pull(service, byte_budget=2_000):
        size = sum(len(item.batch) for item in answer.items)
        assert size <= 2_000 or len({item.position for item in answer.items}) == 1


def test_an_answer_that_was_lost_comes_again_byte_for_byte(
    service: SyncService, organisation: Organisation
) -> None:
    deposit(service, *author(organisation, "dalila").batches(3))
    request = encode_request(Device(organisation["chebet"]).request())
    first, second = parse_answer(service.sync(request)), parse_answer(service.sync(request))
    assert first.items == second.items
    assert first.cursor == second.cursor


def test_a_cursor_of_another_log_counts_for_nothing(
    service: SyncService, organisation: Organisation
) -> None:
    chebet = Device(organisation["chebet"])
    chebet.pull(service)
    chebet.log_id = b"another log's id"
    answer = chebet.sync(service)
    assert answer.welcome.log_id != b"another log's id"
    assert (answer.items, answer.cursor, answer.more) == ((), START, False)


def test_a_cursor_beyond_the_head_shows_that_the_server_lost_something(
    service: SyncService, organisation: Organisation
) -> None:
    chebet = Device(organisation["chebet"], cursor=Cursor(10_000, bytes(16)))
    answer = chebet.sync(service)
    assert answer.items == ()
    assert answer.welcome.head_position < 10_000


def test_heads_come_only_when_the_device_believes_something_else(
    service: SyncService, organisation: Organisation
) -> None:
    writer, dalila = author(organisation, "dalila"), Device(organisation["dalila"])
    batches = writer.batches(2)
    told = dalila.sync(service, batches).heads or ()
    claim = organisation.heads[dalila.member.device, dalila.member.channel][1]
    assert {head.hash for head in told} == {claim, batches[-1].hash}
    dalila.heads[dalila.member.channel] = organisation.heads[
        dalila.member.device, dalila.member.channel
    ]
    assert dalila.sync(service).heads is None
    last = writer.batch()
    assert dalila.sync(service, [last]).heads is None


def test_heads_name_the_last_batch_without_a_gap_before_it(
    service: SyncService, organisation: Organisation
) -> None:
    first, second, third, fourth = author(organisation, "dalila").batches(4)
    dalila = Device(organisation["dalila"])
    answer = dalila.sync(service, [first, third, fourth])
    heads = {head.channel: (head.seq, head.hash) for head in answer.heads or ()}
    assert heads[first.header.channel] == (first.header.seq, first.hash)
    dalila.heads.clear()
    dalila.heads[b"unknown!"] = (1, bytes(32))
    deposit(service, second)
    heads = {head.channel: (head.seq, head.hash) for head in dalila.sync(service).heads or ()}
    assert heads[first.header.channel] == (fourth.header.seq, fourth.hash)


def test_a_batch_without_its_key_waits_and_is_fed_when_the_packet_comes(
    service: SyncService, organisation: Organisation
) -> None:
    first, second, third = author(organisation, "dalila").batches(3)
    chebet = Device(organisation["chebet"])
    assert len(deposit(service, second, third).stored) == 2
    got = batches_in(*chebet.pull(service))
    assert second.raw not in got
    deposit(service, first)
    assert sorted(batches_in(*chebet.pull(service))) == sorted([first.raw, second.raw, third.raw])


def test_a_device_gets_its_own_batches_back_by_their_hashes_alone(
    service: SyncService, organisation: Organisation
) -> None:
    writer, chebet = author(organisation, "chebet"), Device(organisation["chebet"])
    everything = chebet.pull(service)
    key = (chebet.member.device, chebet.member.channel)
    chebet.heads[chebet.member.channel] = organisation.heads[key]
    batches = writer.batches(3)
    answer = chebet.sync(service, batches)
    assert answer.heads is None
    assert batches_in(answer) == [batch.hash for batch in batches]
    assert all(item.is_bare for item in answer.items)
    running = running_after(organisation, "chebet", *everything, answer)
    assert answer.cursor.digest == cursor_digest(running.items())
    others = batches_in(*Device(organisation["amina"]).pull(service))
    assert [others.count(batch.raw) for batch in batches] == [1, 1, 1]


def test_a_device_that_believes_something_else_of_its_streams_gets_its_batches_in_full(
    service: SyncService, organisation: Organisation
) -> None:
    writer, chebet = author(organisation, "chebet"), Device(organisation["chebet"])
    chebet.pull(service)
    batches = writer.batches(2)
    deposit(service, *batches)
    answer = chebet.sync(service)
    said = organisation.heads[chebet.member.device, chebet.member.channel][1]
    assert {head.hash for head in answer.heads or ()} == {said, batches[-1].hash}
    assert batches_in(answer) == [batch.raw for batch in batches]


def test_a_fork_of_its_own_stream_comes_to_a_device_in_full(
    service: SyncService, organisation: Organisation
) -> None:
    writer, chebet = author(organisation, "chebet"), Device(organisation["chebet"])
    chebet.pull(service)
    key = (chebet.member.device, chebet.member.channel)
    chebet.heads[chebet.member.channel] = organisation.heads[key]
    first, honest = writer.batches(2)
    writer.branch(first, 0)
    odd = writer.batch(b'{"other":"entry"}')
    deposit(service, first, honest, odd)
    chebet.heads[first.header.channel] = (honest.header.seq, honest.hash)
    assert batches_in(chebet.sync(service)) == [first.hash, honest.hash, odd.raw]


def test_receipts_of_offices_reach_the_author_once_acknowledged_by_its_cursor(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    dalila = Device(organisation["dalila"])
    dalila.sync(service, [batch])
    receipt = opened_receipt(organisation["chebet"], batch)
    Device(organisation["chebet"]).sync(service, receipts=[receipt])
    lost = encode_request(dalila.request())
    assert parse_answer(service.sync(lost)).receipts == (receipt,)
    assert dalila.sync(service).receipts == (receipt,)
    assert dalila.sync(service).receipts == ()


def test_a_receipt_that_its_signer_did_not_sign_reaches_nobody(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    dalila = Device(organisation["dalila"])
    dalila.sync(service, [batch])
    forged = replace(opened_receipt(organisation["chebet"], batch), time_ms=1)
    stranger = replace(opened_receipt(organisation["chebet"], batch), signer=dalila.member.device)
    dalila.sync(service, receipts=[forged, stranger])
    assert dalila.sync(service).receipts == ()


@pytest.mark.parametrize("off_ms", [TWO_DAYS_MS, -TWO_DAYS_MS])
def test_a_wrong_clock_still_delivers_and_is_told_the_time(
    service: SyncService, organisation: Organisation, off_ms: int
) -> None:
    dalila = Device(organisation["dalila"])
    answer = dalila.sync(
        service, [author(organisation, "dalila").batch()], time_ms=NOON_MS + off_ms
    )
    assert answer.welcome.notices == ("clock_wrong",)
    assert answer.welcome.server_time_ms == NOON_MS
    assert (len(answer.stored), answer.items) == (1, ())
    assert dalila.sync(service).items


def test_an_unknown_device_is_told_so_and_reads_nothing(
    service: SyncService, organisation: Organisation
) -> None:
    stranger = organisation.join("zuri", LAMU_WEST, "admin", Role.ACC)
    answer = Device(stranger).sync(service)
    assert answer.welcome.notices == ("unknown_device",)
    assert answer.items == ()


def test_somebody_elses_signature_reads_nothing(
    service: SyncService, organisation: Organisation
) -> None:
    request = Device(organisation["chebet"]).request()
    assert request.hello is not None
    stolen = replace(request.hello, device=organisation["amina"].device)
    raw = encode_request(replace(request, hello=stolen))
    answer = parse_answer(service.sync(raw))
    assert answer.welcome.notices == ("bad_signature",)
    assert answer.items == ()


def test_a_revoked_device_reads_the_directory_alone(
    service: SyncService, organisation: Organisation
) -> None:
    batch = author(organisation, "dalila").batch()
    dalila = Device(organisation["dalila"])
    dalila.sync(service, [batch])
    cut = Cut(batch.header.channel, batch.header.seq, batch.hash)
    revocation = organisation.revoke(
        organisation["chebet"], dalila.member, cut, organisation.cut(dalila.member)
    )
    deposit(service, revocation)
    answer = dalila.sync(service)
    assert answer.welcome.notices == ("device_revoked",)
    assert batches_in(answer) == [revocation.raw]


def test_a_device_that_changed_its_unit_learns_of_it_by_the_readers_it_followed(
    service: SyncService, organisation: Organisation
) -> None:
    dalila = Device(organisation["dalila"])
    dalila.pull(service)
    moved = replace(
        dalila.member.certificate(),
        unit=LAMU_WEST,
        role=Role.ACC,
        after=(organisation.cut(dalila.member),),
    )
    statement = organisation.issue(organisation["chebet"], moved)
    deposit(service, statement)
    before = running_after(organisation, "dalila")
    answer = dalila.sync(service)
    assert statement.raw in batches_in(answer)
    assert len(answer.items) == 1
    assert before.keys() != {item.reader for item in answer.items}
