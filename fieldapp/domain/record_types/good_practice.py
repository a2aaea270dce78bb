"""The declaration of a good practice: what worked, with evidence and an ethics check.

Laws:
  * Nothing is publishable before its ethics check is done.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, WRITE, granted
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind, Section
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
    FieldSpec("title", Kind.TEXT, Text("Title", "Kichwa"), required=True, list_column=True),
    FieldSpec("description", Kind.LONG_TEXT, Text("What was done", "Kilichofanyika"),
        required=True, max_length=4_000,
        help=Text("Do not write names.", "Usiandike majina.")),
    FieldSpec("areas", Kind.UNIT, Text("Where", "Wapi"), multiple=True),
    FieldSpec("evidence", Kind.LONG_TEXT, Text("Evidence", "Uthibitisho"), max_length=2_000),
    FieldSpec("problem", Kind.LINK, Text("From the problem", "Kutoka tatizo"),
        link_type="problem"),
    FieldSpec("ethics_checked_on", Kind.DATE, Text("Ethics check on", "Maadili yalikaguliwa"),
        latest_today=True),
    FieldSpec("publishable", Kind.BOOLEAN, Text("May be published", "Inaweza kuchapishwa"),
        list_column=True),
)
# fmt: on


def _find_ethics(facts: Facts) -> list[FieldProblem]:
    unchecked = facts.fields.get("publishable") is True and not facts.fields.get(
        "ethics_checked_on"
    )
    return [FieldProblem("ethics_checked_on", "not_checked_for_ethics")] if unchecked else []


GOOD_PRACTICE = RecordType(
    key="good_practice",
    version=1,
    label=Text("Good practice", "Mbinu bora"),
    plural=Text("Good practices", "Mbinu bora"),
    icon="lightbulb",
    menu=Menu.PARTNERS,
    about=Text("What worked, for others to learn from", "Kilichofanikiwa, wengine wajifunze"),
    fields=_FIELDS,
    sections=(Section("practice", Text("Good practice", "Mbinu bora"), every_name(_FIELDS)),),
    rights=granted(field=ADD, lead=WRITE),
    starts=(
        linked_start("problem", Text("It worked: share it", "Imefanikiwa: shiriki"), "problem"),
    ),
    rules=(
        Rule(
            "not_checked_for_ethics",
            Text(
                "Before publishing, its ethics are checked.",
                "Kabla ya kuchapishwa, maadili hukaguliwa.",
            ),
            _find_ethics,
        ),
    ),
    title=first_words(Text("Good practice", "Mbinu bora"), "title"),
    subtitle=first_words(Text("Good practice", "Mbinu bora"), "ethics_checked_on"),
)
