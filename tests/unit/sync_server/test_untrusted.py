"""What is asked of whoever is not known or not trusted, beyond the common contract."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from fieldapp.protocol.batch import parse_batch
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.feeds import followed_readers
from fieldapp.protocol.hashing import ZERO_HASH, cursor_digest, feed_hash
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.messages import SyncAnswer, encode_request
from fieldapp.protocol.roles import Role
from fieldapp.sync.feed import FeedCursor, FeedReader
from sync_server.exchange.service import Exchange
from tests.support.authors import Device, author, deposit
from tests.support.organisation import (
    MKOMANI,
    Member,
    Organisation,
)

# ---------------------------------------------------------------------- who may deposit freely


def test_only_a_known_devices_signed_hello_spares_a_batch_from_the_rate(
    exchange: Exchange, organisation: Organisation
) -> None:
    request = Device(organisation["chebet"]).request(author(organisation, "dalila").batches(2))
    assert request.hello is not None
    stranger = organisation.join("zuri", MKOMANI, "admin", Role.CHIEF)
    unsigned = replace(request.hello, signature=bytes(64))
    hellos = {
        "known": request.hello,
        "unsigned": unsigned,
        "stranger": Device(stranger).hello(),
        "none": None,
    }
    admitted: dict[str, int] = {}
    for name, hello in hellos.items():
        asked: list[None] = []
        intake = exchange.open_intake(partial(asked.append, None))
        digest = None if hello is None else request.heads_digest
        intake.feed(encode_request(replace(request, hello=hello, heads_digest=digest)))
        intake.finish()
        admitted[name] = len(asked)
    assert admitted == {"known": 0, "unsigned": 2, "stranger": 2, "none": 2}


def test_a_device_that_does_not_know_of_its_doubt_still_finds_its_cursor_right(
    exchange: Exchange, organisation: Organisation
) -> None:
    place = organisation.position
    invite = organisation.invite(organisation["chebet"], MKOMANI, Role.CHIEF)
    gakuo = organisation.claim("gakuo", invite)
    deposit(exchange, *[batch for at, batch in organisation.log if at > place])
    deposit(exchange, author(organisation, "dalila").batch())
    device = Device(gakuo)
    first = device.sync(exchange)
    organisation.claim("zuri", invite)
    deposit(exchange, organisation.log[-1][1])
    answer = device.sync(exchange)
    running: dict[ReaderId, bytes] = {}
    for item in (*first.items, *answer.items):
        before = running.get(item.reader, ZERO_HASH)
        running[item.reader] = feed_hash(before, item.position, parse_batch(item.batch).hash)
    running.setdefault(ReaderId(gakuo.device), ZERO_HASH)
    certificate = organisation.directory.device(gakuo.device)
    assert certificate is not None
    for reader in followed_readers(replace(certificate, state=State.ACTIVE)):
        running.setdefault(reader, ZERO_HASH)
    assert answer.cursor.digest == cursor_digest(running.items())


def test_a_device_in_doubt_reads_page_after_page_without_finding_its_feed_withheld(
    exchange: Exchange, organisation: Organisation
) -> None:
    """Its office goes on writing while the directory's news, and the doubt in it, fill pages."""
    place = organisation.position
    invite = organisation.invite(organisation["chebet"], MKOMANI, Role.CHIEF)
    gakuo = organisation.claim("gakuo", invite)
    deposit(exchange, *[batch for at, batch in organisation.log if at > place])
    writer = author(organisation, "dalila")
    deposit(exchange, writer.batch())
    device = Device(gakuo)
    held = FeedCursor().follow(followed_readers(certificate_of(organisation, gakuo)))
    for answer in device.pull(exchange):
        held = read_on(held, answer)
    place = organisation.position
    for _ in range(12):
        organisation.invite(organisation["chebet"], MKOMANI, Role.CHIEF)
        deposit(exchange, writer.batch(), organisation.log[-1][1])
    organisation.claim("zuri", invite)
    deposit(exchange, organisation.log[-1][1])
    pages = device.pull(exchange, byte_budget=1_500)
    assert len(pages) > 3
    shown = []
    for answer in pages:
        held = read_on(held, answer)
        shown += [item.batch for item in answer.items]
    assert shown == [batch.raw for at, batch in organisation.log if at > place]


def certificate_of(organisation: Organisation, member: Member) -> Certificate:
    found = organisation.directory.device(member.device)
    assert found is not None
    return found


def read_on(held: FeedCursor, answer: SyncAnswer) -> FeedCursor:
    """Walk through an answer as a client does that has not heard of the doubt yet."""
    reader = FeedReader(held, answer.welcome.log_id)
    for item in answer.items:
        reader.accept(item, parse_batch(item.batch).hash)
    return reader.finish(answer.cursor)
