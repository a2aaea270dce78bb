"""The declaration of a case's state: what a desk tells the author of a restricted record.

Laws:
  * The record's number, a day and one word of a closed list. There is no field for anything else,
    so nothing of the case comes back to the author's phone.
  * It is sealed to the desk and to the one device that wrote the record.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, granted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.parties import Party, PartyRules
from fieldapp.domain.record_type import (
    Menu,
    RecordType,
    Tier,
    every_name,
    first_words,
    option_words,
)
from fieldapp.domain.text import Text
from fieldapp.domain.values import LINK_PATTERN

# fmt: off
CASE_STATES = (
    Option("received", Text("The desk has it", "Dawati limeipokea")),
    Option("in_hand", Text("The desk is acting on it", "Dawati linaishughulikia")),
    Option("passed_on", Text("Passed on to the service that helps",
        "Imepelekwa kwa huduma inayosaidia")),
    Option("call_desk", Text("Please call the desk", "Tafadhali pigia dawati simu")),
    Option("closed", Text("Closed", "Imefungwa")),
)
_STATUS = FieldSpec("status", Kind.CHOICE, Text("State", "Hali"), required=True,
    options=CASE_STATES, list_column=True)
_FIELDS = (
    FieldSpec("record", Kind.TEXT, Text("Record", "Rekodi"), required=True,
        pattern=LINK_PATTERN, is_about=True),
    FieldSpec("day", Kind.DATE, Text("Day", "Siku"), required=True, latest_today=True,
        list_column=True),
    _STATUS,
)
# fmt: on

CASE_STATUS = RecordType(
    key="case_status",
    version=1,
    label=Text("State of a referred case", "Hali ya kesi iliyopelekwa"),
    plural=Text("States of referred cases", "Hali za kesi zilizopelekwa"),
    icon="flag",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(Section("status", Text("State", "Hali"), every_name(_FIELDS)),),
    rights=granted(referral_desk=ADD),
    parties=PartyRules(Party.OFFICE, office=frozenset(every_name(_FIELDS))),
    tier=lambda _fields: Tier.CONFIDENTIAL,
    route_class=lambda _fields: "reply",
    title=option_words(_STATUS, Text("State", "Hali")),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "day"),
    is_listed=False,
)
