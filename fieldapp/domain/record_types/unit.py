"""The declaration of a unit: the name of a place.

Laws:
  * Ids live in the protocol and never change; names, wards and dates live here.
  * The record travels upwards like any ordinary one; devices below learn names from the packet
    of their invite (docs/adr/0013).
  * A split, merge or move makes new units that name their predecessors.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, granted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import Menu, RecordType, first_words, option_words
from fieldapp.domain.rules import in_order
from fieldapp.domain.text import Text

LEVELS = (
    Option("county", Text("County", "Kaunti")),
    Option("sub_county", Text("Sub-county", "Kaunti ndogo")),
    Option("location", Text("Location", "Lokesheni")),
    Option("sub_location", Text("Sub-location", "Kata ndogo")),
    Option("village", Text("Village", "Kijiji")),
    Option("cluster", Text("Cluster (Nyumba Kumi)", "Kundi la Nyumba Kumi")),
)

_LEVEL = FieldSpec(
    "level", Kind.CHOICE, Text("Level", "Ngazi"), required=True, options=LEVELS, list_column=True
)
_FIELDS = (
    FieldSpec("unit", Kind.UNIT, Text("Number of the unit", "Nambari ya eneo"), required=True),
    FieldSpec("name", Kind.TEXT, Text("Name", "Jina"), required=True, list_column=True),
    _LEVEL,
    FieldSpec("ward", Kind.WARD, Text("Ward", "Wadi")),
    FieldSpec("division", Kind.TEXT, Text("Division", "Tarafa")),
    FieldSpec("gazette_ref", Kind.TEXT, Text("Gazette notice", "Notisi ya gazeti la serikali")),
    FieldSpec(
        "status",
        Kind.CHOICE,
        Text("Status", "Hali"),
        options=(
            Option("operational", Text("Operational", "Linafanya kazi")),
            Option("gazetted", Text("Gazetted", "Limetangazwa")),
            Option("renamed", Text("Renamed", "Limebadilishwa jina")),
            Option("merged", Text("Merged", "Limeunganishwa")),
            Option("abolished", Text("Abolished", "Limefutwa")),
        ),
        default="operational",
    ),
    FieldSpec("valid_from", Kind.DATE, Text("Valid from", "Kuanzia")),
    FieldSpec("valid_to", Kind.DATE, Text("Valid until", "Hadi")),
    FieldSpec(
        "predecessor_ids",
        Kind.UNIT,
        Text("Made from", "Limetokana na"),
        multiple=True,
        max_items=20,
    ),
)


UNIT = RecordType(
    key="unit",
    version=1,
    label=Text("Administrative unit", "Eneo la utawala"),
    plural=Text("Administrative units", "Maeneo ya utawala"),
    icon="location_city",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(
        Section(
            "unit",
            Text("Administrative unit", "Eneo la utawala"),
            tuple(spec.name for spec in _FIELDS),
        ),
    ),
    rules=(
        in_order(
            "valid_out_of_order",
            Text("A unit ends after it begins.", "Eneo huisha baada ya kuanza."),
            "valid_from",
            "valid_to",
        ),
    ),
    title=first_words(Text("Unit", "Eneo la utawala"), "name"),
    subtitle=option_words(_LEVEL, Text("Unit", "Eneo la utawala")),
    rights=granted(lead=ADD),
    is_listed=False,
)
