"""Cards, key notes, key rings: the small parts, at their edges."""

from __future__ import annotations

from dataclasses import replace

from fieldapp.crypto.keys import generate_office_key
from fieldapp.crypto.sealing import new_sender_key, wrap_key, wrap_office_key
from fieldapp.domain.entries import Entry
from fieldapp.domain.fold import fold
from fieldapp.protocol.channels import Channel, ChannelClass, OfficeRef
from fieldapp.protocol.grants import GrantRow
from fieldapp.protocol.ids import Kid, OfficeId, RecordId, kid_of
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from fieldapp.sync.gap_proof import number_of
from fieldapp.sync.key_names import read_note, write_note
from fieldapp.sync.record_cards import DELETED, make_card, make_stub
from fieldapp.sync.rejudging import devices_of
from tests.support.organisation import MKOMANI
from tests.support.replicas import Replica, World

CHANNEL = Channel(MKOMANI, ChannelClass.ORDINARY)
RECORD = RecordId(bytes(16))


def state(device: bytes, **more: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    fields = {"record": RECORD, "type": "concern", "unit": MKOMANI, "stamp": 1 << 16, **more}
    return fold(None, Entry(**fields), device)  # type: ignore[arg-type]


def test_a_card_says_what_a_list_shows(world: World) -> None:
    device = world["dalila"].keys.device
    fields = {"category": "theft", "urgency": "U1", "narrative": "Two bicycles were taken."}
    card = make_card(state(device, fields=fields), device=device, best_time_ms=5)
    assert (card.type, card.unit, card.urgency, card.mine) == ("concern", MKOMANI, "U1", True)
    assert "bicycles" in card.words
    assert (card.title.en, card.title.sw) == ("Theft", "Wizi")


def test_a_deleted_record_has_a_card_that_says_so(world: World) -> None:
    device = world["dalila"].keys.device
    card = make_card(state(device, op="d"), device=device, best_time_ms=5)
    assert card.state == DELETED


def test_a_type_of_a_later_version_still_gets_a_card(world: World) -> None:
    device = world["dalila"].keys.device
    card = make_card(state(device, type="drone_flight"), device=bytes(16), best_time_ms=5)  # type: ignore[arg-type]
    assert card.title.en == "drone_flight"
    assert not card.mine


def test_a_stub_holds_no_word_of_the_record(world: World) -> None:
    device = world["dalila"].keys.device
    stub = make_stub(state(device, fields={"narrative": "She told us."}), device=device)
    assert b"told" not in stub.to_json()
    assert MKOMANI.encode() not in stub.to_json()
    assert stub.updated_ms == 1


def test_a_key_note_is_read_back() -> None:
    recipient = Recipient(RecipientKind.OFFICE, b"o" * 16, 3)
    note = read_note(write_note(CHANNEL.descriptor(), [recipient]))
    assert note is not None
    assert (note.channel, note.holders) == (CHANNEL, frozenset({b"o" * 16}))


def test_a_key_without_a_packet_has_no_note() -> None:
    assert read_note(b"") is None
    assert read_note(b"\x03abc") is None


def test_a_number_is_counted_over_generations() -> None:
    assert number_of((5 << 48) + 7) == 7


def test_a_note_of_devices_is_read_back() -> None:
    assert devices_of(b"a" * 16 + b"b" * 16) == {b"a" * 16, b"b" * 16}
    assert devices_of(b"") == set()


def grant(world: World, reader: Replica, **wrong: object) -> GrantRow:
    """A genuine grant of a fresh key to a device's office, with something wrong about it."""
    certificate = reader.device.directory.device(reader.keys.device)
    assert certificate is not None
    office = reader.device.directory.office(certificate.unit, certificate.desk)
    assert office is not None
    key = new_sender_key()
    author = world["dalila"].keys.device
    recipient = Recipient(RecipientKind.OFFICE, office.id, office.epochs[-1].epoch)
    wrapped = wrap_key(
        key,
        author=author,
        channel=CHANNEL.id,
        recipient=recipient,
        public_x25519=office.epochs[-1].x,
    )
    row = GrantRow(
        author,
        CHANNEL.id,
        kid_of(key.reveal()),
        office.id,
        office.epochs[-1].epoch,
        wrapped.sealed,
    )
    return replace(row, **wrong)  # type: ignore[arg-type]


def test_a_grant_is_taken_once(world: World) -> None:
    laptop = world["chebet"]
    row = grant(world, laptop)
    with laptop.vault.transaction() as tx:
        assert laptop.device.keyring.take_grant(tx, row)
        assert not laptop.device.keyring.take_grant(tx, row)
        assert row.kid in [key.kid for key in tx.sender_keys.all()]


def test_a_grant_for_somebody_else_or_another_key_is_left(world: World) -> None:
    laptop = world["chebet"]
    rows = [
        grant(world, laptop, office=OfficeId(bytes(16))),
        grant(world, laptop, epoch=9),
        grant(world, laptop, kid=Kid(bytes(16))),
        grant(world, laptop, sealed=bytes(80)),
    ]
    with laptop.vault.transaction() as tx:
        assert not any(laptop.device.keyring.take_grant(tx, row) for row in rows)


def test_an_office_key_is_taken_only_if_the_directory_shows_its_public_half(world: World) -> None:
    laptop = world["chebet"]
    ref = OfficeRef(MKOMANI, "admin")
    device, x = laptop.keys.device, laptop.keys.public_x25519
    genuine = world.organisation.office_keys[ref][0]
    good = wrap_office_key(genuine, device, x)
    other = wrap_office_key(generate_office_key(ref.id, 1), device, x)
    unknown = wrap_office_key(generate_office_key(OfficeId(bytes(16)), 1), device, x)
    later = wrap_office_key(generate_office_key(ref.id, 5), device, x)
    foreign = wrap_office_key(genuine, world["amina"].keys.device, x)
    ring = laptop.device.keyring
    with laptop.vault.transaction() as tx:
        assert not any(ring.take_office_key(tx, row) for row in (other, unknown, later, foreign))
        assert ring.take_office_key(tx, good)
        assert not ring.take_office_key(tx, good)
