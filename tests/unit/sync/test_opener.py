"""Opening: received, waiting or quarantined, and each for a reason with a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from fieldapp.crypto.sealing import (
    BatchPlan,
    new_salt,
    new_sender_key,
    seal_batch,
    seal_plain,
    wrap_key,
)
from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import RecordId, UnitId, new_record_id
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.message_parts import FeedItem
from fieldapp.sync.entry_rules import channel_of
from fieldapp.sync.feed import FeedCursor, FeedReader
from fieldapp.sync.gap_proof import MOST_MISSING, StreamHead, pack_heads, prove
from fieldapp.sync.judge import Judge
from tests.support.organisation import LAMU, LAMU_EAST, LAMU_WEST, MKOMANI
from tests.support.people import device_keys
from tests.support.replicas import Replica, World

CHANNEL = Channel(MKOMANI, ChannelClass.ORDINARY)


def made(
    author: Replica,
    entries: Sequence[bytes],
    *,
    channel: Channel = CHANNEL,
    kind: Kind = Kind.ENTRIES,
    seq: int = 1,
    prev: bytes = ZERO_HASH,
) -> Batch:
    """A batch that a device with other rules than ours could make."""
    sealer = author.device.sealer
    key = new_sender_key()
    wraps = tuple(
        wrap_key(
            key,
            author=author.keys.device,
            channel=channel.id,
            recipient=reader.recipient,
            public_x25519=reader.public_x25519,
        )
        for reader in sealer.readers(channel)
    )
    plan = BatchPlan(kind=kind, seq=seq, prev=prev, channel=channel.id, directory_version=1)
    return seal_batch(
        entries,
        keys=author.keys,
        plan=plan,
        sender_key=key,
        key_packet=KeyPacket(channel.descriptor(), wraps),
        salt=new_salt(),
        seed=new_salt(),
    )


def entry(
    author: Replica, unit: UnitId = MKOMANI, *, channel: Channel = CHANNEL, **more: object
) -> bytes:
    """An entry of a record in a channel."""
    fields = {
        "record": new_record_id(channel.id, author.chance.token(12)),
        "type": "concern",
        "unit": unit,
        "stamp": author.clock.now_ms() << 16,
        "fields": {"category": "theft", "narrative": "Some words."},
        **more,
    }
    return encode_entry(Entry(**fields))  # type: ignore[arg-type]  # a test may say anything


def taken(reader: Replica, *batches: Batch) -> list[tuple[str, str | None]]:
    """Let a device open batches; return the state and reason of each."""
    office = b"some reader here"
    with reader.vault.transaction() as tx:
        feed = FeedReader(FeedCursor(), b"log of this test")
        running = FeedCursor(running={office: ZERO_HASH})  # type: ignore[dict-item]
        items = []
        for position, batch in enumerate(batches, start=1_000):
            before = running.running[office][:16]  # type: ignore[index]
            items.append(FeedItem(position, office, before, batch.raw))  # type: ignore[arg-type]
            probe = FeedReader(running, b"log of this test")
            probe.accept(items[-1], batch.hash)
            running = probe.cursor()
        reader.device.opener.take(tx, feed, items)
        rows = [tx.batches.by_hash(batch.hash) for batch in batches]
    return [("none", None) if row is None else (row.state, row.reason) for row in rows]


def quarantined(reader: Replica) -> list[tuple[int, str]]:
    rows = reader.read(lambda tx: tx.quarantine.all())
    return [(row.entry, row.reason) for row in rows]


def test_a_good_batch_is_received(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    assert taken(reader, made(author, [entry(author)])) == [("received", None)]
    assert len(reader.records()) == 1


def test_the_same_batch_again_changes_nothing(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author)])
    taken(reader, batch)
    before = reader.read(lambda tx: tx.records.last_change())
    taken(reader, batch)
    assert reader.read(lambda tx: tx.records.last_change()) == before


def test_a_batch_of_an_unknown_author_waits(world: World) -> None:
    author = world["dalila"]
    author.member = replace(author.member, keys=device_keys("nobody"))
    author.restart()
    batch = made(author, [entry(author)])
    assert taken(world["chebet"], batch) == [("waiting", "unknown_author")]


def test_a_batch_without_a_key_of_ours_waits(world: World) -> None:
    author = world["dalila"]
    reader = world["eshe"]
    assert taken(reader, made(author, [entry(author)])) == [("waiting", "unknown_key")]


def test_a_bad_signature_is_quarantined(world: World) -> None:
    author = world["dalila"]
    genuine = made(author, [entry(author)])
    raw = bytearray(genuine.raw)
    raw[200] ^= 1
    forged = replace(genuine, raw=bytes(raw))
    with world["chebet"].vault.transaction() as tx:
        item = FeedItem(5, b"some reader here", bytes(16), forged.raw)  # type: ignore[arg-type]
        world["chebet"].device.opener.take(tx, FeedReader(FeedCursor(), bytes(16)), [item])
    assert quarantined(world["chebet"]) == [(-1, "bad_signature")]


def test_a_packet_for_another_channel_is_quarantined(world: World) -> None:
    author = world["dalila"]
    other = Channel(LAMU_WEST, ChannelClass.ORDINARY)
    genuine = made(author, [entry(author)])
    liar = made(author, [entry(author)], channel=other)
    assert genuine.header.channel != liar.header.channel
    assert taken(world["chebet"], liar) == [("quarantined", "wrong_channel")]


def test_a_record_of_another_channel_is_kept_apart_and_the_rest_is_folded(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    other = Channel(MKOMANI, ChannelClass.CONFIDENTIAL)
    stray = entry(author, record=new_record_id(other.id, bytes(12)))
    batch = made(author, [entry(author), stray])
    assert taken(reader, batch) == [("quarantined", "wrong_channel")]
    assert quarantined(reader) == [(1, "wrong_channel")]
    assert len(reader.records()) == 1


def test_an_entry_that_is_none_is_kept_apart(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    taken(reader, made(author, [b"{}", entry(author)]))
    assert quarantined(reader) == [(0, "invalid_entry")]
    assert len(reader.records()) == 1


def test_an_entry_without_the_right_is_kept_apart(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author, type="unit")])
    assert taken(reader, batch) == [("quarantined", "no_right")]
    assert reader.records() == {}


def test_an_officer_writes_at_his_own_unit_or_below(world: World) -> None:
    author, reader = world["dalila"], world["brian"]
    beside = Channel(LAMU_EAST, ChannelClass.ORDINARY)
    batch = made(author, [entry(author, LAMU_EAST, channel=beside)], channel=beside)
    assert taken(reader, batch) == [("quarantined", "no_right")]


def test_an_edit_from_outside_waits_for_its_record_and_stands_if_its_author_made_it(
    world: World,
) -> None:
    author, other, reader = world["dalila"], world["chebet"], world["brian"]
    wide = Channel(LAMU, ChannelClass.ORDINARY)
    record = new_record_id(wide.id, bytes(12))
    edit = entry(author, LAMU, channel=wide, record=record, reason="more is known")
    assert taken(reader, made(author, [edit], channel=wide)) == [("waiting", "unknown_record")]
    owner = world["brian"]
    with owner.vault.transaction() as tx:
        owner.device.sealer.seal_entries(
            tx, wide, [entry(owner, LAMU, channel=wide, record=record)]
        )
    later = made(other, [entry(other, LAMU, channel=wide, record=record, reason="x")], channel=wide)
    assert taken(reader, later) == [("quarantined", "no_right")]


def test_a_reissue_that_is_none_is_quarantined(world: World) -> None:
    author = world["dalila"]
    batch = made(author, [b"survivors"], kind=Kind.REISSUE)
    assert taken(world["chebet"], batch) == [("quarantined", "malformed_message")]


@pytest.mark.parametrize("kind", [Kind.GRANT, Kind.OFFICE_KEYS])
def test_keys_that_are_none_are_quarantined(world: World, kind: Kind) -> None:
    author, reader = world["chebet"], world["amina"]
    plan = BatchPlan(kind=kind, seq=1, prev=ZERO_HASH, channel=CHANNEL.id, directory_version=1)
    batch = seal_plain(b"\x00\x07", keys=author.keys, plan=plan)
    assert taken(reader, batch) == [("quarantined", "malformed_message")]
    assert quarantined(reader) == [(-1, "malformed_message")]


def test_bytes_of_a_newer_version_are_kept_whole(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    genuine = made(author, [entry(author)])
    newer = genuine.raw[:2] + b"\x02" + genuine.raw[3:]
    with reader.vault.transaction() as tx:
        item = FeedItem(5, b"some reader here", bytes(16), newer)  # type: ignore[arg-type]
        reader.device.opener.take(tx, FeedReader(FeedCursor(), bytes(16)), [item])
    assert quarantined(reader) == [(-1, "waiting_for_update")]
    assert reader.read(lambda tx: tx.quarantine.all())[0].raw == newer


def test_what_fills_a_gap_moves_the_head_over_what_lay_behind_it(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    first = made(author, [entry(author)])
    second = made(author, [entry(author)], seq=2, prev=first.hash)
    third = made(author, [entry(author)], seq=3, prev=second.hash)
    stream = author.keys.device, CHANNEL.id
    assert taken(reader, third) == [("received", None)]
    assert reader.read(lambda tx: tx.streams.head(*stream)) == (0, ZERO_HASH)
    taken(reader, first)
    assert reader.read(lambda tx: tx.streams.head(*stream)) == (1, first.hash)
    taken(reader, second)
    assert reader.read(lambda tx: tx.streams.head(*stream)) == (3, third.hash)


def test_twins_of_one_number_are_both_folded_and_the_second_is_marked(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    one, other = made(author, [entry(author)]), made(author, [entry(author)])
    assert taken(reader, one, other) == [("received", None), ("forked", None)]
    assert len(reader.records()) == 2
    proof = next(row for row in reader.device.verify().streams if row.channel == CHANNEL.id)
    assert proof.forked
    assert not reader.device.verify().complete


def test_a_generation_starts_behind_the_head_it_branches_from(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    first = made(author, [entry(author)])
    second = made(author, [entry(author)], seq=2, prev=first.hash)
    branch = made(author, [entry(author)], seq=(1 << 48) + 2, prev=first.hash)
    stream = author.keys.device, CHANNEL.id
    taken(reader, first, second, branch)
    assert reader.read(lambda tx: tx.streams.head(*stream)) == ((1 << 48) + 2, branch.hash)


def test_a_generation_that_hangs_in_the_air_moves_nothing(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    first = made(author, [entry(author)])
    loose = made(author, [entry(author)], seq=(1 << 48) + 2, prev=bytes(31) + b"\1")
    stream = author.keys.device, CHANNEL.id
    taken(reader, first, loose)
    assert reader.read(lambda tx: tx.streams.head(*stream)) == (1, first.hash)


def test_a_page_that_contradicts_the_feed_leaves_the_vault_as_it_was(world: World) -> None:
    for number in range(2):
        world["dalila"].create(f"Concern {number}")
    world["dalila"].sync()
    reader = world["amina"]
    before = reader.read(lambda tx: tx.records.last_change())
    bend = world.server.bends
    bend.append(lambda answer: replace(answer, items=answer.items[::-1]))
    reader.sync()
    assert reader.read(lambda tx: tx.records.last_change()) == before


@pytest.mark.parametrize("cls", [ChannelClass.ORDINARY, ChannelClass.OVERSIGHT])
def test_a_channel_is_found_by_its_number_at_or_above_a_unit(cls: ChannelClass) -> None:
    for unit in (MKOMANI, LAMU_WEST, LAMU):
        assert channel_of(Channel(unit, cls).id, MKOMANI) == Channel(unit, cls)
    assert channel_of(Channel(LAMU_EAST, cls).id, MKOMANI) is None


def test_a_judge_shows_nothing_of_what_it_cannot_open(world: World) -> None:
    author, stranger = world["dalila"], world["eshe"]
    batch = made(author, [entry(author), b"{}"])
    with stranger.vault.reading() as tx:
        judge = Judge(stranger.device.directory, stranger.device.keyring)
        assert judge.entries(tx, batch) == ()
    with world["chebet"].vault.transaction() as tx:
        assert world["chebet"].device.opener.entries(tx, batch) == ()


def test_a_record_is_never_a_fresh_start_for_the_wrong_id(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    batch = made(author, [entry(author, record=RecordId(bytes(16)))])
    assert taken(reader, batch) == [("quarantined", "wrong_channel")]


def test_a_writer_cannot_hide_from_the_offices_between_by_a_wider_channel(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    wide = Channel(LAMU_WEST, ChannelClass.ORDINARY)
    batch = made(author, [entry(author, channel=wide)], channel=wide)
    assert taken(reader, batch) == [("quarantined", "wrong_channel")]
    assert not reader.records()


def test_a_restricted_record_in_an_ordinary_channel_is_kept_apart(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    leaked = entry(author, fields={"category": "gbv"})
    assert taken(reader, made(author, [leaked])) == [("quarantined", "wrong_channel")]
    assert not reader.records()


def test_what_calls_itself_an_amendment_cannot_hide_in_a_wider_channel_either(
    world: World,
) -> None:
    author, reader = world["dalila"], world["chebet"]
    wide = Channel(LAMU_WEST, ChannelClass.ORDINARY)
    dot = "0" * 16 + "0" * 26
    for more in ({"reason": "more is known"}, {"replaced": {"narrative": (dot,)}}, {"op": "d"}):
        batch = made(author, [entry(author, channel=wide, **more)], channel=wide)
        assert taken(reader, batch) == [("quarantined", "wrong_channel")]
    assert not reader.records()


def test_an_amendment_cannot_raise_the_tier_of_its_record(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    raised = entry(author, fields={"category": "gbv"}, reason="it was worse")
    assert taken(reader, made(author, [raised])) == [("quarantined", "wrong_channel")]


def test_an_amendment_of_a_record_that_is_not_here_yet_is_received(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    later = entry(author, fields={"narrative": "More is known."}, reason="more is known")
    assert taken(reader, made(author, [later])) == [("received", None)]


def test_a_phone_speaks_of_its_own_streams_only_and_an_enroller_of_all(world: World) -> None:
    chief, desk, reader = world["dalila"], world["chebet"], world["brian"]
    claims = [
        StreamHead(chief.keys.device, CHANNEL.id, 7, b"h" * 32),
        StreamHead(desk.keys.device, CHANNEL.id, 2_000_000, b"h" * 32),
    ]
    taken(reader, made(chief, [pack_heads(claims)], kind=Kind.HEADS))
    proof = {row.device: row.sealed for row in reader.read(prove).streams}
    assert proof[chief.keys.device] == 7
    assert proof.get(desk.keys.device, 0) < 2_000_000
    office = Channel(LAMU_WEST, ChannelClass.ORDINARY)
    taken(reader, made(desk, [pack_heads(claims[:1])], channel=office, kind=Kind.HEADS))
    told = [StreamHead(chief.keys.device, CHANNEL.id, 9, b"h" * 32)]
    taken(
        reader,
        made(desk, [pack_heads(told)], channel=office, kind=Kind.HEADS, seq=2, prev=b"p" * 32),
    )
    proof = {row.device: row.sealed for row in reader.read(prove).streams}
    assert proof[chief.keys.device] == 9


def test_a_false_number_costs_no_memory(world: World) -> None:
    author, reader = world["dalila"], world["chebet"]
    taken(reader, made(author, [entry(author)], seq=(1 << 48) - 700, prev=b"p" * 32))
    (stream,) = [row for row in reader.read(prove).streams if row.device == author.keys.device]
    assert stream.received == 0
    assert stream.missing == tuple(range(1, MOST_MISSING + 1))
