"""Pictures and sounds: who may put and have a chunk, what a cut costs, and when it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import cast

import pytest

from fieldapp.crypto.signing import verify
from fieldapp.errors import FieldAppError, SyncError
from fieldapp.protocol.batch import Batch
from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.cuts import Cut
from fieldapp.protocol.media import (
    Deed,
    Held,
    MediaService,
    check_media_receipt,
    parse_media_receipt,
    parse_ticket,
)
from fieldapp.protocol.service import SyncService
from fieldapp.sync.transport import HTTPTransport
from sync_server.config import MEDIA_FOLDER
from tests.contract.conftest import REAL, Place
from tests.contract.test_authority import order
from tests.support.authors import Author, author, deposit
from tests.support.bad_network import BadNetwork
from tests.support.chunks import CHUNK, put, ticket
from tests.support.organisation import NOON_MS, Organisation

HALF = len(CHUNK) // 2
PIECE = 16_384
PUTS = 6
START_SECONDS = 20


@pytest.fixture
def media(place: Place) -> Iterator[MediaService]:
    """The server's side of chunks: the real one through our own transport."""
    if not place.url:
        yield cast("MediaService", place.service)
        return
    transport = HTTPTransport(place.url)
    yield transport
    transport.close()


@pytest.fixture
def dalila(organisation: Organisation) -> Author:
    return author(organisation, "dalila")


@pytest.fixture
def named(service: SyncService, dalila: Author) -> Batch:
    """A batch of dalila's that names a picture, as far as anybody can tell."""
    batch = dalila.batch()
    assert not deposit(service, batch).refused
    return batch


def code_of(call: Callable[[], object]) -> str:
    """What a call is refused with."""
    with pytest.raises(FieldAppError) as caught:
        call()
    return caught.value.code


def got(media: MediaService, organisation: Organisation, name: str, offset: int = 0) -> bytes:
    return media.get_chunk(ticket(organisation[name], Deed.GET, offset=offset))


def held(media: MediaService, organisation: Organisation, batch: Batch) -> Held:
    return media.ask_chunk(ticket(organisation["dalila"], Deed.ASK, batch=batch.hash))


def test_a_whole_chunk_gets_a_receipt_signed_by_the_server_key_of_the_root(
    media: MediaService, organisation: Organisation, named: Batch
) -> None:
    raw, piece = put(organisation["dalila"], named.hash)
    answer = media.put_chunk(raw, piece)
    receipt = parse_media_receipt(answer.receipt)
    check_media_receipt(receipt, organisation.server.public, verify)
    assert answer.count == len(CHUNK)
    assert receipt.speaks_for(parse_ticket(raw))


def test_a_put_goes_on_where_the_last_one_ended(
    media: MediaService, organisation: Organisation, named: Batch
) -> None:
    raw, piece = put(organisation["dalila"], named.hash)
    assert media.put_chunk(raw, piece[:HALF]) == Held(HALF)
    assert held(media, organisation, named) == Held(HALF)
    raw, piece = put(organisation["dalila"], named.hash, offset=HALF)
    assert parse_media_receipt(media.put_chunk(raw, piece).receipt).size == len(CHUNK)
    assert got(media, organisation, "chebet") == CHUNK


@pytest.mark.parametrize("offset", [0, HALF - 1, HALF + 1], ids=["again", "before", "beyond"])
def test_a_put_that_begins_elsewhere_is_refused_and_changes_nothing(
    media: MediaService, organisation: Organisation, named: Batch, offset: int
) -> None:
    raw, piece = put(organisation["dalila"], named.hash)
    media.put_chunk(raw, piece[:HALF])
    raw, piece = put(organisation["dalila"], named.hash, offset=offset)
    assert code_of(lambda: media.put_chunk(raw, piece)) == "media_offset"
    assert held(media, organisation, named) == Held(HALF)


def test_a_lost_answer_costs_one_question(
    media: MediaService, organisation: Organisation, named: Batch
) -> None:
    first = media.put_chunk(*put(organisation["dalila"], named.hash))
    assert held(media, organisation, named) == first
    raw, piece = put(organisation["dalila"], named.hash, offset=len(CHUNK))
    assert media.put_chunk(raw, piece) == first


def test_bytes_of_another_id_are_thrown_away(
    media: MediaService, organisation: Organisation, named: Batch
) -> None:
    raw, piece = put(organisation["dalila"], named.hash)
    changed = piece[:-1] + bytes((piece[-1] ^ 1,))
    assert code_of(lambda: media.put_chunk(raw, changed)) == "media_changed"
    assert held(media, organisation, named) == Held(0)
    assert code_of(lambda: got(media, organisation, "dalila")) == "media_unknown"


def test_a_chunk_is_given_to_readers_of_its_batch_and_to_nobody_else(
    media: MediaService, organisation: Organisation, named: Batch
) -> None:
    media.put_chunk(*put(organisation["dalila"], named.hash))
    for name in ("dalila", "chebet", "brian", "amina"):
        assert got(media, organisation, name) == CHUNK
    for name in ("eshe", "fumo"):
        assert code_of(lambda name=name: got(media, organisation, name)) == "media_unknown"  # type: ignore[misc]
    assert got(media, organisation, "chebet", HALF) == CHUNK[HALF:]


def test_a_desks_chunk_reaches_the_desk_and_no_admin_office(
    service: SyncService, media: MediaService, organisation: Organisation
) -> None:
    batch = author(organisation, "fumo", ChannelClass.GENDER).batch()
    assert not deposit(service, batch).refused
    media.put_chunk(*put(organisation["fumo"], batch.hash))
    assert got(media, organisation, "eshe") == CHUNK
    assert code_of(lambda: got(media, organisation, "amina")) == "media_unknown"


@pytest.mark.parametrize("name", ["chebet", "dalila"], ids=["another's", "never sent"])
def test_a_chunk_is_put_under_a_batch_of_ones_own_that_the_server_holds(
    media: MediaService, organisation: Organisation, named: Batch, dalila: Author, name: str
) -> None:
    batch = named if name == "chebet" else dalila.batch()
    raw, piece = put(organisation[name], batch.hash)
    assert code_of(lambda: media.put_chunk(raw, piece)) == "media_unnamed"


def test_another_device_does_not_write_behind_what_one_began(
    service: SyncService, media: MediaService, organisation: Organisation, named: Batch
) -> None:
    theirs = author(organisation, "chebet").batch()
    assert not deposit(service, theirs).refused
    raw, piece = put(organisation["dalila"], named.hash)
    media.put_chunk(raw, piece[:HALF])
    raw, _ = put(organisation["chebet"], theirs.hash)
    assert media.put_chunk(raw, b"x" * HALF) == Held(HALF)
    raw, piece = put(organisation["dalila"], named.hash, offset=HALF)
    assert parse_media_receipt(media.put_chunk(raw, piece).receipt).size == len(CHUNK)


def test_a_ticket_of_somebody_else_of_another_time_or_deed_opens_nothing(
    media: MediaService, organisation: Organisation, named: Batch
) -> None:
    media.put_chunk(*put(organisation["dalila"], named.hash))
    good = ticket(organisation["chebet"], Deed.GET)
    forged = good[:-1] + bytes((good[-1] ^ 1,))
    assert code_of(lambda: media.get_chunk(forged)) == "bad_signature"
    late = ticket(organisation["chebet"], Deed.GET, time_ms=NOON_MS + 86_400_000)
    assert code_of(lambda: media.get_chunk(late)) == "clock_wrong"
    asked = ticket(organisation["dalila"], Deed.ASK, batch=named.hash)
    assert code_of(lambda: media.get_chunk(asked)) == "media_unknown"


def test_a_stranger_gets_and_gives_nothing(
    media: MediaService, organisation: Organisation, named: Batch
) -> None:
    stranger = organisation.claim(
        "stranger",
        organisation.invite(
            organisation["chebet"], organisation["dalila"].unit, organisation["dalila"].role
        ),
    )
    media.put_chunk(*put(organisation["dalila"], named.hash))
    assert code_of(lambda: media.get_chunk(ticket(stranger, Deed.GET))) == "unknown_device"


@pytest.mark.parametrize("deed", [Deed.ASK, Deed.PUT, Deed.GET], ids=["ask", "put", "get"])
def test_a_revoked_device_neither_brings_nor_gets_what_it_wrote_itself(
    service: SyncService,
    media: MediaService,
    organisation: Organisation,
    named: Batch,
    deed: Deed,
) -> None:
    dalila = organisation["dalila"]
    raw, piece = put(dalila, named.hash)
    media.put_chunk(raw, piece[:HALF] if deed is Deed.PUT else piece)
    cut = Cut(named.header.channel, named.header.seq, named.hash)
    revocation = organisation.revoke(organisation["chebet"], dalila, cut, organisation.cut(dalila))
    assert not deposit(service, revocation).refused
    calls: dict[Deed, Callable[[], object]] = {
        Deed.ASK: lambda: held(media, organisation, named),
        Deed.PUT: lambda: media.put_chunk(*put(dalila, named.hash, offset=HALF)),
        Deed.GET: lambda: got(media, organisation, "dalila"),
    }
    assert code_of(calls[deed]) == "device_revoked"


def test_an_erased_batch_takes_its_chunks_along_unless_another_names_them(
    service: SyncService, media: MediaService, organisation: Organisation, dalila: Author
) -> None:
    first, second = dalila.batches(2)
    assert not deposit(service, first, second).refused
    for batch in (first, second):
        media.put_chunk(
            *put(organisation["dalila"], batch.hash, offset=0)
            if batch is first
            else put(organisation["dalila"], batch.hash, offset=len(CHUNK))
        )
    erased = order(organisation, organisation["dalila"], first.point, first.header.kid, second)
    assert not deposit(service, erased).refused
    assert got(media, organisation, "chebet") == CHUNK
    last = order(organisation, organisation["dalila"], second.point, second.header.kid, erased)
    assert not deposit(service, last).refused
    assert code_of(lambda: got(media, organisation, "chebet")) == "media_unknown"
    raw, piece = put(organisation["dalila"], first.hash)
    assert code_of(lambda: media.put_chunk(raw, piece)) == "media_unnamed"


@pytest.mark.parametrize("kind", REAL)
def test_of_simultaneous_puts_each_gets_the_receipt_or_where_to_go_on(
    place: Place, organisation: Organisation, named: Batch
) -> None:
    begin = Barrier(PUTS)
    raw, piece = put(organisation["dalila"], named.hash)

    def put_at_once(_: int) -> str:
        with closing(HTTPTransport(place.url)) as transport:
            begin.wait(START_SECONDS)
            try:
                return transport.put_chunk(raw, piece).receipt.hex()
            except FieldAppError as problem:
                return problem.code

    with ThreadPoolExecutor(PUTS) as clients:
        said = set(clients.map(put_at_once, range(PUTS)))
    with closing(HTTPTransport(place.url)) as transport:
        asked = ticket(organisation["dalila"], Deed.ASK, batch=named.hash)
        receipt = transport.ask_chunk(asked).receipt
    assert receipt.hex() in said
    assert said <= {receipt.hex(), "media_offset"}


@pytest.mark.parametrize("kind", REAL)
def test_the_files_of_an_erased_batch_are_gone_from_the_disk(
    service: SyncService,
    media: MediaService,
    organisation: Organisation,
    named: Batch,
    tmp_path: Path,
) -> None:
    media.put_chunk(*put(organisation["dalila"], named.hash))
    folder = tmp_path / MEDIA_FOLDER
    assert [path.read_bytes() for path in folder.rglob("*") if path.is_file()] == [CHUNK]
    erased = order(organisation, organisation["dalila"], named.point, named.header.kid, named)
    assert not deposit(service, erased).refused
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("kind", REAL)
@pytest.mark.parametrize(
    ("way", "at"),
    [("up", 1), ("up", 700), ("up", 9_000), ("up", 16_383), ("down", 1), ("down", 30)],
    ids=str,
)
def test_a_cut_put_never_costs_what_an_earlier_one_brought(
    place: Place, organisation: Organisation, named: Batch, way: str, at: int
) -> None:
    with BadNetwork(int(place.url.rpartition(":")[2])) as network:
        client = HTTPTransport(network.url)
        raw, piece = put(organisation["dalila"], named.hash)
        assert client.put_chunk(raw, piece[:PIECE]) == Held(PIECE)
        raw, piece = put(organisation["dalila"], named.hash, offset=PIECE)
        network.cut(**{way: at})
        with pytest.raises(SyncError):
            client.put_chunk(raw, piece[:PIECE])
        network.open()
        asked = ticket(organisation["dalila"], Deed.ASK, batch=named.hash)
        kept = client.ask_chunk(asked).count
        assert PIECE <= kept <= 2 * PIECE
        raw, piece = put(organisation["dalila"], named.hash, offset=kept)
        assert client.put_chunk(raw, piece).count == len(CHUNK)
        client.close()
    assert got(cast("MediaService", HTTPTransport(place.url)), organisation, "chebet") == CHUNK
