"""Erase orders, and the re-issue of what survives one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.sealing import open_batch, open_payload, seal_plain
from fieldapp.crypto.signing import verify
from fieldapp.errors import (
    BadSignatureError,
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    TamperedBatchError,
)
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.checks import check_order_batch, check_reissue
from fieldapp.protocol.erasure import (
    EraseOrder,
    Reissue,
    Survivor,
    make_reissue,
    parse_erase_order,
    parse_reissue,
)
from fieldapp.protocol.ids import ChannelId, Kid
from fieldapp.protocol.payload import plain_payload
from tests.support.people import (
    AMINA,
    BRIAN,
    CHANNEL,
    ENTRIES,
    SEED,
    SENDER_KEY,
    plain,
    plan,
    sealed,
)

ORIGINAL = sealed()
ORDER = EraseOrder(ORIGINAL.point, (1,))
REISSUE = make_reissue(ORIGINAL.header, SEED, ENTRIES, {1})


def test_an_order_names_one_batch_and_its_entries() -> None:
    raw = ORDER.to_bytes()
    point = ORIGINAL.point
    assert raw == (AMINA.device + CHANNEL + point.seq.to_bytes(8, "big") + point.hash + b"\x01\x01")
    assert parse_erase_order(raw) == ORDER


def test_an_order_without_indexes_covers_the_whole_batch() -> None:
    whole = parse_erase_order(EraseOrder(ORIGINAL.point, ()).to_bytes())
    assert all(whole.covers(index) for index in range(50))
    assert [ORDER.covers(index) for index in range(3)] == [False, True, False]


@pytest.mark.parametrize("indexes", [(1, 1), (2, 1), (50,), (-1,)])
def test_indexes_ascend_and_stay_in_range(indexes: tuple[int, ...]) -> None:
    with pytest.raises(LocalProtocolError):
        EraseOrder(ORIGINAL.point, indexes).to_bytes()


def test_an_order_that_is_not_one_is_named() -> None:
    raw = ORDER.to_bytes()
    for wrong in (raw[:-1], raw + b"\0", raw[:-2] + b"\x02\x01\x01"):
        with pytest.raises(MalformedMessageError):
            parse_erase_order(wrong)


def test_the_server_can_read_an_order_and_route_it_to_the_readers_of_its_target() -> None:
    where = replace(plan(kind=Kind.ERASE), kid=ORIGINAL.header.kid)
    batch = seal_plain(ORDER.to_bytes(), keys=BRIAN, plan=where)
    assert parse_erase_order(plain_payload(batch)) == ORDER
    check_order_batch(batch.header, ORIGINAL.header)


def test_an_order_that_would_not_reach_the_readers_of_its_target_is_refused() -> None:
    where = replace(plan(kind=Kind.ERASE), kid=ORIGINAL.header.kid)
    header = seal_plain(ORDER.to_bytes(), keys=BRIAN, plan=where).header
    for wrong in (
        replace(header, kid=Kid(b"?" * 16)),
        replace(header, channel=ChannelId(b"?" * 8)),
    ):
        with pytest.raises(MalformedMessageError):
            check_order_batch(wrong, ORIGINAL.header)
    with pytest.raises(MalformedMessageError):
        check_order_batch(plain(b"p", Kind.GRANT).header, ORIGINAL.header)


def test_survivors_still_verify_under_the_original_root_and_signature() -> None:
    found = parse_reissue(REISSUE.to_bytes())
    assert found == REISSUE
    assert found.survivors() == ((0, ENTRIES[0]), (2, ENTRIES[2]))
    assert (found.erased(), found.original_hash) == ((1,), ORIGINAL.hash)
    check_reissue(found, ORDER, AMINA.public_ed25519, verify)


def test_a_reissue_holds_neither_the_seed_nor_the_erased_entry() -> None:
    raw = REISSUE.to_bytes()
    assert SEED not in raw
    assert ENTRIES[1] not in raw
    assert raw[: 240 + 1] == ORIGINAL.raw[:240] + b"\x03"


def test_a_reissue_is_an_ordinary_batch_of_the_reissuers_own_stream() -> None:
    batch = sealed(plan(kind=Kind.REISSUE), entries=[REISSUE.to_bytes()], keys=BRIAN)
    assert batch.header.device == BRIAN.device
    assert batch.header.kind is Kind.REISSUE
    (entry,) = open_batch(batch, SENDER_KEY)
    assert parse_reissue(entry) == REISSUE


def test_a_reissue_never_reuses_the_key_of_the_original_ciphertext() -> None:
    batch = sealed(plan(kind=Kind.REISSUE), entries=[REISSUE.to_bytes()], keys=BRIAN)
    assert batch.ciphertext()[:64] != ORIGINAL.ciphertext()[:64]
    assert batch.header.aad() != ORIGINAL.header.aad()


def test_a_reissue_is_made_from_the_opened_payload() -> None:
    seed = open_payload(ORIGINAL, SENDER_KEY)[:16]
    assert make_reissue(ORIGINAL.header, seed, ENTRIES, {1}) == REISSUE


def test_a_holder_of_survivors_can_erase_once_more() -> None:
    again = parse_reissue(REISSUE.without({2}).to_bytes())
    assert again.erased() == (1, 2)
    assert again.survivors() == ((0, ENTRIES[0]),)


def test_a_changed_survivor_or_leaf_does_not_give_the_root() -> None:
    places = (Survivor(b"s" * 16, b"forged"), *REISSUE.places[1:])
    for forged in (Reissue(REISSUE.header, places), Reissue(REISSUE.header, REISSUE.places[:2])):
        with pytest.raises(MalformedMessageError, match="root"):
            parse_reissue(forged.to_bytes())


def test_a_reissue_of_another_kind_is_refused() -> None:
    header = plain(b"p", Kind.GRANT).header
    with pytest.raises(MalformedMessageError, match="reissue_kind"):
        parse_reissue(Reissue(header, REISSUE.places).to_bytes())


def test_a_reissue_that_does_not_parse_is_named() -> None:
    raw = REISSUE.to_bytes()
    for wrong in (raw[:-1], raw + b"\0", raw[:241] + b"\x02" + raw[242:]):
        with pytest.raises(MalformedMessageError):
            parse_reissue(wrong)
    with pytest.raises(LimitExceededError):
        parse_reissue(raw[:240] + b"\xff")


@pytest.mark.parametrize("places", [(), REISSUE.places * 20, (b"short",), (Survivor(b"s", b"e"),)])
def test_no_such_reissue_is_written(places: tuple[Survivor | bytes, ...]) -> None:
    with pytest.raises(LocalProtocolError):
        Reissue(ORIGINAL.header, places).to_bytes()


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (EraseOrder(replace(ORIGINAL.point, hash=b"?" * 32), (1,)), "reissue_target"),
        (EraseOrder(ORIGINAL.point, (0,)), "reissue_indexes"),
        (EraseOrder(ORIGINAL.point, (0, 1)), "reissue_indexes"),
        (EraseOrder(ORIGINAL.point, ()), "reissue_indexes"),
    ],
)
def test_a_reissue_answers_exactly_its_order(order: EraseOrder, reason: str) -> None:
    with pytest.raises(TamperedBatchError, match=reason):
        check_reissue(REISSUE, order, AMINA.public_ed25519, verify)


def test_a_reissue_needs_the_original_authors_signature() -> None:
    header = replace(ORIGINAL.header, directory_version=8)
    forged = replace(REISSUE, header=header)
    order = EraseOrder(replace(ORIGINAL.point, hash=forged.original_hash), (1,))
    with pytest.raises(BadSignatureError):
        check_reissue(forged, order, AMINA.public_ed25519, verify)
