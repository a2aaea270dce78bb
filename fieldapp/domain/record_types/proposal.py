"""The declaration of a proposal: what a partner offers to do, and what the review decided."""

from __future__ import annotations

from fieldapp.domain.actions import WRITE, granted
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
from fieldapp.domain.rules import in_order
from fieldapp.domain.text import Text

# fmt: off
_FIELDS = (
    FieldSpec("title", Kind.TEXT, Text("Title", "Kichwa"), required=True, list_column=True),
    FieldSpec("partner", Kind.LINK, Text("Partner", "Mshirika"), link_type="partner",
        required=True),
    FieldSpec("counties", Kind.UNIT, Text("Counties", "Kaunti"), multiple=True,
        unit_levels=("county",), max_items=47),
    FieldSpec("pillar", Kind.LINK, Text("Pillar", "Nguzo"), link_type="pillar"),
    FieldSpec("amount", Kind.MONEY, Text("Amount (KSh)", "Kiasi (KSh)"), max_value=10**12,
        list_column=True),
    FieldSpec("received_on", Kind.DATE, Text("Received on", "Lilipokelewa"), required=True,
        latest_today=True, default="today", list_column=True),
    FieldSpec("result", Kind.CHOICE, Text("Result of the review", "Matokeo ya mapitio"), options=(
        Option("pending", Text("Pending", "Inasubiri")),
        Option("recommended", Text("Recommended for support", "Limependekezwa")),
        Option("revise", Text("To be revised", "Lirekebishwe")),
        Option("declined", Text("Declined", "Limekataliwa")),
    ), default="pending", list_column=True),
    FieldSpec("decided_on", Kind.DATE, Text("Decided on", "Iliamuliwa"), latest_today=True),
    FieldSpec("reviewer", Kind.TEXT, Text("Reviewed by (office)", "Limepitiwa na (ofisi)")),
    FieldSpec("reason", Kind.LONG_TEXT, Text("Reason", "Sababu"), max_length=2_000),
)
# fmt: on


def _find_decision(facts: Facts) -> list[FieldProblem]:
    decided = facts.fields.get("result") not in (None, "", "pending")
    if not decided or facts.fields.get("decided_on"):
        return []
    return [FieldProblem("decided_on", "decision_without_day")]


PROPOSAL = RecordType(
    key="proposal",
    version=1,
    label=Text("Proposal", "Pendekezo"),
    plural=Text("Proposals", "Mapendekezo"),
    icon="request_page",
    menu=Menu.PARTNERS,
    about=Text("What a partner offers, and the decision", "Mshirika anachopendekeza, na uamuzi"),
    fields=_FIELDS,
    sections=(Section("proposal", Text("Proposal", "Pendekezo"), every_name(_FIELDS)),),
    rights=granted(lead=WRITE),
    starts=(linked_start("partner", Text("Add a proposal", "Ongeza pendekezo"), "partner"),),
    rules=(
        Rule(
            "decision_without_day",
            Text("A decision has a day.", "Uamuzi una tarehe."),
            _find_decision,
        ),
        in_order(
            "decided_before_received",
            Text(
                "A proposal is decided after it came.", "Pendekezo huamuliwa baada ya kupokelewa."
            ),
            "received_on",
            "decided_on",
        ),
    ),
    title=first_words(Text("Proposal", "Pendekezo"), "title"),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "received_on"),
)
