"""The promises of one open vault, read again only where records changed.

Laws:
  * It belongs to the workspace and ends with it: a locked home keeps no word of a record.
  * It decides nothing: what a promise is and when it is closed is the domain's.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from fieldapp.domain.fold import from_json, view
from fieldapp.domain.follow_ups import Matter, matters_of, promise_marks
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import find_record_type
from fieldapp.protocol.ids import RecordId, id_to_text
from fieldapp.storage.search import SearchIndex
from fieldapp.storage.vault import Vault

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A record's promises, and what a line says of the record."""

    declared: RecordType
    matters: tuple[Matter, ...]
    unit: str
    mine: bool


def may_promise(declared: RecordType, raw: bytes) -> bool:
    """Whether a fold as the vault keeps it may hold a promise: most do not, and are not read."""
    return any(f'"{mark}'.encode() in raw for mark in promise_marks(declared))


@dataclass(slots=True)
class Promises:
    """The promises of every record of a vault."""

    by_record: dict[str, Kept] = field(default_factory=dict)
    _change: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def catch_up(self, vault: Vault, index: SearchIndex, best_time_ms: int) -> dict[str, Kept]:
        """Read what changed since the last time, and return all that is known."""
        with self._turn, vault.reading() as tx:
            while rows := tx.records.changed_states(self._change, _AT_ONCE):
                for change, record, raw in rows:
                    self._change = change
                    self._take(index, record, raw, best_time_ms)
            return dict(self.by_record)

    def _take(
        self, index: SearchIndex, record: RecordId, raw: bytes | None, best_time_ms: int
    ) -> None:
        name = id_to_text(record)
        self.by_record.pop(name, None)
        card = index.get(record)
        declared = None if card is None else find_record_type(card.type)
        if raw is None or card is None or declared is None or not may_promise(declared, raw):
            return
        shown = view(from_json(raw), best_time_ms)
        matters = () if shown.deleted else tuple(matters_of(declared, shown.fields))
        if matters:
            self.by_record[name] = Kept(declared, matters, card.unit, card.mine)
