"""The heading of an import and its numbers: nothing is guessed, nothing overwritten unseen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import InvalidRecordError
from fieldapp.i18n import message
from fieldapp.services.facade import Services


def csv_file(folder: Path, text: str) -> Path:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "invalid_file", {"reason": "empty"}),
        ('"venue\nx', "invalid_file", {"reason": "csv", "row": 0}),
        ("colour\nred\n", "import_column_unknown", {"column": "colour"}),
        ("venue.\nx\n", "import_column_unknown", {"column": "venue."}),
        ("venue.hall\nx\n", "import_column_unknown", {"column": "venue.hall"}),
        ("unit.name\nx\n", "import_column_unknown", {"column": "unit.name"}),
        ("attendance.crowd\n9\n", "import_column_unknown", {"column": "attendance.crowd"}),
        ("place.height\n9\n", "import_column_unknown", {"column": "place.height"}),
        ("venue,date,venue\nA,2025-11-20,B\n", "import_column_twice", {"column": "venue"}),
        (
            'attendance,attendance.total\n"{""total"": 5}",9\n',
            "import_column_twice",
            {"column": "attendance.total"},
        ),
        ("date;venue\n2025-11-20;A\n", "import_semicolons", {}),
    ],
)
def test_a_heading_that_fits_no_type_is_one_error_that_names_the_column(
    chief: Services, tmp_path: Path, text: str, code: str, params: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRecordError) as refused:
        chief.transfer.import_file("meeting", csv_file(tmp_path, text))
    assert (refused.value.code, refused.value.params) == (code, params)
    words = message(code, "en", **params)
    assert params.get("column", "") in words
    assert "{" not in words


@pytest.mark.parametrize("cell", ["1_000", "1,000", "1e3", "0x10", "\u0661\u0662", "1 000", "--5"])
def test_a_number_is_read_from_plain_digits_only(
    chief: Services, tmp_path: Path, cell: str
) -> None:
    rows = f'meeting_type,date,venue,attendance.total\nbaraza_chief,2025-11-20,A,"{cell}"\n'
    report = chief.transfer.import_file("meeting", csv_file(tmp_path, rows))
    assert report.created == []
    assert [(row.path, row.code) for row in report.problems] == [
        ("attendance.total", "import_cell_unreadable")
    ]
