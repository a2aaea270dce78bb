"""What is handed in for others beside batches: receipts of offices, snapshots of the directory.

Laws:
  * A receipt is queued for the author of its stream if a trusted member of an office that holds
    the key of the batch it names signed it. Any other is dropped without a word: it can tell
    nobody anything.
  * A snapshot is kept if the directory key signed it and it does not go back.
  * A device gets the proofs of the directory channels at and above its own unit.
"""

from __future__ import annotations

from fieldapp.errors import CryptoError, MalformedMessageError, PermanentSyncError
from fieldapp.protocol.checks import check_receipt
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.directory_state import directory_channel
from fieldapp.protocol.ids import DeviceId
from fieldapp.protocol.messages import SyncRequest
from fieldapp.protocol.readership import counts_as_opened
from fieldapp.protocol.receipts import Receipt
from fieldapp.protocol.snapshot import SnapshotProof, check_snapshot, parse_snapshot, prove
from fieldapp.protocol.units import ancestors
from sync_server.auth import verify
from sync_server.exchange.counters import Counters
from sync_server.storage.ledger import Ledger
from sync_server.storage.lookups import place_of
from sync_server.storage.queues import latest_snapshot, put_receipt, put_snapshot


def take_queued(
    ledger: Ledger, *, request: SyncRequest, directory: Directory, counters: Counters
) -> None:
    """Keep what a request brings for others."""
    for receipt in request.receipts:
        counters.add("receipts", _take_receipt(ledger, directory, receipt))
    if request.snapshot is not None:
        counters.add("receipts", _take_snapshot(ledger, directory, request.snapshot))


def _take_receipt(ledger: Ledger, directory: Directory, receipt: Receipt) -> str:
    signer = directory.device(receipt.signer)
    held = place_of(ledger, receipt.header_hash)
    if signer is None or held is None:
        return "untrusted"
    point, kid = held
    holders = ledger.readers_of_key((point.device, point.channel, kid))
    if not counts_as_opened(receipt, signer, holders, point):
        return "untrusted"
    try:
        check_receipt(receipt, signer.ed, verify)
    except CryptoError:
        return "untrusted"
    return "queued" if put_receipt(ledger, receipt) else "known"


def _take_snapshot(ledger: Ledger, directory: Directory, raw: bytes) -> str:
    kept = latest_snapshot(ledger.connection)
    key = directory.directory_key
    try:
        snapshot = parse_snapshot(raw)
        known = parse_snapshot(kept) if kept else None
        check_snapshot(snapshot, known, key or b"", verify)
    except (CryptoError, MalformedMessageError, PermanentSyncError):
        return "snapshot_untrusted"
    if raw != kept:
        put_snapshot(ledger, raw)
    return "snapshot"


def snapshot_proof(directory: Directory, device: DeviceId, raw: bytes) -> bytes:
    """Prove a snapshot's heads of the channels at and above a known device's unit."""
    snapshot = parse_snapshot(raw)
    certificate = directory.device(device)
    units = ancestors(certificate.unit) if certificate is not None else ()
    proofs = [prove(directory.heads, snapshot, directory_channel(unit)) for unit in units]
    return SnapshotProof(snapshot, tuple(row for row in proofs if row is not None)).to_bytes()
