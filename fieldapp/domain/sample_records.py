"""Samples of the standing records of an area: bodies, a cluster, talks, an alert, a problem solved.

Laws:
  * Pure: days are counted back from the day that is handed in.
  * Every sample passes ``check``. Nobody named exists; groups are named by place or interest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from fieldapp.domain.samples import Sample


def _before(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


def area_committee(unit: str, today: date) -> Sample:
    """Return a constituted committee with its seats, balanced and in office."""
    seats = [
        {"role": "chair", "holder": "Mwanaidi Athman", "sex": "female"},
        {"role": "vice_chair", "holder": "Fisherfolk association", "sex": "male"},
        {"role": "secretary", "holder": "Juma Kazungu", "sex": "male"},
        {"role": "treasurer", "holder": "Market women's group", "sex": "female"},
    ]
    fields = {
        "kind": "cpc_loc",
        "name": "Mkomani Community Policing Committee",
        "status": "constituted",
        "constituted_on": _before(today, 420),
        "constitution_ref": "CPC/MKM/1",
        "composition": {"total": 15, "female": 6, "male": 9, "youth": 5, "elders": 3, "pwd": 1},
        "chair_kind": "civilian",
        "seats": [seat | {"since": _before(today, 420)} for seat in seats],
        "elected_on": _before(today, 420),
        "term_years": 3,
        "quorum": "majority",
        "meets": "monthly",
    }
    return Sample("body", unit, fields)


def peace_committee(unit: str, today: date) -> Sample:
    """Return a body that is late, says why, and has too few women."""
    fields = {
        "kind": "peace_committee",
        "name": "Lamu West Peace Committee",
        "status": "delayed",
        "delay_reason": "Nominations from two villages are awaited.",
        "composition": {"total": 9, "female": 2, "male": 7, "elders": 4},
        "chair_kind": "civilian",
        "meets": "quarterly",
        "remarks": f"Reminded on {today - timedelta(days=9):%d/%m/%Y}.",
    }
    return Sample("body", unit, fields)


def cluster(unit: str, today: date) -> Sample:
    """Return a Nyumba Kumi cluster in counts."""
    fields = {
        "name": "Bandari ya Kale A",
        "village": "Bandari ya Kale",
        "status": "active",
        "formed_on": _before(today, 800),
        "homes": 14,
        "people": {"total": 71, "female": 37, "male": 34, "youth": 22, "pwd": 2},
        "officials": ["chair", "secretary", "treasurer"],
        "elected_on": _before(today, 300),
        "meets_monthly": True,
    }
    return Sample("cluster", unit, fields)


def mediation(unit: str, today: date) -> Sample:
    """Return talks about a well, agreed and to be looked at again."""
    fields = {
        "category": "resource",
        "title": "Turns at the water point",
        "started_on": _before(today, 40),
        "place": "Under the mango tree by the school",
        "parties": [
            {"side": "Herders from the northern pasture", "people": 12},
            {"side": "Farmers along the canal", "people": 17},
        ],
        "mediators": [{"office": "Council of Elders"}, {"office": "Peace committee"}],
        "sessions": [
            {"held_on": _before(today, 38), "summary": "Both sides described the dry weeks."},
            {"held_on": _before(today, 31), "summary": "Turns were proposed and accepted."},
        ],
        "outcome": "agreed",
        "agreement": "Herds drink before nine, fields are watered after noon.",
        "agreed_on": _before(today, 31),
        "follow_up_on": _before(today, -20),
    }
    return Sample("mediation", unit, fields)


def tension(unit: str, today: date, *, days_ago: int = 2) -> Sample:
    """Return an alert that holds for ten days."""
    fields = {
        "kind": "resource",
        "level": "rising",
        "seen_on": _before(today, days_ago),
        "expires_on": _before(today, days_ago - 10),
        "areas": [unit],
        "sources": 4,
        "confidence": "medium",
        "signs": "More herds than usual wait at the water point at midday.",
        "action": "The chief and the peace committee were told.",
    }
    return Sample("tension", unit, fields)


def response(unit: str, today: date) -> Sample:
    """Return a response of the police that stands by itself."""
    day = _before(today, 6)
    fields = {
        "reported_at": f"{day}T21:05+03:00",
        "dispatched_at": f"{day}T21:12+03:00",
        "arrived_at": f"{day}T21:36+03:00",
        "resolved_at": f"{day}T23:10+03:00",
        "station": "Lamu Police Station",
        "category": "burglary",
        "source": "community",
    }
    return Sample("response", unit, fields)


def break_in(unit: str, today: date, days: int) -> Sample:
    """Return one of the concerns that show that a problem keeps coming back."""
    fields = {
        "category": "burglary",
        "urgency": "U2",
        "date": _before(today, days),
        "time": "20:45",
        "landmark": "Back lane of the market",
        "narrative": "A stall was opened and sacks of maize were carried away.",
        "source": "resident",
        "status": "closed",
        "closed_on": _before(today, days - 5),
    }
    return Sample("concern", unit, fields)


def problem(unit: str, today: date, concerns: Sequence[str]) -> Sample:
    """Return a problem worked through to its assessment, with what changed."""
    fields: dict[str, Any] = {
        "title": "Break-ins behind the market",
        "category": "burglary",
        "stage": "assessment",
        "concerns": list(concerns),
        "confirmed": True,
        "first_noticed": _before(today, 200),
        "frequency": "Two or three a week",
        "pattern": "After dark, on market days, along the unlit lane",
        "consequences_community": "Traders close early and carry stock home.",
        "problem_statement": "Stalls along the back lane are opened at night.",
        "conditions": [
            {"side": "place", "text": "The lane has no light and two ways out."},
            {"side": "target", "text": "Shutters without locks."},
        ],
        "hypothesis": "The dark lane lets people come and go unseen.",
        "chosen_option": "Two lamps, and locks bought together",
        "reason_chosen": "Cheap, and ready within a month",
        "objectives": [
            {"indicator": "Break-ins a month", "baseline": "11", "target": "4", "attained": "met"}
        ],
        "actions": [
            {
                "text": "Put up two solar lamps",
                "responsible": "Ward administrator's office",
                "start": _before(today, 120),
                "due": _before(today, 90),
                "status": "completed",
            }
        ],
        "implemented": "fully",
        "measures": [
            {
                "indicator": "Break-ins",
                "unit": "a month",
                "before": 11,
                "before_on": _before(today, 130),
                "after": 3,
                "after_on": _before(today, 15),
                "source": "Concerns recorded here",
            }
        ],
        "outcome_type": "fewer",
        "next_review_on": _before(today, -60),
    }
    return Sample("problem", unit, fields)
