"""The declaration of a tally: all that an area learns of a desk's restricted records in a month.

Laws:
  * A group of categories, a month and a number; below five the number is not said.
  * The desk's own device writes it. It names no place below the sub-county.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, granted
from fieldapp.domain.fields import FieldSpec, Kind, Section
from fieldapp.domain.record_type import Menu, RecordType, every_name, month_words, option_words
from fieldapp.domain.taxonomy import DESKS, GROUPS
from fieldapp.domain.text import Text

SMALLEST_SAID = 5

# fmt: off
_GROUP = FieldSpec("group", Kind.CHOICE, Text("Group of categories", "Kundi la aina"),
    required=True, options=GROUPS, list_column=True)
_FIELDS = (
    FieldSpec("month", Kind.DATE, Text("Month", "Mwezi"), required=True, latest_today=True,
        month=True, list_column=True),
    FieldSpec("desk", Kind.CHOICE, Text("Desk", "Dawati"), required=True, options=DESKS,
        list_column=True),
    _GROUP,
    FieldSpec("fewer_than_five", Kind.BOOLEAN, Text("Fewer than five", "Chini ya tano"),
        list_column=True),
    FieldSpec("count", Kind.INTEGER, Text("Number", "Idadi"), min_value=SMALLEST_SAID,
        list_column=True,
        help=Text("Left empty below five.", "Huachwa wazi chini ya tano.")),
)
# fmt: on

TALLY = RecordType(
    key="tally",
    version=1,
    label=Text("Monthly tally of a desk", "Jumla ya mwezi ya dawati"),
    plural=Text("Monthly tallies of desks", "Jumla za mwezi za madawati"),
    icon="tag",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(Section("tally", Text("Tally", "Jumla"), every_name(_FIELDS)),),
    rights=granted(referral_desk=ADD),
    title=option_words(_GROUP, Text("Tally", "Jumla")),
    subtitle=month_words(Text("Month", "Mwezi"), "month"),
)
