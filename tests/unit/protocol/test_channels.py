"""The routing table: who reads what, and where a record may go."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import MalformedMessageError, NoReaderError
from fieldapp.protocol.channels import (
    DESK_CLASSES,
    PLAIN_CLASSES,
    RESTRICTED_DESKS,
    Channel,
    ChannelClass,
    Desk,
    OfficeRef,
    parse_descriptor,
    party_channel,
    readers,
    route,
)
from fieldapp.protocol.ids import DeviceId, OfficeId, UnitId, office_id

KE, LAMU, LAMU_WEST = UnitId("KE"), UnitId("KE-005"), UnitId("KE-005-S022")
MKOMANI = UnitId("KE-005-S022-L7F3A")
VILLAGE = UnitId("KE-005-S022-L7F3A-V0001")
KE_DESKS = frozenset((KE, desk.value) for desk in RESTRICTED_DESKS)
OFFICES = (
    frozenset(
        {
            (KE, "admin"),
            (LAMU, "admin"),
            (LAMU_WEST, "admin"),
            (MKOMANI, "admin"),
            (VILLAGE, "admin"),
            (LAMU_WEST, "all"),
            (LAMU, "gender"),
        }
    )
    | KE_DESKS
)


def test_an_ordinary_record_is_read_by_every_admin_office_above_it() -> None:
    found = readers(Channel(VILLAGE, ChannelClass.ORDINARY), OFFICES)
    assert found == tuple((unit, "admin") for unit in (VILLAGE, MKOMANI, LAMU_WEST, LAMU, KE))


def test_an_office_beside_the_path_reads_nothing() -> None:
    beside = OFFICES | {(UnitId("KE-005-S023"), "admin"), (UnitId("KE-0055"), "admin")}
    channel = Channel(VILLAGE, ChannelClass.ORDINARY)
    assert readers(channel, beside) == readers(channel, OFFICES)


def test_a_confidential_record_starts_at_the_location_never_below() -> None:
    found = readers(Channel(VILLAGE, ChannelClass.CONFIDENTIAL), OFFICES)
    assert found == tuple((unit, "admin") for unit in (MKOMANI, LAMU_WEST, LAMU, KE))


def test_a_confidential_record_of_a_county_is_read_at_or_above_the_county() -> None:
    found = readers(Channel(LAMU, ChannelClass.CONFIDENTIAL), OFFICES)
    assert found == ((LAMU, "admin"), (KE, "admin"))


def test_a_restricted_channel_is_read_by_its_own_desk_and_the_one_at_ke() -> None:
    found = readers(Channel(LAMU, ChannelClass.GENDER), OFFICES)
    assert found == ((LAMU, "gender"), (KE, "gender"))


def test_a_restricted_channel_at_ke_has_one_reader() -> None:
    assert readers(Channel(KE, ChannelClass.NCTC), OFFICES) == ((KE, "nctc"),)


def test_a_restricted_channel_without_its_own_desk_has_no_reader_at_all() -> None:
    assert readers(Channel(MKOMANI, ChannelClass.GENDER), OFFICES) == ()


@pytest.mark.parametrize("cls", sorted(DESK_CLASSES))
def test_no_admin_office_ever_reads_a_restricted_channel(cls: ChannelClass) -> None:
    for unit in (VILLAGE, MKOMANI, LAMU, KE):
        channel = route(unit, cls, OFFICES)
        assert {ref.desk for ref in readers(channel, OFFICES)} == {cls.value}


def test_a_nearer_desk_created_later_gets_new_records_and_no_old_channel() -> None:
    old = route(MKOMANI, ChannelClass.GENDER, OFFICES)
    later = OFFICES | {(LAMU_WEST, "gender")}
    assert old == Channel(LAMU, ChannelClass.GENDER)
    assert route(MKOMANI, ChannelClass.GENDER, later) == Channel(LAMU_WEST, ChannelClass.GENDER)
    assert readers(old, later) == readers(old, OFFICES)


def test_a_desk_that_stands_nowhere_on_the_path_is_the_one_at_ke() -> None:
    assert route(MKOMANI, ChannelClass.CSIC, OFFICES) == Channel(KE, ChannelClass.CSIC)


def test_a_complaint_passes_over_a_desk_that_the_accused_may_be_in_now() -> None:
    desks = [(unit, "oversight") for unit in (LAMU_WEST, LAMU)]
    offices = frozenset([*OFFICES, *desks])

    def to(*without: tuple[UnitId, str]) -> UnitId:
        channel = route(
            MKOMANI, ChannelClass.OVERSIGHT, offices, accused_unit=MKOMANI, without=without
        )
        return channel.unit

    assert to() == LAMU_WEST
    assert to((LAMU_WEST, "admin")) == LAMU_WEST
    assert to((LAMU_WEST, "oversight")) == LAMU
    assert to(*desks) == KE
    assert to(*desks, (KE, "oversight")) == KE


def test_a_complaint_goes_strictly_above_the_accused() -> None:
    offices = OFFICES | {(MKOMANI, "oversight"), (LAMU_WEST, "oversight")}
    assert route(MKOMANI, ChannelClass.OVERSIGHT, offices).unit == LAMU_WEST
    above = route(MKOMANI, ChannelClass.OVERSIGHT, offices, accused_unit=LAMU_WEST)
    assert above.unit == KE


def test_a_complaint_about_headquarters_stays_at_oversight_of_ke() -> None:
    channel = route(MKOMANI, ChannelClass.OVERSIGHT, OFFICES, accused_unit=KE)
    assert readers(channel, OFFICES) == ((KE, "oversight"),)


def test_a_complaint_about_a_neighbour_goes_to_an_oversight_above_both() -> None:
    beside = UnitId("KE-005-S023")
    accused = UnitId("KE-005-S023-L0001")
    offices = OFFICES | {(beside, "oversight"), (LAMU, "oversight")}
    channel = route(MKOMANI, ChannelClass.OVERSIGHT, offices, accused_unit=accused)
    assert channel.unit == LAMU


def test_broadcast_is_read_by_everyone_of_the_unit() -> None:
    assert readers(route(LAMU_WEST, ChannelClass.BROADCAST, OFFICES), OFFICES) == (
        (LAMU_WEST, "all"),
    )


@pytest.mark.parametrize("cls", [ChannelClass.BROADCAST, *sorted(PLAIN_CLASSES)])
def test_sealing_fails_closed_where_nobody_may_read(cls: ChannelClass) -> None:
    with pytest.raises(NoReaderError) as caught:
        route(MKOMANI, cls, OFFICES)
    assert caught.value.params == {"channel_class": cls.value}


def test_a_restricted_record_is_never_sealed_without_a_desk() -> None:
    with pytest.raises(NoReaderError):
        route(MKOMANI, ChannelClass.GENDER, {(KE, "admin")})


def test_a_reply_is_read_by_the_named_office_and_the_author() -> None:
    device = DeviceId(b"d" * 16)
    channel = party_channel(
        LAMU, ChannelClass.REPLY, device=device, office=office_id(LAMU, "gender")
    )
    assert readers(channel, OFFICES) == ((LAMU, "gender"),)
    assert channel.device_party == device
    assert Channel(LAMU, ChannelClass.GENDER).device_party is None


def test_an_office_reference_knows_its_number() -> None:
    assert OfficeRef(LAMU, "gender").id == office_id(LAMU, "gender")
    assert OfficeRef(LAMU, Desk.GENDER) == (LAMU, "gender")


def test_codes_on_the_wire_never_change() -> None:
    assert [(cls.value, cls.code) for cls in ChannelClass] == [
        ("ordinary", 1),
        ("confidential", 2),
        ("gender", 3),
        ("children", 4),
        ("psychosocial", 5),
        ("csic", 6),
        ("nctc", 7),
        ("oversight", 8),
        ("source", 9),
        ("reply", 10),
        ("broadcast", 11),
        ("directory", 12),
        ("keys", 13),
    ]


def test_the_channel_number_is_the_hash_of_label_and_descriptor() -> None:
    channel = Channel(KE, ChannelClass.ORDINARY)
    assert channel.descriptor() == b"\x01\x02KE\x00"
    assert channel.id == hashlib.sha256(b"baraza-channel-v1\0\x01\x02KE\x00").digest()[:8]


PLAIN_CHANNELS = st.builds(
    Channel,
    st.sampled_from([KE, LAMU, LAMU_WEST, MKOMANI, VILLAGE]),
    st.sampled_from([cls for cls in ChannelClass if cls not in {"source", "reply"}]),
)
PARTY_CHANNELS = st.builds(
    lambda unit, cls, device, office: party_channel(
        unit, cls, device=DeviceId(device), office=OfficeId(office)
    ),
    st.sampled_from([KE, LAMU]),
    st.sampled_from([ChannelClass.SOURCE, ChannelClass.REPLY]),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=16, max_size=16),
)


@given(PLAIN_CHANNELS | PARTY_CHANNELS)
def test_a_descriptor_reads_back_as_the_same_channel(channel: Channel) -> None:
    assert parse_descriptor(channel.descriptor()) == channel


@given(PLAIN_CHANNELS | PARTY_CHANNELS, st.integers(0, 60))
def test_a_cut_descriptor_is_refused(channel: Channel, keep: int) -> None:
    raw = channel.descriptor()
    if keep < len(raw):
        with pytest.raises(MalformedMessageError):
            parse_descriptor(raw[:keep])


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x02KE\x00",
        b"\x0e\x02KE\x00",
        b"\x01\x02ke\x00",
        b"\x01\x02K\xff\x00",
        b"\x01\x02KE\x00\x00",
        b"\x01\x02KE\x01x",
        b"\x09\x02KE\x00",
        b"\x01\x00\x00",
        b"\x01\x00",
    ],
)
def test_a_descriptor_that_is_not_one_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse_descriptor(raw)


@given(st.binary(max_size=60))
def test_random_bytes_are_refused_or_read_back_the_same(raw: bytes) -> None:
    try:
        channel = parse_descriptor(raw)
    except MalformedMessageError:
        return
    assert channel.descriptor() == raw
