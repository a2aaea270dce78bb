"""The declaration of a partner: an organisation that is legally registered.

Laws:
  * An organisation and its office, never the private address or number of a person.
  * A verified partner has a registration number and the body that gave it.
"""

from __future__ import annotations

from fieldapp.domain.actions import WRITE, granted
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Rule,
    every_name,
    first_words,
    option_words,
)
from fieldapp.domain.text import Text

# fmt: off
_KIND = FieldSpec("kind", Kind.CHOICE, Text("Kind", "Aina"), required=True, options=(
    Option("ngo", Text("Non-governmental organisation", "Shirika lisilo la kiserikali")),
    Option("cbo", Text("Community-based organisation", "Shirika la kijamii la mashinani")),
    Option("fbo", Text("Faith-based organisation", "Shirika la kidini")),
    Option("private", Text("Private sector", "Sekta ya kibinafsi")),
    Option("academic", Text("University or school", "Chuo au shule")),
    Option("international", Text("International organisation", "Shirika la kimataifa")),
), list_column=True)
_FIELDS = (
    FieldSpec("name", Kind.TEXT, Text("Organisation", "Shirika"), required=True,
        list_column=True),
    _KIND,
    FieldSpec("registration_number", Kind.TEXT, Text("Registration number", "Nambari ya usajili"),
        max_length=60),
    FieldSpec("registered_with", Kind.TEXT, Text("Registered with", "Limesajiliwa na")),
    FieldSpec("counties", Kind.UNIT, Text("Counties", "Kaunti"), multiple=True,
        unit_levels=("county",), max_items=47),
    FieldSpec("themes", Kind.TEXT, Text("Themes", "Maudhui"), max_length=400),
    FieldSpec("contact_office", Kind.TEXT, Text("Contact (office)", "Mawasiliano (ofisi)"),
        help=Text("The office's address, not a person's.", "Anwani ya ofisi, si ya mtu.")),
    FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=(
        Option("applied", Text("Applied", "Limeomba")),
        Option("verified", Text("Verified", "Limethibitishwa")),
        Option("active", Text("Active", "Linafanya kazi")),
        Option("lapsed", Text("Lapsed", "Usajili umeisha")),
    ), default="applied", list_column=True),
    FieldSpec("since", Kind.DATE, Text("Partner since", "Mshirika tangu"), latest_today=True),
)
# fmt: on


def _find_registration(facts: Facts) -> list[FieldProblem]:
    trusted = facts.fields.get("status") in ("verified", "active")
    missing = [n for n in ("registration_number", "registered_with") if not facts.fields.get(n)]
    return [FieldProblem(name, "partner_not_registered") for name in missing if trusted]


PARTNER = RecordType(
    key="partner",
    version=1,
    label=Text("Partner", "Mshirika"),
    plural=Text("Partners", "Washirika"),
    icon="diversity_3",
    menu=Menu.PARTNERS,
    about=Text("A registered organisation and its office", "Shirika lililosajiliwa na ofisi yake"),
    fields=_FIELDS,
    sections=(Section("partner", Text("Partner", "Mshirika"), every_name(_FIELDS)),),
    rights=granted(lead=WRITE),
    rules=(
        Rule(
            "partner_not_registered",
            Text(
                "A verified partner is legally registered.",
                "Mshirika aliyethibitishwa amesajiliwa kisheria.",
            ),
            _find_registration,
        ),
    ),
    title=first_words(Text("Partner", "Mshirika"), "name"),
    subtitle=option_words(_KIND, Text("Partner", "Mshirika")),
)
