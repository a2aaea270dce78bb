"""Sealing: who opens, and what every changed byte ends in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.crypto.keys import generate_office_key
from fieldapp.crypto.sealing import (
    new_salt,
    new_sender_key,
    open_batch,
    open_payload,
    seal_batch,
    seal_plain,
    unwrap_key,
    unwrap_office_key,
    wrap_key,
    wrap_office_key,
)
from fieldapp.crypto.signing import verify
from fieldapp.errors import (
    BadSignatureError,
    LocalProtocolError,
    NotARecipientError,
    RemoteProtocolError,
    TamperedBatchError,
)
from fieldapp.protocol.batch import Flag, Kind, erased_form, parse_batch
from fieldapp.protocol.checks import check_signature
from fieldapp.protocol.ids import ChannelId, Kid, kid_of
from fieldapp.protocol.key_packet import WrappedKey, key_info, parse_key_packet
from fieldapp.protocol.payload import plain_payload
from tests.support import reference_hpke
from tests.support.people import (
    AMINA,
    BRIAN,
    CHANNEL,
    CHEBET,
    ENTRIES,
    OFFICE,
    OFFICE_KEY,
    OTHER_OFFICE_KEY,
    SALT,
    SEED,
    SENDER_KEY,
    packet,
    plain,
    plan,
    sealed,
)

KID = kid_of(SENDER_KEY.reveal())


def test_a_reader_with_the_sender_key_gets_the_entries() -> None:
    assert tuple(open_batch(sealed(), SENDER_KEY)) == ENTRIES


def test_a_reader_gets_the_sender_key_from_the_packet() -> None:
    batch = sealed(key_packet=packet())
    for office in (OFFICE_KEY, OTHER_OFFICE_KEY):
        keys = parse_key_packet(batch.key_packet()).keys
        (wrapped,) = (key for key in keys if key.recipient.id == office.office)
        sender_key = unwrap_key(
            wrapped,
            author=batch.header.device,
            channel=batch.header.channel,
            kid=batch.header.kid,
            private_x25519=office.private,
        )
        assert tuple(open_batch(batch, sender_key)) == ENTRIES


def test_the_server_sees_no_entry_and_no_key() -> None:
    raw = sealed(key_packet=packet()).raw
    assert SENDER_KEY.reveal() not in raw
    assert SEED not in raw
    assert all(entry not in raw for entry in ENTRIES)


@pytest.mark.parametrize(
    "change",
    [
        {"author": BRIAN.device},
        {"channel": ChannelId(b"?" * 8)},
        {"kid": Kid(b"?" * 16)},
        {"private_x25519": OTHER_OFFICE_KEY.private},
    ],
)
def test_a_wrapped_key_opens_in_its_own_place_only(change: dict[str, object]) -> None:
    wrapped = packet().keys[0]
    place: dict[str, object] = {
        "author": AMINA.device,
        "channel": CHANNEL,
        "kid": KID,
        "private_x25519": OFFICE_KEY.private,
    }
    assert unwrap_key(wrapped, **place) == SENDER_KEY  # type: ignore[arg-type]
    with pytest.raises(NotARecipientError):
        unwrap_key(wrapped, **{**place, **change})  # type: ignore[arg-type]


def test_a_key_wrapped_for_one_epoch_does_not_pass_for_another() -> None:
    wrapped = packet().keys[0]
    later = replace(wrapped, recipient=replace(wrapped.recipient, epoch=2))
    with pytest.raises(NotARecipientError):
        unwrap_key(
            later,
            author=AMINA.device,
            channel=CHANNEL,
            kid=KID,
            private_x25519=OFFICE_KEY.private,
        )


def test_a_key_that_is_not_the_one_committed_to_is_tampering() -> None:
    recipient = packet().keys[0].recipient
    info = key_info(author=AMINA.device, channel=CHANNEL, kid=KID, recipient=recipient)
    lie = reference_hpke.seal(b"?" * 32, OFFICE_KEY.public, info, b"e" * 32)
    with pytest.raises(TamperedBatchError):
        unwrap_key(
            WrappedKey(recipient, lie),
            author=AMINA.device,
            channel=CHANNEL,
            kid=KID,
            private_x25519=OFFICE_KEY.private,
        )


def test_a_device_grants_a_key_whose_author_is_another() -> None:
    recipient = packet().keys[1].recipient
    granted = wrap_key(
        SENDER_KEY,
        author=AMINA.device,
        channel=CHANNEL,
        recipient=recipient,
        public_x25519=OTHER_OFFICE_KEY.public,
    )
    found = unwrap_key(
        granted,
        author=AMINA.device,
        channel=CHANNEL,
        kid=KID,
        private_x25519=OTHER_OFFICE_KEY.private,
    )
    assert found == SENDER_KEY


def test_nobody_passes_anothers_ciphertext_off_as_his_own() -> None:
    original = sealed(key_packet=packet())
    header = replace(original.header, device=BRIAN.device)
    stolen = replace(header, signature=BRIAN.sign(header.signing_bytes()))
    batch = parse_batch(stolen.to_bytes() + original.body)
    check_signature(batch, BRIAN.public_ed25519, verify)
    with pytest.raises(TamperedBatchError):
        open_batch(batch, SENDER_KEY)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 2, "prev": b"p" * 32},
        {"channel": ChannelId(b"?" * 8)},
        {"directory_version": 8},
        {"salt": b"?" * 16},
        {"root": b"?" * 32},
    ],
)
def test_a_ciphertext_moved_to_another_place_does_not_open(change: dict[str, object]) -> None:
    original = sealed()
    header = replace(original.header, **change)  # type: ignore[arg-type]
    moved = replace(header, signature=AMINA.sign(header.signing_bytes()))
    with pytest.raises(TamperedBatchError):
        open_batch(parse_batch(moved.to_bytes() + original.body), SENDER_KEY)


def test_a_fresh_salt_gives_a_fresh_key_for_the_same_entries() -> None:
    one, other = (
        seal_batch(
            ENTRIES,
            keys=AMINA,
            plan=plan(),
            sender_key=SENDER_KEY,
            key_packet=None,
            salt=new_salt(),
            seed=SEED,
        )
        for _ in range(2)
    )
    assert one.ciphertext()[:32] != other.ciphertext()[:32]


def test_another_key_is_told_apart_from_changed_bytes() -> None:
    with pytest.raises(NotARecipientError):
        open_batch(sealed(), new_sender_key())


def test_a_changed_bit_is_caught_wherever_it_is() -> None:
    batch = sealed(key_packet=packet())
    for at in range(len(batch.raw)):
        raw = bytearray(batch.raw)
        raw[at] ^= 1 << at % 8
        with pytest.raises((RemoteProtocolError, BadSignatureError)):
            check_signature(parse_batch(bytes(raw)), AMINA.public_ed25519, verify)


def test_an_erased_or_plain_batch_does_not_open() -> None:
    with pytest.raises(TamperedBatchError):
        open_batch(parse_batch(erased_form(sealed())), SENDER_KEY)
    with pytest.raises(NotARecipientError):
        open_payload(plain(b"p", Kind.DIRECTORY), SENDER_KEY)


def test_a_restricted_record_has_the_same_size_whatever_it_says() -> None:
    where = replace(plan(), stored=True)
    sizes = {len(sealed(where, entries=[b"x" * length]).raw) for length in (1, 100, 500, 900)}
    assert sizes == {240 + 1024 + 16}


def test_a_preset_dictionary_is_named_in_the_header() -> None:
    batch = sealed(replace(plan(), dictionary=1))
    assert (batch.header.flags, batch.header.dictionary) == (Flag.DICTIONARY, 1)
    assert tuple(open_batch(batch, SENDER_KEY)) == ENTRIES


def test_one_long_entry_may_stand_alone_but_has_a_limit() -> None:
    assert open_batch(sealed(entries=[b"e" * 65_536]), SENDER_KEY) == [b"e" * 65_536]
    with pytest.raises(LocalProtocolError):
        sealed(entries=[b"e" * 65_537])


def test_a_reissue_may_be_longer_than_an_entry() -> None:
    batch = sealed(plan(kind=Kind.REISSUE), entries=[b"e" * 65_537])
    assert open_batch(batch, SENDER_KEY) == [b"e" * 65_537]


def test_what_no_reader_would_parse_is_not_sealed() -> None:
    with pytest.raises(LocalProtocolError):
        sealed(plan(2))
    with pytest.raises(LocalProtocolError):
        sealed(plan(kind=Kind.DIRECTORY))
    with pytest.raises(LocalProtocolError):
        seal_plain(b"p", keys=AMINA, plan=plan())
    with pytest.raises(LocalProtocolError):
        seal_plain(b"p", keys=AMINA, plan=replace(plan(kind=Kind.GRANT), stored=True))


def test_a_plain_batch_is_signed_and_may_use_a_dictionary() -> None:
    where = replace(plan(kind=Kind.DIRECTORY), dictionary=1)
    batch = seal_plain(b'[{"k":"office"}]', keys=AMINA, plan=where)
    check_signature(batch, AMINA.public_ed25519, verify)
    assert plain_payload(batch) == b'[{"k":"office"}]'


def test_an_offices_key_reaches_one_device() -> None:
    row = wrap_office_key(OFFICE_KEY, BRIAN.device, BRIAN.public_x25519)
    found = unwrap_office_key(
        row, public_x25519=OFFICE_KEY.public, private_x25519=BRIAN.private_x25519
    )
    assert (found.office, found.epoch, found.public) == (OFFICE, 1, OFFICE_KEY.public)
    with pytest.raises(NotARecipientError):
        unwrap_office_key(
            row, public_x25519=OFFICE_KEY.public, private_x25519=CHEBET.private_x25519
        )
    with pytest.raises(NotARecipientError):
        unwrap_office_key(
            replace(row, device=CHEBET.device),
            public_x25519=OFFICE_KEY.public,
            private_x25519=BRIAN.private_x25519,
        )


def test_a_false_office_key_is_caught_by_the_directory() -> None:
    false = generate_office_key(OFFICE, 1)
    row = wrap_office_key(false, BRIAN.device, BRIAN.public_x25519)
    with pytest.raises(TamperedBatchError):
        unwrap_office_key(row, public_x25519=OFFICE_KEY.public, private_x25519=BRIAN.private_x25519)


def test_fresh_bytes_are_fresh() -> None:
    assert new_sender_key() != new_sender_key()
    assert new_salt() != new_salt() != SALT
    assert (len(new_sender_key()), len(new_salt())) == (32, 16)
    assert repr(new_sender_key()) == "<Secret redacted>"
