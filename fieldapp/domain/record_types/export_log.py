"""The declaration of an export's log: who took records out of protection, how many, in which form.

Laws:
  * It is sealed before a file is written, upwards like any ordinary record, so that headquarters'
    data protection officer sees every export; its author and time are the entry's own.
  * It holds counts, a scope and two yes-or-no's: no value, no name, no path, no id of a record.
  * Nobody changes or deletes one.
"""

from __future__ import annotations

from fieldapp.domain.actions import SAY, granted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import Menu, RecordType, option_words
from fieldapp.domain.retention import Keeping, months
from fieldapp.domain.text import Text, same

_LABEL = Text("Export", "Uhamishaji")
_FORMAT = FieldSpec(
    "format",
    Kind.CHOICE,
    Text("Format", "Muundo"),
    required=True,
    options=tuple(
        Option(key, same(words))
        for key, words in (
            ("csv", "CSV"),
            ("jsonl", "JSON lines"),
            ("xlsx", "Excel"),
            ("geojson", "GeoJSON"),
            ("parquet", "Parquet"),
            ("pdf", "PDF"),
            ("text", "TXT"),
        )
    ),
    list_column=True,
)
_FIELDS = (
    FieldSpec("scope", Kind.UNIT, Text("Unit and below", "Eneo na chini yake"), required=True),
    _FORMAT,
    FieldSpec(
        "records",
        Kind.INTEGER,
        Text("Records", "Rekodi"),
        required=True,
        min_value=0,
        list_column=True,
    ),
    FieldSpec(
        "media",
        Kind.INTEGER,
        Text("Pictures and voice notes", "Picha na ujumbe wa sauti"),
        min_value=0,
    ),
    FieldSpec("identities", Kind.BOOLEAN, Text("With identities", "Pamoja na utambulisho")),
    FieldSpec(
        "with_text",
        Kind.BOOLEAN,
        Text("With restricted text", "Pamoja na maandishi ya siri"),
    ),
)

EXPORT_LOG = RecordType(
    key="export_log",
    version=2,
    label=_LABEL,
    plural=Text("Exports", "Uhamishaji"),
    icon="output",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(Section("export", _LABEL, tuple(spec.name for spec in _FIELDS)),),
    title=lambda _fields: _LABEL,
    subtitle=option_words(_FORMAT, _LABEL),
    rights=granted(field=SAY, lead=SAY, other=SAY),
    is_listed=False,
    retention=(Keeping(months(12)),),
)
