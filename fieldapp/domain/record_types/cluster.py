"""The declaration of a Nyumba Kumi cluster: a register of counts.

Laws:
  * Households and people are counted, never listed. A cluster is not exactly ten households.
  * Nothing here is about patrols, arrests, origin, belief or politics: members talk and report.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, WRITE, granted
from fieldapp.domain.choices import MATURITY
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import Facts, Menu, RecordType, Rule, every_name, first_words
from fieldapp.domain.rules import count
from fieldapp.domain.text import Text

# fmt: off
_WHAT = (
    FieldSpec("name", Kind.TEXT, Text("Name of the cluster", "Jina la kundi"), required=True,
        list_column=True),
    FieldSpec("village", Kind.TEXT, Text("Village or estate", "Kijiji au mtaa"), list_column=True),
    FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=(
        Option("active", Text("Active", "Linafanya kazi")),
        Option("forming", Text("Being formed", "Linaundwa")),
        Option("dormant", Text("Not meeting", "Halikutani")),
    ), default="active", list_column=True),
    FieldSpec("formed_on", Kind.DATE, Text("Formed on", "Liliundwa tarehe"), latest_today=True),
)
_COUNTS = (
    FieldSpec("homes", Kind.INTEGER, Text("Households", "Kaya"), min_value=1,
        max_value=1_000, list_column=True),
    FieldSpec("people", Kind.COUNT_MATRIX, Text("People", "Watu"), options=(
        Option("total", Text("Total", "Jumla")),
        Option("female", Text("Female", "Wanawake")),
        Option("male", Text("Male", "Wanaume")),
        Option("youth", Text("Youth (18-34)", "Vijana (miaka 18-34)")),
        Option("pwd", Text("Persons with disabilities", "Watu wenye ulemavu")),
    ), help=Text("Counts only. Do not write names.", "Idadi pekee. Usiandike majina.")),
)
_OFFICIALS = (
    FieldSpec("officials", Kind.MULTI_CHOICE, Text("Seats filled", "Nafasi zilizojazwa"),
        options=(
            Option("chair", Text("Chairperson", "Mwenyekiti")),
            Option("vice_chair", Text("Vice-chairperson", "Naibu mwenyekiti")),
            Option("secretary", Text("Secretary", "Katibu")),
            Option("treasurer", Text("Treasurer", "Mweka hazina")),
        )),
    FieldSpec("elected_on", Kind.DATE, Text("Elected on", "Walichaguliwa"), latest_today=True),
    FieldSpec("step", Kind.CHOICE, Text("Step reached", "Hatua iliyofikiwa"), options=MATURITY),
    FieldSpec("meets_monthly", Kind.BOOLEAN, Text("Meets every month", "Hukutana kila mwezi")),
    FieldSpec("remarks", Kind.LONG_TEXT, Text("Remarks", "Maoni"), max_length=1_000,
        help=Text("Do not write names.", "Usiandike majina.")),
)
# fmt: on


def _find_people(facts: Facts) -> list[FieldProblem]:
    cells = facts.fields.get("people")
    given = cells if isinstance(cells, dict) else {}
    total = count(given.get("total"))
    by_sex = sum(count(given.get(sex)) or 0 for sex in ("female", "male"))
    if total is None or by_sex <= total:
        return []
    return [FieldProblem("people", "people_sum", {"sum": by_sex, "total": total})]


CLUSTER = RecordType(
    key="cluster",
    version=1,
    label=Text("Nyumba Kumi cluster", "Kundi la Nyumba Kumi"),
    plural=Text("Nyumba Kumi clusters", "Makundi ya Nyumba Kumi"),
    icon="holiday_village",
    menu=Menu.FIELD,
    about=Text("Households and seats, as counts", "Kaya na nafasi, kwa idadi"),
    fields=(*_WHAT, *_COUNTS, *_OFFICIALS),
    sections=(
        Section("what", Text("Which cluster?", "Kundi gani?"), every_name(_WHAT)),
        Section("counts", Text("Households and people", "Kaya na watu"), every_name(_COUNTS)),
        Section("officials", Text("Officials and steps", "Maafisa na hatua"),
            every_name(_OFFICIALS)),
    ),
    rights=granted(field=ADD, lead=WRITE),
    rules=(
        Rule(
            "people_sum",
            Text("Women and men are not more than all people.", "Wanawake na wanaume hawazidi."),
            _find_people,
        ),
    ),
    title=first_words(Text("Nyumba Kumi cluster", "Kundi la Nyumba Kumi"), "name"),
    subtitle=first_words(Text("Nyumba Kumi cluster", "Kundi la Nyumba Kumi"), "village"),
)  # fmt: skip
