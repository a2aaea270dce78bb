"""The chain inside one directory stream: what follows what (PROTOCOL 7.5, decision 9).

Laws:
  * Within a generation each batch names the one before it; a second one at the same number is a
    fork and never counts.
  * A higher generation may start from any batch of the stream that counted: a restored device
    goes on from the last header it still had. What it had said before stays said.
  * A void batch keeps its place in the chain; only its statements are without effect.
"""

from enum import Enum

from fieldapp.protocol.directory_log import Entry
from fieldapp.protocol.directory_state import DirectoryState


class Link(Enum):
    """How a batch stands to its stream."""

    NEXT = "next"
    GAP = "gap"
    FORK = "fork"


def link(state: DirectoryState, entry: Entry) -> Link:
    """Place a batch in its stream."""
    heads = state.chains.get((entry.device, entry.channel), ())
    for head in heads:
        if head.generation == entry.generation:
            return _link_to(head, entry)
    if heads and entry.generation < heads[-1].generation:
        return Link.FORK
    return _link_generation(state, entry)


def _link_to(head: Entry, entry: Entry) -> Link:
    if entry.number > head.number + 1:
        return Link.GAP
    if entry.number == head.number + 1 and entry.prev == head.hash:
        return Link.NEXT
    return Link.FORK


def _link_generation(state: DirectoryState, entry: Entry) -> Link:
    if entry.number == 1:
        return Link.NEXT
    base = state.chained.get(entry.prev)
    if base is None:
        return Link.GAP
    same = base.device == entry.device and base.channel == entry.channel
    return Link.NEXT if same and base.number + 1 == entry.number else Link.FORK


def extend(state: DirectoryState, entry: Entry) -> None:
    """Make a batch the head of its generation."""
    key = entry.device, entry.channel
    kept = tuple(head for head in state.chains.get(key, ()) if head.generation != entry.generation)
    state.chains[key] = (*kept, entry)
    state.chained[entry.hash] = entry
