"""The declaration of a concern: what troubles a place, who was told, what was done.

Laws:
  * No field holds a name, a phone number, an identity, a community or a belief of a person.
  * A survivor's form holds no narrative, no village, no exact day and no place; it is sealed
    under the sub-county. What is hidden may not be filled in either.
  * A complaint about an official goes to the oversight desk, past the official's own chain.
  * Mediation is offered only where the category allows it.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, WRITE, granted
from fieldapp.domain.categories import OVERSIGHT_KEYS, SURVIVOR_KEYS, category
from fieldapp.domain.concern_fields import (
    DETAILS,
    FOLLOW_UP,
    GROUPS,
    REFERRAL,
    STORY,
    SURVIVOR,
    TIP,
    WHAT,
    WHEN_WHERE,
)
from fieldapp.domain.fields import ALWAYS, FieldProblem, Fields, Section, unless
from fieldapp.domain.record_type import Facts, Menu, RecordType, Rule, Tier, every_name
from fieldapp.domain.retention import Keeping, Since, months
from fieldapp.domain.rules import in_order, subset
from fieldapp.domain.text import Text, same
from fieldapp.protocol.ids import UnitId
from fieldapp.protocol.units import Level, ancestors, level

_NO_SURVIVOR = (unless("category", *SURVIVOR_KEYS),)


def _title(fields: Fields) -> Text:
    found = category(fields.get("category"))
    if found is None:
        return Text("Concern", "Suala la usalama")
    written = fields.get("other_text")
    return same(written) if found.key == "other" and isinstance(written, str) else found.label


def _subtitle(fields: Fields) -> Text:
    parts = [fields.get("date") or fields.get("week_of"), fields.get("landmark")]
    words = ", ".join(part for part in parts if isinstance(part, str) and part.strip())
    return same(words) if words else Text("No date", "Hakuna tarehe")


def _tier(fields: Fields) -> Tier:
    found = category(fields.get("category"))
    if fields.get("about_official") is True or (found and found.tier is Tier.RESTRICTED):
        return Tier.RESTRICTED
    if fields.get("confidential") is True or found is None:
        return Tier.CONFIDENTIAL
    return found.tier


def _route_class(fields: Fields) -> str:
    found = category(fields.get("category"))
    if fields.get("about_official") is True:
        return "oversight"
    if found is not None and found.desk is not None:
        return found.desk
    return _tier(fields).value


def _accused_unit(fields: Fields) -> str | None:
    unit = fields.get("accused_unit")
    return unit if _route_class(fields) == "oversight" and isinstance(unit, str) else None


def _sealed_unit(unit: str, fields: Fields) -> str:
    if fields.get("category") not in SURVIVOR_KEYS:
        return unit
    return next(above for above in ancestors(UnitId(unit)) if level(above) <= Level.SUB_COUNTY)


def _presets(fields: Fields) -> Fields:
    found = category(fields.get("category"))
    if found is None:
        return {}
    preset: dict[str, object] = {}
    if fields.get("urgency") in (None, ""):
        preset["urgency"] = found.urgency
    if found.key in OVERSIGHT_KEYS and fields.get("about_official") is None:
        preset["about_official"] = True
    return preset


def _find_accused(facts: Facts) -> list[FieldProblem]:
    if _route_class(facts.fields) != "oversight" or _accused_unit(facts.fields):
        return []
    return [FieldProblem("accused_unit", "accused_unit_missing")]


def _find_exact_unit(facts: Facts) -> list[FieldProblem]:
    if _sealed_unit(facts.unit, facts.fields) == facts.unit:
        return []
    return [FieldProblem("unit", "unit_too_exact")]


def _find_consent(facts: Facts) -> list[FieldProblem]:
    consent, fields = facts.fields.get("consent"), facts.fields
    if consent == "child_mandatory" and fields.get("survivor_age") != "under_18":
        return [FieldProblem("consent", "consent_does_not_fit")]
    if consent == "no" and (fields.get("referred_to") or fields.get("services_accepted")):
        return [FieldProblem("consent", "consent_does_not_fit")]
    return []


_RULES = (
    in_order(
        "response_out_of_order",
        Text(
            "Reported, sent out, arrived and resolved follow one another.",
            "Kuripoti, kutumwa, kufika na kutatua hufuatana.",
        ),
        "reported_at", "dispatched_at", "arrived_at", "resolved_at",
        group="response_log",
    ),
    in_order(
        "escalation_out_of_order",
        Text(
            "Sent, received, decided and feedback follow one another.",
            "Kutuma, kupokea, kuamua na mrejesho hufuatana.",
        ),
        "sent_on", "received_on", "decided_on", "feedback_on",
        group="escalations",
    ),
    in_order(
        "closed_before_event",
        Text("A concern closes on or after its day.", "Suala hufungwa siku yake au baadaye."),
        "date", "closed_on",
    ),
    subset(
        "accepted_not_offered",
        Text("Accepted services were offered.", "Huduma zilizokubaliwa zilitolewa."),
        "services_accepted", "services_offered",
    ),
    Rule(
        "consent_does_not_fit",
        Text(
            "Without consent nobody is referred; mandatory reports are for children.",
            "Bila idhini hakuna rufaa; ripoti ya lazima ni ya watoto.",
        ),
        _find_consent,
    ),
    Rule(
        "accused_unit_missing",
        Text(
            "A complaint says where the official serves, to go past that office.",
            "Malalamiko hutaja afisa anakohudumu, ili kuepuka ofisi hiyo.",
        ),
        _find_accused,
    ),
    Rule(
        "unit_too_exact",
        Text(
            "This category is recorded for the whole sub-county.",
            "Aina hii hurekodiwa kwa kaunti ndogo nzima.",
        ),
        _find_exact_unit,
    ),
)  # fmt: skip

CONCERN = RecordType(
    key="concern",
    version=2,
    label=Text("Security concern", "Suala la usalama"),
    plural=Text("Security concerns", "Masuala ya usalama"),
    icon="campaign",
    menu=Menu.FIRST,
    begin=Text("Report concern", "Ripoti suala la usalama"),
    about=Text("Theft, conflict, danger, need of help", "Wizi, mzozo, hatari, msaada"),
    fields=(
        *WHAT, *WHEN_WHERE, *STORY, *TIP, *SURVIVOR, *DETAILS, *REFERRAL, *GROUPS,
        *FOLLOW_UP,
    ),
    sections=(
        Section(
            "what", Text("What is it about?", "Linahusu nini?"), every_name(WHAT),
            help=Text("The category decides who will read it.", "Aina huamua nani atasoma."),
        ),
        Section(
            "where", Text("When and where", "Lini na wapi"), every_name(WHEN_WHERE),
            help=Text("Roughly is enough.", "Makadirio yanatosha."),
        ),
        Section(
            "story", Text("Description", "Maelezo"), every_name(STORY, TIP),
            help=Text(
                "What was seen and heard, in your own words.",
                "Kilichoonekana na kusikika, kwa maneno yako.",
            ),
        ),
        Section(
            "survivor", Text("Survivor", "Manusura"), every_name(SURVIVOR),
            help=Text(
                "Only what helps. No name, no story, no place.",
                "Yanayosaidia tu. Bila jina, maelezo wala mahali.",
            ),
        ),
        Section(
            "details", Text("More about it", "Maelezo zaidi"), every_name(DETAILS),
            later_when=ALWAYS,
        ),
        Section(
            "referral", Text("Referral", "Rufaa"), every_name(REFERRAL),
            help=Text("Who knows of it already.", "Nani anajua tayari."),
            later_when=_NO_SURVIVOR,
        ),
        Section(
            "response", Text("Response", "Hatua"), every_name(GROUPS),
            help=Text(
                "When the police came, to whom it was taken, what was done.",
                "Polisi walifika lini, lilipelekwa kwa nani, nini kilifanyika.",
            ),
            later_when=ALWAYS,
        ),
        Section(
            "follow_up", Text("Follow-up", "Ufuatiliaji"), every_name(FOLLOW_UP),
            later_when=ALWAYS,
        ),
    ),
    rules=_RULES,
    rights=granted(field=WRITE, lead=WRITE, referral_desk=ADD),
    title=_title,
    subtitle=_subtitle,
    tier=_tier,
    route_class=_route_class,
    accused_unit=_accused_unit,
    sealed_unit=_sealed_unit,
    presets=_presets,
    retention=(
        Keeping(months(12), Since.CLOSED, tier=Tier.ORDINARY),
        Keeping(30, Since.CLOSED, tier=Tier.CONFIDENTIAL),
        Keeping(30, category="unknown_visitor"),
    ),
)  # fmt: skip
