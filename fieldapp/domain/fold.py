"""The one fold: entries in, the state of a record out, whatever their order and number.

Laws:
  * Folding is commutative, associative and idempotent: replicas that hold the same entries hold
    equal states. Nothing here reads a clock.
  * Each path is a multi-value register: its heads are the values that no known entry replaced.
    One head is the normal case; two or more are a conflict, and all of them are kept.
  * An entry takes away exactly the heads it names. A replaced dot stays named for ever, so that
    its entry may arrive later, or again, and changes nothing.
  * A delete is a head at the empty path. The fields stay, so that the history can be shown.
  * Unknown fields are paths like any other.
  * A view shows the head with the greatest stamp, ties by device; a head that is held back (its
    stamp lies more than a day ahead of the reader's best time) loses to any that is not. What
    lost is a ``Conflict`` until a later entry names it as replaced; nothing is hidden.

``to_json`` of a record with one entry is that entry's own bytes with its author in front:
most records are written once, and this costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fieldapp.domain.clock import is_held_back, stamp_millis
from fieldapp.domain.entries import (
    DEVICE_LETTERS,
    RECORD_BYTES,
    Entry,
    decode_entry,
    dot_device,
    dot_of,
    dot_stamp,
    encode_entry,
)
from fieldapp.domain.paths import nest, outermost
from fieldapp.errors import DatabaseDamagedError, FieldAppError, InvalidRecordError
from fieldapp.protocol.ids import DeviceId, RecordId, UnitId, id_to_text, text_to_id

Heads = dict[str, dict[str, Any]]
DELETED = ""
_AUTHOR = b'{"a":"'
_AUTHOR_BYTES = len(_AUTHOR) + DEVICE_LETTERS + len('",')


@dataclass(slots=True)
class RecordState:
    """What is known of a record; treat it as frozen, ``fold`` returns a new one.

    Attributes:
        first: the smallest dot of all entries; it says who made the record, and when.
        last: the greatest dot.
        base: paths whose only head is the value of the ``first`` entry.
        heads: every other path: dot to value.
        replaced: path to every dot that was ever replaced there, sorted.
        raw: the bytes of the one entry folded so far, while there is only one.
    """

    record: RecordId
    type: str
    unit: UnitId
    first: str
    last: str
    officer: str
    base: dict[str, Any]
    heads: Heads = field(default_factory=dict)
    replaced: dict[str, tuple[str, ...]] = field(default_factory=dict)
    raw: bytes | None = field(default=None, compare=False, repr=False)

    @property
    def only(self) -> Entry | None:
        """The one entry folded so far, while there is only one."""
        return None if self.raw is None else decode_entry(self.raw)

    def heads_of(self, path: str) -> dict[str, Any]:
        """Return dot to value for one path; empty when it was never set."""
        if path in self.base:
            return {self.first: self.base[path]}
        return self.heads.get(path, {})

    def refs(self, paths: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        """Name the dots that a change of these paths replaces."""
        found = {path: tuple(sorted(self.heads_of(path))) for path in paths}
        return {path: dots for path, dots in found.items() if dots}


def fold(state: RecordState | None, entry: Entry, device: DeviceId) -> RecordState:
    """Fold one entry into a record's state.

    Args:
        state: what is known so far; None for the first entry of a record.
        entry: the entry; its record must be the state's.
        device: who wrote it, as the batch's signature says.

    Raises:
        InvalidRecordError: the entry belongs to another record.
    """
    dot = dot_of(entry.stamp, device)
    if state is None:
        return _fresh(entry, dot)
    if entry.record != state.record:
        raise InvalidRecordError("invalid_entry", reason="record")
    if state.first == dot and state.raw is not None and state.raw == _bytes_of(entry):
        return state
    return _merge(state, entry, dot)


def _fresh(entry: Entry, dot: str) -> RecordState:
    """Make the state of a record from its first entry: the case that has to be fast."""
    if entry.op == "d" or entry.replaced:
        return _merge(_empty(entry, dot), entry, dot)
    return RecordState(
        record=entry.record,
        type=entry.type,
        unit=entry.unit,
        first=dot,
        last=dot,
        officer=entry.officer,
        base=dict(entry.fields),
        raw=_bytes_of(entry),
    )


def _bytes_of(entry: Entry) -> bytes:
    """Return an entry from its brace on; its author may have put blanks in front."""
    return (entry.raw or encode_entry(entry)).lstrip()


def _empty(entry: Entry, dot: str) -> RecordState:
    return RecordState(entry.record, entry.type, entry.unit, dot, dot, entry.officer, {})


def _merge(state: RecordState, entry: Entry, dot: str) -> RecordState:
    """Fold an entry into a state that may hold anything."""
    heads = _all_heads(state)
    replaced = {path: set(dots) for path, dots in state.replaced.items()}
    for path, dots in entry.replaced.items():
        replaced.setdefault(path, set()).update(dots)
        for old in dots:
            heads.get(path, {}).pop(old, None)
    for path, value in _writes(entry).items():
        if dot not in replaced.get(path, ()):
            found = heads.setdefault(path, {})
            found[dot] = _greater(found[dot], value) if dot in found else value
    earliest = _identity(entry, dot) < (state.first, state.type, state.unit, state.officer)
    source: Entry | RecordState = entry if earliest else state
    merged = RecordState(
        record=state.record,
        type=source.type,
        unit=source.unit,
        first=min(dot, state.first),
        last=max(dot, state.last),
        officer=source.officer,
        base={},
        replaced={path: tuple(sorted(dots)) for path, dots in sorted(replaced.items()) if dots},
    )
    _settle(merged, heads)
    return merged


def _identity(entry: Entry, dot: str) -> tuple[str, str, str, str]:
    """Order entries by who was first; one dot used twice still has one order."""
    return (dot, entry.type, entry.unit, entry.officer)


def _all_heads(state: RecordState) -> Heads:
    """Copy the heads of every path, the base included."""
    heads = {path: {state.first: value} for path, value in state.base.items()}
    heads.update({path: dict(found) for path, found in state.heads.items()})
    return heads


def _writes(entry: Entry) -> dict[str, Any]:
    """List what an entry writes; a delete writes at the empty path."""
    writes = dict(entry.fields)
    if entry.op == "d":
        writes[DELETED] = entry.reason
    return writes


def _greater(one: object, other: object) -> object:
    """Choose between two values of one dot, which only a broken writer makes."""
    return max(one, other, key=lambda value: json.dumps(value, sort_keys=True))


def _settle(state: RecordState, heads: Heads) -> None:
    """Sort the heads into the base and the rest, in the order of paths."""
    for path in sorted(heads):
        found = heads[path]
        if len(found) == 1 and state.first in found and path != DELETED:
            state.base[path] = found[state.first]
        elif found:
            state.heads[path] = dict(sorted(found.items()))


def to_json(state: RecordState) -> bytes:
    """Write a state as storage keeps it."""
    if state.raw is not None:
        return _AUTHOR + dot_device(state.first).encode("ascii") + b'",' + state.raw[1:]
    document = {
        "r": id_to_text(state.record),
        "y": state.type,
        "x": state.unit,
        "d": state.first,
        "l": state.last,
        "u": state.officer,
        "f": state.base,
        "h": state.heads,
        "b": state.replaced,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def from_json(raw: bytes) -> RecordState:
    """Read a state back from storage.

    Raises:
        DatabaseDamagedError: the bytes are not what ``to_json`` wrote.
    """
    try:
        document = json.loads(raw)
        if raw.startswith(_AUTHOR):
            return _state_from_entry(document, raw)
        return _state_from_document(document)
    except (ValueError, KeyError, TypeError, AttributeError, FieldAppError) as problem:
        raise DatabaseDamagedError(reason="record_state") from problem


def _state_from_entry(document: dict[str, Any], raw: bytes) -> RecordState:
    """Read an entry with its author in front, which was checked when it came.

    The author is taken from the front: an entry may have a key of the same name.
    """
    dot = document["t"] + raw[len(_AUTHOR) : len(_AUTHOR) + DEVICE_LETTERS].decode("ascii")
    return RecordState(
        record=RecordId(text_to_id(document["r"], RECORD_BYTES)),
        type=document["y"],
        unit=UnitId(document["x"]),
        first=dot,
        last=dot,
        officer=document.get("u", ""),
        base=document.get("f", {}),
        raw=b"{" + raw[_AUTHOR_BYTES:],
    )


def _state_from_document(document: dict[str, Any]) -> RecordState:
    return RecordState(
        record=RecordId(text_to_id(document["r"], RECORD_BYTES)),
        type=document["y"],
        unit=UnitId(document["x"]),
        first=document["d"],
        last=document["l"],
        officer=document["u"],
        base=document["f"],
        heads=document["h"],
        replaced={path: tuple(dots) for path, dots in document["b"].items()},
    )


@dataclass(frozen=True, slots=True)
class Conflict:
    """A path changed in two places: what stands, and one value that lost."""

    path: str
    kept: Any
    lost: Any
    lost_device: str
    at_ms: int
    kept_device: str = ""


class RecordView(NamedTuple):
    """A record as it stands at a best time; ``author`` is a device as text."""

    fields: dict[str, Any]
    conflicts: tuple[Conflict, ...]
    created_at: int
    updated_at: int
    author: str
    officer: str
    deleted: bool
    held: tuple[str, ...]


def view(state: RecordState, best_time_ms: int) -> RecordView:
    """Show a record's state.

    Args:
        state: the folded record.
        best_time_ms: the later of the own clock and the last time that a server signed.
    """
    return _view(state, best_time_ms, nest)


def outline(state: RecordState, best_time_ms: int) -> RecordView:
    """Show a record's state without its lists of items, which is what titles are made of."""
    return _view(state, best_time_ms, outermost)


def _view(
    state: RecordState, best_time_ms: int, as_document: Callable[[dict[str, Any]], dict[str, Any]]
) -> RecordView:
    flat = dict(state.base)
    conflicts: list[Conflict] = []
    held = list(flat) if is_held_back(dot_stamp(state.first), best_time_ms) else []
    for path, heads in state.heads.items():
        if path == DELETED:
            continue
        order = sorted(heads, key=lambda dot: (not _held(dot, best_time_ms), dot))
        winner = order.pop()
        flat[path] = heads[winner]
        if _held(winner, best_time_ms):
            held.append(path)
        conflicts += [_conflict(path, heads, winner, dot) for dot in reversed(order)]
    if state.heads:
        conflicts += _lost_with_items(state, flat)
    return RecordView(
        fields=as_document(flat),
        conflicts=tuple(c for c in conflicts if c.kept != c.lost),
        created_at=stamp_millis(dot_stamp(state.first)),
        updated_at=stamp_millis(dot_stamp(state.last)),
        author=dot_device(state.first),
        officer=state.officer,
        deleted=bool(state.heads.get(DELETED)),
        held=tuple(sorted(held)),
    )


def _held(dot: str, best_time_ms: int) -> bool:
    return is_held_back(dot_stamp(dot), best_time_ms)


def _conflict(path: str, heads: dict[str, Any], winner: str, dot: str) -> Conflict:
    at_ms = stamp_millis(dot_stamp(dot))
    return Conflict(path, heads[winner], heads[dot], dot_device(dot), at_ms, dot_device(winner))


def _lost_with_items(state: RecordState, flat: dict[str, Any]) -> list[Conflict]:
    """Find words that were written into an item after somebody else removed it."""
    lost: list[Conflict] = []
    for path in [p for p, v in flat.items() if v is None and p.count("/") == 1]:
        removed_at = max(state.heads_of(path), default="")
        for inner, value in flat.items():
            if value is None or not inner.startswith(path + "/"):
                continue
            dot = max(state.heads_of(inner))
            if dot > removed_at:
                at_ms = stamp_millis(dot_stamp(dot))
                lost.append(Conflict(inner, None, value, dot_device(dot), at_ms))
    return lost
