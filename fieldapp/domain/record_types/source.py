"""The declaration of a source: how a person who gave information may be called back.

Laws:
  * Sealed by the author's device to one office alone. Nobody else opens it, the author's device
    neither once that office has it; everybody else sees the code in the concern.
  * It stands in no list, no export and no table. There is no list of persons, and no payment.
"""

from __future__ import annotations

from fieldapp.domain.actions import SAY, granted
from fieldapp.domain.fields import FieldSpec, Kind, Section
from fieldapp.domain.parties import SOURCE_CODE_PATTERN, SOURCE_TYPE, Party, PartyRules
from fieldapp.domain.record_type import Menu, RecordType, Tier, every_name, first_words
from fieldapp.domain.text import Text
from fieldapp.domain.values import LINK_PATTERN

LONGEST_CONTACT = 300

# fmt: off
_FIELDS = (
    FieldSpec("record", Kind.TEXT, Text("Concern", "Suala"), required=True,
        pattern=LINK_PATTERN, is_about=True),
    FieldSpec("code", Kind.TEXT, Text("Code", "Msimbo"), required=True,
        pattern=SOURCE_CODE_PATTERN),
    FieldSpec("contact", Kind.LONG_TEXT, Text("Call-back contact", "Namna ya kumpata"),
        required=True, max_length=LONGEST_CONTACT),
)
# fmt: on

SOURCE = RecordType(
    key=SOURCE_TYPE,
    version=1,
    label=Text("Call-back contact", "Namna ya kumpata mtoa taarifa"),
    plural=Text("Call-back contacts", "Namna za kuwapata watoa taarifa"),
    icon="phone_callback",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(Section("source", Text("Call back", "Kupiga simu"), every_name(_FIELDS)),),
    rights=granted(field=SAY, lead=SAY),
    parties=PartyRules(Party.DEVICE, device=frozenset(every_name(_FIELDS))),
    tier=lambda _fields: Tier.RESTRICTED,
    route_class=lambda _fields: "source",
    title=first_words(Text("Code", "Msimbo"), "code"),
    subtitle=lambda _fields: Text("-", "-"),
    is_listed=False,
)
