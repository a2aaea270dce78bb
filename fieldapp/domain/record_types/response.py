"""The declaration of a response: a line of a station's own log, as an import brings it.

Laws:
  * The times for a concern are noted on the concern's page, in its response log. Nobody is led to
    write them a second time: such a record is begun by an import or by ``record new`` only.
  * Four instants and a station; no caller, no case, no exact place.
  * One that names its concern is that concern's response; figures count the two once.
"""

from __future__ import annotations

from fieldapp.domain.actions import WRITE, granted
from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.choices import RESPONSE_QUALITY, RESPONSE_SOURCE
from fieldapp.domain.concern_links import no_restricted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Remark,
    Tier,
    every_name,
    first_words,
)
from fieldapp.domain.retention import Keeping, months
from fieldapp.domain.rules import in_order, point
from fieldapp.domain.text import Text

MINUTE_MS = 60_000

# fmt: off
_TOLD = tuple(Option(c.key, c.label) for c in CATEGORIES if c.tier is not Tier.RESTRICTED)
_TIMES = (
    FieldSpec("reported_at", Kind.INSTANT, Text("Time reported", "Saa ya kuripoti"),
        required=True, latest_today=True, list_column=True),
    FieldSpec("dispatched_at", Kind.INSTANT, Text("Time sent out", "Saa ya kutumwa"),
        latest_today=True),
    FieldSpec("arrived_at", Kind.INSTANT, Text("Time of arrival", "Saa ya kufika"),
        latest_today=True, list_column=True),
    FieldSpec("resolved_at", Kind.INSTANT, Text("Time resolved", "Saa ya kutatuliwa"),
        latest_today=True),
)
_ABOUT = (
    FieldSpec("station", Kind.TEXT, Text("Police station", "Kituo cha polisi"), required=True,
        list_column=True),
    FieldSpec("category", Kind.CHOICE, Text("Category", "Aina"), options=_TOLD),
    FieldSpec("concern", Kind.LINK, Text("For the concern", "Kwa suala"), link_type="concern"),
    FieldSpec("source", Kind.CHOICE, Text("Source", "Chanzo"), options=RESPONSE_SOURCE,
        default="community"),
    FieldSpec("quality", Kind.CHOICE, Text("Quality", "Ubora"), options=RESPONSE_QUALITY),
)
# fmt: on


def _remarks(facts: Facts) -> list[Remark]:
    """Compute how long they took to come."""
    reported, arrived = (point(facts.fields.get(n)) for n in ("reported_at", "arrived_at"))
    if reported is None or arrived is None or arrived < reported:
        return []
    minutes = (arrived - reported) // MINUTE_MS
    counted = f"{minutes:,} minute{'' if minutes == 1 else 's'}"
    words = Text(f"They came after {counted}.", f"Walifika baada ya dakika {minutes:,}.")
    return [Remark("arrived_at", words)]


RESPONSE = RecordType(
    key="response",
    version=1,
    label=Text("Police response", "Hatua ya polisi"),
    plural=Text("Police responses", "Hatua za polisi"),
    icon="local_police",
    menu=Menu.NOWHERE,
    about=Text(
        "From a station's own log; for a concern the times are noted on its page",
        "Kutoka kumbukumbu za kituo; kwa suala, saa huandikwa kwenye ukurasa wake",
    ),
    fields=(*_TIMES, *_ABOUT),
    sections=(
        Section("times", Text("Times", "Saa"), every_name(_TIMES)),
        Section("about", Text("Which response?", "Hatua gani?"), every_name(_ABOUT)),
    ),
    rights=granted(field=WRITE, lead=WRITE),
    link_rules=(no_restricted("concern"),),
    remarks=_remarks,
    rules=(
        in_order(
            "response_out_of_order",
            Text(
                "Reported, sent out, arrived and resolved follow one another.",
                "Kuripoti, kutumwa, kufika na kutatua hufuatana.",
            ),
            "reported_at",
            "dispatched_at",
            "arrived_at",
            "resolved_at",
        ),
    ),
    title=first_words(Text("Police response", "Hatua ya polisi"), "station"),
    subtitle=lambda fields: first_words(Text("No date", "Hakuna tarehe"), "day")(
        {"day": str(fields.get("reported_at") or "")[:10]}
    ),
    retention=(Keeping(months(12)),),
)
