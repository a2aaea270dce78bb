"""Commands on a disk without room for a log beside the vault: what they show, and what never."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.errors import DatabaseFullError
from fieldapp.storage import vault as vault_module
from fieldapp.sync.folding import OWN_KEY_DAYS
from tests.support.commands import Commands
from tests.support.country import Country

DAY_MS = 86_400_000


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
