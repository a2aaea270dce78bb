"""Minutes leave by the door of every export, and only those of open meetings."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.minutes_blocks import Part, Title
from fieldapp.domain.samples import golden_meeting
from fieldapp.errors import (
    ConfigError,
    FieldAppError,
    NoRightError,
    UnknownRecordError,
    WrongPinError,
)
from fieldapp.services.facade import Services
from fieldapp.services.minutes_pdf import as_pdf, printable
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, meeting_fields

OPEN = meeting_fields(
    title="Usalama barabarani",
    ward="KE-005-W0105",
    resolutions=[{"text": "Mulika njia", "responsible": "Chifu", "due": "2026-12-01"}],
    concerns_more=2,
)


def logged(services: Services) -> list[dict[str, Any]]:
    rows, _ = services.records.find(type_key="export_log", limit=None)
    return [dict(services.records.show(row.id).fields) for row in rows]


def written(pdf: bytes) -> str:
    """Every string that the pages show, in the order in which it is drawn."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawn = b"\n".join(zlib.decompress(stream) for stream in streams)
    return b"\n".join(re.findall(rb"\(((?:\\.|[^\\()])*)\) Tj", drawn)).decode("cp1252")


@pytest.fixture
def meeting(country: Country, chief: Services) -> str:
    return chief.records.create("meeting", country.mkomani, OPEN)


def test_the_text_names_the_place_and_tells_no_case(chief: Services, meeting: str) -> None:
    found = chief.minutes.text(meeting, "sw")
    assert found.startswith("KUMBUKUMBU ZA: BARAZA LA CHIFU - USALAMA BARABARANI\n")
    assert "Eneo: Mkomani" in found
    assert "1. Mulika njia\n   Mhusika: Chifu\n   Tarehe: 01/12/2026" in found
    assert "Idadi ya masuala yaliyotolewa: 2." in found


def test_a_print_is_said_upwards_before_it_is_handed_out(
    country: Country, chief: Services, meeting: str
) -> None:
    assert chief.minutes.share(meeting, "en", "pdf", pin=PIN).startswith(b"%PDF-")
    assert chief.minutes.share(meeting, "en", "text", pin=PIN).startswith(b"MINUTES OF: ")
    said = logged(chief)
    assert sorted(entry["format"] for entry in said) == ["pdf", "text"]
    assert {(entry["records"], entry["scope"]) for entry in said} == {(1, country.mkomani)}


def test_a_file_is_written_where_it_is_wanted(
    chief: Services, meeting: str, tmp_path: Path
) -> None:
    out = tmp_path / "board" / "minutes.txt"
    chief.minutes.write(meeting, "sw", "text", out, pin=PIN)
    assert out.read_text(encoding="utf-8") == chief.minutes.text(meeting, "sw")
    assert out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FieldAppError, match="file_unwritable"):
        chief.minutes.write(meeting, "sw", "text", tmp_path, pin=PIN)


def test_a_wrong_pin_hands_out_and_says_nothing(chief: Services, meeting: str) -> None:
    with pytest.raises(WrongPinError):
        chief.minutes.share(meeting, "en", "pdf", pin="000001")
    assert logged(chief) == []


def test_a_closed_meeting_has_no_minutes_for_the_notice_board(
    country: Country, chief: Services
) -> None:
    closed = chief.records.create(
        "meeting", country.mkomani, meeting_fields(classification="confidential")
    )
    for ask in (
        lambda: chief.minutes.text(closed, "en"),
        lambda: chief.minutes.pdf(closed, "en"),
        lambda: chief.minutes.share(closed, "en", "text", pin=PIN),
    ):
        with pytest.raises(NoRightError, match="minutes_not_open"):
            ask()
    assert logged(chief) == []


def test_only_a_sealed_meeting_has_minutes(country: Country, chief: Services) -> None:
    concern = chief.records.create("concern", country.mkomani, concern_fields())
    draft = chief.records.new_draft("meeting", fields=meeting_fields()).id
    for other in (concern, draft):
        with pytest.raises(NoRightError, match="minutes_of_meeting"):
            chief.minutes.text(other, "en")
    with pytest.raises(UnknownRecordError):
        chief.minutes.text("0" * 26, "en")


def test_an_unknown_format_is_refused_before_the_pin(chief: Services, meeting: str) -> None:
    with pytest.raises(ConfigError, match="unknown_format"):
        chief.minutes.share(meeting, "en", "docx", pin="000001")


@pytest.mark.parametrize("language", ["en", "sw"])
def test_the_pdf_shows_what_the_text_says_and_names_no_machine(
    chief: Services, country: Country, language: str
) -> None:
    golden = golden_meeting(country.mkomani)
    record = chief.records.create("meeting", country.mkomani, golden.fields)
    made = chief.minutes.pdf(record, language)
    shown = written(made)
    for fact in ("11/10/2018", "Lamu Museum Hall (Mwanaarafa)".replace("(", r"\(")[:16], "PHSS IV"):
        assert fact in shown
    assert b"/Producer (Baraza)" in made
    assert not re.search(rb"(?i)fpdf|python|/Author|/Creator \(", made)


def test_letters_that_the_fonts_lack_lose_their_accents_only() -> None:
    assert printable("Ng'ang'a – Gĩkũyũ “sawa” …") == "Ng'ang'a – Gikuyu “sawa” …"
    assert printable("安 \u0301x") == "? x"


def test_long_minutes_run_over_pages() -> None:
    parts = [Part(f"MIN {n}", ("Maneno mengi. " * 60,)) for n in range(1, 30)]
    made = as_pdf([Title("KUMBUKUMBU", ("Tarehe",)), *parts], "sw", "2026-10-04")
    assert made.count(b"/Type /Page\n") > 3
    assert "MIN 29" in written(made)


def test_the_quorum_of_the_minutes_is_that_of_the_body_that_met(
    country: Country, chief: Services
) -> None:
    committee = {
        "kind": "cpc_loc", "name": "Mkomani CPC", "status": "constituted", "quorum": "third",
        "composition": {"total": 15},
    }  # fmt: skip
    body = chief.records.create("body", country.mkomani, committee)
    held = meeting_fields(meeting_type="cpc_loc", members_present=5)
    without = chief.records.create("meeting", country.mkomani, held | {"members_total": 15})
    by_rule = chief.records.create("meeting", country.mkomani, held | {"body": body})
    said = chief.minutes.text(by_rule, "en")
    assert "Members present: 5 of 15. Quorum: yes (5 needed, one third)." in said
    said = chief.minutes.text(without, "sw")
    assert "Akidi: haijatimia (wanahitajika 8, zaidi ya nusu)." in said
    assert chief.records.body_rule("not an id") == chief.records.body_rule(None)
