"""A restricted record leaves its author's device on its day, also where no server answers."""

from __future__ import annotations

import pytest

from fieldapp.errors import NoRightError
from fieldapp.services.drafts import KEEP_MS
from fieldapp.sync.exchange import OFFSET_KEY
from fieldapp.sync.folding import DAY_MS
from tests.support.country import PIN, Country

SURVIVOR = {"category": "gbv", "week_of": "2026-11-16", "survivor_sex": "female"}


def test_unlocking_gives_up_what_is_due_without_a_server(country: Country) -> None:
    chief = country.unlocked("chief")
    record = chief.records.create("concern", None, SURVIVOR)
    assert chief.records.show(record).fields["category"] == "gbv"
    chief.access.lock()
    country.clock.advance(KEEP_MS)
    chief.access.unlock(PIN)
    assert chief.records.show(record).fields == {}
    with pytest.raises(NoRightError, match="record_given_up"):
        chief.records.edit(record, {"status": "open"}, reason="More is known")


def test_a_draft_on_a_phone_whose_clock_is_a_month_ahead_stays_for_its_days(
    country: Country,
) -> None:
    chief = country.unlocked("chief")
    with chief.access.workspace().vault.transaction() as tx:
        tx.meta.set(OFFSET_KEY, (-30 * DAY_MS).to_bytes(8, "big", signed=True))
    chief.access.lock()
    chief.access.unlock(PIN)
    draft = chief.records.create("concern", None, SURVIVOR, draft=True)
    chief.access.lock()
    country.clock.advance(KEEP_MS - 1)
    chief.access.unlock(PIN)
    assert chief.records.draft(draft).fields == SURVIVOR
    chief.access.lock()
    country.clock.advance(1)
    chief.access.unlock(PIN)
    assert chief.records.drafts() == []


@pytest.mark.parametrize("by", ["unlocking", "a sync"])
def test_what_was_written_while_the_clock_had_lost_its_date_stays_for_its_days(
    country: Country, by: str
) -> None:
    lost_ms = country.clock.ms - 10 * 365 * DAY_MS
    chief = country.unlocked("chief")
    country.clock.advance(-lost_ms)
    draft = chief.records.create("concern", None, SURVIVOR, draft=True)
    country.clock.advance(lost_ms)
    if by == "unlocking":
        chief.access.lock()
        chief.access.unlock(PIN)
    else:
        country.sync(chief)
    assert chief.records.draft(draft).fields == SURVIVOR
    country.clock.advance(KEEP_MS)
    chief.access.lock()
    chief.access.unlock(PIN)
    assert chief.records.drafts() == []
