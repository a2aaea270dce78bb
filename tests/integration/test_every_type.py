"""Every declared type goes out and comes back in: as lines, as a table, and as flat tables."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.actions import Action
from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType, Tier
from fieldapp.domain.record_types import record_types
from fieldapp.domain.rights import may
from fieldapp.services.facade import Services
from fieldapp.services.import_rows import ImportRow, read_csv, read_jsonl
from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore
from fieldapp.ui.words import Words
from tests.support.country import PIN, Country, make_template
from tests.support.stores import READER, amended, folded, keep, table_rows
from tests.support.vaults import open_vault
from tests.support.whole_documents import whole_document

TYPES = record_types()
LISTED = [t for t in TYPES if t.is_listed and may("hq_admin", t.key, Action.CREATE)]


@pytest.fixture(scope="module")
def hq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    country = Country(make_template(tmp_path_factory.mktemp("country")))
    found = country.unlocked("hq")
    found.organisation.create_office("KE-005-S022", "all")
    yield found
    country.close()


def cell(spec: FieldSpec, value: Any) -> str:
    """Write a value as an import file has it."""
    if spec.kind in {Kind.GROUP, Kind.COUNT_MATRIX, Kind.PLACE}:
        return json.dumps(value)
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, bool):
        return "ndiyo" if value else "hapana"
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_a_whole_document_fills_most_of_its_type(declared: RecordType) -> None:
    filled = whole_document(declared)
    required = {spec.name for spec in declared.fields if spec.required and not spec.visible_when}
    assert required <= set(filled)


@pytest.mark.parametrize("declared", [t for t in TYPES if t.is_listed], ids=lambda t: t.key)
def test_a_row_of_a_list_holds_no_raw_day_and_no_key_of_a_choice(declared: RecordType) -> None:
    words, fields = Words("sw"), whole_document(declared)
    lines = (declared.title(fields).sw, words.line(declared.subtitle(fields).sw, "Mkomani"))
    raw = {
        str(fields[spec.name]): spec.options[0].label.sw
        for spec in declared.fields
        if spec.kind is Kind.CHOICE and fields.get(spec.name)
    }
    for line in lines:
        assert not re.search(r"\d{4}-\d{2}", line)
        assert [key for key, label in raw.items() if line.startswith(key) and key != label] == []


@pytest.mark.parametrize("declared", TYPES, ids=lambda t: t.key)
def test_a_row_of_a_table_reads_as_the_document_that_wrote_it(
    declared: RecordType, tmp_path: Path
) -> None:
    fields = whole_document(declared)
    file = tmp_path / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["unit", *("field_unit" if name == "unit" else name for name in fields)])
        specs = [declared.field(name) for name in fields]
        cells = [cell(s, v) for s, v in zip(specs, fields.values(), strict=True) if s is not None]
        writer.writerow(["KE-005-S022", *cells])
    with file.open(encoding="utf-8", newline="") as written:
        read = list(read_csv(written.read(), declared))
    assert read == [ImportRow(1, "KE-005-S022", fields)]


@pytest.mark.parametrize("declared", LISTED, ids=lambda t: t.key)
def test_what_was_exported_is_imported_again(
    hq: Services, declared: RecordType, tmp_path: Path
) -> None:
    fields = {n: v for n, v in whole_document(declared).items() if not _links(declared, n)}
    for spec in declared.fields:
        if spec.kind is Kind.LINK and spec.required:
            fields[spec.name] = whole_document(declared)[spec.name]
    made = hq.records.create(declared.key, "KE-005-S022", fields)
    hq.transfer.export(tmp_path, "jsonl", pin=PIN)
    file = tmp_path / f"{declared.key}.jsonl"
    (row,) = [r for r in read_jsonl(file.read_text(encoding="utf-8")) if isinstance(r, ImportRow)]
    assert row.fields == hq.records.show(made).fields == fields
    report = hq.transfer.import_file(declared.key, file)
    assert report.problems == []
    (again,) = report.created
    assert hq.records.show(again).fields == fields


def _links(declared: RecordType, name: str) -> bool:
    spec = declared.field(name)
    return spec is not None and spec.kind is Kind.LINK


def test_flat_tables_that_followed_are_those_of_a_rebuild(tmp_path: Path) -> None:
    vault = open_vault(tmp_path / "vault.db")
    followed, fresh = HqStore(tmp_path / "followed.db"), HqStore(tmp_path / "fresh.db")
    for declared in TYPES:
        state = folded(declared.key, declared.key, whole_document(declared))
        keep(vault, state)
        refresh(followed, vault, READER)
        group = next((s.name for s in declared.fields if s.kind is Kind.GROUP), None)
        changed = {f"{group}/ab12cd34": None} if group else {declared.fields[0].name: None}
        keep(vault, amended(state, changed))
    refresh(followed, vault, READER)
    refresh(fresh, vault, READER)
    names = [row["name"] for row in table_rows(fresh, "sqlite_master") if row["type"] == "table"]
    for name in names:
        if name != "hq_state":
            rows = [
                sorted(map(repr, table_rows(store, f'"{name}"'))) for store in (followed, fresh)
            ]
            assert rows[0] == rows[1], name
    for declared in TYPES:
        is_secret = declared.tier(whole_document(declared)) is Tier.RESTRICTED
        is_kept = declared.parties is None and not is_secret
        assert bool(table_rows(fresh, f'"{declared.key}"')) is is_kept, declared.key
    for opened in (vault, followed, fresh):
        opened.close()
