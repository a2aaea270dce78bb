"""The declaration of a pillar: a pillar, priority area or working group of one plan edition.

Laws:
  * Leads are offices or organisations, not persons. Objectives live inside their pillar.
"""

from __future__ import annotations

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Menu,
    RecordType,
    every_name,
    first_words,
    linked_start,
    option_words,
)
from fieldapp.domain.text import Text

# fmt: off
_KIND = FieldSpec("kind", Kind.CHOICE, Text("This is a", "Hii ni"), options=(
    Option("pillar", Text("Pillar", "Nguzo")),
    Option("priority_area", Text("Priority area", "Eneo la kipaumbele")),
    Option("working_group", Text("Working group", "Kikundi kazi")),
), default="pillar", list_column=True)
_FIELDS = (
    FieldSpec("plan", Kind.LINK, Text("Of the plan", "Ya mpango"), link_type="plan",
        required=True),
    _KIND,
    FieldSpec("code", Kind.TEXT, Text("Code", "Nambari"), max_length=20, list_column=True),
    FieldSpec("name", Kind.TEXT, Text("Name", "Jina"), required=True, list_column=True),
    FieldSpec("name_sw", Kind.TEXT, Text("Name in Kiswahili", "Jina kwa Kiswahili")),
    FieldSpec("lead_government", Kind.TEXT,
        Text("Lead from government", "Kiongozi kutoka serikalini"),
        help=Text("The office, not a person.", "Ofisi, si mtu.")),
    FieldSpec("lead_civil", Kind.TEXT,
        Text("Lead from civil society", "Kiongozi kutoka mashirika ya kijamii"),
        help=Text("The organisation, not a person.", "Shirika, si mtu.")),
    FieldSpec("members", Kind.TEXT, Text("Member organisations", "Mashirika wanachama"),
        max_length=1_000),
    FieldSpec("objectives", Kind.GROUP, Text("Objectives", "Malengo mahususi"),
        one=Text("Objective", "Lengo mahususi"), max_items=40,
        subfields=(
            FieldSpec("text", Kind.LONG_TEXT, Text("Objective", "Lengo mahususi"), required=True,
                max_length=600),
            FieldSpec("outcome", Kind.TEXT, Text("Expected result", "Matokeo yanayotarajiwa"),
                max_length=400),
        )),
)
# fmt: on

PILLAR = RecordType(
    key="pillar",
    version=1,
    label=Text("Pillar of a plan", "Nguzo ya mpango"),
    plural=Text("Pillars of plans", "Nguzo za mipango"),
    icon="view_column",
    menu=Menu.PLANS,
    about=Text("A pillar or working group of a plan", "Nguzo au kikundi kazi cha mpango"),
    fields=_FIELDS,
    sections=(Section("pillar", Text("Pillar", "Nguzo"), every_name(_FIELDS)),),
    rights=granted(lead=WRITE, dcc_admin=NOTHING),
    starts=(linked_start("plan", Text("Add a pillar", "Ongeza nguzo"), "plan"),),
    title=first_words(Text("Pillar of a plan", "Nguzo ya mpango"), "name"),
    subtitle=option_words(_KIND, Text("Pillar", "Nguzo")),
)
