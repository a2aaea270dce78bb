"""The declaration of an officer: who holds an office, sealed upwards.

Laws:
  * A name lives here and never in a certificate, which the server can read.
  * Public office only: title and time of service, no phone number, no private matter.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, WRITE, granted
from fieldapp.domain.fields import FieldSpec, Kind, Section
from fieldapp.domain.record_type import Menu, RecordType, first_words, option_words
from fieldapp.domain.roles import ROLE_OPTIONS
from fieldapp.domain.rules import in_order
from fieldapp.domain.taxonomy import DESKS
from fieldapp.domain.text import Text

_ROLE = FieldSpec(
    "role",
    Kind.CHOICE,
    Text("Role", "Wadhifa"),
    required=True,
    options=ROLE_OPTIONS,
    list_column=True,
)
_FIELDS = (
    FieldSpec("name", Kind.TEXT, Text("Name", "Jina"), required=True, list_column=True),
    _ROLE,
    FieldSpec("title", Kind.TEXT, Text("Official title", "Cheo rasmi")),
    FieldSpec("desk", Kind.CHOICE, Text("Desk", "Dawati"), options=DESKS),
    FieldSpec("device", Kind.TEXT, Text("Device", "Kifaa"), max_length=26),
    FieldSpec("since", Kind.DATE, Text("In office since", "Ofisini tangu")),
    FieldSpec("until", Kind.DATE, Text("In office until", "Ofisini hadi")),
)


OFFICER = RecordType(
    key="officer",
    version=1,
    label=Text("Officer", "Afisa"),
    plural=Text("Officers", "Maafisa"),
    icon="badge",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(Section("officer", Text("Officer", "Afisa"), tuple(spec.name for spec in _FIELDS)),),
    rules=(
        in_order(
            "office_out_of_order",
            Text("An office ends after it begins.", "Ofisi huisha baada ya kuanza."),
            "since",
            "until",
        ),
    ),
    title=first_words(Text("Officer", "Afisa"), "name"),
    subtitle=option_words(_ROLE, Text("Officer", "Afisa")),
    rights=granted(field=ADD, lead=WRITE, other=ADD),
    is_listed=False,
)
