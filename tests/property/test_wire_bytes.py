"""The wire under arbitrary bytes: what is written is read back, and nothing else ends unnamed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.crypto.passphrase_box import Purpose, open_box
from fieldapp.crypto.sealing import open_batch, seal_batch, seal_plain
from fieldapp.crypto.signing import verify
from fieldapp.errors import FieldAppError
from fieldapp.protocol import strict_json
from fieldapp.protocol.batch import (
    Kind,
    erased_form,
    make_seq,
    parse_batch,
    parse_header,
    peek,
    split_seq,
)
from fieldapp.protocol.checks import check_packet, check_signature
from fieldapp.protocol.erasure import (
    EraseOrder,
    make_reissue,
    parse_erase_order,
    parse_reissue,
)
from fieldapp.protocol.error_codes import parse_error
from fieldapp.protocol.frames import REQUEST_MAGIC, FrameReader, encode_message
from fieldapp.protocol.grants import parse_grants, parse_office_keys
from fieldapp.protocol.ids import id_to_text, text_to_id
from fieldapp.protocol.key_packet import (
    KeyPacket,
    Recipient,
    RecipientKind,
    WrappedKey,
    parse_key_packet,
)
from fieldapp.protocol.limits import MAX_GENERATION, MAX_NUMBER
from fieldapp.protocol.messages import (
    Cursor,
    FeedItem,
    Hello,
    Refusal,
    StreamHead,
    SyncAnswer,
    SyncRequest,
    Welcome,
    encode_answer,
    encode_request,
    parse_answer,
    parse_request,
)
from fieldapp.protocol.payload import (
    deflate,
    inflate,
    pack_entries,
    padded_size,
    plain_payload,
    unpack_entries,
)
from fieldapp.protocol.receipts import (
    Receipt,
    StoredReceipt,
    parse_receipt,
    parse_stored_receipt,
)
from fieldapp.protocol.service import parse_server_info
from tests.support.people import (
    AMINA,
    SALT,
    SEED,
    SENDER_KEY,
    packet,
    plain,
    plan,
    sealed,
)

ENTRIES = st.lists(st.binary(max_size=200), min_size=1, max_size=50)
ID = st.binary(min_size=16, max_size=16)
CHANNEL = st.binary(min_size=8, max_size=8)
HASH = st.binary(min_size=32, max_size=32)
SIGNATURE = st.binary(min_size=64, max_size=64)
U64 = st.integers(0, 2**64 - 1)
U16 = st.integers(0, 2**16 - 1)
WORD = st.from_regex("[a-z0-9_]{1,30}", fullmatch=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
RECEIPTS = st.builds(
    Receipt,
    office=ID,
    device=ID,
    channel=CHANNEL,
    seq=U64,
    header_hash=HASH,
    time_ms=U64,
    signer=ID,
    signature=SIGNATURE,
)
STORED = st.builds(
    StoredReceipt,
    device=ID,
    channel=CHANNEL,
    seq=U64,
    header_hash=HASH,
    position=U64,
    time_ms=U64,
    signature=SIGNATURE,
)
CURSORS = st.builds(Cursor, U64, ID)
HELLOS = st.builds(
    Hello,
    device=ID,
    time_ms=U64,
    log_id=ID,
    cursor=CURSORS,
    byte_budget=st.integers(0, 2**32 - 1),
    protocol=U16,
    signature=SIGNATURE,
)
REQUESTS = st.builds(
    SyncRequest,
    hello=st.none() | HELLOS,
    heads_digest=st.none() | ID,
    batches=st.lists(st.binary(max_size=300), max_size=4).map(tuple),
    receipts=st.lists(RECEIPTS, max_size=3).map(tuple),
    snapshot=st.none() | st.binary(max_size=300),
)
POINTS = st.builds(lambda raw: peek(raw.ljust(240, b"\0")), st.binary(min_size=1, max_size=240))
ANSWERS = st.builds(
    SyncAnswer,
    welcome=st.builds(
        Welcome,
        server_time_ms=U64,
        log_id=ID,
        head_position=U64,
        directory_version=st.integers(0, 2**32 - 1),
        notices=st.lists(WORD, max_size=16).map(tuple),
        signature=SIGNATURE,
    ),
    stored=st.lists(STORED, max_size=3).map(tuple),
    refused=st.lists(st.builds(Refusal, POINTS, WORD), max_size=3).map(tuple),
    heads=st.none() | st.lists(st.builds(StreamHead, CHANNEL, U64, HASH), max_size=3).map(tuple),
    items=st.lists(st.builds(FeedItem, U64, ID, ID, st.binary(max_size=300)), max_size=3).map(
        tuple
    ),
    receipts=st.lists(RECEIPTS, max_size=3).map(tuple),
    snapshot=st.none() | st.binary(max_size=300),
    cursor=CURSORS,
    more=st.booleans(),
)
PACKETS = st.builds(
    KeyPacket,
    st.binary(max_size=255),
    st.lists(
        st.builds(
            WrappedKey,
            st.builds(Recipient, st.sampled_from(RecipientKind), ID, U16),
            st.binary(min_size=80, max_size=80),
        ),
        min_size=1,
        max_size=12,
        unique_by=lambda key: (key.recipient.kind, key.recipient.id),
    ).map(tuple),
)


def unpack_into_a_known_header(raw: bytes) -> None:
    unpack_entries(raw, sealed().header)


PARSERS: Sequence[Callable[[bytes], object]] = (
    parse_batch,
    parse_header,
    parse_key_packet,
    parse_grants,
    parse_office_keys,
    parse_erase_order,
    parse_reissue,
    parse_receipt,
    parse_stored_receipt,
    parse_request,
    parse_answer,
    parse_error,
    parse_server_info,
    unpack_into_a_known_header,
    inflate,
    strict_json.loads,
)
SAMPLES = (
    sealed(key_packet=packet()).raw,
    sealed().raw,
    plain(b"payload", Kind.DIRECTORY).raw,
    erased_form(sealed(key_packet=packet())),
    packet().to_bytes(),
    EraseOrder(sealed().point, (1,)).to_bytes(),
    make_reissue(sealed().header, SEED, [b"a", b"b"], {1}).to_bytes(),
    encode_request(SyncRequest(batches=(sealed().raw,))),
    b'{"code":"internal","params":{"limit":1}}',
)


def mutated(draw: st.DrawFn) -> bytes:
    """A sample with a few bytes changed, cut out or put in."""
    raw = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(raw) - 1)))
        gone = draw(st.integers(0, 3))
        raw[at : at + gone] = draw(st.binary(max_size=3))
    return bytes(raw)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(data=st.data())
def test_arbitrary_bytes_raise_nothing_but_our_own_errors(
    parse: Callable[[bytes], object], data: st.DataObject
) -> None:
    raw = data.draw(st.binary(max_size=600) | st.composite(mutated)())
    with contextlib.suppress(FieldAppError):
        parse(raw)


@given(st.composite(mutated)())
def test_a_mutated_batch_ends_as_itself_or_as_a_named_error(raw: bytes) -> None:
    try:
        batch = parse_batch(raw)
        check_signature(batch, AMINA.public_ed25519, verify)
        check_packet(batch)
        if batch.header.is_plain:
            plain_payload(batch)
        else:
            open_batch(batch, SENDER_KEY)
    except FieldAppError:
        return
    assert raw in SAMPLES


@given(st.binary(max_size=200), st.text(max_size=20))
def test_arbitrary_key_files_raise_nothing_but_our_own_errors(raw: bytes, pin: str) -> None:
    with pytest.raises(FieldAppError):
        open_box(raw, pin, purpose=Purpose.VAULT)


@given(ENTRIES, st.sampled_from([(0, False), (1, False), (0, True)]), st.booleans())
def test_a_sealed_batch_opens_to_its_entries(
    entries: list[bytes], form: tuple[int, bool], with_packet: bool
) -> None:
    dictionary, stored = form
    batch = seal_batch(
        entries,
        keys=AMINA,
        plan=replace(plan(), dictionary=dictionary, stored=stored),
        sender_key=SENDER_KEY,
        key_packet=packet() if with_packet else None,
        salt=SALT,
        seed=SEED,
    )
    again = parse_batch(batch.raw)
    assert again == batch
    assert open_batch(again, SENDER_KEY) == entries
    assert again.header.to_bytes() == batch.raw[:240]


@given(st.binary(max_size=2_000), st.sampled_from([0, 1]))
def test_a_plain_batch_gives_its_payload(payload: bytes, dictionary: int) -> None:
    where = replace(plan(kind=Kind.DIRECTORY), dictionary=dictionary)
    assert plain_payload(seal_plain(payload, keys=AMINA, plan=where)) == payload


@given(st.binary(max_size=5_000), st.sampled_from([0, 1]))
def test_deflate_is_undone_by_inflate(data: bytes, dictionary: int) -> None:
    assert inflate(deflate(data, dictionary), dictionary) == data


@given(ENTRIES, ID, st.data())
def test_any_survivors_give_the_original_root(
    entries: list[bytes], seed: bytes, data: st.DataObject
) -> None:
    _, root = pack_entries(entries, seed, dictionary=0, stored=False)
    header = replace(sealed().header, root=root)
    erased = data.draw(st.sets(st.integers(0, len(entries) - 1)))
    found = parse_reissue(make_reissue(header, seed, entries, erased).to_bytes())
    assert set(found.erased()) == erased
    assert all(entries[at] == entry for at, entry in found.survivors())
    assert parse_reissue(found.without(range(50)).to_bytes()).survivors() == ()


@given(PACKETS)
def test_a_key_packet_is_read_as_it_was_written(packet_drawn: KeyPacket) -> None:
    assert parse_key_packet(packet_drawn.to_bytes()) == packet_drawn


@given(REQUESTS)
def test_a_request_is_read_as_it_was_written(request_drawn: SyncRequest) -> None:
    assert parse_request(encode_request(request_drawn)) == request_drawn


@given(ANSWERS)
def test_an_answer_is_read_as_it_was_written(answer: SyncAnswer) -> None:
    assert parse_answer(encode_answer(answer)) == answer


@given(st.lists(st.integers(0, 49), unique=True).map(sorted).map(tuple))
def test_an_erase_order_is_read_as_it_was_written(indexes: tuple[int, ...]) -> None:
    order = EraseOrder(sealed().point, indexes)
    assert parse_erase_order(order.to_bytes()) == order


@given(
    st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=40)), max_size=6),
    st.lists(st.integers(1, 30), max_size=40),
    st.binary(max_size=8),
)
def test_frames_come_out_alike_however_the_bytes_arrive(
    frames: list[tuple[int, bytes]], sizes: list[int], trailing: bytes
) -> None:
    raw = encode_message(REQUEST_MAGIC, frames) + trailing

    def read(chunks: Sequence[bytes]) -> tuple[list[tuple[int, bytes]], str]:
        reader, found = FrameReader(REQUEST_MAGIC, limit=10_000), []
        try:
            for chunk in chunks:
                found += [(frame.type, frame.data) for frame in reader.feed(chunk)]
            reader.close()
        except FieldAppError as error:
            return found, str(error)
        return found, "ok"

    chunks, at = [], 0
    for size in sizes:
        chunks.append(raw[at : at + size])
        at += size
    chunks.append(raw[at:])
    assert read(chunks) == read([raw])
    assert read([raw]) == (frames, "ok" if not trailing else "malformed_message (reason=after_end)")


@given(st.integers(0, MAX_GENERATION), st.integers(1, MAX_NUMBER))
def test_a_seq_is_split_as_it_was_made(generation: int, number: int) -> None:
    assert split_seq(make_seq(generation, number)) == (generation, number)


@given(st.integers(1, 2_000_000), st.booleans())
def test_padding_only_grows_and_settles(length: int, stored: bool) -> None:
    size = padded_size(length, stored=stored)
    assert size >= length
    assert padded_size(size, stored=stored) == size
    assert padded_size(length + 1, stored=stored) >= size


@given(st.binary(max_size=40))
def test_an_id_is_read_from_its_text(raw: bytes) -> None:
    assert text_to_id(id_to_text(raw), len(raw)) == raw


@given(st.text(max_size=30), st.integers(0, 20))
def test_arbitrary_text_is_an_id_or_named(text: str, length: int) -> None:
    try:
        raw = text_to_id(text, length)
    except FieldAppError:
        return
    assert id_to_text(raw) == text.lower()


@given(JSON)
def test_json_is_read_as_it_was_written(value: object) -> None:
    try:
        raw = strict_json.dumps(value)
    except FieldAppError:
        return
    assert strict_json.loads(raw) == value
