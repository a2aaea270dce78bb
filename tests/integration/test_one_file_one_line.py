"""Adding a record type is one file and one line: a type that nobody has heard of just works."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from fieldapp.domain.record_type import RecordType
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.ui.app import make_main
from tests.support import toy_type
from tests.support.commands import Commands
from tests.support.country import PIN, Country
from tests.support.fake_services import FakePlatform
from tests.support.headless import Headless

WHOLE: dict[str, Any] = {
    "name": "Kisima cha Mkomani",
    "state": "flows",
    "metres": 40,
    "users": {"women": 30, "men": 12},
    "repairs": [{"id": "ab12cd34", "what": "The pump"}],
}


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> RecordType:
    return toy_type.declare(monkeypatch)


@pytest.fixture
def chief(country: Country, well: RecordType) -> Services:
    assert well.key == "well"
    return country.unlocked("chief")


@pytest.fixture
async def page(chief: Services) -> AsyncIterator[Headless]:
    chief.access.set_language("en")
    chief.access.lock()
    opened = Headless()
    await opened.start(make_main(chief, platform=FakePlatform))
    await opened.type("Enter your PIN", PIN)
    await opened.press("Unlock")
    await opened.sees("Amina Bakari")
    yield opened
    await opened.close()


def test_it_is_checked_by_its_own_rules(chief: Services) -> None:
    with pytest.raises(ProblemsError) as caught:
        chief.records.create("well", None, WHOLE | {"state": "dry"})
    assert [problem.code for problem in caught.value.problems] == ["dry_well_has_depth"]
    theft = chief.records.create(
        "concern", None, {"category": "theft", "urgency": "U3", "date": "2023-11-02"}
    )
    with pytest.raises(ProblemsError) as caught:
        chief.records.create("well", None, WHOLE | {"concern": theft})
    assert [problem.code for problem in caught.value.problems] == ["well_of_a_theft"]


def test_it_is_listed_found_named_and_shown(chief: Services) -> None:
    made = chief.records.create("well", None, WHOLE)
    rows, total = chief.records.find("kisima", "well")
    assert (total, rows[0].id, rows[0].title) == (1, made, "Kisima cha Mkomani")
    assert chief.records.find("pump", "well")[1] == 0
    assert chief.records.columns((made,)) == {
        made: {"name": "Kisima cha Mkomani", "state": "flows"}
    }
    assert chief.records.show(made).fields == WHOLE


def test_it_reaches_headquarters_and_leaves_as_a_table(
    chief: Services, country: Country, tmp_path: Path
) -> None:
    made = chief.records.create("well", None, WHOLE)
    dcc, hq = country.unlocked("dcc"), country.unlocked("hq")
    country.sync(chief, dcc, hq)
    assert hq.records.show(made).fields == WHOLE
    hq.transfer.export(tmp_path, "jsonl", pin=PIN)
    (line,) = (tmp_path / "well.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["fields"] == WHOLE
    hq.transfer.export(tmp_path, "csv", pin=PIN)
    with (tmp_path / "well.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["name"], row["metres"], row["users_women"]) == ("Kisima cha Mkomani", "40", "30")
    with (tmp_path / "well_repairs.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["what"] for row in csv.DictReader(file)] == ["The pump"]


def test_it_is_made_shown_listed_described_and_imported_by_command(
    chief: Services, country: Country, tmp_path: Path
) -> None:
    chief.access.lock()
    command = Commands(country.folder / "chief")
    schema = command.good("record", "schema", "well", "--json")
    jsonschema.Draft202012Validator(schema).validate({"unit": country.mkomani, "fields": WHOLE})
    assert {"dry_well_has_depth", "well_of_a_theft"} <= set(schema["x-rules"])
    assert "well" in [row["type"] for row in command.good("record", "types", "--json")["types"]]
    document = json.dumps({"unit": country.mkomani, "fields": WHOLE})
    made = command.good("record", "new", "well", "--file", "-", "--json", given=document)
    assert command.good("record", "show", made["id"], "--json")["fields"] == WHOLE
    file = tmp_path / "wells.csv"
    file.write_text("name,state,users.women\nKisima cha Shela,dry,4\n,flows,2\n", encoding="utf-8")
    refused = command("record", "import", "well", "--file", str(file), "--json")
    assert refused.code == 1
    assert len(refused.json["created"]) == 1
    assert [(row["row"], row["field"]) for row in refused.json["errors"]] == [(2, "name")]
    listed = command.good("record", "list", "well", "--json")["records"]
    assert {row["title"] for row in listed} == {"Kisima cha Mkomani", "Kisima cha Shela"}


async def test_it_is_begun_filled_in_sealed_listed_and_read_on_the_screen(
    page: Headless, chief: Services
) -> None:
    await page.press("More records")
    await page.sees("Where people draw water")
    await page.press("Well")
    await page.sees("Which well?")
    await page.type("Name of the well", "Kisima cha Lamu")
    await page.press("Continue")
    await page.press("Add: Repairs")
    await page.type("What was repaired", "The rope")
    await page.press("Review and seal")
    await page.sees("Kisima cha Lamu")
    await page.sees("Seal and queue")
    made = chief.records.seal(chief.records.drafts()[0].id)
    page.page.navigate("/records/kind/well")
    await page.sees("1 record")
    await page.press("Kisima cha Lamu")
    await page.sees("The rope")
    assert page.page.route == f"/records/{made}"


async def test_what_follows_from_it_and_what_it_is_begun_from_is_shown(
    page: Headless, chief: Services
) -> None:
    concern = chief.records.create(
        "concern", None, {"category": "resource", "urgency": "U2", "date": "2023-11-02"}
    )
    made = chief.records.create("well", None, {"name": "Mashariki", "state": "dry"})
    page.page.navigate(f"/records/{made}")
    await page.sees("Nobody draws water here.")
    page.page.navigate(f"/records/{concern}")
    await page.press("Dig a well")
    await page.sees("Which well?")
    assert chief.records.drafts()[0].fields["concern"] == concern
