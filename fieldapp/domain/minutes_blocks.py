"""The blocks that minutes are made of, and how they read as plain text.

Laws:
  * A block holds finished words; whoever draws it decides sizes and lines, never what it says.
  * Plain text has no markup, so that it can go into any message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the minutes, with the lines under it."""

    words: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with paragraphs; ``is_list`` puts each behind its number."""

    heading: str
    lines: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: a role, perhaps with whose office it is, and a day."""

    heading: str
    roles: tuple[str, ...]
    day: str
    note: str


Block = Title | Part | Table | Signatures


def as_text(blocks: Sequence[Block]) -> str:
    """Write minutes as plain text, for a message or a notice."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def _lines(block: Block) -> list[str]:
    if isinstance(block, Title):
        return [block.words, *block.lines]
    if isinstance(block, Part):
        lines = [
            f"{place}. {line}" if block.is_list else line
            for place, line in enumerate(block.lines, start=1)
        ]
        return [block.heading, *lines]
    if isinstance(block, Table):
        return [_row(block.columns, row) for row in block.rows]
    rule = "_" * 24
    signed = [f"{role}: {rule}  {block.day}: {rule[:12]}" for role in block.roles]
    return [block.heading, *([block.note] if block.note else []), *signed]


def _row(columns: tuple[str, ...], row: tuple[str, ...]) -> str:
    """A resolution on lines of its own: number and words, then what else is known of it."""
    told = [
        f"   {column}: {cell}" for column, cell in zip(columns[2:], row[2:], strict=True) if cell
    ]
    return "\n".join([f"{row[0]}. {row[1]}", *told])
