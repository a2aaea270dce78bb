"""``fieldapp record minutes``: a file for the notice board, in the language that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.commands import Commands
from tests.support.country import Country
from tests.support.factories import meeting_fields


def recorded(country: Country, **changed: str) -> tuple[Commands, str]:
    phone = Commands(country.folder / "chief")
    document = json.dumps({"fields": meeting_fields(**changed)})
    return phone, phone.good("record", "new", "meeting", given=document)["id"]


def test_minutes_are_written_as_text_and_as_pdf(country: Country, tmp_path: Path) -> None:
    phone, meeting = recorded(country, venue="Mkomani")
    text, pdf = tmp_path / "m.txt", tmp_path / "m.pdf"
    said = phone(
        "record", "minutes", meeting, "--out", str(text), "--format", "text", "--lang", "sw"
    )
    assert said.code == 0
    assert text.read_text(encoding="utf-8").startswith("KUMBUKUMBU ZA: BARAZA LA CHIFU\n")
    assert phone.good("record", "minutes", meeting, "--out", str(pdf)) == {"file": str(pdf)}
    assert pdf.read_bytes().startswith(b"%PDF-")
    logged = phone.good("record", "list", "export_log")["records"]
    assert len(logged) == 2


def test_minutes_of_a_closed_meeting_are_refused_in_words(country: Country, tmp_path: Path) -> None:
    phone, meeting = recorded(country, classification="confidential")
    refused = phone("record", "minutes", meeting, "--out", str(tmp_path / "m.pdf"))
    assert refused.code == 1
    assert refused.error == "minutes_not_open"
    assert list(tmp_path.glob("m.pdf")) == []
