"""A card: what lists and search show of a record, small enough to hold thousands in memory.

Laws:
  * A card is made from a record's fold and is rewritten with it; it is never the only place of a
    fact.
  * Titles are kept in every language, so that a change of language needs no unlocking anew.
  * ``extra`` is for whoever makes the cards; storage carries it and looks at nothing in it.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from fieldapp.domain.text import Text
from fieldapp.errors import DatabaseDamagedError
from fieldapp.protocol.strict_json import dumps

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Card(NamedTuple):
    """What a list shows of a record.

    Attributes:
        words: further text that search finds and no list shows.
        state: whatever word the maker filters by ("sealed", "open" …).
        author: the author's device as text.
        due_ms: by when somebody should have acted, None when nothing is awaited.
    """

    type: str
    unit: str
    title: Text
    subtitle: Text | None = None
    words: str = ""
    state: str = "sealed"
    updated_ms: int = 0
    urgency: str | None = None
    author: str = ""
    mine: bool = False
    conflicted: bool = False
    due_ms: int | None = None
    extra: Mapping[str, Any] = _NOTHING

    def to_json(self) -> bytes:
        """Return the card as the vault keeps it."""
        return dumps(self.document())

    def document(self) -> dict[str, Any]:
        """Return the card as plain JSON values, what is empty left out."""
        document: dict[str, Any] = {
            "t": self.type,
            "u": self.unit,
            "n": [self.title.en, self.title.sw],
            "k": self.state,
            "m": self.updated_ms,
            "a": self.author,
        }
        if self.subtitle is not None:
            document["s"] = [self.subtitle.en, self.subtitle.sw]
        if self.words:
            document["w"] = self.words
        if self.urgency is not None:
            document["g"] = self.urgency
        if self.mine:
            document["i"] = 1
        if self.conflicted:
            document["c"] = 1
        if self.due_ms is not None:
            document["d"] = self.due_ms
        if self.extra:
            document["e"] = dict(self.extra)
        return document


def card_from_json(raw: bytes) -> Card:
    """Read a card back.

    Raises:
        DatabaseDamagedError: the bytes are not what ``to_json`` wrote.
    """
    try:
        return card_from_document(json.loads(raw))
    except ValueError as problem:
        raise DatabaseDamagedError(reason="card") from problem


def card_from_document(document: dict[str, Any]) -> Card:
    """Make a card of its parsed JSON.

    Raises:
        DatabaseDamagedError: it is not what ``to_json`` wrote.
    """
    try:
        get = document.get
        subtitle = get("s")
        return Card(
            type=document["t"],
            unit=document["u"],
            title=Text(*document["n"]),
            subtitle=Text(*subtitle) if subtitle else None,
            words=get("w", ""),
            state=document["k"],
            updated_ms=document["m"],
            urgency=get("g"),
            author=document["a"],
            mine="i" in document,
            conflicted="c" in document,
            due_ms=get("d"),
            extra=get("e", {}),
        )
    except (AttributeError, ValueError, KeyError, TypeError) as problem:
        raise DatabaseDamagedError(reason="card") from problem
