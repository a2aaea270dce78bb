"""The declaration of progress: what an activity of a plan achieved in one period.

Laws:
  * People reached are counted; offices report and verify, no person is named.
"""

from __future__ import annotations

from fieldapp.domain.actions import WRITE, granted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Menu,
    RecordType,
    every_name,
    first_words,
    linked_start,
)
from fieldapp.domain.rules import in_order
from fieldapp.domain.text import Text

# fmt: off
_WHAT = (
    FieldSpec("activity", Kind.LINK, Text("Activity", "Shughuli"), link_type="activity",
        required=True),
    FieldSpec("from_on", Kind.DATE, Text("From", "Kuanzia"), required=True, latest_today=True,
        list_column=True),
    FieldSpec("to_on", Kind.DATE, Text("Until", "Hadi"), required=True, list_column=True),
    FieldSpec("narrative", Kind.LONG_TEXT, Text("Progress", "Maendeleo"), required=True,
        max_length=4_000),
    FieldSpec("reached", Kind.COUNT_MATRIX, Text("People reached", "Watu waliofikiwa"), options=(
        Option("total", Text("Total", "Jumla")),
        Option("female", Text("Female", "Wanawake")),
        Option("male", Text("Male", "Wanaume")),
        Option("youth", Text("Youth (18-34)", "Vijana (miaka 18-34)")),
        Option("pwd", Text("Persons with disabilities", "Watu wenye ulemavu")),
    )),
    FieldSpec("meetings", Kind.LINK, Text("Meetings that count", "Mikutano inayohesabiwa"),
        link_type="meeting", multiple=True),
)
_RESULT = (
    FieldSpec("values", Kind.GROUP, Text("Indicators", "Viashiria"),
        one=Text("Indicator", "Kiashiria"), max_items=20, subfields=(
        FieldSpec("indicator", Kind.LINK, Text("Indicator", "Kiashiria"), link_type="indicator",
            required=True),
        FieldSpec("value", Kind.TEXT, Text("Value", "Thamani"), required=True, max_length=200),
    )),
    FieldSpec("spent", Kind.MONEY, Text("Spent (KSh)", "Kilichotumika (KSh)"), max_value=10**12),
    FieldSpec("challenges", Kind.LONG_TEXT, Text("Challenges", "Changamoto"), max_length=2_000),
    FieldSpec("lessons", Kind.LONG_TEXT, Text("Lessons learned", "Mafunzo yaliyopatikana"),
        max_length=2_000),
    FieldSpec("evidence", Kind.TEXT, Text("Evidence", "Uthibitisho")),
    FieldSpec("verified_by", Kind.TEXT, Text("Verified by (office)", "Imethibitishwa na (ofisi)")),
)
# fmt: on

PROGRESS = RecordType(
    key="progress",
    version=1,
    label=Text("Progress report", "Ripoti ya maendeleo"),
    plural=Text("Progress reports", "Ripoti za maendeleo"),
    icon="trending_up",
    menu=Menu.PLANS,
    about=Text(
        "What an activity achieved in a period", "Shughuli ilifanikisha nini katika kipindi"
    ),
    fields=(*_WHAT, *_RESULT),
    sections=(
        Section("what", Text("What was done?", "Nini kilifanyika?"), every_name(_WHAT)),
        Section("result", Text("Results and lessons", "Matokeo na mafunzo"), every_name(_RESULT)),
    ),
    rights=granted(lead=WRITE, acc=WRITE),
    starts=(linked_start("activity", Text("Report progress", "Ripoti maendeleo"), "activity"),),
    rules=(
        in_order(
            "period_out_of_order",
            Text("A period ends after it begins.", "Kipindi huisha baada ya kuanza."),
            "from_on",
            "to_on",
        ),
    ),
    title=first_words(Text("Progress report", "Ripoti ya maendeleo"), "from_on", "to_on"),
    subtitle=first_words(Text("Progress report", "Ripoti ya maendeleo"), "evidence"),
)
