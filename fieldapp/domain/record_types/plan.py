"""The declaration of a plan: one edition of a County Action Plan, with exact days.

Laws:
  * Pillars, priority areas and working groups are data of an edition (see ``pillar``), never a
    fixed list: they differ by county and by edition.
"""

from __future__ import annotations

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import Menu, RecordType, every_name, first_words
from fieldapp.domain.rules import in_order
from fieldapp.domain.text import Text

# fmt: off
_FIELDS = (
    FieldSpec("title", Kind.TEXT, Text("Title of the edition", "Jina la toleo"), required=True,
        list_column=True),
    FieldSpec("county", Kind.UNIT, Text("County", "Kaunti"), required=True,
        unit_levels=("county",), list_column=True),
    FieldSpec("starts_on", Kind.DATE, Text("From", "Kuanzia"), required=True, list_column=True),
    FieldSpec("ends_on", Kind.DATE, Text("Until", "Hadi"), required=True, list_column=True),
    FieldSpec("year_starts", Kind.CHOICE, Text("Quarters are counted from",
        "Robo mwaka huhesabiwa kutoka"), options=(
            Option("plan", Text("The first day of the plan", "Siku ya kwanza ya mpango")),
            Option("fiscal", Text("1 July (financial year)", "1 Julai (mwaka wa kifedha)")),
        ), default="plan"),
    FieldSpec("strategy", Kind.TEXT, Text("Aligned to the strategy", "Unafuata mkakati")),
    FieldSpec("launched_on", Kind.DATE, Text("Launched on", "Ulizinduliwa"), latest_today=True),
    FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=(
        Option("draft", Text("Draft", "Rasimu")),
        Option("validated", Text("Validated", "Umethibitishwa")),
        Option("launched", Text("Launched", "Umezinduliwa")),
        Option("under_review", Text("Under review", "Unapitiwa")),
        Option("expired", Text("Expired", "Umeisha")),
    ), default="draft", list_column=True),
    FieldSpec("document_ref", Kind.TEXT,
        Text("Document, file number", "Nyaraka, nambari ya faili")),
    FieldSpec("predecessor", Kind.LINK, Text("Follows the plan", "Unafuata mpango"),
        link_type="plan"),
    FieldSpec("remarks", Kind.LONG_TEXT, Text("Remarks", "Maoni"), max_length=2_000),
)
# fmt: on

PLAN = RecordType(
    key="plan",
    version=1,
    label=Text("County Action Plan", "Mpango wa Utekelezaji wa Kaunti (CAP)"),
    plural=Text("County Action Plans", "Mipango ya Utekelezaji ya Kaunti (CAP)"),
    icon="map",
    menu=Menu.PLANS,
    about=Text("One edition of a county plan", "Toleo moja la mpango wa kaunti"),
    fields=_FIELDS,
    sections=(Section("plan", Text("Edition", "Toleo"), every_name(_FIELDS)),),
    rights=granted(lead=WRITE, dcc_admin=NOTHING),
    rules=(
        in_order(
            "plan_out_of_order",
            Text("A plan ends after it begins.", "Mpango huisha baada ya kuanza."),
            "starts_on",
            "ends_on",
        ),
    ),
    title=first_words(Text("County Action Plan", "Mpango wa Utekelezaji wa Kaunti"), "title"),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "starts_on", "ends_on"),
)
