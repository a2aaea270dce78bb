"""Invite codes as people type them, and the packets they open."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import InvalidCodeError, LocalProtocolError
from fieldapp.protocol.hashing import sha256
from fieldapp.protocol.ids import InviteId, id_to_text
from fieldapp.protocol.invites import (
    InviteCode,
    InvitePacket,
    encode_code,
    encode_packet,
    parse_code,
    parse_packet,
)

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = InviteCode(
    invite=InviteId(b"invite!!"),
    secret=b"s" * 16,
    root_fingerprint=b"f" * 16,
    expires_s=1_767_258_000,
    url="https://baraza.example:8400",
)
TEXT = encode_code(CODE)
CODES = st.builds(
    InviteCode,
    invite=st.binary(min_size=8, max_size=8).map(InviteId),
    secret=st.binary(min_size=16, max_size=16),
    root_fingerprint=st.binary(min_size=16, max_size=16),
    expires_s=st.integers(0, 0xFFFF_FFFF),
    url=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=48),
)


def reason(text: str) -> object:
    with pytest.raises(InvalidCodeError) as caught:
        parse_code(text)
    assert text == "" or text not in str(caught.value.params)
    return caught.value.params.get("reason", caught.value.code)


@given(CODES)
def test_a_code_reads_back_as_it_was(code: InviteCode) -> None:
    assert parse_code(encode_code(code)) == code


@given(CODES, st.data())
def test_case_spaces_dashes_and_lookalikes_do_not_matter(
    code: InviteCode, data: st.DataObject
) -> None:
    looks = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        data.draw(st.sampled_from(looks.get(letter, letter + letter.lower())))
        + data.draw(st.sampled_from(["", "", " ", "\n", "\u2013"]))
        for letter in encode_code(code).replace("-", "")
    )
    assert parse_code(typed) == code


def test_a_code_needs_no_prefix() -> None:
    assert parse_code(TEXT.removeprefix("BARAZA1-")) == CODE


def test_a_code_stands_in_groups_of_four_after_its_prefix() -> None:
    prefix, *groups = TEXT.split("-")
    assert prefix == "BARAZA1"
    assert {len(group) for group in groups[:-1]} == {4}
    assert 1 <= len(groups[-1]) <= 4


def test_every_mistyped_character_is_found() -> None:
    letters = TEXT.replace("-", "")
    for at, right in enumerate(letters):
        for wrong in LETTERS:
            if wrong != right:
                with pytest.raises(InvalidCodeError):
                    parse_code(letters[:at] + wrong + letters[at + 1 :])


def test_every_lost_doubled_or_swapped_character_is_found() -> None:
    letters = TEXT.replace("-", "")
    for at, letter in enumerate(letters):
        changed = {letters[:at] + letters[at + 1 :], letters[:at] + letter + letters[at:]}
        if at and letters[at - 1] != letter:
            changed.add(letters[: at - 1] + letter + letters[at - 1] + letters[at + 1 :])
        for text in changed:
            with pytest.raises(InvalidCodeError):
                parse_code(text)


def test_a_refusal_says_what_to_do() -> None:
    assert reason("") == "empty"
    assert reason(" - ") == "empty"
    assert reason("BARAZA1-") == "empty"
    assert reason("BARAZA1-0000-0U00") == "letter"
    assert reason("https://example.org") == "too_short"
    assert reason("nyumba kumi") == "letter"
    assert reason(TEXT[:40]) == "too_short"
    assert reason(TEXT + "0" * 60) == "too_long"
    assert reason(TEXT[:20] + ("0" if TEXT[20] != "0" else "1") + TEXT[21:]) == (
        "invalid_code_checksum"
    )


def test_a_wrong_letter_is_named_by_its_place() -> None:
    with pytest.raises(InvalidCodeError) as caught:
        parse_code("BARAZA1-0000-0U00")
    assert caught.value.params == {"reason": "letter", "at": 6}


def checked(raw: bytes) -> str:
    """Bytes as a code whose checksum is right."""
    return id_to_text(raw + sha256(raw)[:4]).upper()


def test_a_code_of_a_newer_version_asks_for_an_update() -> None:
    assert reason(checked(b"\x02" + bytes(60))) == "invalid_code_version"


@pytest.mark.parametrize("tail", [b"\x05http", b"\x03https", b"\x03\xff\xff\xff"])
def test_a_code_with_a_wrong_layout_is_refused(tail: bytes) -> None:
    assert reason(checked(b"\x01" + bytes(8 + 16 + 16 + 4) + tail)) == "layout"


@pytest.mark.parametrize("url", ["https://" + "x" * 41, "https://b\u00e1raza.example"])
def test_an_address_that_does_not_fit_is_our_own_fault(url: str) -> None:
    code = InviteCode(
        invite=CODE.invite,
        secret=CODE.secret,
        root_fingerprint=CODE.root_fingerprint,
        expires_s=0,
        url=url,
    )
    with pytest.raises(LocalProtocolError):
        encode_code(code)


def test_the_secret_never_shows() -> None:
    assert "ssss" not in repr(CODE)


PACKETS = st.builds(
    InvitePacket,
    org=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    server_url=st.sampled_from(["", "https://baraza.example"]),
    root_fingerprint=st.binary(min_size=16, max_size=16),
    batches=st.lists(
        st.tuples(st.none() | st.integers(0, 1 << 60), st.binary(max_size=40)), max_size=4
    ).map(tuple),
    units=st.lists(
        st.fixed_dictionaries(
            {"id": st.just("KE-005"), "name": st.just("Lamu"), "ward": st.none() | st.just("0123")}
        ),
        max_size=3,
    ).map(tuple),
    snapshot=st.none() | st.binary(min_size=1, max_size=40),
)


@given(PACKETS)
def test_a_packet_reads_back_as_it_was(packet: InvitePacket) -> None:
    assert parse_packet(encode_packet(packet)) == packet


PACKET = json.loads(
    encode_packet(
        InvitePacket(
            org="Baraza",
            server_url="https://baraza.example",
            root_fingerprint=b"f" * 16,
            batches=((1, b"root"),),
            units=({"id": "KE-005", "name": "Lamu", "ward": None},),
        )
    )
)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": None},
        {"org": 7},
        {"root_fingerprint": "66"},
        {"batches": [[1]]},
        {"batches": [[1, "?"]]},
        {"batches": [[-1, ""]]},
        {"units": [7]},
        {"units": [{"id": "KE"}]},
        {"units": [{"id": "KE", "name": "Kenya", "ward": 7}]},
        {"snapshot": 7},
    ],
)
def test_a_packet_that_does_not_read_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidCodeError) as caught:
        parse_packet(json.dumps(PACKET | changes).encode())
    assert caught.value.params == {"reason": "packet"}


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"[" * 40])
def test_bytes_that_are_no_packet_are_refused(raw: bytes) -> None:
    with pytest.raises(InvalidCodeError):
        parse_packet(raw)


def test_a_packet_of_a_newer_version_asks_for_an_update() -> None:
    with pytest.raises(InvalidCodeError) as caught:
        parse_packet(json.dumps(PACKET | {"v": 2}).encode())
    assert caught.value.code == "invalid_code_version"
