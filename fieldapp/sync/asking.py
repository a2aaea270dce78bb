"""Asking for a key whose wrap for our office does not open, and hearing others ask.

Laws:
  * A key of an admin channel alone is asked for; who reads a restricted one a person decides.
  * An office asks its fellow readers in the channel itself, in a list of heads: a row with number 0
    is the head of nothing, and its hash begins with the key's name. Nobody else reads it.
  * It asks again after a week. Then whoever holds the key hands it on, in case the one whose turn
    it was is the one who spoilt it.
  * Asking gives no right: a key goes to an office that reads the channel, as any grant does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from fieldapp.errors import MalformedMessageError
from fieldapp.protocol.batch import Batch
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Channel, ChannelClass, parse_descriptor
from fieldapp.protocol.checks import check_packet
from fieldapp.protocol.hashing import HASH_BYTES
from fieldapp.protocol.ids import ID_BYTES, DeviceId, Kid, OfficeId
from fieldapp.storage.vault import Transaction
from fieldapp.sync.folding import DAY_MS
from fieldapp.sync.gap_proof import StreamHead, pack_heads
from fieldapp.sync.keyring import DUTIES_KEY
from fieldapp.sync.sealer import Sealer

ADMIN_CLASSES: Final = frozenset({ChannelClass.ORDINARY, ChannelClass.CONFIDENTIAL})
AGAIN_MS: Final = 7 * DAY_MS
MOST_ASKED: Final = 1_000
"""How many askings of one office are kept; the newest stay."""
_BROKEN_KEY: Final = "broken_keys"
_REST: Final = bytes(HASH_BYTES - ID_BYTES)


class Broken(NamedTuple):
    """A key that does not open for us: its name, who made it, where, and when we asked."""

    kid: Kid
    author: DeviceId
    channel: Channel
    asked_ms: int

    def line(self) -> str:
        """Write it for the vault."""
        parts = (self.kid.hex(), self.author.hex(), self.channel.descriptor().hex())
        return " ".join((*parts, str(self.asked_ms)))

    def request(self) -> StreamHead:
        """Write it as a row of a list of heads."""
        return StreamHead(self.author, self.channel.id, 0, self.kid + _REST)


def note_broken(tx: Transaction, batch: Batch) -> None:
    """Remember that the key of a batch does not open for us, if we may ask for it."""
    packet = check_packet(batch)
    if packet is None:
        return
    try:
        channel = parse_descriptor(packet.descriptor)
    except MalformedMessageError:
        return
    known = list(_broken(tx))
    if channel.cls in ADMIN_CLASSES and all(one.kid != batch.header.kid for one in known):
        _keep(tx, [*known, Broken(batch.header.kid, batch.header.device, channel, 0)])


def ask(tx: Transaction, sealer: Sealer, me: Certificate, now_ms: int) -> int:
    """Ask for what does not open for us; return how many keys that was."""
    found = [one for one in _broken(tx) if tx.sender_keys.get(one.kid) is None]
    due = [one for one in found if not one.asked_ms or abs(now_ms - one.asked_ms) >= AGAIN_MS]
    if not due or not me.may_hold_history:
        return 0
    for one in due:
        sealer.seal_heads(tx, one.channel, pack_heads([one.request()]))
    asked = {one.kid for one in due}
    _keep(tx, [one._replace(asked_ms=now_ms) if one.kid in asked else one for one in found])
    return len(due)


def hear(tx: Transaction, asker: Certificate | None, heads: Iterable[StreamHead]) -> None:
    """Remember which keys an office asks for."""
    names = [head.hash[:ID_BYTES] for head in heads if is_request(head)]
    if asker is None or not asker.may_hold_history or not names:
        return
    at = _asked_key(asker.office_id)
    raw = (tx.meta.get(at) or b"") + b"".join(names)
    tx.meta.set(at, raw[-MOST_ASKED * ID_BYTES :])
    tx.meta.set(DUTIES_KEY, b"")


def is_request(head: StreamHead) -> bool:
    """Tell whether a row of a list of heads is none, but asks for a key."""
    return head.seq == 0 and head.hash[ID_BYTES:] == _REST and any(head.hash)


def asked_by(tx: Transaction, office: OfficeId) -> Counter[bytes]:
    """Return how often an office asked for each key since it was last given it."""
    raw = tx.meta.get(_asked_key(office)) or b""
    return Counter(raw[start : start + ID_BYTES] for start in range(0, len(raw), ID_BYTES))


def settle_asked(tx: Transaction, office: OfficeId, kids: Collection[bytes]) -> None:
    """Note that an office was given keys that it may have asked for."""
    asked = asked_by(tx, office)
    if asked.keys() & set(kids):
        left = (kid * count for kid, count in asked.items() if kid not in kids)
        tx.meta.set(_asked_key(office), b"".join(left))


def _asked_key(office: OfficeId) -> str:
    return f"asked_keys:{office.hex()}"


def _broken(tx: Transaction) -> Iterator[Broken]:
    for line in (tx.meta.get(_BROKEN_KEY) or b"").decode().splitlines():
        kid, author, descriptor, asked_ms = line.split(" ")
        channel = parse_descriptor(bytes.fromhex(descriptor))
        yield Broken(
            Kid(bytes.fromhex(kid)), DeviceId(bytes.fromhex(author)), channel, int(asked_ms)
        )


def _keep(tx: Transaction, rows: Iterable[Broken]) -> None:
    tx.meta.set(_BROKEN_KEY, "\n".join(one.line() for one in rows).encode())
