"""An entry: one change of one record, written once and never again.

Laws:
  * An entry is a compact JSON object. Its bytes are hashed and sealed as they are; nobody ever
    re-encodes an entry that was received.
  * Keys: ``r`` record, ``y`` type, ``x`` unit, ``t`` stamp (16 hexadecimal digits), ``o`` what it
    does, ``f`` path to value, ``b`` path to the dots it replaces, ``u`` officer, ``v`` schema
    version, ``m`` reason, ``c`` 1 when the clock was unsure. Empty keys are left out.
  * What another version added is carried along in ``extra``, not dropped.
  * Decoding is strict: a wrong shape raises and the caller quarantines.

A dot is ``stamp + device`` as text: 16 hexadecimal digits, then the device's 26 letters. Dots sort
by time, then by device, and name one entry everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, cast

from fieldapp.domain.paths import PATH_PATTERN, is_path
from fieldapp.errors import InvalidRecordError, InvalidUnitError, ProtocolError
from fieldapp.protocol.ids import DeviceId, RecordId, UnitId, id_to_text, text_to_id
from fieldapp.protocol.strict_json import dumps, loads
from fieldapp.protocol.units import parse_unit

Op = Literal["s", "a", "d"]
RECORD_BYTES = 16
STAMP_DIGITS = 16
DEVICE_LETTERS = 26
DOT_LENGTH = STAMP_DIGITS + DEVICE_LETTERS
_STAMP = re.compile("[0-9a-f]{16}")
_DOT = re.compile("[0-9a-f]{16}[0-9a-hjkmnp-tv-z]{26}")
_PATH_LINES = re.compile(f"(?:{PATH_PATTERN}\n)*+")
_KNOWN_KEYS = frozenset("ryxtofbuvmc")
_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


class Entry(NamedTuple):
    """One change; a tuple, for thousands are read in a sync.

    Attributes:
        op: ``s`` sets fields, ``a`` only adds items to lists, ``d`` deletes the record.
        fields: flat path to value; None clears a field or removes an item.
        replaced: flat path to the dots whose values this entry's author had seen there.
        officer: the name or number of the person, as the officer record spells it.
        schema: the version of the record type that wrote it.
        unsure: the device's clock could not be right.
        raw: the bytes it was decoded from.
    """

    record: RecordId
    type: str
    unit: UnitId
    stamp: int
    op: Op = "s"
    fields: Mapping[str, Any] = _EMPTY
    replaced: Mapping[str, tuple[str, ...]] = _EMPTY
    officer: str = ""
    schema: int = 1
    reason: str = ""
    unsure: bool = False
    extra: Mapping[str, Any] = _EMPTY
    raw: bytes | None = None


@lru_cache(maxsize=4096)
def device_text(device: DeviceId) -> str:
    """Spell a device as dots and lists do."""
    return id_to_text(device)


def dot_of(stamp: int, device: DeviceId) -> str:
    """Name the entry that a device stamped."""
    return f"{stamp:016x}{device_text(device)}"


def dot_stamp(dot: str) -> int:
    """Return the stamp inside a dot."""
    return int(dot[:STAMP_DIGITS], 16)


def dot_device(dot: str) -> str:
    """Return the device inside a dot, as text."""
    return dot[STAMP_DIGITS:]


def encode_entry(entry: Entry) -> bytes:
    """Write an entry as the bytes that are sealed."""
    document: dict[str, Any] = {
        "r": id_to_text(entry.record),
        "y": entry.type,
        "x": entry.unit,
        "t": f"{entry.stamp:016x}",
        "o": entry.op,
        "v": entry.schema,
    }
    if entry.officer:
        document["u"] = entry.officer
    if entry.fields:
        document["f"] = dict(entry.fields)
    if entry.replaced:
        document["b"] = {path: list(dots) for path, dots in entry.replaced.items()}
    if entry.reason:
        document["m"] = entry.reason
    if entry.unsure:
        document["c"] = 1
    document.update(entry.extra)
    return dumps(document)


def decode_entry(raw: bytes) -> Entry:
    """Read an entry.

    Raises:
        InvalidRecordError: the bytes are no entry; ``reason`` says at which key.
    """
    try:
        document = loads(raw)
    except ProtocolError as problem:
        raise _refuse("json") from problem
    if not isinstance(document, dict):
        raise _refuse("object")
    return _checked(document, raw)


def _checked(document: dict[str, Any], raw: bytes) -> Entry:
    get = document.get
    stamp, op, fields = get("t"), get("o"), get("f", {})
    if not isinstance(stamp, str) or _STAMP.fullmatch(stamp) is None:
        raise _refuse("t")
    if op not in {"s", "a", "d"}:
        raise _refuse("o")
    if not isinstance(fields, dict) or not _are_paths(fields):
        raise _refuse("f")
    officer, reason = get("u", ""), get("m", "")
    if not isinstance(officer, str) or not isinstance(reason, str):
        raise _refuse("u")
    extra = document.keys() - _KNOWN_KEYS
    return Entry(
        record=_record(get("r")),
        type=_type(get("y")),
        unit=_unit(get("x")),
        stamp=int(stamp, 16),
        op=cast("Op", op),
        fields=fields,
        replaced=_replaced(document["b"]) if "b" in document else {},
        officer=officer,
        schema=_schema(get("v")),
        reason=reason,
        unsure=get("c") == 1,
        extra={key: document[key] for key in sorted(extra)} if extra else {},
        raw=raw,
    )


def _refuse(reason: str) -> InvalidRecordError:
    return InvalidRecordError("invalid_entry", reason=reason)


def _are_paths(paths: Collection[str]) -> bool:
    """Check the spelling of all paths at once, which is much faster than one by one."""
    lines = "\n".join((*paths, ""))
    return lines.count("\n") == len(paths) and _PATH_LINES.fullmatch(lines) is not None


def _record(text: object) -> RecordId:
    if not isinstance(text, str):
        raise _refuse("r")
    try:
        return RecordId(text_to_id(text, RECORD_BYTES))
    except ProtocolError as problem:
        raise _refuse("r") from problem


def _type(text: object) -> str:
    if not isinstance(text, str) or not is_path(text) or "/" in text:
        raise _refuse("y")
    return text


@lru_cache(maxsize=4096)
def _known_unit(text: str) -> UnitId:
    return parse_unit(text)


def _unit(text: object) -> UnitId:
    if not isinstance(text, str):
        raise _refuse("x")
    try:
        return _known_unit(text)
    except InvalidUnitError as problem:
        raise _refuse("x") from problem


def _schema(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise _refuse("v")
    return number


def _replaced(raw: object) -> dict[str, tuple[str, ...]]:
    """Read the dots that were replaced, path by path."""
    if not isinstance(raw, dict):
        raise _refuse("b")
    replaced: dict[str, tuple[str, ...]] = {}
    for path, dots in raw.items():
        if (path and not is_path(path)) or not isinstance(dots, list) or not _are_dots(dots):
            raise _refuse("b")
        replaced[path] = tuple(dots)
    return replaced


def _are_dots(dots: list[object]) -> bool:
    return all(isinstance(dot, str) and _DOT.fullmatch(dot) for dot in dots)
