"""The declaration of a deed: what was done to a device or given of a case, and why in words.

Laws:
  * The directory's statement names a word of a closed list, which the server reads. The words of a
    person may name somebody: they are sealed here, for the offices above the one that acted.
  * What a desk did goes to that desk's channel, as its reason may tell of a case. So does which old
    case it gave to the newcomers of which office.
  * Nobody changes or deletes one.
"""

from __future__ import annotations

from fieldapp.domain.actions import SAY, granted
from fieldapp.domain.fields import Fields, FieldSpec, Kind, Option, Section, unless, when
from fieldapp.domain.record_type import (
    Menu,
    RecordType,
    Tier,
    every_name,
    first_words,
    option_words,
)
from fieldapp.domain.taxonomy import DESKS
from fieldapp.domain.text import Text
from fieldapp.domain.values import LINK_PATTERN

# fmt: off
CAUSES = (
    Option("lost", Text("Lost", "Kimepotea")),
    Option("stolen", Text("Stolen", "Kimeibwa")),
    Option("left_office", Text("Left the service", "Ameacha kazi")),
    Option("moved", Text("Moved to another post", "Amehamishwa")),
    Option("replaced", Text("Replaced by another device", "Kimebadilishwa")),
    Option("misuse", Text("Misused", "Kimetumiwa vibaya")),
    Option("other", Text("Other", "Nyingine")),
)
_DEED = FieldSpec("deed", Kind.CHOICE, Text("Deed", "Tendo"), required=True, list_column=True,
    options=(
        Option("revoke", Text("Device revoked", "Kifaa kimezuiwa")),
        Option("change", Text("Device moved to another post", "Kifaa kimehamishwa")),
        Option("adopt", Text("Work of a device taken over", "Kazi ya kifaa imechukuliwa")),
        Option("share",
            Text("Old case given to new officers", "Kesi ya zamani imepewa maafisa wapya")),
    ))
_ON_DEVICE = (unless("deed", "share"),)
_ON_CASE = (when("deed", "share"),)
_FIELDS = (
    _DEED,
    FieldSpec("device", Kind.TEXT, Text("Device", "Kifaa"), required=True, pattern=LINK_PATTERN,
        visible_when=_ON_DEVICE),
    FieldSpec("because", Kind.CHOICE, Text("Cause", "Sababu"), required=True, options=CAUSES,
        list_column=True, visible_when=_ON_DEVICE),
    FieldSpec("record", Kind.TEXT, Text("Record", "Rekodi"), required=True, pattern=LINK_PATTERN,
        visible_when=_ON_CASE),
    FieldSpec("offices", Kind.TEXT, Text("Given to", "Imepewa"), required=True,
        visible_when=_ON_CASE),
    FieldSpec("reason", Kind.TEXT, Text("In words", "Kwa maneno")),
    FieldSpec("desk", Kind.CHOICE, Text("Desk", "Dawati"), options=DESKS),
)
# fmt: on


def _tier(fields: Fields) -> Tier:
    return Tier.RESTRICTED if fields.get("desk") else Tier.ORDINARY


def _class(fields: Fields) -> str:
    return str(fields.get("desk") or Tier.ORDINARY.value)


DEED = RecordType(
    key="deed",
    version=2,
    label=Text("Deed", "Tendo"),
    plural=Text("Deeds", "Matendo"),
    icon="gavel",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(Section("deed", Text("Deed", "Tendo"), every_name(_FIELDS)),),
    rights=granted(lead=SAY, referral_desk=SAY),
    tier=_tier,
    route_class=_class,
    title=option_words(_DEED, Text("Deed", "Tendo")),
    subtitle=first_words(Text("-", "-"), "reason"),
    is_listed=False,
)
