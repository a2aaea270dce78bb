"""The declaration of a return: what a unit reports for one month, nothing included.

Laws:
  * "Nothing happened" is an answer and is said, so that silence means that nobody reported.
  * Counts only; what could not be counted is said in the remarks.
"""

from __future__ import annotations

from fieldapp.domain.actions import WRITE, granted
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Rule,
    every_name,
    month_words,
    option_words,
)
from fieldapp.domain.rules import day
from fieldapp.domain.text import Text

# fmt: off
_STATUS = FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=(
    Option("prepared", Text("Prepared", "Imeandaliwa")),
    Option("frozen", Text("Final", "Ya mwisho")),
), default="prepared", list_column=True)
_FIELDS = (
    FieldSpec("month", Kind.DATE, Text("Month", "Mwezi"), required=True, latest_today=True,
        month=True, list_column=True),
    FieldSpec("meetings", Kind.INTEGER, Text("Meetings held", "Mikutano iliyofanyika"),
        required=True, list_column=True),
    FieldSpec("participants", Kind.COUNT_MATRIX, Text("Participants", "Washiriki"), options=(
        Option("total", Text("Total", "Jumla")),
        Option("female", Text("Female", "Wanawake")),
        Option("male", Text("Male", "Wanaume")),
    )),
    FieldSpec("concerns", Kind.INTEGER, Text("Concerns recorded", "Masuala yaliyorekodiwa"),
        required=True, list_column=True),
    FieldSpec("resolutions_open", Kind.INTEGER,
        Text("Resolutions still open", "Maazimio ambayo hayajakamilika")),
    FieldSpec("resolutions_done", Kind.INTEGER,
        Text("Resolutions completed", "Maazimio yaliyokamilika")),
    FieldSpec("nothing_to_report", Kind.BOOLEAN,
        Text("Nothing to report this month", "Hakuna la kuripoti mwezi huu")),
    _STATUS,
    FieldSpec("remarks", Kind.LONG_TEXT, Text("Remarks", "Maoni"), max_length=2_000),
)
# fmt: on


def _find_month(facts: Facts) -> list[FieldProblem]:
    month = day(facts.fields.get("month"))
    wrong = month is not None and month.day != 1
    return [FieldProblem("month", "not_first_of_month")] if wrong else []


def _find_nothing(facts: Facts) -> list[FieldProblem]:
    said = facts.fields.get("nothing_to_report") is True
    counted = any(facts.fields.get(name) for name in ("meetings", "concerns"))
    return [FieldProblem("nothing_to_report", "nothing_but_counted")] if said and counted else []


RETURN = RecordType(
    key="return",
    version=1,
    label=Text("Monthly return", "Ripoti ya mwezi"),
    plural=Text("Monthly returns", "Ripoti za mwezi"),
    icon="calendar_month",
    menu=Menu.FIELD,
    about=Text(
        "The counts of one month, nothing included", "Idadi za mwezi mmoja, hata kama ni sifuri"
    ),
    fields=_FIELDS,
    sections=(Section("return", Text("Monthly return", "Ripoti ya mwezi"), every_name(_FIELDS)),),
    rights=granted(field=WRITE, lead=WRITE),
    rules=(
        Rule(
            "not_first_of_month",
            Text("A month is named by its first day.", "Mwezi hutajwa kwa siku ya kwanza."),
            _find_month,
        ),
        Rule(
            "nothing_but_counted",
            Text("Nothing to report means no counts.", "Hakuna la kuripoti humaanisha sifuri."),
            _find_nothing,
        ),
    ),
    title=month_words(Text("Monthly return", "Ripoti ya mwezi"), "month"),
    subtitle=option_words(_STATUS, Text("Monthly return", "Ripoti ya mwezi")),
)
