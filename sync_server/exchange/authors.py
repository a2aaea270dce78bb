"""Whose key a batch must be signed with.

Laws:
  * A known device signs with the key of its certificate.
  * A new device brings its key in its claim, which an invite vouches for; the first root brings
    the keys of headquarters' devices. Both are number 1 of their stream and stand alone.
  * Whoever is neither is unknown: the batch may come again once the directory knows more.
"""

from __future__ import annotations

from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.directory import Directory
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
