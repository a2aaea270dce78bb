"""Make the bytes of a preset deflate dictionary from declarations and invented text only.

Run ``python -m tests.support.make_dictionary NUMBER`` to print the module of a new dictionary. A
published one is never made again: this file may change, the module may not.

What a deflate dictionary needs: strings that records will repeat, the commonest ones last.
"""

from __future__ import annotations

import base64
import random
import sys
import zlib
from collections.abc import Iterator

from fieldapp.domain import sample_texts as texts
from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.entries import encode_entry
from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_types import record_types
from fieldapp.domain.samples import restricted_concern, slow_responses
from fieldapp.protocol.strict_json import dumps
from tests.support.factories import (
    LOCATION,
    NOON_MS,
    TODAY,
    entry_of,
    seeded_records,
)

MAX_BYTES = 32_000
LINE = 88
SEED = 20_251_122


def _specs(specs: tuple[FieldSpec, ...], prefix: str = "") -> Iterator[tuple[str, FieldSpec]]:
    for spec in specs:
        yield prefix + spec.name, spec
        yield from _specs(spec.subfields, "/")


def words() -> bytes:
    """Return what people say in any record: the labels of both languages."""
    found: dict[str, None] = {}
    for declared in record_types():
        for _, spec in _specs(declared.fields):
            for text in (spec.label, spec.help):
                if text is not None and spec.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.GROUP}:
                    found[text.sw] = found[text.en] = None
    return " ".join(found).encode()


def keys() -> bytes:
    """Return every field's name and every choice's key as JSON spells them."""
    lines: list[str] = []
    for declared in record_types():
        for path, spec in _specs(declared.fields):
            lines.append(f'"{path}":')
            if spec.kind in {Kind.CHOICE, Kind.COUNT_MATRIX}:
                lines.extend(f'"{key}",' for key in spec.option_keys() if not key.startswith("ag_"))
            elif spec.kind is Kind.MULTI_CHOICE:
                lines.append("".join(f'"{key}",' for key in spec.option_keys()))
    unique = dict.fromkeys(lines)
    presets = [f'"category":"{c.key}","urgency":"{c.urgency}",' for c in CATEGORIES]
    return "".join([*unique, *presets]).encode()


def sentences() -> bytes:
    """Return invented sentences, each once."""
    parts = [line for group in texts.OPENINGS.values() for line in group]
    parts += [*texts.RESOLUTIONS, *texts.FEEDBACK, *texts.DETAILS, *texts.SENTENCES_SW]
    blanks = ("{place}", "{n}", "{clock}", "{day}", "{office}")
    for blank in blanks:
        parts = [part.replace(blank, "") for part in parts]
    return " ".join([*texts.PLACES, *texts.PLACES_SW, *texts.DAYS, *parts]).encode()


def entries(count: int) -> bytes:
    """Return whole entries of invented records, meetings first, concerns last."""
    chance = random.Random(SEED)  # noqa: S311 - chooses invented text, no key
    samples = seeded_records(SEED, count * 2)
    samples.sort(key=lambda sample: sample.type, reverse=True)
    samples = [*samples[: count // 8], *samples[-count:]]
    samples[count // 8 : count // 8] = [
        restricted_concern(chance, LOCATION, TODAY),
        *slow_responses(chance, TODAY)[:2],
    ]
    made = [entry_of(s, NOON_MS, chance=chance) for s in samples]
    return b"".join(encode_entry(entry) for entry in made)


def skeleton() -> bytes:
    """Return the beginning of an edit, which repeats nothing but keys."""
    edit = {"r": "", "y": "meeting", "x": "KE-", "t": "0000", "o": "s", "v": 1, "f": {}, "b": {}}
    return dumps(edit)


def dictionary(count: int = 8) -> bytes:
    """Return the whole dictionary, the commonest strings last."""
    made = b"".join([words(), keys(), sentences(), skeleton(), entries(count)])
    return made[-MAX_BYTES:]


def module(number: int) -> str:
    """Return the source of the module that ships a dictionary."""
    packed = base64.b85encode(zlib.compress(dictionary(), 9)).decode()
    pieces = (packed[at : at + LINE] for at in range(0, len(packed), LINE))
    lines = "\n".join(f'    b"{piece}"' for piece in pieces)
    return (
        f'"""Preset dictionary {number}: schema words and invented text; never to be changed '
        '(PROTOCOL 2.4)."""\n\nimport base64\nimport zlib\nfrom typing import Final\n\n'
        f"_PACKED: Final = (\n{lines}\n)\n\n"
        f"DICTIONARY_{number}: Final = zlib.decompress(base64.b85decode(_PACKED))\n"
    )


if __name__ == "__main__":
    sys.stdout.write(module(int(sys.argv[1])))
