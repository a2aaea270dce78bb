"""Reading the fields of JSON objects that came from outside, one kind of value at a time.

Laws:
  * A field that is missing, of another type or out of bounds is refused with its name; its value
    is never repeated.
  * ``bool`` is no number here, and base 64 and hex have exactly one spelling.
  * Keys that nobody asks for are left alone: a newer version may have written them.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Final

from fieldapp.errors import MalformedMessageError

MAX_NATURAL: Final = 0xFFFF_FFFF_FFFF_FFFF


def as_object(value: object) -> Mapping[str, object]:
    """Take a JSON value as an object.

    Raises:
        MalformedMessageError: it is none.
    """
    if not isinstance(value, dict):
        raise MalformedMessageError(reason="not_an_object")
    return value


def as_array(value: object, *, limit: int) -> list[object]:
    """Take a JSON value as an array of at most ``limit`` values.

    Raises:
        MalformedMessageError: it is none, or longer.
    """
    if not isinstance(value, list) or len(value) > limit:
        raise MalformedMessageError(reason="not_an_array")
    return value


def field_text(fields: Mapping[str, object], name: str, *, limit: int) -> str:
    """Take a field as text of at most ``limit`` characters.

    Raises:
        MalformedMessageError: it is missing, no text, or longer.
    """
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > limit:
        raise MalformedMessageError(reason="text", field=name)
    return value


def field_natural(fields: Mapping[str, object], name: str, *, limit: int = MAX_NATURAL) -> int:
    """Take a field as a whole number from 0 to ``limit``.

    Raises:
        MalformedMessageError: it is missing, no whole number, or out of range.
    """
    return as_natural(fields.get(name), name, limit=limit)


def as_natural(value: object, name: str, *, limit: int = MAX_NATURAL) -> int:
    """Take a JSON value as a whole number from 0 to ``limit``.

    Raises:
        MalformedMessageError: it is none, or out of range.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= limit:
        raise MalformedMessageError(reason="number", field=name)
    return value


def field_flag(fields: Mapping[str, object], name: str) -> bool:
    """Take a field as true or false.

    Raises:
        MalformedMessageError: it is missing or neither.
    """
    value = fields.get(name)
    if not isinstance(value, bool):
        raise MalformedMessageError(reason="flag", field=name)
    return value


def field_hex(fields: Mapping[str, object], name: str, *, length: int) -> bytes:
    """Take a field as ``length`` bytes in lower-case hex.

    Raises:
        MalformedMessageError: it is missing, no hex, or of another length.
    """
    return as_hex(fields.get(name), name, length=length)


def as_hex(value: object, name: str, *, length: int) -> bytes:
    """Take a JSON value as ``length`` bytes in lower-case hex.

    Raises:
        MalformedMessageError: it is no hex, or of another length.
    """
    raw = _decoded(value, bytes.fromhex, name)
    if len(raw) != length or raw.hex() != value:
        raise MalformedMessageError(reason="hex", field=name)
    return raw


def field_b64(fields: Mapping[str, object], name: str, *, length: int | None = None) -> bytes:
    """Take a field as bytes in standard base 64.

    Raises:
        MalformedMessageError: it is missing, no base 64, or of another length.
    """
    return as_b64(fields.get(name), name, length=length)


def as_b64(value: object, name: str, *, length: int | None = None) -> bytes:
    """Take a JSON value as bytes in standard base 64.

    Raises:
        MalformedMessageError: it is no base 64, or of another length.
    """
    raw = _decoded(value, _b64_bytes, name)
    if to_b64(raw) != value or length not in {None, len(raw)}:
        raise MalformedMessageError(reason="base64", field=name)
    return raw


def to_b64(raw: bytes) -> str:
    """Write bytes in standard base 64."""
    return base64.b64encode(raw).decode("ascii")


def _b64_bytes(value: str) -> bytes:
    return base64.b64decode(value.encode("ascii"), validate=True)


def _decoded(value: object, decode: Callable[[str], bytes], name: str) -> bytes:
    if not isinstance(value, str):
        raise MalformedMessageError(reason="text", field=name)
    try:
        return decode(value)
    except (ValueError, binascii.Error) as error:
        raise MalformedMessageError(reason="encoding", field=name) from error
