"""The declaration of a notice: what an office tells every officer of a unit.

Laws:
  * It goes to the office of all devices of its unit, a sub-county or below. It is for officers
    and not secret, and holds no personal data; the form says so.
  * It is shown until its day, and amended by who may write one.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, granted
from fieldapp.domain.fields import FieldSpec, Kind, Section
from fieldapp.domain.record_type import Menu, RecordType, every_name, first_words
from fieldapp.domain.text import Text

LONGEST_NOTICE = 2_000

# fmt: off
_FIELDS = (
    FieldSpec("title", Kind.TEXT, Text("Title", "Kichwa"), required=True, list_column=True),
    FieldSpec("text", Kind.LONG_TEXT, Text("Notice", "Tangazo"), required=True,
        max_length=LONGEST_NOTICE,
        help=Text("For officers, not secret. No names, numbers or other personal data.",
            "Kwa maafisa, si siri. Usiandike majina, nambari wala data nyingine ya mtu.")),
    FieldSpec("until", Kind.DATE, Text("Shown until", "Litaonyeshwa hadi"), required=True,
        list_column=True),
)
# fmt: on

NOTICE = RecordType(
    key="notice",
    version=1,
    label=Text("Notice to officers", "Tangazo kwa maafisa"),
    plural=Text("Notices to officers", "Matangazo kwa maafisa"),
    icon="campaign",
    menu=Menu.FIELD,
    about=Text("Tell every officer of a unit", "Waambie maafisa wote wa eneo"),
    fields=_FIELDS,
    sections=(
        Section(
            "notice",
            Text("Notice", "Tangazo"),
            every_name(_FIELDS),
            help=Text(
                "Every officer of the unit reads it. It is for officers and not secret: "
                "no personal data.",
                "Kila afisa wa eneo atalisoma. Ni kwa maafisa na si siri: usiandike data ya mtu.",
            ),
        ),
    ),
    rights=granted(lead=ADD, acc=ADD, chief=ADD),
    route_class=lambda _fields: "broadcast",
    title=first_words(Text("Notice", "Tangazo"), "title"),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "until"),
)
