"""The declaration of an officer: who holds an office, sealed upwards.

Laws:
  * A name lives here and never in a certificate, which the server can read.
  * Public office only: title and time of service, no phone number, no private matter.
"""

from __future__ import annotations

from fieldapp.domain.fields import Fields, FieldSpec, Kind, Section
from fieldapp.domain.record_type import RecordType, Tier
from fieldapp.domain.rights import ROLE_OPTIONS
from fieldapp.domain.rules import in_order
from fieldapp.domain.taxonomy import DESKS
from fieldapp.domain.text import Text, same

_FIELDS = (
    FieldSpec("name", Kind.TEXT, Text("Name", "Jina"), required=True, list_column=True),
    FieldSpec(
        "role",
        Kind.CHOICE,
        Text("Role", "Wadhifa"),
        required=True,
        options=ROLE_OPTIONS,
        list_column=True,
    ),
    FieldSpec("title", Kind.TEXT, Text("Official title", "Cheo rasmi")),
    FieldSpec("desk", Kind.CHOICE, Text("Desk", "Dawati"), options=DESKS),
    FieldSpec("device", Kind.TEXT, Text("Device", "Kifaa"), max_length=26),
    FieldSpec("since", Kind.DATE, Text("In office since", "Ofisini tangu")),
    FieldSpec("until", Kind.DATE, Text("In office until", "Ofisini hadi")),
)


def _title(fields: Fields) -> Text:
    name = fields.get("name")
    good = isinstance(name, str) and name.strip()
    return same(str(name)) if good else Text("Officer", "Afisa")


def _subtitle(fields: Fields) -> Text:
    key = fields.get("role")
    return next((o.label for o in ROLE_OPTIONS if o.key == key), Text("Officer", "Afisa"))


OFFICER = RecordType(
    key="officer",
    version=1,
    label=Text("Officer", "Afisa"),
    plural=Text("Officers", "Maafisa"),
    icon="badge",
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
    title=_title,
    subtitle=_subtitle,
    tier=lambda _fields: Tier.ORDINARY,
    route_class=lambda _fields: "ordinary",
    accused_unit=lambda _fields: None,
    sealed_unit=lambda unit, _fields: unit,
    presets=lambda _fields: {},
)
