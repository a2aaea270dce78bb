"""A name in a document that nobody reads is refused; what ``record show`` prints may come back."""

from __future__ import annotations

import json

import pytest

from fieldapp.cli.records import record_facts
from fieldapp.services.documents import READ, SHOWN, unit_and_fields, unknown_name
from fieldapp.services.facade import Services
from fieldapp.services.import_rows import BadRow, ImportRow, read_jsonl
from tests.support.factories import meeting_fields


@pytest.mark.parametrize("name", ["Unit", "units", "Fields", "unit "])
def test_a_line_with_an_unknown_name_is_refused_and_the_next_one_read(name: str) -> None:
    lines = [json.dumps({name: "KE", "fields": {}}), json.dumps({"fields": {"venue": "Tree"}})]
    assert list(read_jsonl("\n".join(lines))) == [
        BadRow(1, name, "import_name_unknown"),
        ImportRow(2, None, {"venue": "Tree"}),
    ]


def test_what_is_shown_of_a_record_is_a_document(chief: Services) -> None:
    record = chief.records.create("meeting", None, meeting_fields())
    facts = record_facts(chief.records.show(record))
    assert facts.keys() <= READ | SHOWN
    assert unknown_name(facts) is None
    assert unit_and_fields(facts) == (facts["unit"], facts["fields"])
