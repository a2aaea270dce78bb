"""Commands on a disk without room for a log beside the vault: what they show, and what never."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.errors import DatabaseFullError
from fieldapp.storage import vault as vault_module
from fieldapp.sync.folding import OWN_KEY_DAYS
from tests.support.children import child, next_line
from tests.support.commands import Commands
from tests.support.country import Country
from tests.support.factories import meeting_fields

DAY_MS = 86_400_000

ON_A_FULL_DISK = """
import json, resource, sys
from pathlib import Path
from tests.support.children import child, next_line
from tests.support.commands import Commands
phone, kept = Commands(Path(sys.argv[1])), sys.argv[2]
resource.setrlimit(resource.RLIMIT_FSIZE, (8_192,) * 2)
for words in (
    "status", f"record show {kept}", "record list meeting", "verify", "diagnose",
    f"record edit {kept} --set venue=Elsewhere --reason x", "sync",
):
    done = phone(*words.split())
    print(done.code, done.json["error"]["code"] if done.code else list(done.json), flush=True)
for _ in range(2):
    print(phone("status", environment={"FIELDAPP_PIN": "111111"}).error, flush=True)
"""


def test_what_lies_on_a_full_disk_can_be_read(country: Country) -> None:
    """No file may grow beyond two pages: no room for a log, nor for a word more in any other."""
    phone = Commands(country.folder / "chief")
    kept = phone.good("record", "new", "meeting", given=json.dumps({"fields": meeting_fields()}))[
        "id"
    ]
    with child(ON_A_FULL_DISK, str(phone.home), kept) as process:
        said = list(iter(lambda: next_line(process), ""))
    assert [line.split()[0] for line in said[:5]] == ["0"] * 5
    assert said[5:] == ["1 database_full", "1 database_full", "wrong_pin", "wrong_pin_wait"]
    (phone.home / "vault.tries").unlink()  # Rather than wait.
    assert phone.good("record", "show", kept)["fields"]["venue"] == meeting_fields()["venue"]


def test_a_restricted_record_whose_day_has_come_keeps_a_full_vault_shut(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief = Commands(country.folder / "chief")
    fields = {"category": "defilement", "urgency": "U3"}
    kept = chief.good("record", "new", "concern", given=json.dumps({"fields": fields}))["id"]

    def refuse(_path: Path) -> None:
        raise DatabaseFullError

    with monkeypatch.context() as full:
        full.setattr(vault_module, "migrate", refuse)
        assert chief.good("record", "show", kept)["tier"] == "restricted"
        assert chief("record", "new", "concern", "--draft", given='{"fields": {}}').code == 1
        country.clock.ms += (OWN_KEY_DAYS + 1) * DAY_MS
        assert chief("record", "show", kept).error == "database_full"
        assert chief("status").error == "database_full"
    chief.good("status")
    assert chief.good("record", "show", kept)["fields"] == {}
