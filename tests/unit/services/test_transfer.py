"""Files out and files in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.errors import (
    ConfigError,
    DatabaseFullError,
    FieldAppError,
    NoRightError,
    UnknownRecordTypeError,
    WrongPinError,
)
from fieldapp.protocol.ids import RecordId, text_to_id
from fieldapp.services.facade import Services
from fieldapp.services.sealing import Writer
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, meeting_fields


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def office(country: Country, chief: Services) -> Services:
    """Headquarters, after a chief recorded a meeting and two concerns."""
    hq = country.unlocked("hq")
    chief.records.create("meeting", None, meeting_fields())
    chief.records.create("concern", None, concern_fields())
    chief.records.create("concern", None, {"category": "gbv"})
    country.sync(chief, hq)
    return hq


def test_people_leave_as_stable_codes(office: Services, tmp_path: Path) -> None:
    for name in ("one", "two"):
        report = office.transfer.export(tmp_path / name, "jsonl", pin=PIN)
        said_before = {"export_log.jsonl": 1} if name == "two" else {}
        assert dict(report.files) == {
            "meeting.jsonl": 1,
            "concern.jsonl": 1,
            "unit.jsonl": 1,
            **said_before,
        }
    assert (tmp_path / "one" / "meeting.jsonl").read_bytes() == (
        tmp_path / "two" / "meeting.jsonl"
    ).read_bytes()
    (row,) = lines(tmp_path / "one" / "meeting.jsonl")
    assert row["fields"] == meeting_fields()
    assert len(row["author"]) == 10
    assert "Amina" not in json.dumps(row)


@pytest.mark.parametrize("file_format", ["jsonl", "csv"])
def test_identities_are_named_on_demand_by_who_has_the_right(
    office: Services, chief: Services, tmp_path: Path, file_format: str
) -> None:
    report = office.transfer.export(tmp_path, file_format, pin=PIN, identities=True)
    assert report.files[f"officer.{file_format}"] == 3
    text = (tmp_path / f"meeting.{file_format}").read_text(encoding="utf-8-sig")
    assert "Amina Bakari" in text
    assert chief.access.officer().device in text
    with pytest.raises(NoRightError, match="identities_refused"):
        chief.transfer.export(tmp_path, file_format, pin=PIN, identities=True)


def test_a_phone_keeps_no_store_in_clear_after_its_own_export(
    chief: Services, country: Country, tmp_path: Path
) -> None:
    chief.records.create("meeting", None, meeting_fields(venue="Fig tree"))
    assert chief.transfer.export(tmp_path, "csv", pin=PIN).files == {"meeting.csv": 1}
    home = country.folder / "chief"
    assert not list(home.glob("hq.db*"))
    assert all(b"Fig tree" not in path.read_bytes() for path in home.glob("vault*"))


def test_an_export_that_cannot_be_written_is_named(office: Services, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown_format"):
        office.transfer.export(tmp_path, "xlsx", pin=PIN)
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="folder_unwritable"):
        office.transfer.export(tmp_path / "file", "csv", pin=PIN)


def test_a_store_that_cannot_be_brought_up_is_closed_again(
    office: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> int:
        raise DatabaseFullError

    monkeypatch.setattr("fieldapp.services.transfer.refresh", full)
    with pytest.raises(DatabaseFullError):
        office.transfer.export(tmp_path, "csv", pin=PIN)


def test_an_author_whom_the_directory_does_not_know_has_no_role(
    office: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = office.access.workspace()
    monkeypatch.setattr(type(work.directory), "device", lambda _self, _device: None)
    monkeypatch.setattr(type(work), "role", "hq_admin")
    office.transfer.export(tmp_path, "jsonl", pin=PIN)
    assert lines(tmp_path / "meeting.jsonl")[0]["author_role"] == ""


def test_every_export_is_said_upwards_in_counts(
    office: Services, chief: Services, country: Country, tmp_path: Path
) -> None:
    chief.transfer.export(tmp_path / "chief", "csv", pin=PIN)
    office.transfer.export(tmp_path / "hq", "jsonl", pin=PIN, identities=True)
    country.sync(chief, office)
    rows, total = office.records.find(type_key="export_log")
    assert total == 2
    seen = {row.author: office.records.show(row.id).fields for row in rows}
    common = {"with_text": False}
    assert seen == {
        "Amina Bakari": {
            **common, "scope": country.mkomani, "format": "csv", "records": 2, "identities": False,
        },
        "Chebet Langat": {
            **common, "scope": "KE", "format": "jsonl", "records": 6, "identities": True,
        },
    }  # fmt: skip
    assert office.records.find()[1] == 2, "an export is no record among the officers' own"


def test_nobody_changes_what_was_said_of_an_export(office: Services, tmp_path: Path) -> None:
    office.transfer.export(tmp_path, "csv", pin=PIN)
    (row,) = office.records.find(type_key="export_log")[0]
    with pytest.raises(NoRightError):
        office.records.edit(row.id, {"records": 0}, reason="x")


def test_where_an_export_cannot_be_said_nothing_is_written(
    office: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> str:
        raise DatabaseFullError

    monkeypatch.setattr(office.records, "create", full)
    with pytest.raises(DatabaseFullError):
        office.transfer.export(tmp_path / "out", "csv", pin=PIN)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_export_asks_for_the_pin_anew(office: Services, tmp_path: Path) -> None:
    with pytest.raises(WrongPinError):
        office.transfer.export(tmp_path / "out", "csv", pin="000000")
    assert not (tmp_path / "out").exists()
    assert office.records.find(type_key="export_log")[1] == 0


@pytest.fixture
def desk(country: Country) -> Services:
    """The gender desk at headquarters, from its hand-over file."""
    found = country.build("desk")
    text = (country.folder / "shares" / "hand-over-gender.json").read_text()
    found.access.enrol(text, "Eshe Juma", PIN, phrase=country.phrases["gender"])
    country.sync(found)
    return found


def test_restricted_text_leaves_only_from_its_desk_and_when_asked_for(
    desk: Services, office: Services, country: Country, tmp_path: Path
) -> None:
    country.sync(desk)
    plain = desk.transfer.export(tmp_path / "plain", "csv", pin=PIN)
    assert "concern.csv" not in plain.files
    assert plain.files["restricted_tally.csv"] == 1
    desk.transfer.export(tmp_path / "text", "jsonl", pin=PIN, with_text=True)
    (row,) = lines(tmp_path / "text" / "concern.jsonl")
    assert (row["fields"]["category"], row["tier"]) == ("gbv", "restricted")
    for other in (office, country.unlocked("chief")):
        with pytest.raises(NoRightError, match="with_text_refused"):
            other.transfer.export(tmp_path / "no", "csv", pin=PIN, with_text=True)
    home = country.folder / "desk"
    assert list(home.glob("export.db*")) + list(home.glob("hq.db*")) == []
    said = [desk.records.show(row.id).fields for row in desk.records.find(type_key="export_log")[0]]
    assert sorted(one["with_text"] for one in said) == [False, True]


def test_restricted_records_stand_in_the_kept_store_as_counts_only(
    desk: Services, country: Country
) -> None:
    country.unlocked("chief").records.create("concern", None, {"category": "gbv"})
    chief = country.unlocked("chief")
    country.sync(chief, desk)
    work = desk.access.workspace()
    store = desk.transfer._filled(work, work.home.store)
    with store.reading() as connection:
        concerns = connection.execute(select(store.shapes["concern"].table)).all()
        counts = connection.execute(select(store.tally.c.shown)).scalars().all()
    store.close()
    assert (concerns, counts) == ([], ["<5"])
    path = country.folder / "desk" / "hq.db"
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"gbv" not in path.read_bytes()


def test_what_was_erased_stays_out_of_a_store_that_is_made_anew(
    office: Services, tmp_path: Path
) -> None:
    office.transfer.export(tmp_path / "before", "jsonl", pin=PIN)
    work = office.access.workspace()
    (row,) = office.records.find(type_key="meeting")[0]
    with work.vault.transaction() as tx:
        tx.records.erase(RecordId(text_to_id(row.id, 16)))
    store = office.transfer._filled(work, work.home.store)
    store.rebuild()
    store.close()
    again = office.transfer.export(tmp_path / "after", "jsonl", pin=PIN)
    assert "meeting.jsonl" not in again.files
    assert again.files["concern.jsonl"] == 1


def csv_file(folder: Path, text: str) -> Path:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8-sig")
    return file


def test_rows_of_each_kind_are_read(chief: Services, tmp_path: Path, country: Country) -> None:
    file = csv_file(
        tmp_path,
        "unit,meeting_type,date,venue,attendance.total,languages,resolutions,previous_confirmed,"
        "place.lat,place.lon,members_total,aims\r\n"
        f'{country.mkomani},cpc_loc,2025-11-20, Fig tree ,12,en;sw,"[{{""text"": ""Peace""}}]",'
        "ndiyo,-2.27,40.9,15,'=quoted\r\n"
        "\r\n",
    )
    report = chief.transfer.import_file("meeting", file)
    assert report.problems == []
    (made,) = report.created
    fields = chief.records.show(made).fields
    assert fields["venue"] == "Fig tree"
    assert fields["languages"] == ["en", "sw"]
    assert fields["resolutions"][0]["text"] == "Peace"
    assert fields["previous_confirmed"] is True
    assert fields["place"] == {"lat": -2.27, "lon": 40.9}
    assert fields["aims"] == "=quoted"
    assert fields["attendance"] == {"total": 12}


def test_bad_rows_are_reported_by_row_and_column_and_good_ones_stay(
    chief: Services, tmp_path: Path
) -> None:
    file = csv_file(
        tmp_path,
        "unit,meeting_type,date,venue,attendance.total,previous_confirmed,resolutions\n"
        ",baraza_chief,2025-11-20,A,x,,\n"
        ",baraza_chief,2025-11-20,B\n"
        ",baraza_chief,2025-11-20,C,4,maybe,\n"
        ",baraza_chief,2025-11-20,D,4,,{\n"
        "KE-999,baraza_chief,2025-11-20,E,4,,\n"
        ",baraza_chief,,F,4,,\n"
        ",baraza_chief,2025-11-20,G,4,,\n",
    )
    report = chief.transfer.import_file("meeting", file)
    assert [(row.row, row.path, row.code) for row in report.problems] == [
        (1, "attendance.total", "import_cell_unreadable"),
        (2, "", "import_row_length"),
        (3, "previous_confirmed", "import_cell_unreadable"),
        (4, "resolutions", "import_cell_unreadable"),
        (5, "", "unknown_unit"),
        (6, "date", "required"),
    ]
    assert [chief.records.show(made).fields["venue"] for made in report.created] == ["G"]


def test_a_torn_quote_stops_the_file_where_it_is(chief: Services, tmp_path: Path) -> None:
    file = csv_file(
        tmp_path, 'meeting_type,date,venue\nbaraza_chief,2025-11-20,A\nbaraza_chief,"x"y,B\n'
    )
    report = chief.transfer.import_file("meeting", file)
    assert len(report.created) == 1
    assert [(row.row, row.code) for row in report.problems] == [(2, "import_row_not_csv")]


def test_lines_of_json_are_read_strictly(chief: Services, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    words = meeting_fields(venue="one\u2028line")
    file.write_text(
        json.dumps({"fields": words}, ensure_ascii=False)
        + '\r\n\n{"fields": {"venue": NaN}}\n{"unit": 5, "fields": {}}\n[]\n',
        encoding="utf-8",
    )
    report = chief.transfer.import_file("meeting", file)
    assert len(report.created) == 1
    assert [row.code for row in report.problems] == [
        *("import_line_not_json", "import_line_not_document", "import_line_not_document"),
    ]


def test_a_file_of_another_kind_is_refused(chief: Services, tmp_path: Path) -> None:
    (tmp_path / "rows.xlsx").write_bytes(b"PK")
    (tmp_path / "rows.csv").write_bytes(b"\xff\xfe\x00")
    for name, code in (
        ("rows.xlsx", "unknown_format"),
        ("rows.csv", "file_not_text"),
        ("missing.csv", "file_unreadable"),
    ):
        with pytest.raises(FieldAppError) as refused:
            chief.transfer.import_file("meeting", tmp_path / name)
        assert refused.value.code == code
    with pytest.raises(UnknownRecordTypeError):
        chief.transfer.import_file("nonsense", tmp_path / "rows.csv")


def test_a_disk_that_fills_half_way_is_reported_with_each_row_it_stopped(
    chief: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rows.jsonl"
    document = json.dumps({"fields": meeting_fields()})
    file.write_text("\n".join([document] * 70))
    seal, seal_many = Writer.seal, Writer.seal_many
    sealed: list[int] = []

    def once(self: Writer, rows: Any) -> Any:
        if sealed:
            raise DatabaseFullError
        sealed.append(len(rows))
        return seal_many(self, rows)

    def never(self: Writer, prepared: Any, draft: Any = None) -> Any:
        if sealed:
            raise DatabaseFullError
        return seal(self, prepared, draft)

    monkeypatch.setattr(Writer, "seal_many", once)
    monkeypatch.setattr(Writer, "seal", never)
    report = chief.transfer.import_file("meeting", file)
    assert len(report.created) == 50
    assert [(row.row, row.code) for row in report.problems] == [
        (number, "database_full") for number in range(51, 71)
    ]
    monkeypatch.undo()
    assert chief.records.find(type_key="meeting")[1] == 50


def test_one_row_that_cannot_be_sealed_does_not_stop_its_neighbours(
    chief: Services, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    long = [{"text": "x" * 900, "number": n} for n in range(1, 61)]
    agenda = [{"title": "t", "notes": "\u2603" * 900} for _ in range(40)]
    rows = [
        meeting_fields(venue="A"),
        meeting_fields(venue="B", resolutions=long, agenda=agenda),
        meeting_fields(venue="C"),
    ]
    file.write_text("\n".join(json.dumps({"fields": row}) for row in rows))
    report = chief.transfer.import_file("meeting", file)
    assert [(row.row, row.code) for row in report.problems] == [(2, "limit_exceeded")]
    assert len(report.created) == 2


def test_an_import_that_is_stopped_says_where_and_keeps_what_it_sealed(
    chief: Services, tmp_path: Path
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join([json.dumps({"fields": meeting_fields()})] * 70))
    asked: list[int] = []

    def after_one() -> bool:
        asked.append(1)
        return len(asked) > 1

    report = chief.transfer.import_file("meeting", file, after_one)
    assert len(report.created) == chief.records.find(type_key="meeting")[1] == 50
    assert [(row.row, row.code) for row in report.problems] == [(51, "import_stopped")]
