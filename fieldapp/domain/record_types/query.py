"""The declaration of a query: a question back to the author of a record, and the answer.

Laws:
  * It is sealed to the office that asks and to the one device that wrote the record, and to
    nobody else. The office asks and closes; only the device answers.
  * Restricted records are not asked about in words: the desk gives them a state instead.
"""

from __future__ import annotations

from fieldapp.domain.actions import ADD, ANSWER, granted
from fieldapp.domain.fields import FieldSpec, Kind, Option, Section
from fieldapp.domain.parties import Party, PartyRules
from fieldapp.domain.record_type import Menu, RecordType, Tier, every_name, first_words
from fieldapp.domain.text import Text
from fieldapp.domain.values import LINK_PATTERN

LONGEST_QUESTION = 500

# fmt: off
QUERY_STATES = (
    Option("open", Text("Waiting for an answer", "Inasubiri jibu")),
    Option("answered", Text("Answered", "Imejibiwa")),
    Option("closed", Text("Closed", "Imefungwa")),
)
_FIELDS = (
    FieldSpec("record", Kind.TEXT, Text("Record asked about", "Rekodi inayoulizwa"),
        required=True, pattern=LINK_PATTERN, is_about=True),
    FieldSpec("question", Kind.LONG_TEXT, Text("Question", "Swali"), required=True,
        max_length=LONGEST_QUESTION, list_column=True,
        help=Text("Ask about the record. Name no person.",
            "Uliza kuhusu rekodi. Usitaje mtu yeyote.")),
    FieldSpec("asked_by", Kind.TEXT, Text("Asked by", "Imeulizwa na"), list_column=True),
    FieldSpec("answer", Kind.LONG_TEXT, Text("Answer", "Jibu"), max_length=2 * LONGEST_QUESTION,
        help=Text("Read only by the office that asks.", "Husomwa na ofisi iliyouliza pekee.")),
    FieldSpec("status", Kind.CHOICE, Text("State", "Hali"), options=QUERY_STATES, default="open",
        list_column=True),
)
# fmt: on

QUERY = RecordType(
    key="query",
    version=1,
    label=Text("Question to the author", "Swali kwa mwandishi"),
    plural=Text("Questions to authors", "Maswali kwa waandishi"),
    icon="contact_support",
    menu=Menu.NOWHERE,
    fields=_FIELDS,
    sections=(Section("query", Text("Question", "Swali"), every_name(_FIELDS)),),
    rights=granted(field=ANSWER, lead=ADD, other=ANSWER, referral_desk=ADD),
    parties=PartyRules(
        Party.OFFICE,
        office=frozenset({"record", "question", "asked_by", "status"}),
        device=frozenset({"answer", "status"}),
    ),
    tier=lambda _fields: Tier.CONFIDENTIAL,
    route_class=lambda _fields: "reply",
    title=first_words(Text("Question", "Swali"), "question"),
    subtitle=first_words(Text("-", "-"), "asked_by"),
    is_listed=False,
)
