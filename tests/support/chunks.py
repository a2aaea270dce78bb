"""Chunks and the tickets that move them, as a device of an organisation makes them."""

from __future__ import annotations

from dataclasses import replace

from fieldapp.protocol.media import Deed, Ticket, chunk_id
from tests.support.organisation import NOON_MS, Member
from tests.support.people import fixed_bytes

CHUNK = b"".join(fixed_bytes(f"chunk {number}", 32) for number in range(1_250))
"""40,000 bytes that look like ciphertext."""


def ticket(
    member: Member,
    deed: Deed,
    chunk: bytes = CHUNK,
    *,
    batch: bytes = bytes(32),
    offset: int = 0,
    time_ms: int = NOON_MS,
) -> bytes:
    """A signed ticket about a chunk."""
    asked = Ticket(
        device=member.device,
        time_ms=time_ms,
        deed=deed,
        chunk=chunk_id(chunk),
        batch=batch,
        size=0 if deed is Deed.GET else len(chunk),
        offset=offset,
    )
    return replace(asked, signature=member.keys.sign(asked.signing_bytes())).to_bytes()


def put(
    member: Member, batch: bytes, chunk: bytes = CHUNK, *, offset: int = 0
) -> tuple[bytes, bytes]:
    """What a put sends: its ticket and the rest of the chunk."""
    return ticket(member, Deed.PUT, chunk, batch=batch, offset=offset), chunk[offset:]
