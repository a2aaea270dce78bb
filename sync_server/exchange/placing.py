"""Where a batch stands in its stream: next, beyond a gap, of a new generation, or a fork.

Laws:
  * Nothing honest is refused for its order: what comes early is kept, and the gap is marked.
  * A batch that contradicts one that is kept is forked. It is kept too, shown to the readers,
    and never becomes part of the chain.
  * A stream's directory version does not fall from one batch to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.protocol.batch import Batch, split_seq
from fieldapp.protocol.checks import Head, LinkVerdict, check_link, directory_version_falls
from sync_server.errors import RefusedBatchError
from sync_server.storage.ledger import Ledger
from sync_server.storage.streams import Beside, stream_of


@dataclass(frozen=True, slots=True)
class Place:
    """A verdict on a batch's place.

    Attributes:
        linked: every batch before it is here too.
        forked: it contradicts one that is here.
    """

    linked: bool
    forked: bool = False


def place(ledger: Ledger, batch: Batch) -> Place:
    """Find a batch's place in its stream.

    Raises:
        RefusedBatchError: it names an older directory than the batch before it
            (`directory_version_fell`).
    """
    head = ledger.stream(stream_of(batch))
    known = Head(head.seq, head.hash) if head is not None and head.seq else None
    verdict = check_link(batch, known)
    if head is None:
        return Place(linked=verdict is LinkVerdict.FIRST)
    if verdict is LinkVerdict.NEXT and not head.loose:
        _check_version(batch, head.directory_version)
        return Place(linked=True)
    return _place_beside(batch, ledger.beside(batch))


def _place_beside(batch: Batch, beside: Beside) -> Place:
    """Judge by the neighbours, when the batch is not simply the next one."""
    header, previous = batch.header, beside.previous
    if previous is not None:
        generation, number = split_seq(previous.seq)
        if number + 1 != header.number or generation > header.generation:
            return Place(linked=False, forked=True)
        _check_version(batch, previous.directory_version)
    contradicted = (
        beside.same is not None
        or (beside.before is not None and beside.before.hash != header.prev)
        or (beside.after is not None and beside.after.prev != batch.hash)
    )
    if contradicted:
        return Place(linked=False, forked=True)
    return Place(linked=header.number == 1 or (previous is not None and previous.linked))


def _check_version(batch: Batch, before: int) -> None:
    if directory_version_falls(batch.header, before):
        raise RefusedBatchError("directory_version_fell")
