"""Fake homes with a realistic week in them: a chief's and a sub-county's."""

from __future__ import annotations

from random import Random

from fieldapp.domain.clock import kenya_date
from fieldapp.domain.samples import golden_meeting, records
from fieldapp.domain.text import Text
from fieldapp.services.office_views import DeviceRow
from fieldapp.services.views import ConflictView, HomeState, Note
from tests.support.fake_services import FakeServices
from tests.support.fake_world import CHIEF, DAY, LOCATION, MINUTE, START_MS, SUB_COUNTY, WORDS


def chief_home(language: str = "en", state: HomeState = HomeState.LOCKED) -> FakeServices:
    """Return a chief's home with a realistic week in it."""
    services = FakeServices(CHIEF, state, language=language)
    world = services.world
    today = kenya_date(START_MS)
    for number, sample in enumerate(records(Random(7), LOCATION, today, 14)):  # noqa: S311  the same invented week each time
        at_ms = START_MS - number * 9 * 60 * MINUTE - 40 * MINUTE
        record = world.hold(sample.type, sample.unit, dict(sample.fields), at_ms=at_ms)
        reached = ("phone", "server", "sub_county", "hq")[min(number // 2, 3)]
        stages = ("server", "sub_county", "hq")
        if reached != "phone":
            for stage in stages[: stages.index(reached) + 1]:
                record.ticks[stage] = at_ms + 30 * MINUTE
            record.tick = reached
    golden = golden_meeting(LOCATION)
    workshop = world.hold(
        "meeting", LOCATION, dict(golden.fields), at_ms=START_MS - 3 * DAY, tick="hq",
        ticks={"server": START_MS - 2 * DAY, "sub_county": START_MS - DAY, "hq": START_MS - DAY},
    )  # fmt: skip
    workshop.conflicts.append(
        ConflictView(
            "venue", Text("Venue", "Mahali pa mkutano"), golden.fields["venue"], "Lamu Fort",
            "Brian Otieno", START_MS - DAY,
        )
    )  # fmt: skip
    services.records.new_draft("meeting", None, {"meeting_type": "baraza_chief"})
    world.last_delivered = START_MS - 90 * MINUTE
    return services


def sub_county_home(language: str = "en", state: HomeState = HomeState.LOCKED) -> FakeServices:
    """Return a sub-county's home: received records, devices to look after."""
    services = FakeServices(SUB_COUNTY, state, language=language)
    world = services.world
    for number, sample in enumerate(records(Random(11), LOCATION, kenya_date(START_MS), 60)):  # noqa: S311  the same invented week each time
        at_ms = START_MS - number * 5 * 60 * MINUTE
        world.hold(
            sample.type, sample.unit, dict(sample.fields), at_ms=at_ms, tick="sub_county",
            author="Amina Bakari", mine=False,
            ticks={"server": at_ms + MINUTE, "sub_county": at_ms + 9 * MINUTE, "hq": None},
        )  # fmt: skip
    queried = world.hold(
        "concern", LOCATION, {"category": "theft", "urgency": "U3", "date": "2026-11-20"},
        author="Amina Bakari", mine=False, tick="sub_county",
    )  # fmt: skip
    queried.attention = Note("record_refused", {"reason": ""})
    world.device_rows = [
        DeviceRow("7f3k9m2q8r4t6v1w5x0y2z3a4b", LOCATION, "Mkomani", "chief", "active",
                  START_MS - 20 * MINUTE, None, holder="Amina Bakari", may_act=True),
        DeviceRow("9b8c7d6e5f4g3h2j1k0m9n8p7q", "KE-005-S022", "Lamu West", "dcc_admin",
                  "unconfirmed", None, WORDS, may_act=True),
    ]  # fmt: skip
    world.last_delivered = START_MS - 12 * MINUTE
    return services
