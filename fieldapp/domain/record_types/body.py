"""The declaration of a body: a committee, forum or authority, constituted or not yet.

Laws:
  * Composition is counted. Only holders of an office of the body are named, as its minutes are.
  * Volunteers are not paid: no allowance exists here.
  * A body that is late says why, so that a hand-over does not lose the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.domain.actions import ADD, NOTHING, WRITE, granted
from fieldapp.domain.choices import CONSTITUTION, MATURITY, SEX
from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Kind, Option, Section, when
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Remark,
    Rule,
    every_name,
    first_words,
    option_words,
)
from fieldapp.domain.rules import count, day, in_order
from fieldapp.domain.text import Text

# fmt: off
BODY_KINDS = (
    Option("nk_committee", Text("Nyumba Kumi committee", "Kamati ya Nyumba Kumi")),
    Option("cpc_subloc", Text("Community Policing Committee, sub-location",
        "Kamati ya Polisi Jamii, kata ndogo")),
    Option("cpc_loc", Text("Community Policing Committee, location",
        "Kamati ya Polisi Jamii, lokesheni")),
    Option("cpc_area", Text("Area Community Policing Committee",
        "Kamati ya Polisi Jamii ya eneo")),
    Option("cpf", Text("Community Policing Forum", "Jukwaa la Polisi Jamii (CPF)")),
    Option("sub_county", Text("Sub-county committee", "Kamati ya kaunti ndogo")),
    Option("csic", Text("County Security Intelligence Committee",
        "Kamati ya Usalama na Ujasusi ya Kaunti (CSIC)")),
    Option("cpa", Text("County Policing Authority", "Mamlaka ya Polisi ya Kaunti")),
    Option("peace_committee", Text("Peace committee", "Kamati ya amani")),
    Option("mediation_team", Text("Mediation team", "Timu ya upatanisho")),
    Option("council_of_elders", Text("Council of Elders", "Baraza la Wazee")),
    Option("cef", Text("County Engagement Forum", "Jukwaa la Ushirikiano la Kaunti (CEF)")),
    Option("other", Text("Another body", "Kamati nyingine")),
)
DAYS_A_YEAR = 365
CIVILIAN_CHAIR = ("cpc_subloc", "cpc_loc", "cpc_area")

_KIND = FieldSpec("kind", Kind.CHOICE, Text("Kind of body", "Aina ya kamati"), required=True,
    options=BODY_KINDS, list_column=True)
_WHAT = (
    _KIND,
    FieldSpec("name", Kind.TEXT, Text("Name", "Jina"), required=True, list_column=True),
    FieldSpec("status", Kind.CHOICE, Text("Constituted?", "Imeundwa?"), required=True,
        options=CONSTITUTION, default="constituted", list_column=True),
    FieldSpec("constituted_on", Kind.DATE, Text("Constituted on", "Iliundwa tarehe"),
        visible_when=(when("status", "constituted", "dissolved"),), latest_today=True),
    FieldSpec("delay_reason", Kind.TEXT, Text("Reason for the delay", "Sababu ya kuchelewa"),
        visible_when=(when("status", "pending", "delayed"),), required=True,
        help=Text("So that the next office holder knows.", "Ili afisa anayefuata ajue.")),
    FieldSpec("constitution_ref", Kind.TEXT,
        Text("Written constitution, file number", "Katiba ya kamati, nambari ya faili")),
    FieldSpec("parent", Kind.LINK, Text("Reports to", "Huripoti kwa"), link_type="body"),
    FieldSpec("predecessor", Kind.LINK, Text("Follows the body", "Imechukua nafasi ya"),
        link_type="body"),
)
_PEOPLE = (
    FieldSpec("composition", Kind.COUNT_MATRIX, Text("Members", "Wanachama"),
        options=(
            Option("total", Text("Total", "Jumla")),
            Option("female", Text("Female", "Wanawake")),
            Option("male", Text("Male", "Wanaume")),
            Option("youth", Text("Youth (18-34)", "Vijana (miaka 18-34)")),
            Option("elders", Text("Elders", "Wazee")),
            Option("pwd", Text("Persons with disabilities", "Watu wenye ulemavu")),
        )),
    FieldSpec("chair_kind", Kind.CHOICE, Text("The chairperson is", "Mwenyekiti ni"), options=(
        Option("civilian", Text("A civilian", "Raia")),
        Option("police", Text("A police officer", "Afisa wa polisi")),
        Option("administration", Text("An administrator", "Afisa wa utawala")),
        Option("governor", Text("The Governor or a county executive",
            "Gavana au afisa mkuu wa kaunti")),
    )),
    FieldSpec("seats", Kind.GROUP, Text("Seats and who holds them", "Nafasi na wanaozishika"),
        one=Text("Seat", "Nafasi"),
        may_name=True, max_items=60, subfields=(
            FieldSpec("role", Kind.CHOICE, Text("Role", "Wadhifa"), required=True, options=(
                Option("chair", Text("Chairperson", "Mwenyekiti")),
                Option("co_chair", Text("Co-chairperson", "Mwenyekiti mwenza")),
                Option("vice_chair", Text("Vice-chairperson", "Naibu mwenyekiti")),
                Option("secretary", Text("Secretary", "Katibu")),
                Option("treasurer", Text("Treasurer", "Mweka hazina")),
                Option("member", Text("Member", "Mwanachama")),
            )),
            FieldSpec("holder", Kind.TEXT, Text("Office or office holder", "Ofisi au mwenye ofisi"),
                help=Text("Officials of the body only.", "Maafisa wa kamati pekee.")),
            FieldSpec("sex", Kind.CHOICE, Text("Sex", "Jinsia"), options=SEX),
            FieldSpec("since", Kind.DATE, Text("Since", "Tangu")),
            FieldSpec("until", Kind.DATE, Text("Until", "Hadi")),
            FieldSpec("handed_over", Kind.BOOLEAN, Text("Handed over", "Amekabidhi ofisi")),
        )),
)
_LIFE = (
    FieldSpec("elected_on", Kind.DATE, Text("Last election", "Uchaguzi wa mwisho"),
        latest_today=True),
    FieldSpec("term_years", Kind.INTEGER, Text("Term of office, years", "Kipindi, miaka"),
        min_value=1, max_value=10),
    FieldSpec("quorum", Kind.CHOICE, Text("Quorum", "Akidi"), options=(
        Option("majority", Text("More than half", "Zaidi ya nusu")),
        Option("half", Text("Half", "Nusu")),
        Option("third", Text("One third", "Theluthi moja")),
    )),
    FieldSpec("meets", Kind.CHOICE, Text("Meets", "Hukutana"), options=(
        Option("weekly", Text("Every week", "Kila wiki")),
        Option("monthly", Text("Every month", "Kila mwezi")),
        Option("quarterly", Text("Every quarter", "Kila robo mwaka")),
        Option("as_needed", Text("As needed", "Inapohitajika")),
    )),
    FieldSpec("stages", Kind.GROUP, Text("Steps reached", "Hatua zilizofikiwa"),
        one=Text("Step", "Hatua"), max_items=7,
        subfields=(
            FieldSpec("step", Kind.CHOICE, Text("Step", "Hatua"), required=True, options=MATURITY),
            FieldSpec("reached_on", Kind.DATE, Text("Reached on", "Ilifikiwa"), latest_today=True),
        )),
    FieldSpec("remarks", Kind.LONG_TEXT, Text("Remarks", "Maoni"), max_length=2_000),
)
# fmt: on


def _find_members(facts: Facts) -> list[FieldProblem]:
    cells = facts.fields.get("composition")
    given = cells if isinstance(cells, dict) else {}
    total = count(given.get("total"))
    by_sex = sum(count(given.get(sex)) or 0 for sex in ("female", "male"))
    if total is None or by_sex <= total:
        return []
    return [FieldProblem("composition", "composition_sum", {"sum": by_sex, "total": total})]


def _find_chair(facts: Facts) -> list[FieldProblem]:
    kind, chair = facts.fields.get("kind"), facts.fields.get("chair_kind")
    wrong = kind in CIVILIAN_CHAIR and chair not in (None, "", "civilian")
    return [FieldProblem("chair_kind", "chair_must_be_civilian")] if wrong else []


def _presets(fields: Fields) -> Fields:
    """Preset what the law says of a kind."""
    quorum = {"cpc_area": "majority", "cpa": "half"}.get(str(fields.get("kind")))
    return {"quorum": quorum} if quorum and not fields.get("quorum") else {}


def _share(cells: Mapping[str, Any]) -> Remark | None:
    """Compare the smaller sex with one third, where both were counted."""
    women, men = count(cells.get("female")), count(cells.get("male"))
    if women is None or men is None or not women + men:
        return None
    said = f"{women} / {women + men}"
    if 3 * min(women, men) >= women + men:
        fine = Text(
            f"Women: {said}. At least one third of each sex.",
            f"Wanawake: {said}. Angalau theluthi moja ya kila jinsia.",
        )
        return Remark("composition", fine)
    few = Text(
        f"Women: {said}. Not more than two thirds should be of one sex.",
        f"Wanawake: {said}. Jinsia moja isizidi theluthi mbili.",
    )
    return Remark("composition", few, is_care=True)


def _remarks(facts: Facts) -> list[Remark]:
    """Say how balanced it is, and whether its term has ended."""
    cells = facts.fields.get("composition")
    share = _share(cells) if isinstance(cells, dict) else None
    found = [share] if share else []
    elected, years = day(facts.fields.get("elected_on")), count(facts.fields.get("term_years"))
    if elected and years and (facts.today - elected).days >= years * DAYS_A_YEAR:
        over = Text("Its term has ended.", "Kipindi chake kimeisha.")
        found.append(Remark("term_years", over, is_care=True))
    return found


BODY = RecordType(
    key="body",
    version=1,
    label=Text("Committee or forum", "Kamati au jukwaa"),
    plural=Text("Committees and forums", "Kamati na majukwaa"),
    icon="account_balance",
    menu=Menu.FIELD,
    about=Text("Who sits on it, and whether it is formed", "Nani wanachama, na kama imeundwa"),
    fields=(*_WHAT, *_PEOPLE, *_LIFE),
    sections=(
        Section("what", Text("Which body?", "Kamati gani?"), every_name(_WHAT)),
        Section("people", Text("Members and seats", "Wanachama na nafasi"), every_name(_PEOPLE)),
        Section("life", Text("Term and steps", "Kipindi na hatua"), every_name(_LIFE)),
    ),
    rights=granted(field=ADD, lead=WRITE, nk_coordinator=NOTHING),
    rules=(
        Rule(
            "composition_sum",
            Text("Women and men are not more than all members.", "Wanawake na wanaume hawazidi."),
            _find_members,
        ),
        Rule(
            "chair_must_be_civilian",
            Text(
                "A community policing committee has a civilian chair.",
                "Mwenyekiti wa kamati ya polisi jamii ni raia.",
            ),
            _find_chair,
        ),
        in_order(
            "seat_out_of_order",
            Text("A seat is left after it is taken.", "Nafasi huachwa baada ya kushikwa."),
            "since",
            "until",
            group="seats",
        ),
    ),
    title=first_words(Text("Committee or forum", "Kamati au jukwaa"), "name"),
    subtitle=option_words(_KIND, Text("Committee or forum", "Kamati au jukwaa")),
    presets=_presets,
    remarks=_remarks,
)
