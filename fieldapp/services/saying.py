"""Saying something in the directory: queued only if every replica would count it.

Laws:
  * The statement, what follows from it and its place in the outbox are one transaction.
  * What the directory would not count is refused with its reason, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from fieldapp.errors import NoRightError
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import UnitId
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction


@contextmanager
def saying(work: Workspace) -> Iterator[Transaction]:
    """One transaction in which statements of our own stream are queued, if they would count.

    Raises:
        NoRightError: the directory says why not; nothing was kept.
    """
    channel = Channel(UnitId(work.profile.unit), ChannelClass.DIRECTORY).id
    with work.lock:
        with ExitStack() as undo:
            undo.callback(work.device.reload)  # What was refused stands in the one in memory.
            with work.vault.transaction() as tx:
                known = {row[1] for row in tx.batches.sequence(work.keys.device, channel)}
                yield tx
                ours = {row[1] for row in tx.batches.sequence(work.keys.device, channel)} - known
                _refuse_void(work, ours)
            undo.pop_all()
        work.note_own_statements()


def _refuse_void(work: Workspace, ours: set[bytes]) -> None:
    """Refuse what no replica would count.

    Raises:
        NoRightError: the directory says why not.
    """
    for void in (*work.directory.voided, *work.directory.waiting):
        if void.hash in ours:
            raise NoRightError("not_allowed_by_directory", reason=void.reason.value)
