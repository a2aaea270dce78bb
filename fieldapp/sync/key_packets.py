"""Key packets as their readers see them: does one hide from an office, or let somebody in?

Laws:
  * The rule is ``readership.check_recipients``, which the server runs too: a server that lets a
    false packet pass is found out by every reader.
  * What is wrong is said, not set aside: the record is genuine, and whoever reads it should have
    it. The codes end in the report of the sync and in the notes of the status.
  * Nobody is accused on a directory that is not here yet.
  * The directory version may be old, as the phone was away. A new stream that names an older one
    than records of the same device named before is marked when other offices read by that
    version. Statements, grants and receipts overtake records in the outbox, so they prove nothing.
"""

from __future__ import annotations

from typing import Final

from fieldapp.errors import HiddenFromOfficeError, MalformedMessageError
from fieldapp.protocol.batch import Batch, Header, Kind, parse_header
from fieldapp.protocol.channels import Channel, parse_descriptor
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import DeviceId
from fieldapp.protocol.key_packet import KeyPacket
from fieldapp.protocol.readership import check_recipients, judged_version
from fieldapp.storage.vault import Transaction

LEFT_OUT: Final = "office_left_out"
LET_IN: Final = "stranger_let_in"
OLD_DIRECTORY: Final = "old_directory_named"
BROKEN_WRAP: Final = "broken_wrap"
ALARMS: Final = (LEFT_OUT, LET_IN, OLD_DIRECTORY, BROKEN_WRAP)
"""Every alarm that reading a batch may raise."""

_ALARM_BY_CODE: Final = {"reader_missing": LEFT_OUT, "reader_not_allowed": LET_IN}
_ALARMS_KEY: Final = "reader_alarms"


def alarms_of(
    tx: Transaction,
    directory: Directory,
    batch: Batch,
    packet: KeyPacket | None,
    position: int | None,
) -> tuple[str, ...]:
    """Name what is wrong with the readers of a packet.

    Args:
        tx: knows the author's other streams.
        directory: who reads what, now and at each version.
        batch: the batch that brought the packet, its signature checked.
        packet: the packet, held against the header; None when there is none.
        position: where the server put the batch.
    """
    header = batch.header
    if packet is None or header.directory_version > directory.version:
        return ()
    try:
        channel = parse_descriptor(packet.descriptor)
    except MalformedMessageError:
        return ()
    version = judged_version(directory, header.device, header.directory_version)
    found = []
    try:
        check_recipients(channel, [wrap.recipient for wrap in packet.keys], directory, version)
    except HiddenFromOfficeError as problem:
        found.append(_ALARM_BY_CODE[problem.code])
    if header.number == 1 and _picks_older(tx, directory, channel, header, position):
        found.append(OLD_DIRECTORY)
    return tuple(found)


def note_alarms(tx: Transaction, device: DeviceId, alarms: tuple[str, ...]) -> None:
    """Remember alarms for the status, each once for each author."""
    known = set(noted_alarms(tx))
    new = {(code, device.hex()) for code in alarms}
    if not new <= known:
        rows = sorted(known | new)
        tx.meta.set(_ALARMS_KEY, "\n".join(" ".join(row) for row in rows).encode())


def noted_alarms(tx: Transaction) -> list[tuple[str, str]]:
    """Return every alarm that was raised here, with its author's device in hexadecimal."""
    lines = (tx.meta.get(_ALARMS_KEY) or b"").decode().splitlines()
    return [(code, device) for code, _, device in (line.partition(" ") for line in lines)]


def _picks_older(
    tx: Transaction, directory: Directory, channel: Channel, header: Header, position: int | None
) -> bool:
    """Tell whether a new stream goes back to a directory in which other offices read."""
    seen = 0
    for stream in tx.streams.all(header.device):
        row = tx.batches.by_hash(stream.hash)
        if row is None or row.kind != Kind.ENTRIES:
            continue
        if row.position is None or position is None or row.position >= position:
            continue
        seen = max(seen, parse_header(row.raw).directory_version)
    if seen <= header.directory_version:
        return False
    then = judged_version(directory, header.device, header.directory_version)
    before = {office.id for office in directory.readers_of(channel, then)}
    return {office.id for office in directory.readers_of(channel, seen)} != before
