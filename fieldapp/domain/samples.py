"""Sample records: the golden workshop, the Malindi response times, and realistic others.

Laws:
  * Pure: the source of chance and the day are handed in, so the same seed gives the same records.
  * Every sample passes ``check``. Nobody named exists; officials appear by office.
  * The golden meeting says exactly what the report of 11 October 2018 says, with the facilitator
    by role under an invented name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from fieldapp.domain import sample_texts as texts
from fieldapp.domain.agencies import AGENCIES
from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Form

T = TypeVar("T")
GOLDEN_UNIT = "KE-005-S022"
MALINDI = "KE-003-S016"
MINUTES_BEFORE = (38, 62, 45, 55, 41, 59, 52, 48, 66, 34)
MINUTES_AFTER = (15, 30, 20, 25, 18, 27, 22, 23, 26, 19)
"""Response times around the commitment: they average exactly 50.0 and 22.5 minutes."""


class Chance(Protocol):
    """A seeded source of chance, such as ``random.Random(7)``."""

    def randrange(self, stop: int, /) -> int:
        """Return a number from 0 to below ``stop``."""
        ...

    def choice(self, seq: Sequence[T], /) -> T:
        """Return one element."""
        ...


@dataclass(frozen=True, slots=True)
class Sample:
    """One document to record: its type, unit and fields."""

    type: str
    unit: str
    fields: dict[str, Any]


def golden_meeting(unit: str = GOLDEN_UNIT) -> Sample:
    """Return the workshop at Lamu Museum Hall: 79 participants, 8 women and 71 men."""
    topics = [
        "intro_cp", "cp_levels", "security_situation", "nyumba_kumi", "crime_prevention", "sara",
        "paradigm_shift", "action_planning", "plenary", "way_forward",
    ]  # fmt: skip
    agencies = [
        "moi", "cc", "county_police", "capc", "dcc", "acc", "chief", "asst_chief", "aps",
        "nps_other", "peace_committee", "nctc", "eacc", "iom",
    ]  # fmt: skip
    fields = {
        "meeting_type": "workshop",
        "title": "One-day sensitisation workshop on community policing",
        "aims": "Active partnership through trust and confidence building between law enforcement "
        "and security agencies and the community; building capacities for crime prevention.",
        "classification": "open",
        "date": "2018-10-11",
        "venue": "Lamu Museum Hall (Mwanaarafa)",
        "ward": "KE-005-W0105",
        "areas": ["KE-005-S021", "KE-005-S022"],
        "languages": ["en", "sw"],
        "convener": "Office of the County Commissioner, Lamu",
        "led_by": "Lamu County Commissioner",
        "supported_by": "International Organization for Migration (IOM)",
        "funder": "Government of Japan",
        "programme": "PHSS IV",
        "programme_areas": ["KE-002", "KE-003", "KE-001", "KE-005"],
        "facilitators": [{"role": "Training facilitator", "name": "Dr Baraka Mwamba"}],
        "partners": [{"name": "International Organization for Migration (IOM)"}],
        "attendance": {"total": 79, "female": 8, "male": 71},
        "agencies": agencies,
        "agencies_other": "Peace Corps (as written in the report)",
        "topics": topics,
        "linked_plan": "Lamu County Action Plan on countering violent extremism",
        "linked_activity": "Operationalisation of the plan",
    }
    return Sample("meeting", unit, fields)


def commitment_meeting(commitment: date, unit: str = MALINDI) -> Sample:
    """Return the meeting at which the police of Malindi committed themselves to be faster."""
    fields = {
        "meeting_type": "cpf",
        "title": "Community Policing Forum on police response",
        "classification": "open",
        "date": commitment.isoformat(),
        "venue": "Sub-county boardroom",
        "attendance": {"total": 46, "female": 19, "male": 27, "age_18_34": 17, "pwd": 2},
        "agencies": ["dcc", "kps", "chief", "cso"],
        "topics": ["response_times", "way_forward"],
        "resolutions": [
            {
                "number": 1,
                "text": "Police reach callers in half the time it takes today.",
                "responsible": "Sub-County Police Commander",
                "agency": "kps",
                "status": "in_progress",
                "priority": "high",
                "indicator": "Average minutes from call to arrival",
                "baseline": "50.0",
                "target": "25",
            }
        ],
    }
    return Sample("meeting", unit, fields)


def slow_responses(chance: Chance, commitment: date, unit: str = MALINDI) -> list[Sample]:
    """Return 20 concerns of Malindi: ten before the commitment, ten on or after it."""
    before = [commitment - timedelta(days=6 * n + 1 + chance.randrange(5)) for n in range(10)]
    after = [commitment + timedelta(days=2 * n + chance.randrange(2)) for n in range(10)]
    days = [*zip(before, MINUTES_BEFORE, strict=True), *zip(after, MINUTES_AFTER, strict=True)]
    return [_slow_response(chance, unit, day, minutes) for day, minutes in days]


def _slow_response(chance: Chance, unit: str, day: date, minutes: int) -> Sample:
    fields = {
        "category": "slow_response",
        "urgency": "U3",
        "date": day.isoformat(),
        "landmark": chance.choice(texts.PLACES).removeprefix("the ").capitalize(),
        "narrative": _story(chance, "order", 2),
        "source": "resident",
        "response_log": [_response(chance, day, minutes)],
        "status": "open",
    }
    return Sample("concern", unit, fields)


def _response(chance: Chance, day: date, minutes: int) -> dict[str, Any]:
    """Return one row of a response log that took so many minutes."""
    start = 60 * (6 + chance.randrange(14)) + chance.randrange(60)
    sent = start + 2 + chance.randrange(max(1, minutes // 3))
    return {
        "reported_at": _instant(day, start),
        "dispatched_at": _instant(day, sent),
        "arrived_at": _instant(day, start + minutes),
        "station": chance.choice(texts.STATIONS),
        "source": chance.choice(("community", "ocs_report")),
        "quality": chance.choice(("exact", "estimated")),
    }


def _instant(day: date, minute: int) -> str:
    moved = day + timedelta(days=minute // 1440)
    return f"{moved.isoformat()}T{minute % 1440 // 60:02d}:{minute % 60:02d}:00+03:00"


def concern(chance: Chance, unit: str, today: date) -> Sample:
    """Return one realistic concern of any category that is told in words."""
    told = [c for c in CATEGORIES if c.form is Form.STANDARD and c.tier is not Tier.RESTRICTED]
    found = chance.choice(told)
    day = today - timedelta(days=1 + chance.randrange(120))
    fields: dict[str, Any] = {
        "category": found.key,
        "urgency": found.urgency,
        "danger_now": False,
        "date": day.isoformat(),
        "time": f"{chance.randrange(24):02d}:{5 * chance.randrange(12):02d}",
        "landmark": chance.choice(texts.PLACES).removeprefix("the ").capitalize(),
        "narrative": _story(chance, found.group, 3),
        "source": chance.choice(("anonymous", "resident", "elder", "own", "meeting")),
        "told": list(found.tell),
        "status": chance.choice(("open", "verified", "assigned", "in_progress")),
        "actions": [_action(chance, today)],
    }
    if found.key == "other":
        fields["other_text"] = "Noise at night"
    if chance.randrange(4) == 0:
        fields["response_log"] = [_response(chance, day, 10 + chance.randrange(50))]
    if chance.randrange(3) == 0:
        fields["escalations"] = [_escalation(chance, day, today)]
    if chance.randrange(2):
        fields["ob_number"] = f"{1 + chance.randrange(60)}/{day:%d/%m/%Y}"
    return Sample("concern", unit, fields)


def _action(chance: Chance, today: date) -> dict[str, Any]:
    return {
        "text": chance.choice(texts.ACTIONS),
        "responsible": chance.choice(texts.OFFICES).removeprefix("the ").capitalize(),
        "due": (today + timedelta(days=chance.randrange(30) - 8)).isoformat(),
        "status": chance.choice(("not_started", "in_progress")),
    }


def _escalation(chance: Chance, day: date, today: date) -> dict[str, Any]:
    return {
        "to_body": chance.choice(("cpc_loc", "sub_county", "csic", "cpf")),
        "report_purpose": chance.choice(("for_action", "for_information")),
        "reason": chance.choice(("It happens again and again.", "It needs several agencies.")),
        "sent_on": min(day + timedelta(days=chance.randrange(6)), today).isoformat(),
    }


def restricted_concern(chance: Chance, unit: str, today: date) -> Sample:
    """Return one survivor's concern: no words, no place, no exact day."""
    found = chance.choice([c for c in CATEGORIES if c.form is Form.SURVIVOR])
    day = today - timedelta(days=7 + chance.randrange(90))
    child = found.group == "children"
    fields = {
        "category": found.key,
        "urgency": found.urgency,
        "week_of": (day - timedelta(days=day.weekday())).isoformat(),
        "survivor_sex": chance.choice(("female", "male", "not_stated")),
        "survivor_age": "under_18" if child else chance.choice(("age_18_34", "age_35_59")),
        "relation": chance.choice(("partner", "relative", "known", "unknown")),
        "services_offered": ["health", "psychosocial", "gender_desk"],
        "services_accepted": ["health"],
        "consent": "child_mandatory" if child else "yes",
        "follow_up_ref": f"F-{1000 + chance.randrange(9000)}",
        "status": "assigned",
    }
    return Sample("concern", unit, fields)


def meeting(chance: Chance, unit: str, today: date) -> Sample:
    """Return one realistic meeting with agenda, attendance and resolutions."""
    kind = chance.choice(("baraza_chief", "baraza_asst_chief", "nk_cluster", "cpc_loc", "cpf"))
    day = today - timedelta(days=1 + chance.randrange(100))
    hour = 9 + chance.randrange(6)
    fields: dict[str, Any] = {
        "meeting_type": kind,
        "classification": "open",
        "date": day.isoformat(),
        "start_time": f"{hour:02d}:00",
        "end_time": f"{hour + 2:02d}:30",
        "venue": chance.choice(texts.VENUES),
        "languages": ["sw"] if chance.randrange(3) else ["sw", "local"],
        "convener": chance.choice(("Chief", "Assistant chief", "Committee chairperson")),
        "attendance": _attendance(chance),
        "agencies": sorted({chance.choice(AGENCIES[:30]).key for _ in range(3)}),
        "agenda": [_agenda_item(chance, title, topic) for title, topic in _agenda(chance)],
        "resolutions": [_resolution(chance, day, n) for n in range(1, 2 + chance.randrange(4))],
        "feedback": _fill(chance, chance.choice(texts.FEEDBACK)),
        "next_date": (day + timedelta(days=28)).isoformat(),
    }
    if kind == "cpc_loc":
        fields |= {"chair_kind": "civilian", "members_total": 15, "members_present": 11}
    return Sample("meeting", unit, fields)


def _attendance(chance: Chance) -> dict[str, int]:
    female, male = 4 + chance.randrange(60), 6 + chance.randrange(70)
    if chance.randrange(5) == 0:
        return {"total": 10 * ((female + male) // 10)}
    young = chance.randrange(female + male)
    return {
        "total": female + male,
        "female": female,
        "male": male,
        "age_18_34": young,
        "age_60_plus": chance.randrange(female + male - young),
        "pwd": chance.randrange(4),
    }


def _agenda(chance: Chance) -> list[tuple[str, str | None]]:
    first = chance.randrange(len(texts.AGENDA) - 4)
    return list(texts.AGENDA[first : first + 3])


def _agenda_item(chance: Chance, title: str, topic: str | None) -> dict[str, Any]:
    item: dict[str, Any] = {"title": title, "notes": _story(chance, "community", 2)}
    return item if topic is None else item | {"topic": topic}


def _resolution(chance: Chance, day: date, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "text": _fill(chance, chance.choice(texts.RESOLUTIONS)),
        "responsible": chance.choice(texts.OFFICES).removeprefix("the ").capitalize(),
        "due": (day + timedelta(days=7 + chance.randrange(40))).isoformat(),
        "priority": chance.choice(("high", "medium", "low")),
        "status": chance.choice(("not_started", "in_progress")),
    }


def records(chance: Chance, unit: str, today: date, count: int) -> list[Sample]:
    """Return so many realistic records of a unit: two concerns to each meeting."""
    makers = (concern, concern, meeting)
    return [makers[n % len(makers)](chance, unit, today) for n in range(count)]


def _story(chance: Chance, group: str, sentences: int) -> str:
    """Tell what happened, in English or Kiswahili."""
    if chance.randrange(4) == 0:
        parts = [chance.choice(texts.SENTENCES_SW) for _ in range(sentences)]
        return " ".join(_fill(chance, part, places=texts.PLACES_SW) for part in parts)
    opening = chance.choice(texts.OPENINGS.get(group, texts.OPENINGS["community"]))
    parts = [opening, *(chance.choice(texts.DETAILS) for _ in range(sentences))]
    return " ".join(_fill(chance, part) for part in parts)


def _fill(chance: Chance, text: str, places: tuple[str, ...] = texts.PLACES) -> str:
    """Fill the placeholders of a sentence and begin it with a capital."""
    office = chance.choice(texts.OFFICES)
    filled = text.format(
        place=chance.choice(places),
        n=2 + chance.randrange(38),
        clock=f"{18 + chance.randrange(6):02d}:{15 * chance.randrange(4):02d}",
        day=chance.choice(texts.DAYS),
        office=office,
    )
    return filled[0].upper() + filled[1:]
