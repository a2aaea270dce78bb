"""Snapshots: proofs, no way back, and an expiry that only shows (decision 18)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.crypto.signing import verify
from fieldapp.errors import (
    BadSignatureError,
    LimitExceededError,
    MalformedMessageError,
    PermanentSyncError,
)
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.directory_heads import ChannelHead, DirectoryHeads
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import ChannelId
from fieldapp.protocol.snapshot import (
    HeadProof,
    Snapshot,
    SnapshotProof,
    check_head,
    check_snapshot,
    make_snapshot,
    parse_proof,
    parse_snapshot,
    prove,
)
from tests.support.organisation import (
    DAY_MS,
    LAMU_WEST,
    NOON_MS,
    VILLAGE,
    Organisation,
    directory_channel,
    small_organisation,
)

CHANNEL = directory_channel(LAMU_WEST).id


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


def snapshot_of(org: Organisation, version: int = 1) -> Snapshot:
    unsigned = make_snapshot(
        org.directory.heads,
        version=version,
        position=org.position,
        created_ms=NOON_MS,
        expires_ms=NOON_MS + 30 * DAY_MS,
    )
    return unsigned.signed(org.directory_signer.sign(unsigned.signing_bytes()))


def proof_of(org: Organisation, snapshot: Snapshot) -> HeadProof:
    proof = prove(org.directory.heads, snapshot, CHANNEL)
    assert proof is not None
    return proof


def test_a_phone_checks_its_channel_without_the_rest_of_the_country(org: Organisation) -> None:
    snapshot = snapshot_of(org)
    own = DirectoryHeads()
    phone = Directory()
    phone.apply_all([row for row in org.log if row[1].header.channel == CHANNEL], verify)
    own = phone.heads
    check_head(proof_of(org, snapshot), snapshot, own)
    assert own.at(directory_channel(VILLAGE).id, org.position) is None


def test_the_head_of_the_snapshots_position_is_compared_not_todays(org: Organisation) -> None:
    snapshot = snapshot_of(org)
    org.open_office(org["chebet"], VILLAGE)
    check_head(proof_of(org, snapshot), snapshot, org.directory.heads)


def test_a_server_that_hides_a_batch_is_caught(org: Organisation) -> None:
    snapshot = snapshot_of(org)
    own = [row for row in org.log if row[1].header.channel == CHANNEL]
    hidden = Directory()
    hidden.apply_all(own[:-1], verify)
    with pytest.raises(PermanentSyncError) as caught:
        check_head(proof_of(org, snapshot), snapshot, hidden.heads)
    assert caught.value.code == "server_forked"


def test_a_proof_that_leads_elsewhere_is_refused(org: Organisation) -> None:
    snapshot = snapshot_of(org)
    proof = proof_of(org, snapshot)
    wrong = (
        replace(proof, head=replace(proof.head, running=b"x" * 32)),
        replace(proof, index=proof.index ^ 1),
        replace(proof, index=snapshot.count),
        replace(proof, siblings=proof.siblings[:-1]),
        replace(proof, siblings=(*proof.siblings, ZERO_HASH)),
    )
    for other in wrong:
        with pytest.raises(MalformedMessageError):
            check_head(other, snapshot, org.directory.heads)


def test_the_directory_key_signs_it(org: Organisation) -> None:
    key = org.directory.directory_key
    assert key is not None
    snapshot = snapshot_of(org)
    check_snapshot(snapshot, None, key, verify)
    with pytest.raises(BadSignatureError):
        check_snapshot(replace(snapshot, position=1), None, key, verify)
    with pytest.raises(BadSignatureError):
        check_snapshot(snapshot, None, org.server.public, verify)


def test_the_version_never_goes_down(org: Organisation) -> None:
    key = org.directory_signer.public
    first = snapshot_of(org)
    org.open_office(org["chebet"], VILLAGE)
    second = snapshot_of(org, 2)
    check_snapshot(second, first, key, verify)
    check_snapshot(second, second, key, verify)
    with pytest.raises(PermanentSyncError) as caught:
        check_snapshot(first, second, key, verify)
    assert caught.value.code == "server_rolled_back"


def test_a_higher_version_with_an_older_position_goes_back_too(org: Organisation) -> None:
    key = org.directory_signer.public
    known = snapshot_of(org)
    older = replace(known, version=2, position=known.position - 1)
    signed = older.signed(org.directory_signer.sign(older.signing_bytes()))
    with pytest.raises(PermanentSyncError):
        check_snapshot(signed, known, key, verify)


def test_one_version_has_one_content(org: Organisation) -> None:
    known = snapshot_of(org)
    org.open_office(org["chebet"], VILLAGE)
    other = snapshot_of(org)
    with pytest.raises(PermanentSyncError) as caught:
        check_snapshot(other, known, org.directory_signer.public, verify)
    assert caught.value.code == "server_forked"


def test_expiry_changes_a_displayed_age_and_no_certificate(org: Organisation) -> None:
    snapshot = snapshot_of(org)
    late = NOON_MS + 400 * DAY_MS
    assert snapshot.age_days(late) == 400
    assert snapshot.age_days(NOON_MS - DAY_MS) == 0
    assert NOON_MS < snapshot.expires_ms < late
    check_snapshot(snapshot, None, org.directory_signer.public, verify)


def test_an_empty_directory_has_a_snapshot_and_no_proof() -> None:
    heads = DirectoryHeads()
    snapshot = make_snapshot(heads, version=1, position=0, created_ms=0, expires_ms=0)
    assert (snapshot.count, snapshot.root) == (0, ZERO_HASH)
    assert prove(heads, snapshot, CHANNEL) is None


class ManyHeads(DirectoryHeads):
    """As many channels as wanted."""

    __slots__ = ("_count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def all_at(self, position: int) -> tuple[ChannelHead, ...]:
        return tuple(
            ChannelHead(ChannelId(n.to_bytes(8, "big")), position, bytes(32))
            for n in range(self._count)
        )

    def at(self, channel: ChannelId, position: int) -> ChannelHead:
        return self.all_at(position)[int.from_bytes(channel, "big")]


@given(st.integers(1, 40), st.data())
def test_every_head_of_a_tree_of_any_size_is_proven(count: int, data: st.DataObject) -> None:
    heads = ManyHeads(count)
    snapshot = make_snapshot(heads, version=1, position=9, created_ms=0, expires_ms=0)
    index = data.draw(st.integers(0, count - 1))
    proof = prove(heads, snapshot, ChannelId(index.to_bytes(8, "big")))
    assert proof is not None
    assert len(proof.siblings) <= (count - 1).bit_length()
    check_head(proof, snapshot, heads)
    read = parse_proof(SnapshotProof(snapshot, (proof,)).to_bytes())
    assert read == SnapshotProof(snapshot, (proof,))


def test_a_snapshot_reads_back_from_its_128_bytes(org: Organisation) -> None:
    snapshot = snapshot_of(org)
    raw = snapshot.to_bytes()
    assert len(raw) == 128
    assert parse_snapshot(raw) == snapshot
    for wrong in (raw[:-1], raw + b"\0"):
        with pytest.raises(MalformedMessageError):
            parse_snapshot(wrong)


def test_too_many_proofs_or_siblings_are_refused(org: Organisation) -> None:
    raw = snapshot_of(org).to_bytes()
    with pytest.raises(LimitExceededError):
        parse_proof(raw + (65).to_bytes(2, "big"))
    with pytest.raises(LimitExceededError):
        parse_proof(raw + (1).to_bytes(2, "big") + bytes(48) + bytes(4) + b"\x21")
