"""What a simulated server grants: erasing, receipts and further claims, as pure questions.

Laws:
  * Each rule is the real server's, asked of the simulator's own tables.
  * Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from fieldapp.crypto.signing import verify
from fieldapp.errors import FieldAppError
from fieldapp.protocol import limits
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.checks import check_receipt
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.erasure import EraseOrder, parse_erase_order
from fieldapp.protocol.ids import ChannelId, DeviceId, Kid, ReaderId
from fieldapp.protocol.judge_devices import CONTEST_MS
from fieldapp.protocol.payload import plain_payload
from fieldapp.protocol.readership import counts_as_opened, may_erase
from fieldapp.protocol.receipts import Receipt
from fieldapp.protocol.statement_reading import read_directory_batch
from fieldapp.protocol.statements import ClaimStatement

SenderKey = tuple[DeviceId, ChannelId, Kid]
Holders = Callable[[SenderKey], Collection[ReaderId]]


def key_of(batch: Batch) -> SenderKey:
    """Name the sender key of a batch."""
    return batch.header.device, batch.header.channel, Kid(batch.header.kid)


def refuse_order(
    directory: Directory, holders: Holders, batch: Batch, held: Callable[[bytes], Batch | None]
) -> str | None:
    """Name why an erase order is refused, None when it is obeyed."""
    order = order_of(batch)
    author = directory.device(batch.header.device)
    key = order.target.device, order.target.channel, Kid(batch.header.kid)
    if order.target.channel != batch.header.channel:
        return "malformed_message"
    is_own = author is not None and author.device == order.target.device
    if not is_own and not holders(key):
        return "channel_unknown"
    if author is None or not may_erase(author, order.target.device, holders(key)):
        return "not_authorised"
    known = held(order.target.hash)
    if known is not None and (known.point, key_of(known)) != (order.target, key):
        return "malformed_message"
    return None


def order_of(batch: Batch) -> EraseOrder:
    """Read what an erase order says."""
    return parse_erase_order(plain_payload(batch))


def is_taken_receipt(
    directory: Directory, holders: Holders, receipt: Receipt, held: Batch | None
) -> bool:
    """Tell whether an office's receipt is queued for its author."""
    signer = directory.device(receipt.signer)
    if signer is None or held is None:
        return False
    try:
        check_receipt(receipt, signer.ed, verify)
    except FieldAppError:
        return False
    return counts_as_opened(receipt, signer, holders(key_of(held)), held.point)


def is_late_claim(
    directory: Directory, batch: Batch, stored: Iterable[tuple[Batch, int]], now_ms: int
) -> bool:
    """Tell whether a batch claims an invite whose first claim is here for seven days.

    Args:
        directory: the directory as of now.
        batch: a new device's batch.
        stored: what is kept, each with the time at which it came.
        now_ms: the server's clock.
    """
    if batch.header.kind is not Kind.DIRECTORY:
        return False
    claims = [row for row in read_directory_batch(batch) if isinstance(row, ClaimStatement)]
    invites = [directory.invite(claim.invite) for claim in claims]
    rivals = {rival for invite in invites if invite is not None for rival in invite.claims}
    return any(
        held.header.device in rivals
        and held.header.kind is Kind.DIRECTORY
        and now_ms - stored_ms > CONTEST_MS
        for held, stored_ms in stored
    )


def is_over_quota(
    author: Certificate | None, batch: Batch, state: str, kept: Iterable[tuple[Batch, str]]
) -> bool:
    """Tell whether a device that is not trusted would take more room than it may.

    Args:
        author: whose batch it is.
        batch: the batch that came.
        state: what would become of it.
        kept: what is kept of that device already, each with what became of it.
    """
    if state == "quarantined":
        counted = [held for held, became in kept if became == state]
    elif author is not None and author.state in {State.UNCONFIRMED, State.CONTESTED}:
        counted = [held for held, _ in kept]
    else:
        return False
    size = sum(len(held.raw) for held in counted)
    return size + len(batch.raw) > limits.MAX_UNTRUSTED_BYTES
