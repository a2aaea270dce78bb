"""The declaration of a tension alert: an early warning about an area, never about a person.

Laws:
  * An alert has a level, a confidence and a day on which it ends by itself.
  * Sources are counted, never named; nothing here says who a community is.
"""

from __future__ import annotations

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.fields import Fields, FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Remark,
    Tier,
    every_name,
    option_words,
)
from fieldapp.domain.rules import day, in_order
from fieldapp.domain.text import Text

# fmt: off
_KIND = FieldSpec("kind", Kind.CHOICE, Text("Kind of tension", "Aina ya taharuki"), required=True,
    options=(
        Option("election", Text("Election", "Uchaguzi")),
        Option("communities", Text("Between communities", "Kati ya jamii")),
        Option("resource", Text("Water or pasture", "Maji au malisho")),
        Option("land", Text("Land", "Ardhi")),
        Option("crime", Text("Wave of crime", "Wimbi la uhalifu")),
        Option("police_public", Text("Police and the public", "Polisi na wananchi")),
        Option("labour", Text("Work or trade", "Kazi au biashara")),
        Option("other", Text("Other", "Nyingine")),
    ), list_column=True)
_LEVEL = FieldSpec("level", Kind.CHOICE, Text("Level", "Kiwango"), required=True, options=(
    Option("watch", Text("Watch", "Angalia")),
    Option("rising", Text("Rising", "Inapanda")),
    Option("high", Text("High", "Juu")),
), list_column=True)
_WHAT = (
    _KIND,
    _LEVEL,
    FieldSpec("seen_on", Kind.DATE, Text("Seen on", "Ilionekana tarehe"), required=True,
        latest_today=True, default="today", list_column=True),
    FieldSpec("expires_on", Kind.DATE, Text("Holds until", "Ni hadi tarehe"), required=True,
        help=Text("An alert ends by itself; renew it if needed.",
            "Tahadhari huisha yenyewe; ifanye upya ikihitajika.")),
    FieldSpec("areas", Kind.UNIT, Text("Areas", "Maeneo"), multiple=True),
)
_BASIS = (
    FieldSpec("sources", Kind.INTEGER, Text("How many sources?", "Vyanzo vingapi?"), min_value=1,
        max_value=1_000, help=Text("The number only.", "Idadi pekee.")),
    FieldSpec("confidence", Kind.CHOICE, Text("How sure?", "Uhakika kiasi gani?"), options=(
        Option("low", Text("Rumour", "Uvumi")),
        Option("medium", Text("Likely", "Huenda ni kweli")),
        Option("high", Text("Confirmed", "Imethibitishwa")),
    )),
    FieldSpec("signs", Kind.LONG_TEXT, Text("Signs", "Dalili"), max_length=2_000,
        help=Text("What is seen and heard; no names, no community.",
            "Yanayoonekana na kusikika; bila majina wala kabila.")),
    FieldSpec("action", Kind.LONG_TEXT, Text("Action taken", "Hatua iliyochukuliwa"),
        max_length=2_000),
)
# fmt: on


def _remarks(facts: Facts) -> list[Remark]:
    """Say that an alert is over."""
    until = day(facts.fields.get("expires_on"))
    if until is None or until >= facts.today:
        return []
    ended = Text(
        "This alert has ended. Renew it if the tension goes on.",
        "Tahadhari hii imeisha. Ifanye upya ikiwa taharuki inaendelea.",
    )
    return [Remark("expires_on", ended, is_care=True)]


def _subtitle(fields: Fields) -> Text:
    level = _LEVEL.option(str(fields.get("level")))
    until = day(fields.get("expires_on"))
    said = level.label if level else Text("Tension alert", "Tahadhari ya taharuki")
    if until is None:
        return said
    shown = until.strftime("%d/%m/%Y")
    return Text(f"{said.en}, until {shown}", f"{said.sw}, hadi {shown}")


TENSION = RecordType(
    key="tension",
    version=1,
    label=Text("Tension alert", "Tahadhari ya taharuki"),
    plural=Text("Tension alerts", "Tahadhari za taharuki"),
    icon="crisis_alert",
    menu=Menu.FIELD,
    about=Text("Warn early about an area", "Toa tahadhari mapema kuhusu eneo"),
    fields=(*_WHAT, *_BASIS),
    sections=(
        Section("what", Text("What and how high?", "Nini na kiasi gani?"), every_name(_WHAT)),
        Section("basis", Text("How do we know?", "Tunajuaje?"), every_name(_BASIS)),
    ),
    rights=granted(field=WRITE, lead=WRITE, nk_coordinator=NOTHING),
    rules=(
        in_order(
            "expires_before_seen",
            Text("An alert ends after it was seen.", "Tahadhari huisha baada ya kuonekana."),
            "seen_on",
            "expires_on",
        ),
    ),
    title=option_words(_KIND, Text("Tension alert", "Tahadhari ya taharuki")),
    subtitle=_subtitle,
    remarks=_remarks,
    ends_on="expires_on",
    tier=lambda _fields: Tier.CONFIDENTIAL,
    route_class=lambda _fields: Tier.CONFIDENTIAL.value,
)
