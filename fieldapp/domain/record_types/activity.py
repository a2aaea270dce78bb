"""The declaration of an activity: a line of the implementation matrix of a plan.

Laws:
  * No budget is a budget: activities without money or in kind are normal.
  * A delay has a reason.
"""

from __future__ import annotations

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.choices import WORK_STATUS
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section, when
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
    FieldSpec("plan", Kind.LINK, Text("Of the plan", "Ya mpango"), link_type="plan",
        required=True),
    FieldSpec("pillar", Kind.LINK, Text("Pillar", "Nguzo"), link_type="pillar"),
    FieldSpec("text", Kind.TEXT, Text("Activity", "Shughuli"), required=True, max_length=400,
        list_column=True),
    FieldSpec("objective", Kind.TEXT, Text("Objective", "Lengo mahususi"), max_length=400),
    FieldSpec("lead_agency", Kind.TEXT, Text("Lead agency", "Taasisi inayoongoza"),
        list_column=True),
    FieldSpec("lead_type", Kind.CHOICE, Text("The lead is", "Kiongozi ni"), options=(
        Option("national", Text("National government", "Serikali ya kitaifa")),
        Option("county", Text("County government", "Serikali ya kaunti")),
        Option("civil", Text("Civil society", "Shirika la kijamii")),
        Option("other", Text("Other", "Nyingine")),
    )),
    FieldSpec("partners", Kind.LINK, Text("Partners", "Washirika"), link_type="partner",
        multiple=True),
    FieldSpec("areas", Kind.UNIT, Text("Where", "Wapi"), multiple=True),
    FieldSpec("target_group", Kind.TEXT, Text("For whom", "Kwa nani")),
)
_COURSE = (
    FieldSpec("starts_on", Kind.DATE, Text("From", "Kuanzia")),
    FieldSpec("ends_on", Kind.DATE, Text("Until", "Hadi"), list_column=True),
    FieldSpec("budget", Kind.MONEY, Text("Budget (KSh)", "Bajeti (KSh)"), max_value=10**12),
    FieldSpec("in_kind", Kind.BOOLEAN, Text("In kind", "Kwa vifaa au huduma")),
    FieldSpec("funding", Kind.TEXT, Text("Source of funds", "Chanzo cha fedha")),
    FieldSpec("spent", Kind.MONEY, Text("Spent (KSh)", "Kilichotumika (KSh)"), max_value=10**12),
    FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=WORK_STATUS,
        default="not_started", list_column=True),
    FieldSpec("percent", Kind.INTEGER, Text("Done, percent", "Imefanyika, asilimia"),
        max_value=100),
    FieldSpec("delay_reason", Kind.TEXT, Text("Reason for the delay", "Sababu ya kuchelewa"),
        visible_when=(when("status", "delayed", "dropped"),), required=True),
)
# fmt: on

ACTIVITY = RecordType(
    key="activity",
    version=1,
    label=Text("Activity of a plan", "Shughuli ya mpango"),
    plural=Text("Activities of plans", "Shughuli za mipango"),
    icon="checklist",
    menu=Menu.PLANS,
    about=Text(
        "A line of the plan: who, when, how much", "Mstari wa mpango: nani, lini, kiasi gani"
    ),
    fields=(*_WHAT, *_COURSE),
    sections=(
        Section("what", Text("Which activity?", "Shughuli gani?"), every_name(_WHAT)),
        Section("course", Text("Time, money, status", "Muda, fedha, hali"), every_name(_COURSE)),
    ),
    rights=granted(lead=WRITE, dcc_admin=NOTHING),
    starts=(linked_start("plan", Text("Add an activity", "Ongeza shughuli"), "plan"),),
    rules=(
        in_order(
            "activity_out_of_order",
            Text("An activity ends after it begins.", "Shughuli huisha baada ya kuanza."),
            "starts_on",
            "ends_on",
        ),
    ),
    title=first_words(Text("Activity of a plan", "Shughuli ya mpango"), "text"),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "starts_on", "ends_on"),
)
