"""The declaration of a review: what a plan's review found and what it carried forward."""

from __future__ import annotations

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.choices import ACTION_STATUS
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
_KIND = FieldSpec("kind", Kind.CHOICE, Text("Kind of review", "Aina ya mapitio"), required=True,
    options=(
        Option("quarterly", Text("Quarterly", "Robo mwaka")),
        Option("mid_term", Text("Mid-term", "Ya katikati")),
        Option("annual", Text("Annual", "Ya mwaka")),
        Option("end", Text("At the end", "Ya mwisho")),
    ), list_column=True)
_FIELDS = (
    FieldSpec("plan", Kind.LINK, Text("Of the plan", "Ya mpango"), link_type="plan",
        required=True),
    _KIND,
    FieldSpec("date", Kind.DATE, Text("Date", "Tarehe"), required=True, latest_today=True,
        default="today", list_column=True),
    FieldSpec("meeting", Kind.LINK, Text("In the meeting", "Katika mkutano"),
        link_type="meeting"),
    FieldSpec("findings", Kind.LONG_TEXT, Text("Findings", "Yaliyobainika"), required=True,
        max_length=4_000),
    FieldSpec("weak_areas", Kind.LONG_TEXT, Text("Weak areas", "Maeneo dhaifu"),
        max_length=2_000),
    FieldSpec("decisions", Kind.GROUP, Text("Decisions", "Maamuzi"),
        one=Text("Decision", "Uamuzi"), max_items=40, subfields=(
        FieldSpec("text", Kind.TEXT, Text("Decision", "Uamuzi"), required=True, max_length=400),
        FieldSpec("owner", Kind.TEXT, Text("Responsible office", "Ofisi inayohusika")),
        FieldSpec("due", Kind.DATE, Text("Due date", "Tarehe ya mwisho")),
        FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=ACTION_STATUS,
            default="not_started"),
        FieldSpec("progress", Kind.LONG_TEXT, Text("Progress", "Maendeleo"), max_length=1_000),
    )),
    FieldSpec("carried_forward", Kind.LINK,
        Text("Activities carried forward", "Shughuli zilizopelekwa mbele"),
        link_type="activity", multiple=True),
)
# fmt: on

REVIEW = RecordType(
    key="review",
    version=2,
    label=Text("Review of a plan", "Mapitio ya mpango"),
    plural=Text("Reviews of plans", "Mapitio ya mipango"),
    icon="rate_review",
    menu=Menu.PLANS,
    about=Text("What a review found and decided", "Mapitio yalibaini na kuamua nini"),
    fields=_FIELDS,
    sections=(Section("review", Text("Review", "Mapitio"), every_name(_FIELDS)),),
    rights=granted(lead=WRITE, dcc_admin=NOTHING),
    starts=(linked_start("plan", Text("Record a review", "Rekodi mapitio"), "plan"),),
    title=option_words(_KIND, Text("Review of a plan", "Mapitio ya mpango")),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "date"),
)
