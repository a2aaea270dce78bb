"""Statements: what is written reads back, and nothing misspelled is taken."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import LimitExceededError, MalformedMessageError
from fieldapp.protocol import json_fields
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.cuts import Cut, CutLine, cuts_to_json, read_cuts
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId, DeviceId, InviteId, UnitId
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statement_reading import parse_statements
from fieldapp.protocol.statements import (
    AdoptStatement,
    ClaimStatement,
    DeviceStatement,
    InviteStatement,
    OfficeStatement,
    RevokeStatement,
    RootStatement,
    Statement,
    Unknown,
    encode_statements,
)

UNITS = st.sampled_from([UnitId("KE"), UnitId("KE-005-S022-L7F3A")])
DESKS = st.sampled_from([desk.value for desk in Desk])
ROLES = st.sampled_from(Role)
KEYS = st.binary(min_size=32, max_size=32)
SIGNATURES = st.binary(min_size=64, max_size=64)
DEVICES = st.binary(min_size=16, max_size=16).map(DeviceId)
INVITES = st.binary(min_size=8, max_size=8).map(InviteId)
TIMES = st.integers(0, (1 << 64) - 1)
HASHES = st.binary(min_size=32, max_size=32).filter(lambda raw: raw != ZERO_HASH)
CHANNELS = st.binary(min_size=8, max_size=8).map(ChannelId)
CUTS = st.lists(
    st.builds(
        Cut, st.binary(min_size=8, max_size=8).map(ChannelId), st.integers(1, 1 << 60), HASHES
    )
    | st.builds(Cut, st.just(ChannelId(b"emptied!")), st.just(0), st.just(ZERO_HASH)),
    max_size=4,
    unique_by=lambda cut: cut.channel,
).map(tuple)
ROOT_SIGNATURES = st.lists(st.tuples(TIMES, SIGNATURES), max_size=3).map(tuple)
CAUSES = st.sampled_from(Cause)
STATEMENTS: st.SearchStrategy[Statement] = st.one_of(
    st.builds(
        RootStatement,
        st.binary(max_size=60),
        st.lists(st.tuples(TIMES, SIGNATURES), max_size=3).map(tuple),
    ),
    st.builds(OfficeStatement, UNITS, DESKS, st.integers(1, 0xFFFF), KEYS),
    st.builds(InviteStatement, INVITES, KEYS, UNITS, DESKS, ROLES, TIMES),
    st.builds(ClaimStatement, INVITES, KEYS, KEYS, TIMES, SIGNATURES),
    st.builds(
        DeviceStatement,
        DEVICES,
        KEYS,
        KEYS,
        UNITS,
        DESKS,
        ROLES,
        st.booleans(),
        st.none(),
    ),
    st.builds(
        DeviceStatement,
        DEVICES,
        KEYS,
        KEYS,
        UNITS,
        DESKS,
        ROLES,
        st.booleans(),
        CUTS,
        CAUSES,
    ),
    st.builds(RevokeStatement, DEVICES, CUTS, CAUSES),
    st.builds(AdoptStatement, HASHES, CAUSES),
)
OFFICE = OfficeStatement(UnitId("KE"), "admin", 1, b"x" * 32)


@given(st.lists(STATEMENTS, min_size=1, max_size=5))
def test_statements_read_back_as_they_were(statements: list[Statement]) -> None:
    assert parse_statements(encode_statements(statements)) == tuple(statements)


@given(STATEMENTS, st.data())
def test_a_statement_without_one_of_its_fields_is_refused(
    statement: Statement, data: st.DataObject
) -> None:
    fields = statement.to_json()
    del fields[data.draw(st.sampled_from(sorted(set(fields) - {"after", "because"})))]
    with pytest.raises(MalformedMessageError):
        parse_statements(json.dumps([fields]).encode())


@given(STATEMENTS, st.data())
def test_a_field_of_another_kind_is_refused(statement: Statement, data: st.DataObject) -> None:
    fields = statement.to_json()
    name = data.draw(st.sampled_from(sorted(set(fields) - {"k"})))
    fields[name] = data.draw(st.sampled_from([None, {}, 1.5, -1, [[1]], "\u0665", "AAAA===="]))
    try:
        (found,) = parse_statements(json.dumps([fields]).encode())
    except MalformedMessageError:
        return
    assert found == Unknown(str(statement.to_json()["k"]))


def test_unknown_keys_are_ignored() -> None:
    fields = OFFICE.to_json() | {"colour": "blue"}
    assert parse_statements(json.dumps([fields]).encode()) == (OFFICE,)


@pytest.mark.parametrize(
    "changes", [{"k": "curfew"}, {"desk": "weather"}, {"k": "invite", "desk": "weather"}]
)
def test_what_a_newer_version_says_is_kept_as_unknown(changes: dict[str, object]) -> None:
    invite = InviteStatement(
        InviteId(b"invite!!"), b"k" * 32, UnitId("KE"), "admin", Role.HQ_ADMIN, 5
    )
    fields = invite.to_json() | OFFICE.to_json() | changes
    (found,) = parse_statements(json.dumps([fields]).encode())
    assert found == Unknown(str(fields["k"]))


def test_a_role_of_a_newer_version_is_kept_as_unknown() -> None:
    invite = InviteStatement(
        InviteId(b"invite!!"), b"k" * 32, UnitId("KE"), "admin", Role.HQ_ADMIN, 5
    )
    fields = invite.to_json() | {"role": "governor"}
    assert parse_statements(json.dumps([fields]).encode()) == (Unknown("invite"),)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"[]",
        b"[1]",
        b"[{}]",
        b'[{"k":7}]',
        json.dumps([OFFICE.to_json()] * 501).encode(),
        json.dumps([OFFICE.to_json() | {"unit": "KE-5"}]).encode(),
        json.dumps([OFFICE.to_json() | {"epoch": 0}]).encode(),
        json.dumps([OFFICE.to_json() | {"epoch": 65536}]).encode(),
        json.dumps([OFFICE.to_json() | {"epoch": True}]).encode(),
        b'[{"k":"root","doc":"","sigs":[[1]]}]',
    ],
)
def test_what_is_no_list_of_statements_is_refused(payload: bytes) -> None:
    with pytest.raises(MalformedMessageError):
        parse_statements(payload)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(LimitExceededError):
        parse_statements(b"[" * 40 + b"]" * 40)


def test_a_claims_signature_covers_every_field() -> None:
    claim = ClaimStatement(InviteId(b"invite!!"), b"e" * 32, b"x" * 32, 7)
    assert claim.signing_bytes() == (
        b"baraza-claim-v1\0" + b"invite!!" + b"e" * 32 + b"x" * 32 + (7).to_bytes(8, "big")
    )


def test_no_signature_shows_in_a_repr() -> None:
    claim = ClaimStatement(InviteId(b"invite!!"), b"e" * 32, b"x" * 32, 7, b"secret" * 10)
    assert b"secret" not in repr(claim).encode()


# -- causes ------------------------------------------------------------------------------------

REVOKED = RevokeStatement(DeviceId(b"d" * 16), (), Cause.LOST)


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_is_read_back(cause: Cause) -> None:
    statement = RevokeStatement(REVOKED.device, (), cause)
    assert parse_statements(encode_statements([statement])) == (statement,)


@pytest.mark.parametrize("changes", [{"because": "eclipse"}, {"because": None}])
def test_a_revocation_never_waits_for_the_word_of_its_cause(changes: dict[str, str | None]) -> None:
    fields = REVOKED.to_json() | changes
    kept = {name: value for name, value in fields.items() if value is not None}
    (found,) = parse_statements(json.dumps([kept]).encode())
    assert found == RevokeStatement(REVOKED.device, (), Cause.OTHER)


@pytest.mark.parametrize("words", ["She lost it at the market", "lost\n", "", "x" * 17, "Lost", 5])
def test_there_is_no_place_for_words_of_a_person_in_a_statement(words: object) -> None:
    fields = REVOKED.to_json() | {"because": words}
    with pytest.raises(MalformedMessageError):
        parse_statements(json.dumps([fields]).encode())


# -- cuts --------------------------------------------------------------------------------------

CHANNEL = ChannelId(b"channel!")
CUT = Cut(CHANNEL, 7, b"h" * 32)


@pytest.mark.parametrize(
    ("seq", "batch_hash", "expected"),
    [
        (6, b"?" * 32, False),
        (7, b"h" * 32, False),
        (7, None, False),
        (7, b"?" * 32, True),
        (8, b"h" * 32, True),
        (1 << 48 | 5, b"h" * 32, True),
    ],
)
def test_what_lies_beyond_a_cut(seq: int, batch_hash: bytes | None, *, expected: bool) -> None:
    assert CUT.excludes(seq, batch_hash) is expected


def test_a_cut_in_a_later_generation_keeps_the_earlier_ones_up_to_its_number() -> None:
    cut = replace(CUT, seq=2 << 48 | 7)
    assert not cut.excludes(1 << 48 | 7, b"other" * 6)
    assert cut.excludes(1 << 48 | 8, b"other" * 6)


def test_a_line_decides_by_position_where_it_names_no_cut() -> None:
    line = CutLine((CUT,), 100)
    other = ChannelId(b"another!")
    assert line.excludes(CHANNEL, 8, None, 50)
    assert not line.excludes(CHANNEL, 7, None, 150)
    assert not line.excludes(other, 8, None, 100)
    assert line.excludes(other, 1, None, 101)
    assert line.excludes(other, 1, None, None)


@pytest.mark.parametrize(
    "rows",
    [
        [[CHANNEL.hex(), 7]],
        [[CHANNEL.hex(), 7, "00" * 32]],
        [[CHANNEL.hex(), 0, "11" * 32]],
        [[CHANNEL.hex().upper(), 7, "11" * 32]],
        [[CHANNEL.hex() + "00", 7, "11" * 32]],
        [[CHANNEL.hex(), 7, "11" * 32, 1]],
        [["zz" * 8, 7, "11" * 32]],
        [cuts_to_json([CUT])[0], cuts_to_json([CUT])[0]],
        "cuts",
    ],
)
def test_rows_that_are_no_cuts_are_refused(rows: object) -> None:
    with pytest.raises(MalformedMessageError):
        read_cuts(rows)


# -- fields ------------------------------------------------------------------------------------


@given(st.binary(max_size=40))
def test_base_64_and_hex_have_one_spelling(raw: bytes) -> None:
    text = json_fields.to_b64(raw)
    assert json_fields.as_b64(text, "x") == raw
    assert json_fields.as_hex(raw.hex(), "x", length=len(raw)) == raw
    for wrong in (text + "=", text + "\n", " " + text):
        with pytest.raises(MalformedMessageError):
            json_fields.as_b64(wrong, "x")


def test_base_64_of_another_length_is_refused() -> None:
    with pytest.raises(MalformedMessageError):
        json_fields.as_b64("AAAA", "x", length=4)
    with pytest.raises(MalformedMessageError):
        json_fields.as_b64("QUJDRB==", "x")


def test_a_flag_is_true_or_false() -> None:
    assert json_fields.field_flag({"x": False}, "x") is False
    with pytest.raises(MalformedMessageError):
        json_fields.field_flag({"x": 0}, "x")


def test_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(MalformedMessageError) as caught:
        json_fields.field_text({"x": "long"}, "x", limit=3)
    assert "long" not in str(caught.value.params)
