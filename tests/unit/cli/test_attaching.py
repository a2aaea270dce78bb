"""Pictures on the command line: added, listed, sent, refused without a trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.cli.attaching import read_photos
from fieldapp.errors import FieldAppError
from tests.support.commands import Commands
from tests.support.country import Country
from tests.support.factories import golden_fields
from tests.support.pictures import photo


@pytest.fixture
def document(tmp_path: Path) -> str:
    path = tmp_path / "meeting.json"
    path.write_text(json.dumps({"fields": golden_fields()}), encoding="utf-8")
    return str(path)


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    path = tmp_path / "sheet.jpg"
    path.write_bytes(photo())
    return str(path)


def test_a_record_is_made_with_a_picture_that_travels_after_it(
    country: Country, chief: Commands, hq: Commands, document: str, sheet: str
) -> None:
    made = chief.good(
        "record", "new", "meeting", "--file", document, "--photo", f"attachments={sheet}"
    )
    assert made["state"] == "sealed"
    (seen,) = chief.good("record", "show", made["id"])["media"]
    assert (seen["kind"], seen["state"], seen["sent_bytes"]) == ("photo", "sending", 0)
    told = chief.good("sync")["media"]
    assert (told["sent"], told["error"]) == (1, None)
    assert told["bytes"] > seen["bytes"]
    hq.good("sync")
    shown = hq.good("record", "show", made["id"])
    assert shown["media"][0]["state"] == "coming"
    assert set(shown["fields"]["attachments"][0]) == {"id", "file", "kind", "bytes"}
    assert country.link.asked.count("get_chunk") == 0


def test_a_sealed_record_gets_another_picture_with_a_reason(
    chief: Commands, document: str, sheet: str
) -> None:
    made = chief.good(
        "record", "new", "meeting", "--file", document, "--photo", f"attachments={sheet}"
    )
    chief.good(
        "record",
        "edit",
        made["id"],
        "--photo",
        f"attachments={sheet}",
        "--set",
        "venue=The hall",
        "--reason",
        "The second page",
    )
    shown = chief.good("record", "show", made["id"])
    assert len(shown["media"]) == len(shown["fields"]["attachments"]) == 2
    assert shown["fields"]["venue"] == "The hall"


@pytest.mark.parametrize("what", ["text", "missing", "field"])
def test_a_picture_that_is_refused_leaves_no_draft(
    chief: Commands, document: str, sheet: str, tmp_path: Path, what: str
) -> None:
    (tmp_path / "note.txt").write_text("no picture")
    given = {
        "text": f"attachments={tmp_path / 'note.txt'}",
        "missing": f"attachments={tmp_path / 'nowhere.jpg'}",
        "field": f"venue={sheet}",
    }[what]
    refused = chief("record", "new", "meeting", "--file", document, "--photo", given)
    codes = {"text": "not_a_picture", "missing": "file_unreadable", "field": "media_not_allowed"}
    assert refused.code == 1
    assert codes[what] in refused.out
    assert chief.good("record", "list", "meeting")["records"] == []


def test_an_unreadable_picture_is_refused_without_its_name_in_the_errors_text(
    tmp_path: Path,
) -> None:
    with pytest.raises(FieldAppError) as caught:
        read_photos([f"attachments={tmp_path / 'Mama Halima.jpg'}"])
    assert str(caught.value) == "file_unreadable"
