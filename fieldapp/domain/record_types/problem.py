"""The declaration of a problem: one that keeps coming back, worked on in the four SARA stages.

Laws:
  * One page a stage; each may be saved incomplete and visited again, over months.
  * A measure has the same unit before and after, so that the change can be computed.
  * A problem is about a place and a kind of event, never about a person or a community.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.agencies import AGENCIES
from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.choices import WORK_STATUS
from fieldapp.domain.concern_links import is_restricted, no_restricted
from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Remark,
    Rule,
    Start,
    Tier,
    every_name,
    first_words,
)
from fieldapp.domain.retention import Keeping, Since, months
from fieldapp.domain.rules import count, in_order, items_of
from fieldapp.domain.text import Text

# fmt: off
_RECURRING = 2
_NO_NAMES = Text("Do not write names.", "Usiandike majina.")
_OPEN = tuple(Option(c.key, c.label) for c in CATEGORIES if c.tier is not Tier.RESTRICTED)
_ATTAINED = (
    Option("met", Text("Met", "Limefikiwa")),
    Option("partly", Text("Partly", "Kwa sehemu")),
    Option("not_met", Text("Not met", "Halijafikiwa")),
)


def _words(name: str, label: Text, limit: int = 2_000) -> FieldSpec:
    return FieldSpec(name, Kind.LONG_TEXT, label, max_length=limit, help=_NO_NAMES)


_SCANNING = (
    FieldSpec("title", Kind.TEXT, Text("The problem in a few words", "Tatizo kwa maneno machache"),
        required=True, list_column=True),
    FieldSpec("category", Kind.CHOICE, Text("Category", "Aina"), options=_OPEN, list_column=True),
    FieldSpec("stage", Kind.CHOICE, Text("Stage", "Hatua"), options=(
        Option("scanning", Text("Scanning", "Utambuzi")),
        Option("analysis", Text("Analysis", "Uchanganuzi")),
        Option("response", Text("Response", "Hatua za utatuzi")),
        Option("assessment", Text("Assessment", "Tathmini")),
        Option("closed", Text("Closed", "Limefungwa")),
    ), default="scanning", list_column=True),
    FieldSpec("concerns", Kind.LINK, Text("Concerns of this kind", "Masuala ya aina hii"),
        multiple=True, link_type="concern",
        help=Text("Two or more show that it recurs.", "Mawili au zaidi yanaonyesha linarudi.")),
    FieldSpec("body", Kind.LINK, Text("Committee or forum", "Kamati au jukwaa"),
        link_type="body"),
    FieldSpec("meeting", Kind.LINK, Text("Chosen in the meeting", "Lilichaguliwa mkutanoni"),
        link_type="meeting"),
    FieldSpec("confirmed", Kind.BOOLEAN, Text("Confirmed that it exists",
        "Imethibitishwa kuwa lipo")),
    FieldSpec("first_noticed", Kind.DATE, Text("Since when?", "Tangu lini?"), latest_today=True),
    FieldSpec("frequency", Kind.TEXT, Text("How often?", "Mara ngapi?")),
    FieldSpec("pattern", Kind.TEXT, Text("Days, hours, places", "Siku, saa, mahali")),
    _words("consequences_community", Text("Consequences for the community", "Athari kwa jamii")),
    _words("consequences_police", Text("Consequences for the police", "Athari kwa polisi")),
    FieldSpec("priority_rank", Kind.INTEGER, Text("Priority rank", "Nafasi ya kipaumbele"),
        min_value=1, max_value=100),
    FieldSpec("priority_basis", Kind.CHOICE, Text("Ranked by", "Kipaumbele kwa"), options=(
        Option("frequency", Text("How often it happens", "Mara linapotokea")),
        Option("harm", Text("Harm done", "Madhara")),
        Option("vote", Text("Vote of the community", "Kura ya jamii")),
    )),
    _words("broad_goals", Text("Goal", "Lengo kuu"), 1_000),
)
_ANALYSIS = (
    _words("problem_statement",
        Text("What, where, when, who is affected", "Nini, wapi, lini, nani anaathirika")),
    FieldSpec("conditions", Kind.GROUP, Text("Causes and conditions", "Vyanzo na mazingira"),
        one=Text("Cause or condition", "Chanzo au mazingira"),
        max_items=30, subfields=(
            FieldSpec("side", Kind.CHOICE, Text("About", "Kuhusu"), required=True, options=(
                Option("target", Text("Those affected", "Wanaoathirika")),
                Option("offender", Text("Those who do it", "Wanaolifanya")),
                Option("place", Text("The place", "Mahali")),
            )),
            FieldSpec("text", Kind.TEXT, Text("Cause", "Chanzo"), required=True, help=_NO_NAMES),
        )),
    FieldSpec("data_needed", Kind.GROUP, Text("Data to collect", "Data ya kukusanya"),
        max_items=20, subfields=(
            FieldSpec("what", Kind.TEXT, Text("What", "Nini"), required=True),
            FieldSpec("source", Kind.TEXT, Text("From where", "Kutoka wapi")),
            FieldSpec("due", Kind.DATE, Text("Due date", "Tarehe ya mwisho")),
            FieldSpec("obtained", Kind.BOOLEAN, Text("Obtained", "Imepatikana")),
        )),
    _words("known_about_type",
        Text("What is known about such problems", "Yanayojulikana kuhusu tatizo hili")),
    FieldSpec("current_responses", Kind.GROUP,
        Text("What is done today", "Yanayofanyika leo"), max_items=20, subfields=(
            FieldSpec("agency", Kind.CHOICE, Text("Agency", "Taasisi"), options=AGENCIES),
            FieldSpec("action", Kind.TEXT, Text("Action", "Hatua"), required=True),
            FieldSpec("strength", Kind.TEXT, Text("Strength", "Nguvu")),
            FieldSpec("limit", Kind.TEXT, Text("Limit", "Upungufu")),
        )),
    _words("resources", Text("People and documents that help", "Watu na nyaraka za kusaidia")),
    _words("hypothesis", Text("Why does it happen?", "Kwa nini hutokea?")),
)
_RESPONSE = (
    _words("options", Text("Possible answers", "Njia zinazowezekana")),
    _words("examples_elsewhere", Text("What others did", "Waliyofanya wengine")),
    FieldSpec("chosen_option", Kind.TEXT, Text("Chosen answer", "Njia iliyochaguliwa")),
    FieldSpec("reason_chosen", Kind.TEXT, Text("Why this one?", "Kwa nini hii?")),
    FieldSpec("objectives", Kind.GROUP, Text("Objectives", "Malengo mahususi"),
        one=Text("Objective", "Lengo mahususi"), max_items=20,
        subfields=(
            FieldSpec("indicator", Kind.TEXT, Text("Indicator", "Kiashiria"), required=True),
            FieldSpec("baseline", Kind.TEXT, Text("Baseline", "Hali ya mwanzo"), max_length=60),
            FieldSpec("target", Kind.TEXT, Text("Target", "Lengo la kufikiwa"), max_length=60),
            FieldSpec("due", Kind.DATE, Text("Due date", "Tarehe ya mwisho")),
            FieldSpec("attained", Kind.CHOICE, Text("Attained?", "Limefikiwa?"),
                options=_ATTAINED),
        )),
    FieldSpec("actions", Kind.GROUP, Text("Plan of action", "Mpango wa utekelezaji"),
        one=Text("Step", "Hatua"),
        max_items=40, subfields=(
            FieldSpec("text", Kind.TEXT, Text("Step", "Hatua"), required=True, help=_NO_NAMES),
            FieldSpec("responsible", Kind.TEXT,
                Text("Responsible office", "Ofisi inayohusika")),
            FieldSpec("start", Kind.DATE, Text("Start", "Kuanza")),
            FieldSpec("due", Kind.DATE, Text("Due date", "Tarehe ya mwisho")),
            FieldSpec("resources", Kind.TEXT, Text("Resources", "Rasilimali")),
            FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=WORK_STATUS,
                default="not_started"),
        )),
)
_ASSESSMENT = (
    FieldSpec("implemented", Kind.CHOICE, Text("Was the plan carried out?", "Mpango ulitekelezwa?"),
        options=(
            Option("fully", Text("Fully", "Kikamilifu")),
            Option("partly", Text("Partly", "Kwa sehemu")),
            Option("no", Text("No", "La")),
        )),
    _words("deviations", Text("What went differently", "Yaliyokwenda tofauti"), 1_000),
    FieldSpec("measures", Kind.GROUP, Text("Before and after", "Kabla na baada"),
        one=Text("Measure", "Kipimo"), max_items=20,
        subfields=(
            FieldSpec("indicator", Kind.TEXT, Text("Indicator", "Kiashiria"), required=True),
            FieldSpec("unit", Kind.TEXT, Text("Unit of measure", "Kipimo"), max_length=40),
            FieldSpec("before", Kind.INTEGER, Text("Before", "Kabla")),
            FieldSpec("before_on", Kind.DATE, Text("Measured on", "Ilipimwa"), latest_today=True),
            FieldSpec("after", Kind.INTEGER, Text("After", "Baada")),
            FieldSpec("after_on", Kind.DATE, Text("Measured again on", "Ilipimwa tena"),
                latest_today=True),
            FieldSpec("source", Kind.TEXT, Text("Source", "Chanzo")),
        )),
    FieldSpec("outcome_type", Kind.CHOICE, Text("Result", "Matokeo"), options=(
        Option("eliminated", Text("The problem is gone", "Tatizo limeisha")),
        Option("fewer", Text("It happens less", "Linatokea mara chache zaidi")),
        Option("less_harm", Text("It does less harm", "Linaleta madhara machache zaidi")),
        Option("better_handled", Text("It is handled better", "Linashughulikiwa vizuri zaidi")),
        Option("no_change", Text("No change", "Hakuna mabadiliko")),
    ), list_column=True),
    FieldSpec("evidence_pictures", Kind.PHOTO,
        Text("Pictures of the change", "Picha za mabadiliko"),
        help=Text("Things and places only, no people's faces.",
            "Vitu na mahali tu, bila nyuso za watu."), max_items=3),
    _words("next_strategies", Text("What next?", "Nini kinafuata?"), 1_000),
    FieldSpec("next_review_on", Kind.DATE, Text("Look again on", "Kufuatilia tarehe")),
)
# fmt: on


def _find_recurrence(facts: Facts) -> list[FieldProblem]:
    linked = facts.fields.get("concerns")
    moved_on = facts.fields.get("stage") not in (None, "", "scanning")
    confirmed = facts.fields.get("confirmed") is True
    if not moved_on or confirmed or (isinstance(linked, list) and len(linked) >= _RECURRING):
        return []
    return [FieldProblem("confirmed", "problem_not_confirmed")]


def _find_measures(facts: Facts) -> list[FieldProblem]:
    return [
        FieldProblem(f"{path}/unit", "measure_without_unit")
        for path, item in items_of(facts.fields, "measures")
        if item.get("after") is not None and item.get("before") is not None and not item.get("unit")
    ]


def _from_concerns(concerns: Mapping[str, Fields]) -> Fields | None:
    """Begin with what keeps happening; nothing of a restricted concern."""
    if not concerns or any(is_restricted(concern) for concern in concerns.values()):
        return None
    kinds = {concern.get("category") for concern in concerns.values()}
    filled: dict[str, Any] = {"concerns": sorted(concerns)}
    return filled | {"category": kinds.pop()} if len(kinds) == 1 else filled


def _moved(before: int, after: int) -> Text:
    """Say how far a measure moved."""
    if before == after:
        return Text("No change.", "Hakuna mabadiliko.")
    by = f"{abs(after - before):,}"
    share = f" ({round(100 * abs(after - before) / before)} %)" if before else ""
    if after < before:
        return Text(f"{by} less{share}.", f"Imepungua kwa {by}{share}.")
    return Text(f"{by} more{share}.", f"Imeongezeka kwa {by}{share}.")


def _remarks(facts: Facts) -> list[Remark]:
    """Compute each change that was measured before and after."""
    found: list[Remark] = []
    for _, item in items_of(facts.fields, "measures"):
        before, after = count(item.get("before")), count(item.get("after"))
        if before is None or after is None:
            continue
        unit = f" ({item['unit']})" if item.get("unit") else ""
        name, moved = f"{item.get('indicator') or ''}{unit}", _moved(before, after)
        said = Text(
            f"{name}: {before:,} before, {after:,} after. {moved.en}",
            f"{name}: {before:,} kabla, {after:,} baada. {moved.sw}",
        )
        found.append(Remark("measures", said))
    return found


PROBLEM = RecordType(
    key="problem",
    version=2,
    label=Text("Problem (SARA)", "Tatizo (SARA)"),
    plural=Text("Problems (SARA)", "Matatizo (SARA)"),
    icon="psychology_alt",
    menu=Menu.FIELD,
    about=Text(
        "What keeps coming back, solved in four stages", "Linalorudi tena, hutatuliwa kwa hatua nne"
    ),
    fields=(*_SCANNING, *_ANALYSIS, *_RESPONSE, *_ASSESSMENT),
    sections=(
        Section("scanning", Text("Scanning", "Utambuzi"), every_name(_SCANNING)),
        Section("analysis", Text("Analysis", "Uchanganuzi"), every_name(_ANALYSIS)),
        Section("response", Text("Response", "Hatua za utatuzi"), every_name(_RESPONSE)),
        Section("assessment", Text("Assessment", "Tathmini"), every_name(_ASSESSMENT)),
    ),
    rights=granted(field=WRITE, lead=WRITE, nk_coordinator=NOTHING),
    stage="stage",
    remarks=_remarks,
    link_rules=(no_restricted("concerns"),),
    starts=(
        Start(
            "concern",
            Text("This keeps happening", "Jambo hili hujirudia"),
            _from_concerns,
            several=True,
        ),
        Start(
            "meeting",
            Text("Work on a problem", "Shughulikia tatizo"),
            lambda found: {"meeting": next(iter(found))},
        ),
    ),
    rules=(
        Rule(
            "problem_not_confirmed",
            Text(
                "Before analysis, two concerns or a confirmation show that it exists.",
                "Kabla ya uchanganuzi, masuala mawili au uthibitisho huonyesha kuwa lipo.",
            ),
            _find_recurrence,
        ),
        Rule(
            "measure_without_unit",
            Text("Before and after have one unit.", "Kabla na baada zina kipimo kimoja."),
            _find_measures,
        ),
        in_order(
            "measured_out_of_order",
            Text("After is measured later than before.", "Baada hupimwa baadaye kuliko kabla."),
            "before_on",
            "after_on",
            group="measures",
        ),
        in_order(
            "action_out_of_order",
            Text("A step is due after its start.", "Hatua huisha baada ya kuanza."),
            "start",
            "due",
            group="actions",
        ),
    ),
    title=first_words(Text("Problem (SARA)", "Tatizo (SARA)"), "title"),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "first_noticed"),
    retention=(Keeping(months(24), Since.CLOSED),),
)
