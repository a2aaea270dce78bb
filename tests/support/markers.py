"""Markers to plant in every field that can hold text, and the search for what became of them."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_types import record_type
from fieldapp.protocol.dictionaries import CURRENT_DICTIONARY, dictionary_bytes
from tests.support.factories import visible_fields

TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
INFLATED_BYTES = 4_096
SHORTEST_INFLATED = 24
LONGEST = 11
ITEM_ID_LETTERS = 8
BEGINNING = 3


@dataclass
class Planter:
    """Fills documents with markers; each marker is planted once."""

    planted: dict[str, str] = field(default_factory=dict)

    def fill(self, type_key: str, fields: dict[str, Any]) -> dict[str, Any]:
        """A document whose every visible text field, in groups too, holds a marker."""
        filled = dict(fields)
        for spec in visible_fields(type_key, filled):
            if spec.name not in filled and self._is_fillable(spec):
                filled[spec.name] = self._value(spec, f"{type_key}.{spec.name}")
        return filled

    def _is_fillable(self, spec: FieldSpec) -> bool:
        if spec.kind is Kind.GROUP:
            return any(sub.kind in TEXTS for sub in spec.subfields)
        return spec.kind in TEXTS

    def _value(self, spec: FieldSpec, place: str) -> Any:
        if spec.kind is not Kind.GROUP:
            marker = self.marker(place, spec.max_length)
            return [marker] if spec.multiple else marker
        item: dict[str, Any] = {}
        for sub in spec.subfields:
            if sub.kind in TEXTS:
                item[sub.name] = self.marker(f"{place}.{sub.name}", sub.max_length)
            elif sub.required:
                item[sub.name] = _plain(sub)
        return [item]

    def marker(self, place: str, most: int = 0) -> str:
        """A word that fits every pattern and stands nowhere else."""
        marker = f"QZ{len(self.planted):03d}XJ7WVK"[: most or LONGEST]
        marker = marker.lower() if most == ITEM_ID_LETTERS else marker
        self.planted[marker] = place
        return marker


def _plain(spec: FieldSpec) -> Any:
    """The simplest value of a field that must be there."""
    if spec.options:
        return spec.options[0].key
    return {Kind.DATE: "2025-11-20", Kind.INSTANT: "2025-11-20T10:00:00+03:00"}.get(spec.kind, 1)


def every_text_field(type_key: str) -> set[str]:
    """Every place of a type that can hold typed text."""
    found = set()
    for spec in record_type(type_key).fields:
        if spec.kind in TEXTS and spec.pattern is None:
            found.add(f"{type_key}.{spec.name}")
        found |= {
            f"{type_key}.{spec.name}.{sub.name}" for sub in spec.subfields if sub.kind in TEXTS
        }
    return found


@lru_cache(maxsize=4_096)
def disguises(marker: str) -> tuple[bytes, ...]:
    """The ways in which a word may lie in bytes without being sealed."""
    return tuple(_disguises(marker))


def _disguises(marker: str) -> Iterator[bytes]:
    for text in (marker.upper(), marker.lower()):
        raw = text.encode()
        yield raw
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        yield raw[::-1]
        for shift, first in enumerate((0, 2, 3)):
            encoded = base64.b64encode(bytes(shift) + raw)
            # Letters that hold bits of a neighbour are left out, and no other: what is short
            # turns up by chance in megabytes of noise.
            yield encoded[first : (shift + len(raw)) * 8 // 6]


@lru_cache
def _beginnings(markers: tuple[str, ...]) -> frozenset[bytes]:
    """How every disguise of every marker begins: few, as the markers are alike."""
    return frozenset(disguise[:BEGINNING] for marker in markers for disguise in disguises(marker))


def found_in(markers: dict[str, str], raw: bytes) -> set[str]:
    """The places whose marker lies in bytes, in whatever disguise."""
    if not any(start in raw for start in _beginnings(tuple(markers))):
        return set()
    return {
        place
        for marker, place in markers.items()
        if any(disguise in raw for disguise in disguises(marker))
    }


def inflated(raw: bytes) -> Iterator[bytes]:
    """Everything in bytes that inflates, from whatever place, with our dictionary or without."""
    preset = dictionary_bytes(CURRENT_DICTIONARY)
    for start in range(len(raw)):
        for zdict in (None, preset):
            engine = zlib.decompressobj(-15, zdict=zdict) if zdict else zlib.decompressobj(-15)
            try:
                text = engine.decompress(raw[start : start + INFLATED_BYTES], INFLATED_BYTES)
            except zlib.error:
                continue
            if len(text) >= SHORTEST_INFLATED:
                yield text


def files_below(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of a folder with its bytes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
