"""Whose key a batch must be signed with.

Laws:
  * A known device signs with the key of its certificate.
  * A new device brings its key in its claim, which an invite vouches for; the first root brings
    the keys of headquarters' devices. Both are number 1 of their stream and stand alone.
  * A further claim of an invite is refused once the first has been here for seven days by the
    server's own clock: what a claim says of its time may be dated back.
  * Whoever is neither is unknown: the batch may come again once the directory knows more.
"""

from __future__ import annotations

from collections.abc import Callable

from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import DeviceId
from fieldapp.protocol.judge_devices import CONTEST_MS
from fieldapp.protocol.statement_reading import read_directory_batch
from fieldapp.protocol.statements import ClaimStatement
from sync_server.errors import RefusedBatchError


def author_key(directory: Directory, author: Certificate | None, batch: Batch) -> bytes:
    """Return the Ed25519 key that a batch has to be signed with.

    Raises:
        RefusedBatchError: the device or its invite is not known (yet).
        ProtocolError: a directory body does not parse.
    """
    if author is not None:
        return author.ed
    if batch.header.kind is not Kind.DIRECTORY or batch.is_erased:
        raise RefusedBatchError("unknown_device")
    claim = next(iter(read_directory_batch(batch)), None)
    if not isinstance(claim, ClaimStatement):
        raise RefusedBatchError("unknown_device")
    if directory.invite(claim.invite) is None:
        raise RefusedBatchError("invite_unknown")
    return claim.ed


def check_claim(
    directory: Directory, batch: Batch, first_stored_ms: Callable[[DeviceId], int | None], now: int
) -> None:
    """Hold a new device's batch against the claims of its invite that are here.

    Args:
        directory: the directory as of now.
        batch: a new device's batch, its signature checked.
        first_stored_ms: when the server stored a device's first directory batch.
        now: the server's clock.

    Raises:
        RefusedBatchError: `invite_used`, the first claim is too long ago.
        ProtocolError: a directory body does not parse.
    """
    claims = (row for row in read_directory_batch(batch) if isinstance(row, ClaimStatement))
    for claim in claims:
        invite = directory.invite(claim.invite)
        for rival in invite.claims if invite is not None else ():
            stored = first_stored_ms(rival)
            if stored is not None and now - stored > CONTEST_MS:
                raise RefusedBatchError("invite_used")
