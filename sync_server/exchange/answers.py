"""The answer to a request: who asks, what it may see, and how far it got.

Laws:
  * What was delivered is answered to everybody. What is pulled goes to a known device whose
    hello is signed and timely, and to a revoked one the directory alone, so that it finds the
    signed revocation itself. One that is not trusted gets the directory and what is addressed to
    itself; its office's feed waits until words were compared.
  * A device is served the readers that it followed up to its cursor, found by the cursor's
    digest: a device that changed its office learns of that from the directory first.
  * A cursor of another log counts for nothing; the device starts again from position 0.
  * A device that is told nothing of its heads holds what it wrote: of that it gets hashes only.
  * Receipts, heads and items of an answer come from one moment of the database.

Realises docs/PROTOCOL.md section 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from fieldapp.errors import CryptoError
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.checks import check_hello
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.feeds import followed_readers
from fieldapp.protocol.hashing import ZERO_HASH, cursor_digest, heads_digest
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import (
    RUNNING_HASH_BYTES,
    START,
    UNKNOWN_LOG,
    Cursor,
    FeedItem,
    Hello,
    StreamHead,
)
from fieldapp.protocol.receipts import Receipt, parse_receipt
from sync_server.auth import verify
from sync_server.storage.pages import Feed, Moment
from sync_server.storage.tables import LARGEST

UNKNOWN_DEVICE: Final = "unknown_device"
BAD_SIGNATURE: Final = "bad_signature"
CLOCK_WRONG: Final = "clock_wrong"
DEVICE_REVOKED: Final = "device_revoked"
CLIENT_TOO_OLD: Final = "client_too_old"

OLDEST_PROTOCOL: Final = 1
STOOD_BACK: Final = 1_000


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as the directory knows.

    Attributes:
        notices: what the device has to be told.
        followed: the sets of readers that it may be following, the newest first.
        may_pull: whether it gets any feed.
        withheld: the offices that it may believe to follow, of a device that is not trusted.
    """

    notices: tuple[str, ...] = ()
    followed: tuple[tuple[ReaderId, ...], ...] = ()
    may_pull: bool = False
    withheld: tuple[ReaderId, ...] = ()


@dataclass(frozen=True, slots=True)
class Pull:
    """What a device gets beside the answers to what it delivered."""

    heads: tuple[StreamHead, ...] | None = None
    items: tuple[FeedItem, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    snapshot: bytes = b""
    cursor: Cursor = START
    more: bool = False


def judge_hello(directory: Directory, hello: Hello, *, now_ms: int, tolerance_ms: int) -> Asker:
    """Decide what a hello is worth."""
    certificate = directory.device(hello.device)
    if certificate is None:
        return Asker((UNKNOWN_DEVICE,))
    try:
        check_hello(hello, certificate.ed, verify)
    except CryptoError:
        return Asker((BAD_SIGNATURE,))
    notices = [] if hello.protocol >= OLDEST_PROTOCOL else [CLIENT_TOO_OLD]
    if abs(hello.time_ms - now_ms) > tolerance_ms:
        return Asker((*notices, CLOCK_WRONG))
    if certificate.state is State.REVOKED:
        return Asker((*notices, DEVICE_REVOKED), (_directory_only(certificate),), may_pull=True)
    history = directory.history(hello.device)
    followed = dict.fromkeys(followed_readers(old) for old in reversed(history))
    if certificate.state is not State.ACTIVE:
        believed = followed_readers(replace(certificate, state=State.ACTIVE))
        offices = tuple(one for one in believed if one not in followed_readers(certificate))
        return Asker(tuple(notices), tuple(followed), may_pull=True, withheld=offices)
    before_trusted = followed_readers(replace(certificate, state=State.UNCONFIRMED))
    followed.setdefault(before_trusted)
    return Asker(tuple(notices), tuple(followed), may_pull=True)


def _directory_only(certificate: Certificate) -> tuple[ReaderId, ...]:
    own = {bytes(certificate.device), bytes(certificate.office_id)}
    return tuple(reader for reader in followed_readers(certificate) if bytes(reader) not in own)


def read_pull(
    moment: Moment,
    log_id: bytes,
    hello: Hello,
    asker: Asker,
    *,
    own_heads_digest: bytes | None,
    budget: int,
) -> Pull:
    """Read what a device may pull.

    Args:
        moment: one moment of the database.
        log_id: which log this is.
        hello: what it asks.
        asker: who it is.
        own_heads_digest: what it believes of its own streams.
        budget: most bytes of items.
    """
    heads = moment.heads_of(hello.device)
    told = None
    if own_heads_digest is not None and own_heads_digest != heads_digest(heads):
        told = tuple(StreamHead(*head) for head in heads)
    if hello.log_id not in {UNKNOWN_LOG, log_id}:
        return Pull(heads=told)
    after = min(hello.cursor.position, LARGEST)
    feeds = _feeds(moment, replace(hello.cursor, position=after), asker)
    holds_own = own_heads_digest is not None and told is None
    page = moment.read_page(hello.device, feeds, after=after, budget=budget, holds_own=holds_own)
    return Pull(
        heads=told,
        items=tuple(
            FeedItem(item.position, item.reader, item.previous[:RUNNING_HASH_BYTES], item.raw)
            for item in page.items
        ),
        receipts=tuple(map(parse_receipt, page.receipts)),
        snapshot=page.snapshot,
        cursor=Cursor(page.end, cursor_digest(page.running.items())),
        more=page.more,
    )


def _feeds(moment: Moment, cursor: Cursor, asker: Asker) -> dict[ReaderId, Feed]:
    """Find the readers that a cursor stands for, as they are seen from its position."""
    candidates: Iterator[dict[ReaderId, Feed]] = (
        moment.feeds(readers, cursor.position) for readers in asker.followed
    )
    newest = next(candidates)
    if _digest(newest) == cursor.digest:
        return newest
    if asker.withheld:
        candidates = _standing_still(moment, cursor, newest, asker.withheld)
    return next((old for old in candidates if _digest(old) == cursor.digest), newest)


def _standing_still(
    moment: Moment, cursor: Cursor, feeds: dict[ReaderId, Feed], offices: tuple[ReaderId, ...]
) -> Iterator[dict[ReaderId, Feed]]:
    """Let a device's offices stand where the device believes them to be, with nothing more in them.

    A device that does not know yet that it is not trusted counts its offices' feeds in; what the
    directory says of it comes in pages, while those feeds go on behind it. They all stopped at one
    moment. Beyond ``STOOD_BACK`` items it reads its feed again from the beginning.
    """
    past = {one: moment.past(one, cursor.position, STOOD_BACK) for one in offices}
    moved = {position for rows in past.values() for position, _ in rows}
    for stopped in (0, *sorted(moved, reverse=True)):
        stand = {one: Feed(_as_of(rows, stopped), has_more=False) for one, rows in past.items()}
        yield {**feeds, **stand}


def _as_of(rows: list[tuple[int, bytes]], position: int) -> bytes:
    """Give the running hash of a feed as of a position; its rows come newest first."""
    return next((running for at, running in rows if at <= position), ZERO_HASH)


def _digest(feeds: dict[ReaderId, Feed]) -> bytes:
    return cursor_digest((reader, feed.running) for reader, feed in feeds.items())
