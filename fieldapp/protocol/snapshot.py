"""Snapshots: one signed hash over the whole directory, and proofs of its parts (PROTOCOL 8).

Laws:
  * A snapshot is a Merkle root over the running heads of all directory channels as of a position,
    signed by the directory key that the root document names (finding 18).
  * A device checks only the channels it follows, each by a proof of a few hashes, against its own
    running head at the same position: a server that hides, adds or reorders a batch is caught.
  * A snapshot's version never goes down, and one version has one content.
  * Its expiry changes a displayed age and nothing else. Certificates that chain to the root count
    before any snapshot lists them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fieldapp.errors import LimitExceededError, MalformedMessageError, PermanentSyncError
from fieldapp.protocol.batch import SIGNATURE_BYTES
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.directory_heads import ChannelHead, DirectoryHeads
from fieldapp.protocol.hashing import HASH_BYTES, ZERO_HASH, labelled_hash
from fieldapp.protocol.ids import CHANNEL_BYTES, ChannelId
from fieldapp.protocol.reading import Reader, fixed, number

SNAPSHOT_LABEL: Final = b"baraza-snapshot-v1\0"
LEAF_LABEL: Final = b"baraza-snapshot-leaf-v1\0"
NODE_LABEL: Final = b"baraza-snapshot-node-v1\0"
MAX_PROOFS: Final = 64
MAX_SIBLINGS: Final = 32
DAY_MS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the directory key signs.

    Attributes:
        version: counts the snapshots.
        position: the server position up to which the heads go.
        count: how many channels there are.
    """

    version: int
    position: int
    root: bytes
    count: int
    created_ms: int
    expires_ms: int
    signature: bytes = field(default=bytes(SIGNATURE_BYTES), repr=False)

    def signing_bytes(self) -> bytes:
        """Give the exact message of the signature."""
        return SNAPSHOT_LABEL + self._unsigned()

    def signed(self, signature: bytes) -> "Snapshot":
        """Give the snapshot with its signature."""
        return replace(self, signature=signature)

    def to_bytes(self) -> bytes:
        """Give the 128 bytes of the wire form."""
        return self._unsigned() + fixed("snapshot", (self.signature, SIGNATURE_BYTES))

    def _unsigned(self) -> bytes:
        return fixed(
            "snapshot",
            (number("version", self.version, 4), 4),
            (number("position", self.position, 8), 8),
            (self.root, HASH_BYTES),
            (number("count", self.count, 4), 4),
            (number("created", self.created_ms, 8), 8),
            (number("expires", self.expires_ms, 8), 8),
        )

    def age_days(self, now_ms: int) -> int:
        """Give the whole days since it was made, for display only."""
        return max(0, now_ms - self.created_ms) // DAY_MS


@dataclass(frozen=True, slots=True)
class HeadProof:
    """That a channel's head is one of a snapshot's."""

    head: ChannelHead
    index: int
    siblings: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """Give the wire form."""
        return b"".join(
            (
                _head_bytes(self.head),
                number("index", self.index, 4),
                number("siblings", len(self.siblings), 1),
                *(fixed("sibling", (sibling, HASH_BYTES)) for sibling in self.siblings),
            )
        )


@dataclass(frozen=True, slots=True)
class SnapshotProof:
    """A snapshot with the proofs for one reader: what an answer carries."""

    snapshot: Snapshot
    proofs: tuple[HeadProof, ...]

    def to_bytes(self) -> bytes:
        """Give the wire form."""
        count = number("proofs", len(self.proofs), 2)
        return self.snapshot.to_bytes() + count + b"".join(row.to_bytes() for row in self.proofs)


def make_snapshot(
    heads: DirectoryHeads, *, version: int, position: int, created_ms: int, expires_ms: int
) -> Snapshot:
    """Make a snapshot of the heads as of a position, still to be signed."""
    leaves = [_leaf(head) for head in heads.all_at(position)]
    return Snapshot(
        version=version,
        position=position,
        root=_levels(leaves)[-1][0] if leaves else ZERO_HASH,
        count=len(leaves),
        created_ms=created_ms,
        expires_ms=expires_ms,
    )


def prove(heads: DirectoryHeads, snapshot: Snapshot, channel: ChannelId) -> HeadProof | None:
    """Prove a channel's head, None when the channel was empty at that position.

    Args:
        heads: heads that go at least up to the snapshot's position.
        snapshot: the snapshot to prove against.
        channel: the channel asked about.
    """
    all_heads = heads.all_at(snapshot.position)
    index = next((at for at, head in enumerate(all_heads) if head.channel == channel), None)
    if index is None:
        return None
    siblings = []
    at = index
    for level in _levels([_leaf(head) for head in all_heads])[:-1]:
        if at ^ 1 < len(level):
            siblings.append(level[at ^ 1])
        at //= 2
    return HeadProof(all_heads[index], index, tuple(siblings))


def check_snapshot(
    snapshot: Snapshot, known: Snapshot | None, directory_key: bytes, verify: Verify
) -> None:
    """Take a snapshot only when it is signed and does not go back.

    Raises:
        BadSignatureError: the directory key did not sign it (from ``verify``).
        PermanentSyncError: ``server_rolled_back`` when it is older than the known one, or
            ``server_forked`` when the same version has another content.
    """
    verify(directory_key, snapshot.signing_bytes(), snapshot.signature)
    if known is None:
        return
    if snapshot.version < known.version or snapshot.position < known.position:
        raise PermanentSyncError("server_rolled_back", version=snapshot.version)
    if snapshot.version == known.version and snapshot.root != known.root:
        raise PermanentSyncError("server_forked", version=snapshot.version)


def check_head(proof: HeadProof, snapshot: Snapshot, own: DirectoryHeads) -> None:
    """Hold a proven head against our own at the snapshot's position.

    Only for a device whose cursor has passed that position.

    Raises:
        MalformedMessageError: the proof does not lead to the snapshot's root.
        PermanentSyncError: ``server_forked``: the server showed us another history.
    """
    if _climb(proof, snapshot.count) != snapshot.root:
        raise MalformedMessageError(reason="snapshot_proof")
    if own.at(proof.head.channel, snapshot.position) != proof.head:
        raise PermanentSyncError("server_forked", position=snapshot.position)


def parse_snapshot(raw: bytes) -> Snapshot:
    """Read a snapshot; its signature is not checked.

    Raises:
        MalformedMessageError: it has another length.
    """
    reader = Reader(raw)
    snapshot = _read_snapshot(reader)
    reader.end()
    return snapshot


def parse_proof(raw: bytes) -> SnapshotProof:
    """Read a snapshot with its proofs; nothing is checked.

    Raises:
        MalformedMessageError: a length is wrong.
        LimitExceededError: too many proofs or siblings.
    """
    reader = Reader(raw)
    snapshot = _read_snapshot(reader)
    count = reader.u16()
    if count > MAX_PROOFS:
        raise LimitExceededError(what="proofs", limit=MAX_PROOFS)
    proofs = tuple(_read_proof(reader) for _ in range(count))
    reader.end()
    return SnapshotProof(snapshot, proofs)


def _read_snapshot(reader: Reader) -> Snapshot:
    return Snapshot(
        version=reader.u32(),
        position=reader.u64(),
        root=reader.take(HASH_BYTES),
        count=reader.u32(),
        created_ms=reader.u64(),
        expires_ms=reader.u64(),
        signature=reader.take(SIGNATURE_BYTES),
    )


def _read_proof(reader: Reader) -> HeadProof:
    channel = ChannelId(reader.take(CHANNEL_BYTES))
    head = ChannelHead(channel, reader.u64(), reader.take(HASH_BYTES))
    index = reader.u32()
    count = reader.u8()
    if count > MAX_SIBLINGS:
        raise LimitExceededError(what="siblings", limit=MAX_SIBLINGS)
    return HeadProof(head, index, tuple(reader.take(HASH_BYTES) for _ in range(count)))


def _head_bytes(head: ChannelHead) -> bytes:
    return fixed(
        "head",
        (head.channel, CHANNEL_BYTES),
        (number("position", head.position, 8), 8),
        (head.running, HASH_BYTES),
    )


def _leaf(head: ChannelHead) -> bytes:
    return labelled_hash(LEAF_LABEL, _head_bytes(head))


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Build the tree from the leaves up; a last one without a partner goes up as it is."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        above = [labelled_hash(NODE_LABEL, left, right) for left, right in pairs]
        levels.append(above + below[len(above) * 2 :])
    return levels


def _climb(proof: HeadProof, count: int) -> bytes | None:
    """Compute the root that a proof leads to, None when its shape does not fit the count."""
    node, at, width = _leaf(proof.head), proof.index, count
    siblings = list(reversed(proof.siblings))
    if at >= width:
        return None
    while width > 1:
        if at ^ 1 < width:
            if not siblings:
                return None
            pair = (siblings.pop(), node) if at & 1 else (node, siblings.pop())
            node = labelled_hash(NODE_LABEL, *pair)
        at, width = at // 2, (width + 1) // 2
    return None if siblings else node
