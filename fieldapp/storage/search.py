"""Lists and search over the cards in memory.

Laws:
  * Every word asked for must begin a word of the card, in whatever case or accents.
  * Newest first, ties by record id: the same question gives the same page.
  * A unit finds everything at or below it, by whole segments of the id.
  * Nothing here is written to disk; the index ends with the unlocked vault.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fieldapp.errors import DatabaseDamagedError
from fieldapp.protocol.ids import RecordId
from fieldapp.storage.cards import Card, card_from_document, card_from_json

_ACCENTS = re.compile("[\u0300-\u036f]+")
_NOT_WORD = re.compile(r"[\W_]+")
_ASCII = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128))
_ASCII += bytes(128)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; None and empty ask for everything.

    Attributes:
        without: types that are passed over.
        mine: records that we wrote, or those that we did not.
        among: only these records.
        beyond: records that are passed over.
    """

    text: str = ""
    type: str | None = None
    unit: str | None = None
    state: str | None = None
    without: tuple[str, ...] = ()
    mine: bool | None = None
    among: frozenset[RecordId] | None = None
    beyond: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of cards, and how many there are in all."""

    rows: tuple[tuple[RecordId, Card], ...]
    total: int


@dataclass(slots=True)
class _Entry:
    order: tuple[int, bytes]
    record: RecordId
    type: str
    unit: str
    state: str
    words: str
    document: dict[str, Any]


class SearchIndex:
    """The cards of an unlocked vault; safe to share between threads.

    A card is parsed when somebody first looks, so that a pull of thousands waits for none of it.
    Only what filters need is taken out of it then; a ``Card`` is made when a page shows it.
    """

    def __init__(self, cards: Iterable[tuple[RecordId, bytes]] = ()) -> None:
        self._lock = threading.Lock()
        self._unread = dict(cards)
        self._entries: dict[RecordId, _Entry] = {}
        self._ordered: list[_Entry] | None = None

    def __len__(self) -> int:
        return len(self._newest_first())

    def put(self, record: RecordId, card: Card) -> None:
        """Add or replace a card."""
        self.put_json(record, card.to_json())

    def put_json(self, record: RecordId, raw: bytes) -> None:
        """Add or replace a card as the vault keeps it."""
        with self._lock:
            self._unread[record] = raw
            self._ordered = None

    def remove(self, record: RecordId) -> None:
        """Take a card out, if it is there."""
        with self._lock:
            self._unread.pop(record, None)
            self._entries.pop(record, None)
            self._ordered = None

    def get(self, record: RecordId) -> Card | None:
        """Return the card of a record."""
        with self._lock:
            raw, entry = self._unread.get(record), self._entries.get(record)
        if raw is not None:
            return card_from_json(raw)
        return None if entry is None else card_from_document(entry.document)

    def search(self, query: Query, *, offset: int = 0, limit: int = 50) -> Page:
        """Return a page of what matches, newest first."""
        found = self._newest_first()
        for accepts in _conditions(query):
            found = [entry for entry in found if accepts(entry)]
        for word in fold_words(query.text).split():
            start = " " + word
            found = [entry for entry in found if start in entry.words]
        page = found[offset : offset + limit]
        rows = tuple((entry.record, card_from_document(entry.document)) for entry in page)
        return Page(rows, len(found))

    def pressing(self, now_ms: int) -> frozenset[RecordId]:
        """Return the records that were changed in two places or whose time to act has passed."""
        return frozenset(
            entry.record
            for entry in self._newest_first()
            if "c" in entry.document or entry.document.get("d", now_ms) < now_ms
        )

    def _newest_first(self) -> list[_Entry]:
        with self._lock:
            if self._ordered is None:
                self._entries |= {
                    record: _parsed(record, raw) for record, raw in self._unread.items()
                }
                self._unread.clear()
                self._ordered = sorted(self._entries.values(), key=lambda entry: entry.order)
            return self._ordered


def fold_words(text: str) -> str:
    """Return text as search compares it: plain small letters, one space before each word.

    >>> fold_words("Mkutano wa Baraza: Ng'ombe, Café")
    ' mkutano wa baraza ngombe cafe'
    """
    if text.isascii():
        letters = text.encode("ascii").translate(_ASCII, b"'")
        words = b" ".join(letters.split()).decode("ascii")
    else:
        folded = text.replace("'", "").replace("’", "").casefold()
        folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded))
        words = _NOT_WORD.sub(" ", folded).strip()
    return " " + words if words else ""


def _parsed(record: RecordId, raw: bytes) -> _Entry:
    try:
        return _entry(record, json.loads(raw))
    except (ValueError, KeyError, TypeError) as problem:
        raise DatabaseDamagedError(reason="card") from problem


def _entry(record: RecordId, document: dict[str, Any]) -> _Entry:
    parts = dict.fromkeys([*document["n"], *document.get("s", ()), document.get("w", "")])
    return _Entry(
        (-document["m"], record),
        record,
        document["t"],
        document["u"],
        document["k"],
        fold_words(" ".join(parts)),
        document,
    )


def _conditions(query: Query) -> Iterator[Callable[[_Entry], bool]]:
    """Give what an entry must be to match, leaving out what is not asked for."""
    if query.type is not None:
        yield lambda entry: entry.type == query.type
    if query.without:
        yield lambda entry: entry.type not in query.without
    if query.state is not None:
        yield lambda entry: entry.state == query.state
    if query.mine is not None:
        yield lambda entry: ("i" in entry.document) is query.mine
    if (among := query.among) is not None:
        yield lambda entry: entry.record in among
    if query.beyond:
        yield lambda entry: entry.record not in query.beyond
    if (unit := query.unit) is not None:
        yield lambda entry: entry.unit == unit or entry.unit.startswith(unit + "-")
