import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import StorageFailedError
from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.ids import id_to_text
from fieldapp.storage.hq.export import StableCodes, csv_bytes, export_csv, export_jsonl, safe_cell
from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore
from fieldapp.storage.vault import Vault
from tests.support.stores import READER, folded, keep, record_id
from tests.support.vaults import device

CODES = StableCodes(bytes(32))
AMINA = id_to_text(device("amina"))
MEETING: dict[str, Any] = {
    "meeting_type": "baraza",
    "date": "2018-10-11",
    "venue": '=HYPERLINK("http://x")',
    "discussion": 'Barabara,\r\n"maji" — ng’ombe',
    "attendance": {"total": 79, "female": 8, "male": 71},
    "place": {"lat": -2.27, "lon": 40.9},
    "previous_confirmed": True,
    "agencies": ["nctc", "eacc"],
    "resolutions": [{"text": "@SUM(A1)"}],
}


@pytest.fixture
def filled(store: HqStore, vault: Vault) -> HqStore:
    keep(
        vault,
        folded("meeting", "meeting", MEETING),
        folded("officer", "officer", {"name": "Amina Fundi", "role": "chief"}),
        folded("secret", "concern", {"category": "gbv"}, cls=ChannelClass.GENDER),
    )
    refresh(store, vault, READER)
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def document(folder: Path) -> Any:
    return json.loads((folder / "meeting.jsonl").read_text(encoding="utf-8"))


def test_a_table_with_rows_becomes_a_file(filled: HqStore, folder: Path) -> None:
    assert export_csv(filled, folder, CODES) == {
        "meeting.csv": 1,
        "meeting_agencies.csv": 2,
        "meeting_resolutions.csv": 1,
        "restricted_tally.csv": 1,
    }
    assert {file.name for file in folder.iterdir()} == set(export_csv(filled, folder, CODES))


def test_excel_reads_the_file(filled: HqStore, folder: Path) -> None:
    export_csv(filled, folder, CODES)
    raw = (folder / "meeting.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,unit,")
    assert raw.endswith(b"\r\n")


def test_values_come_back_as_they_were(filled: HqStore, folder: Path) -> None:
    export_csv(filled, folder, CODES)
    (row,) = table(folder, "meeting.csv")
    assert row["id"] == id_to_text(record_id("meeting"))
    assert row["discussion"] == MEETING["discussion"]
    assert (row["attendance_total"], row["attendance_pwd"]) == ("79", "")
    assert (row["place_lat"], row["previous_confirmed"]) == ("-2.27", "true")
    assert [r["value"] for r in table(folder, "meeting_agencies.csv")] == ["eacc", "nctc"]


def test_no_text_starts_a_formula(filled: HqStore, folder: Path) -> None:
    export_csv(filled, folder, CODES)
    assert table(folder, "meeting.csv")[0]["venue"] == '\'=HYPERLINK("http://x")'
    assert table(folder, "meeting_resolutions.csv")[0]["text"] == "'@SUM(A1)"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_each_dangerous_start_is_defused(start: str) -> None:
    assert safe_cell(start + "1") == "'" + start + "1"


@pytest.mark.parametrize("value", [-5, -2.27, 0, "1-2", "a=b", "'x"])
def test_numbers_and_harmless_text_stay(value: object) -> None:
    assert safe_cell(value) == value


@pytest.mark.parametrize(("value", "cell"), [(None, ""), (True, "true"), (False, "false")])
def test_nothing_and_yes_and_no_have_their_words(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_an_empty_table_is_a_mark_and_a_heading() -> None:
    assert b"".join(csv_bytes(["a", "b"], [])) == b"\xef\xbb\xbfa,b\r\n"


def test_the_author_is_a_stable_code(filled: HqStore, folder: Path) -> None:
    export_csv(filled, folder, CODES)
    first = table(folder, "meeting.csv")[0]
    export_csv(filled, folder, CODES)
    again = table(folder, "meeting.csv")[0]
    assert first["author"] == again["author"]
    assert (first["author"] != AMINA, first["officer"] != "Amina") == (True, True)
    export_csv(filled, folder, StableCodes(b"another key"))
    assert table(folder, "meeting.csv")[0]["author"] != first["author"]


def test_codes_of_device_and_officer_do_not_meet() -> None:
    assert CODES.code("author", "x") != CODES.code("officer", "x")


def test_identities_show_only_when_asked_for(filled: HqStore, folder: Path) -> None:
    written = export_csv(filled, folder, None)
    row = table(folder, "meeting.csv")[0]
    assert (row["author"], row["officer"]) == (AMINA, "Amina")
    assert table(folder, "officer.csv")[0]["name"] == "Amina Fundi"
    assert written["officer.csv"] == 1


@pytest.mark.parametrize("export", [export_csv, export_jsonl])
def test_without_identities_no_officer_s_name_leaves(
    filled: HqStore, folder: Path, export: Any
) -> None:
    export(filled, folder, CODES)
    written = b"".join(file.read_bytes() for file in folder.iterdir())
    assert b"Amina" not in written
    assert AMINA.encode() not in written


@pytest.mark.parametrize("codes", [CODES, None])
def test_the_fields_of_a_document_are_equal_to_what_was_entered(
    filled: HqStore, folder: Path, codes: StableCodes | None
) -> None:
    export_jsonl(filled, folder, codes)
    found = document(folder)
    for item in found["fields"]["resolutions"]:
        assert len(item.pop("id")) == 8
    assert found["fields"] == MEETING


def test_a_document_says_what_and_where_it_is(filled: HqStore, folder: Path) -> None:
    assert export_jsonl(filled, folder, CODES) == {"meeting.jsonl": 1}
    found = document(folder)
    assert (found["type"], found["id"], found["county"], found["author_role"]) == (
        "meeting",
        id_to_text(record_id("meeting")),
        "KE-005",
        "chief",
    )


def test_a_record_of_nobody_known_has_no_code(store: HqStore, vault: Vault, folder: Path) -> None:
    state = folded("meeting", "meeting", MEETING)
    state.officer, state.raw = "", None
    keep(vault, state)
    refresh(store, vault, READER)
    export_csv(store, folder, CODES)
    assert table(folder, "meeting.csv")[0]["officer"] == ""


def test_the_files_are_private(filled: HqStore, folder: Path) -> None:
    export_csv(filled, folder, CODES)
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_missing_folder_is_a_failure_of_the_disk(filled: HqStore, folder: Path) -> None:
    with pytest.raises(StorageFailedError):
        export_csv(filled, folder / "missing", CODES)
