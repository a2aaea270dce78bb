"""Minutes as a PDF: A4 pages in the core fonts of every reader, nothing embedded, nothing fetched.

Laws:
  * Letters that the core fonts lack are written without their accents; none stops a print.
  * The file names the product and the title, and the day of the meeting as its date: no machine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from fieldapp.domain.minutes_blocks import Block, Part, Signatures, Table, Title

CODING: Final = "cp1252"
PRODUCT: Final = "Baraza"
MARGIN: Final = 20
BODY, SMALL, HEADING = 11, 9, 12
LINE: Final = 5.6
WIDTHS: Final = (8, 44, 24, 13, 15)
SIGN_LINE: Final = 62
TABLE: Final[dict[str, Any]] = {"line_height": LINE, "padding": 1.5, "text_align": "LEFT"}


class _Paper(FPDF):
    """A4 with the page's number at its foot."""

    def footer(self) -> None:
        """Number the page."""
        self.set_y(-MARGIN + 6)
        self.set_font("Helvetica", size=SMALL)
        self.cell(0, LINE, f"{self.page_no()} / {{nb}}", align="C")


def as_pdf(blocks: Sequence[Block], language: str, day: str) -> bytes:
    """Draw minutes on pages.

    Args:
        blocks: the minutes.
        language: the language's code, told to readers that speak.
        day: the meeting's ISO day, which dates the file.
    """
    paper = _Paper(format="A4")
    paper.core_fonts_encoding = CODING
    paper.set_margin(MARGIN)
    paper.c_margin = 0
    paper.set_auto_page_break(True, margin=MARGIN)
    paper.set_producer(PRODUCT)
    paper.set_lang(f"{language}-KE")
    paper.set_creation_date(_dated(day))
    paper.add_page()
    for block in blocks:
        _draw(paper, block)
    return bytes(paper.output())


def _dated(day: str) -> datetime:
    """Read the meeting's day; a file of a meeting that has none is as old as files can be."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def printable(text: str) -> str:
    """Write a text with the letters that the core fonts have.

    >>> printable("Gĩkũyũ – “amani”")
    'Gikuyu – “amani”'
    """
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    if letter in "\n\t" or _fits(letter):
        return letter
    plain = "".join(c for c in unicodedata.normalize("NFKD", letter) if _fits(c))
    return plain or ("" if unicodedata.combining(letter) else "?")


def _fits(letter: str) -> bool:
    try:
        letter.encode(CODING)
    except UnicodeEncodeError:
        return False
    return True


def _draw(paper: _Paper, block: Block) -> None:
    if isinstance(block, Title):
        paper.set_title(printable(block.words))
        _write(paper, block.words, HEADING + 2, bold=True, centred=True)
        for line in block.lines:
            _write(paper, line, BODY, centred=True)
        paper.ln(2)
        paper.line(MARGIN, paper.get_y(), paper.w - MARGIN, paper.get_y())
    elif isinstance(block, Part):
        _part(paper, block)
    elif isinstance(block, Table):
        _table(paper, block)
    else:
        _signatures(paper, block)


def _write(
    paper: _Paper, words: str, size: int, *, bold: bool = False, centred: bool = False
) -> None:
    paper.set_font("Helvetica", style="B" if bold else "", size=size)
    paper.multi_cell(
        0,
        LINE,
        printable(words),
        align="C" if centred else "L",
        new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )


def _part(paper: _Paper, part: Part) -> None:
    paper.ln(3)
    if paper.will_page_break(3 * LINE):  # A heading does not stand alone at the foot.
        paper.add_page()
    _write(paper, part.heading, HEADING, bold=True)
    for place, line in enumerate(part.lines, start=1):
        _write(paper, f"{place}. {line}" if part.is_list else line, BODY)


def _table(paper: _Paper, table: Table) -> None:
    paper.set_font("Helvetica", size=SMALL + 1)
    head = FontFace(emphasis="BOLD", fill_color=(235, 235, 235))
    with paper.table(col_widths=WIDTHS, headings_style=head, **TABLE) as drawn:
        for row in (table.columns, *table.rows):
            drawn.row([printable(cell) for cell in row])


def _signatures(paper: _Paper, block: Signatures) -> None:
    height = LINE * (4 + 3 * len(block.roles))
    if paper.will_page_break(height):  # Nobody signs a page that holds nothing else to read.
        paper.add_page()
    paper.ln(6)
    _write(paper, block.heading, HEADING, bold=True)
    if block.note:
        _write(paper, block.note, BODY)
    for role in block.roles:
        paper.ln(2 * LINE)
        paper.set_font("Helvetica", size=BODY)
        top = paper.get_y()
        paper.line(MARGIN, top, MARGIN + SIGN_LINE, top)
        paper.line(paper.w - MARGIN - SIGN_LINE + 10, top, paper.w - MARGIN, top)
        paper.cell(SIGN_LINE + 30, LINE, printable(role))
        paper.set_x(paper.w - MARGIN - SIGN_LINE + 10)
        paper.cell(0, LINE, printable(block.day), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
