"""The declaration of a meeting: every kind, from a cluster's to a county committee's.

Laws:
  * One declaration serves all kinds; committees have a few more fields.
  * Counts add up or are refused, each with its own message; a total alone is an estimate.
  * A meeting may be recorded years later; only the next meeting lies in the future.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.actions import ANSWER, WRITE, granted
from fieldapp.domain.fields import FieldProblem, Fields
from fieldapp.domain.meeting_choices import (
    AGE_CELLS,
    ATTENDANCE_CELLS,
    CIVILIAN_CHAIR_KINDS,
    COUNTY_KINDS,
    MEETING_TYPES,
    RESTRICTABLE_KINDS,
    SEX_CELLS,
)
from fieldapp.domain.meeting_fields import (
    ATTENDANCE,
    MINUTES,
    NEXT,
    PEOPLE_IN_CHARGE,
    RESOLUTIONS,
    WHAT,
    WHEN_WHERE,
)
from fieldapp.domain.meeting_pages import PAGES
from fieldapp.domain.meeting_remarks import remarks_on
from fieldapp.domain.record_type import Facts, Menu, RecordType, Rule, Tier
from fieldapp.domain.retention import Keeping, months
from fieldapp.domain.rules import count, day, in_order, items_of
from fieldapp.domain.text import Text, same

ONE_THIRD = 1 / 3
COUNTY_ROLES = frozenset({"county_desk", "hq_admin"})
_CLOSED = ("done", "dropped")


def counts_of(fields: Fields) -> Mapping[str, int]:
    """Return the well-formed cells of the attendance."""
    cells = fields.get("attendance")
    given = cells if isinstance(cells, dict) else {}
    found = {option.key: count(given.get(option.key)) for option in ATTENDANCE_CELLS}
    return {key: value for key, value in found.items() if value is not None}


def is_estimate(fields: Fields) -> bool:
    """Tell whether the attendance is a total without a count by sex."""
    counts = counts_of(fields)
    return "total" in counts and not any(cell in counts for cell in SEX_CELLS)


def female_share(fields: Fields) -> float | None:
    """Return the share of women of those counted by sex, or None."""
    counts = counts_of(fields)
    by_sex = sum(counts.get(cell, 0) for cell in SEX_CELLS)
    return counts["female"] / by_sex if by_sex and "female" in counts else None


def _find_sum(facts: Facts) -> list[FieldProblem]:
    counts = counts_of(facts.fields)
    by_sex = [counts[cell] for cell in SEX_CELLS if cell in counts]
    total = counts.get("total")
    if not by_sex or total is None:
        return []
    complete = all(cell in counts for cell in ("female", "male"))
    if sum(by_sex) == total or (not complete and sum(by_sex) < total):
        return []
    return [FieldProblem("attendance", "attendance_sum", {"sum": sum(by_sex), "total": total})]


def _find_age(facts: Facts) -> list[FieldProblem]:
    counts = counts_of(facts.fields)
    by_age, total = sum(counts.get(cell, 0) for cell in AGE_CELLS), counts.get("total")
    if total is None or by_age <= total:
        return []
    return [FieldProblem("attendance", "attendance_age", {"sum": by_age, "total": total})]


def _find_pwd(facts: Facts) -> list[FieldProblem]:
    counts = counts_of(facts.fields)
    pwd, total = counts.get("pwd", 0), counts.get("total")
    if total is None or pwd <= total:
        return []
    return [FieldProblem("attendance", "attendance_pwd", {"count": pwd, "total": total})]


def _find_no_total(facts: Facts) -> list[FieldProblem]:
    counts = counts_of(facts.fields)
    return (
        [FieldProblem("attendance", "attendance_total")] if counts and "total" not in counts else []
    )


def _find_group(facts: Facts) -> list[FieldProblem]:
    total = counts_of(facts.fields).get("total")
    problems: list[FieldProblem] = []
    for path, item in items_of(facts.fields, "attendance_by"):
        here = (count(item.get("female")) or 0) + (count(item.get("male")) or 0)
        if total is not None and here > total:
            params = {"count": here, "total": total}
            problems.append(FieldProblem(path, "attendance_group", params))
    return problems


def _find_members(facts: Facts) -> list[FieldProblem]:
    total = count(facts.fields.get("members_total"))
    parts = [count(facts.fields.get(n)) or 0 for n in ("members_present", "apologies", "absent")]
    if total is None or sum(parts) <= total:
        return []
    return [FieldProblem("members_total", "members_sum", {"sum": sum(parts), "total": total})]


def _find_times(facts: Facts) -> list[FieldProblem]:
    start, end = facts.fields.get("start_time"), facts.fields.get("end_time")
    last = facts.fields.get("end_date")
    same_day = last in (None, "", facts.fields.get("date"))
    if isinstance(start, str) and isinstance(end, str) and same_day and end <= start:
        return [FieldProblem("end_time", "end_before_start")]
    return []


def _find_next(facts: Facts) -> list[FieldProblem]:
    held, following = day(facts.fields.get("date")), day(facts.fields.get("next_date"))
    last = day(facts.fields.get("end_date"))
    if following is None or held is None or following > max(held, last or held):
        return []
    return [FieldProblem("next_date", "next_not_after")]


def _find_closed(facts: Facts) -> list[FieldProblem]:
    held = day(facts.fields.get("date"))
    problems: list[FieldProblem] = []
    for path, item in items_of(facts.fields, "resolutions"):
        closed = day(item.get("closed_on"))
        if closed is None:
            continue
        too_early = held is not None and closed < held
        if too_early or item.get("status") not in _CLOSED:
            problems.append(FieldProblem(f"{path}/closed_on", "closed_does_not_fit"))
    return problems


def _find_due(facts: Facts) -> list[FieldProblem]:
    held = day(facts.fields.get("date"))
    return [
        FieldProblem(f"{path}/due", "due_before_meeting")
        for path, item in items_of(facts.fields, "resolutions")
        if held is not None and (day(item.get("due")) or held) < held
    ]


def _find_class(facts: Facts) -> list[FieldProblem]:
    restricted = facts.fields.get("classification") == "restricted"
    if restricted and facts.fields.get("meeting_type") not in RESTRICTABLE_KINDS:
        return [FieldProblem("classification", "cannot_be_restricted")]
    return []


def _find_chair(facts: Facts) -> list[FieldProblem]:
    kind = facts.fields.get("meeting_type")
    if kind in CIVILIAN_CHAIR_KINDS and facts.fields.get("chair_kind") == "police":
        return [FieldProblem("chair_kind", "chair_must_be_civilian")]
    return []


_RULES = (
    Rule("attendance_total", Text("Counts come with their total.",
        "Hesabu huja na jumla yake."), _find_no_total),
    Rule("attendance_sum", Text("Female, male and intersex add up to the total.",
        "Wanawake, wanaume na wenye jinsia mbili hufanya jumla."), _find_sum),
    Rule("attendance_age", Text("Age bands are not more than the total.",
        "Makundi ya umri hayazidi jumla."), _find_age),
    Rule("attendance_pwd", Text("Persons with disabilities are not more than the total.",
        "Watu wenye ulemavu hawazidi jumla."), _find_pwd),
    Rule("attendance_group", Text("No group is larger than the total.",
        "Hakuna kundi kubwa kuliko jumla."), _find_group),
    Rule("members_sum", Text("Present, apologies and absent are not more than all members.",
        "Waliohudhuria, udhuru na waliokosekana hawazidi wanachama wote."), _find_members),
    Rule("end_before_start", Text("A meeting ends after it starts.",
        "Mkutano humalizika baada ya kuanza."), _find_times),
    in_order("end_date_before_date", Text("The last day is not before the first.",
        "Siku ya mwisho si kabla ya ya kwanza."), "date", "end_date"),
    Rule("next_not_after", Text("The next meeting is after this one.",
        "Mkutano ujao ni baada ya huu."), _find_next),
    Rule("due_before_meeting", Text("A resolution is due on the meeting's day or later.",
        "Azimio hukamilishwa siku ya mkutano au baadaye."), _find_due),
    Rule("closed_does_not_fit", Text("Only completed or dropped resolutions are closed, later.",
        "Maazimio yaliyokamilika au kuachwa pekee hufungwa, baadaye."), _find_closed),
    in_order("confirmed_before_meeting", Text("Minutes are confirmed on or after the day.",
        "Kumbukumbu huthibitishwa siku hiyo au baadaye."), "date", "confirmed_on"),
    Rule("cannot_be_restricted", Text("Only security committees can be restricted.",
        "Kamati za usalama pekee zinaweza kuzuiliwa."), _find_class),
    Rule("chair_must_be_civilian", Text("A community policing committee has a civilian chair.",
        "Mwenyekiti wa kamati ya polisi jamii ni raia."), _find_chair),
)  # fmt: skip


def _kind_label(fields: Fields) -> Text:
    key = fields.get("meeting_type")
    found = next((option.label for option in MEETING_TYPES if option.key == key), None)
    return found or Text("Meeting", "Mkutano")


def _title(fields: Fields) -> Text:
    title = fields.get("title")
    return same(title) if isinstance(title, str) and title.strip() else _kind_label(fields)


def _subtitle(fields: Fields) -> Text:
    parts = [fields.get("date"), fields.get("venue")]
    words = ", ".join(part for part in parts if isinstance(part, str) and part.strip())
    return same(words) if words else Text("No date", "Hakuna tarehe")


def _tier(fields: Fields) -> Tier:
    classification = fields.get("classification")
    if classification == "restricted":
        return Tier.RESTRICTED
    return Tier.CONFIDENTIAL if classification == "confidential" else Tier.ORDINARY


def _route_class(fields: Fields) -> str:
    tier = _tier(fields)
    return "csic" if tier is Tier.RESTRICTED else tier.value


def _presets(fields: Fields) -> dict[str, Any]:
    """Preset a security committee to confidential: its room is closed."""
    closed = fields.get("meeting_type") == "csic" and not fields.get("classification")
    return {"classification": "confidential"} if closed else {}


def _hints(fields: Fields) -> list[FieldProblem]:
    """Remind of the two-thirds rule where one sex was hardly in the room."""
    share = female_share(fields)
    balanced = share is None or ONE_THIRD <= share <= 1 - ONE_THIRD
    return [] if balanced else [FieldProblem("attendance", "hint.two_thirds")]


def _kind_refusal(role: str, fields: Fields) -> str | None:
    """Leave the county's committees to those who record for the county."""
    is_countys = fields.get("meeting_type") in COUNTY_KINDS
    return "meeting_kind" if is_countys and role not in COUNTY_ROLES else None


MEETING = RecordType(
    key="meeting",
    version=3,
    label=Text("Meeting", "Mkutano"),
    plural=Text("Meetings", "Mikutano"),
    icon="groups",
    menu=Menu.FIRST,
    begin=Text("Record meeting", "Rekodi mkutano"),
    about=Text("Baraza, committee, training", "Baraza, kamati, mafunzo"),
    fields=(
        *WHAT, *WHEN_WHERE, *PEOPLE_IN_CHARGE, *ATTENDANCE, *MINUTES, *RESOLUTIONS, *NEXT,
    ),
    sections=PAGES,
    rules=_RULES,
    rights=granted(field=WRITE, lead=WRITE, referral_desk=ANSWER),
    title=_title,
    subtitle=_subtitle,
    tier=_tier,
    route_class=_route_class,
    presets=_presets,
    hints=_hints,
    remarks=remarks_on,
    kind_refusal=_kind_refusal,
    retention=(Keeping(months(24)),),
)  # fmt: skip
