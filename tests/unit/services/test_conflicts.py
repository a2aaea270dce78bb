"""Changed in two places: both values with their names, and a choice that is an amendment."""

from __future__ import annotations

import pytest

from fieldapp.errors import UnknownRecordError
from fieldapp.services.facade import Services
from tests.support.country import OFFICER, Country
from tests.support.factories import meeting_fields


@pytest.fixture
def clashing(country: Country, chief: Services, dcc: Services) -> str:
    """A meeting whose venue the chief and the sub-county changed without knowing of each other."""
    record = chief.records.create("meeting", None, meeting_fields())
    country.sync(chief, dcc)
    chief.records.edit(record, {"venue": "Fig tree"}, "Wrong place")
    country.clock.advance(60_000)
    dcc.records.edit(record, {"venue": "School field"}, "As the minutes say")
    country.sync(chief, dcc, chief)
    country.clock.advance(60_000)
    return record


def test_both_values_stand_there_with_their_names(
    chief: Services, dcc: Services, clashing: str
) -> None:
    (found,) = chief.records.show(clashing).conflicts
    assert (found.kept, found.kept_author) == ("School field", "Lamu West")
    assert (found.lost, found.lost_author) == ("Fig tree", OFFICER["chief"])
    (found,) = dcc.records.show(clashing).conflicts
    assert (found.kept_author, found.lost_author) == (OFFICER["dcc"], OFFICER["chief"])


@pytest.mark.parametrize(("keeps", "venue"), [(True, "School field"), (False, "Fig tree")])
def test_an_officer_chooses_and_everybody_sees_the_choice(
    country: Country, chief: Services, dcc: Services, clashing: str, *, keeps: bool, venue: str
) -> None:
    chief.conflicts.choose(clashing, "venue", keeps=keeps)
    country.sync(chief, dcc)
    for services in (chief, dcc):
        shown = services.records.show(clashing)
        assert shown.fields["venue"] == venue
        assert shown.conflicts == []
        last = shown.history[-1]
        assert (last.author, last.reason) == (OFFICER["chief"], "Changed in two places: Venue")
        assert services.syncing.status().needs_attention == 0


def test_what_is_settled_cannot_be_settled_again(chief: Services, clashing: str) -> None:
    chief.conflicts.choose(clashing, "venue", keeps=True)
    with pytest.raises(UnknownRecordError):
        chief.conflicts.choose(clashing, "venue", keeps=False)
    assert len(chief.records.show(clashing).history) == 4


def test_words_in_an_item_that_was_removed_do_not_bring_it_back(
    country: Country, chief: Services, dcc: Services
) -> None:
    fields = meeting_fields(resolutions=[{"text": "Mend the lamp"}])
    record = chief.records.create("meeting", None, fields)
    country.sync(chief, dcc)
    item = chief.records.show(record).fields["resolutions"][0]["id"]
    chief.records.edit(record, {"resolutions": []}, "Not resolved")
    country.clock.advance(60_000)
    dcc.records.edit(record, {f"resolutions/{item}/text": "Mend both lamps"}, "More exact")
    country.sync(chief, dcc, chief)
    (found,) = chief.records.show(record).conflicts
    assert (found.kept, found.lost) == (None, "Mend both lamps")
    with pytest.raises(UnknownRecordError):
        chief.conflicts.choose(record, found.path, keeps=False)
