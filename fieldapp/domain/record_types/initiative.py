"""The declaration of an initiative: who does what where against violent extremism."""

from __future__ import annotations

from fieldapp.domain.actions import WRITE, granted
from fieldapp.domain.choices import WORK_STATUS
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
_FIELDS = (
    FieldSpec("title", Kind.TEXT, Text("Initiative", "Mradi"), required=True, list_column=True),
    FieldSpec("partner", Kind.LINK, Text("Partner", "Mshirika"), link_type="partner"),
    FieldSpec("kind", Kind.CHOICE, Text("Kind of activity", "Aina ya shughuli"), options=(
        Option("training", Text("Training", "Mafunzo")),
        Option("dialogue", Text("Dialogue", "Mazungumzo")),
        Option("livelihood", Text("Livelihoods", "Riziki")),
        Option("psychosocial", Text("Counselling", "Ushauri nasaha")),
        Option("media", Text("Media", "Vyombo vya habari")),
        Option("education", Text("Education", "Elimu")),
        Option("research", Text("Research", "Utafiti")),
        Option("sport_arts", Text("Sport, arts and culture", "Michezo, sanaa na utamaduni")),
        Option("other", Text("Other", "Nyingine")),
    ), list_column=True),
    FieldSpec("areas", Kind.UNIT, Text("Where", "Wapi"), multiple=True),
    FieldSpec("pillar", Kind.LINK, Text("Pillar", "Nguzo"), link_type="pillar"),
    FieldSpec("target_group", Kind.TEXT, Text("For whom", "Kwa nani")),
    FieldSpec("starts_on", Kind.DATE, Text("From", "Kuanzia"), list_column=True),
    FieldSpec("ends_on", Kind.DATE, Text("Until", "Hadi")),
    FieldSpec("funder", Kind.TEXT, Text("Funder", "Mfadhili")),
    FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=WORK_STATUS,
        default="ongoing", list_column=True),
    FieldSpec("description", Kind.LONG_TEXT, Text("Description", "Maelezo"), max_length=2_000),
)
# fmt: on

INITIATIVE = RecordType(
    key="initiative",
    version=1,
    label=Text("Initiative", "Mradi"),
    plural=Text("Initiatives", "Miradi"),
    icon="volunteer_activism",
    menu=Menu.PARTNERS,
    about=Text("Who does what, where and for whom", "Nani anafanya nini, wapi na kwa nani"),
    fields=_FIELDS,
    sections=(Section("initiative", Text("Initiative", "Mradi"), every_name(_FIELDS)),),
    rights=granted(lead=WRITE),
    starts=(linked_start("partner", Text("Add an initiative", "Ongeza mradi"), "partner"),),
    rules=(
        in_order(
            "initiative_out_of_order",
            Text("An initiative ends after it begins.", "Mradi huisha baada ya kuanza."),
            "starts_on",
            "ends_on",
        ),
    ),
    title=first_words(Text("Initiative", "Mradi"), "title"),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "starts_on", "ends_on"),
)
