"""A restricted record leaves its author's device on its day, also where no server answers."""

from __future__ import annotations

import pytest

from fieldapp.errors import NoRightError
from fieldapp.services.drafts import KEEP_MS
from tests.support.country import PIN, Country


def test_unlocking_gives_up_what_is_due_without_a_server(country: Country) -> None:
    chief = country.unlocked("chief")
    fields = {"category": "gbv", "week_of": "2026-11-16", "survivor_sex": "female"}
    record = chief.records.create("concern", None, fields)
    assert chief.records.show(record).fields["category"] == "gbv"
    chief.access.lock()
    country.clock.advance(KEEP_MS)
    chief.access.unlock(PIN)
    assert chief.records.show(record).fields == {}
    with pytest.raises(NoRightError, match="record_given_up"):
        chief.records.edit(record, {"status": "open"}, reason="More is known")
