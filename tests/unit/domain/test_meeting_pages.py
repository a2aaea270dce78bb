"""The pages of a meeting: five at most, short for a baraza, fuller for a workshop."""

from __future__ import annotations

import pytest

from fieldapp.domain.meeting_choices import MEETING_TYPES
from fieldapp.domain.record_types import record_type
from tests.support.factories import visible_fields

MEETING = record_type("meeting")
ORGANISERS = {"facilitators", "funder", "programme", "supported_by", "partners"}
MEMBERS = {"members_total", "members_present", "apologies", "absent"}


def shown(kind: str) -> set[str]:
    return {spec.name for spec in visible_fields("meeting", {"meeting_type": kind})}


@pytest.mark.parametrize("kind", [option.key for option in MEETING_TYPES])
def test_every_kind_has_five_pages_that_say_what_they_are_for(kind: str) -> None:
    visible = shown(kind)
    pages = [page for page in MEETING.sections if visible & set(page.names)]
    assert len(pages) == 5
    assert all(page.help is not None and page.help.en and page.help.sw for page in pages)


def test_a_baraza_is_asked_for_no_funder_no_members_and_no_body() -> None:
    asked = shown("baraza_chief")
    assert asked & (ORGANISERS | MEMBERS | {"body", "body_name", "parties"}) == set()
    assert {"attendance", "agenda", "resolutions", "feedback", "next_date"} <= asked


def test_a_workshop_is_asked_who_paid_and_who_taught_what() -> None:
    assert ORGANISERS | {"topics"} <= shown("workshop")
    assert shown("workshop") & (MEMBERS | {"body"}) == set()


def test_a_committee_counts_its_members() -> None:
    assert MEMBERS | {"body", "previous_confirmed", "chair_kind"} <= shown("cpc_loc")
    assert shown("cpc_loc") & ORGANISERS == set()


def test_talks_and_election_meetings_count_their_parties_by_group() -> None:
    assert [o.key for o in MEETING_TYPES if "parties" in shown(o.key)] == [
        "peace_dialogue", "election_security",
    ]  # fmt: skip


def test_what_is_open_from_last_time_comes_before_what_is_new() -> None:
    (page,) = [page for page in MEETING.sections if page.key == "agenda"]
    order = [page.names.index(n) for n in ("matters_arising", "agenda", "resolutions")]
    assert order == sorted(order)
