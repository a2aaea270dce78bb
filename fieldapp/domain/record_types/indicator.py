"""The declaration of an indicator: how the success of an activity or objective is measured.

Laws:
  * The baseline is measured before the phase begins, so it has a day.
"""

from __future__ import annotations

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Rule,
    every_name,
    first_words,
    linked_start,
)
from fieldapp.domain.text import Text

# fmt: off
_FIELDS = (
    FieldSpec("plan", Kind.LINK, Text("Of the plan", "Ya mpango"), link_type="plan",
        required=True),
    FieldSpec("activity", Kind.LINK, Text("Activity", "Shughuli"), link_type="activity"),
    FieldSpec("definition", Kind.TEXT, Text("What is measured", "Kinachopimwa"), required=True,
        max_length=400, list_column=True),
    FieldSpec("level", Kind.CHOICE, Text("Level", "Ngazi"), options=(
        Option("output", Text("Output", "Zao")),
        Option("outcome", Text("Outcome", "Matokeo")),
    ), list_column=True),
    FieldSpec("nature", Kind.CHOICE, Text("Nature", "Aina"), options=(
        Option("quantitative", Text("A number", "Idadi")),
        Option("qualitative", Text("In words", "Kwa maneno")),
    ), default="quantitative"),
    FieldSpec("unit", Kind.TEXT, Text("Unit of measure", "Kipimo"), max_length=60),
    FieldSpec("baseline", Kind.TEXT, Text("Baseline", "Hali ya mwanzo"), max_length=200,
        list_column=True),
    FieldSpec("baseline_on", Kind.DATE, Text("Baseline measured on", "Hali ya mwanzo ilipimwa"),
        latest_today=True),
    FieldSpec("target", Kind.TEXT, Text("Target", "Lengo la kufikiwa"), max_length=200,
        list_column=True),
    FieldSpec("split_by", Kind.MULTI_CHOICE, Text("Counted by", "Huhesabiwa kwa"), options=(
        Option("sex", Text("Sex", "Jinsia")),
        Option("age", Text("Age", "Umri")),
        Option("pwd", Text("Disability", "Ulemavu")),
        Option("sub_county", Text("Sub-county", "Kaunti ndogo")),
    )),
    FieldSpec("verified_by", Kind.TEXT, Text("Means of verification", "Njia ya kuthibitisha")),
)
# fmt: on


def _find_baseline(facts: Facts) -> list[FieldProblem]:
    if not facts.fields.get("baseline") or facts.fields.get("baseline_on"):
        return []
    return [FieldProblem("baseline_on", "baseline_without_day")]


INDICATOR = RecordType(
    key="indicator",
    version=1,
    label=Text("Indicator", "Kiashiria"),
    plural=Text("Indicators", "Viashiria"),
    icon="speed",
    menu=Menu.PLANS,
    about=Text("What is measured, from where to where", "Kinachopimwa, kutoka wapi hadi wapi"),
    fields=_FIELDS,
    sections=(Section("indicator", Text("Indicator", "Kiashiria"), every_name(_FIELDS)),),
    rights=granted(lead=WRITE, dcc_admin=NOTHING),
    starts=(linked_start("plan", Text("Add an indicator", "Ongeza kiashiria"), "plan"),),
    rules=(
        Rule(
            "baseline_without_day",
            Text("A baseline has a day.", "Hali ya mwanzo ina tarehe."),
            _find_baseline,
        ),
    ),
    title=first_words(Text("Indicator", "Kiashiria"), "definition"),
    subtitle=first_words(Text("No baseline", "Hakuna hali ya mwanzo"), "baseline", "target"),
)
