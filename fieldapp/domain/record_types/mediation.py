"""The declaration of a mediation: talks about a dispute that the law lets people settle.

Laws:
  * Only categories for which talks are lawful can be chosen: never a sexual offence, a child, a
    killing or a complaint about an official.
  * Parties are groups named by place or interest, never by community, and never persons.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.actions import NOTHING, WRITE, granted
from fieldapp.domain.categories import CATEGORIES, category
from fieldapp.domain.concern_links import TALKS_FORBIDDEN, forbids_talks
from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Kind, Option, Section, when
from fieldapp.domain.record_type import (
    Facts,
    Menu,
    RecordType,
    Remark,
    Rule,
    Start,
    Tier,
    every_name,
    first_words,
)
from fieldapp.domain.rules import day, in_order
from fieldapp.domain.text import Text

# fmt: off
_ALLOWED = tuple(Option(c.key, c.label) for c in CATEGORIES if c.mediation)
_BY_PLACE = Text("By place or interest, never by community; no names.",
    "Kwa eneo au maslahi, kamwe si kwa kabila; bila majina.")

_WHAT = (
    FieldSpec("category", Kind.CHOICE, Text("About what?", "Kuhusu nini?"), required=True,
        options=_ALLOWED, list_column=True,
        help=Text("Crimes against persons are not mediated.",
            "Uhalifu dhidi ya watu haupatanishwi.")),
    FieldSpec("title", Kind.TEXT, Text("Short title", "Kichwa kifupi"), required=True,
        list_column=True),
    FieldSpec("concern", Kind.LINK, Text("From the concern", "Kutoka suala"), link_type="concern"),
    FieldSpec("started_on", Kind.DATE, Text("Team sent on", "Timu ilitumwa"), required=True,
        latest_today=True, default="today", list_column=True),
    FieldSpec("place", Kind.TEXT, Text("Place of the talks", "Mahali pa mazungumzo"),
        help=Text("Never somebody's home.", "Kamwe si nyumbani kwa mtu.")),
)
_TALKS = (
    FieldSpec("parties", Kind.GROUP, Text("Parties involved", "Pande husika"),
        one=Text("Party", "Upande"), max_items=10,
        subfields=(
            FieldSpec("side", Kind.TEXT, Text("Party", "Upande"), required=True, help=_BY_PLACE),
            FieldSpec("people", Kind.INTEGER, Text("People present", "Waliohudhuria")),
        )),
    FieldSpec("mediators", Kind.GROUP, Text("Mediators", "Wapatanishi"),
        one=Text("Mediator", "Mpatanishi"), max_items=20,
        may_name=True, subfields=(
            FieldSpec("office", Kind.TEXT, Text("Office or body", "Ofisi au kamati"),
                required=True),
        )),
    FieldSpec("sessions", Kind.GROUP, Text("Sessions", "Vikao"),
        one=Text("Session", "Kikao"), max_items=40, subfields=(
        FieldSpec("held_on", Kind.DATE, Text("Held on", "Kilifanyika"), required=True,
            latest_today=True),
        FieldSpec("summary", Kind.LONG_TEXT, Text("What was said", "Yaliyosemwa"),
            max_length=2_000, help=_BY_PLACE),
    )),
)
_OUTCOME = (
    FieldSpec("outcome", Kind.CHOICE, Text("Outcome", "Matokeo"), options=(
        Option("ongoing", Text("Talks go on", "Mazungumzo yanaendelea")),
        Option("agreed", Text("Agreement reached", "Makubaliano yamefikiwa")),
        Option("partly", Text("Partly agreed", "Makubaliano ya sehemu")),
        Option("failed", Text("No agreement", "Hakuna makubaliano")),
        Option("referred", Text("Referred to court or police", "Imepelekwa mahakamani au polisi")),
    ), default="ongoing", list_column=True),
    FieldSpec("agreement", Kind.LONG_TEXT, Text("Agreement", "Makubaliano"), max_length=4_000,
        help=_BY_PLACE, visible_when=(when("outcome", "agreed", "partly"),)),
    FieldSpec("agreed_on", Kind.DATE, Text("Agreed on", "Walikubaliana tarehe"),
        latest_today=True, visible_when=(when("outcome", "agreed", "partly"),)),
    FieldSpec("follow_up_on", Kind.DATE, Text("Look again on", "Kufuatilia tarehe")),
    FieldSpec("relapsed_on", Kind.DATE, Text("Broke out again on", "Ulizuka tena tarehe"),
        latest_today=True),
)
# fmt: on


def _find_agreement(facts: Facts) -> list[FieldProblem]:
    agreed = facts.fields.get("outcome") == "agreed"
    if not agreed or day(facts.fields.get("agreed_on")):
        return []
    return [FieldProblem("agreed_on", "agreement_without_day")]


def _tier(fields: Fields) -> Tier:
    """Be as careful as the category asks; talks are never restricted."""
    found = category(fields.get("category"))
    return Tier.ORDINARY if found and found.tier is Tier.ORDINARY else Tier.CONFIDENTIAL


def _from_concern(found: Mapping[str, Fields]) -> Fields | None:
    """Begin talks about a concern, where the law allows them."""
    ((key, concern),) = found.items()
    if forbids_talks(concern):
        return None
    return {"concern": key, "category": concern.get("category")}


def _remarks(facts: Facts) -> list[Remark]:
    relapsed = day(facts.fields.get("relapsed_on"))
    follow_up = day(facts.fields.get("follow_up_on"))
    if relapsed is None and follow_up is not None and follow_up <= facts.today:
        look = Text("It is time to look again.", "Ni wakati wa kufuatilia tena.")
        return [Remark("follow_up_on", look, is_care=True)]
    return []


MEDIATION = RecordType(
    key="mediation",
    version=1,
    label=Text("Mediation", "Upatanisho"),
    plural=Text("Mediations", "Upatanisho"),
    icon="handshake",
    menu=Menu.FIELD,
    about=Text("Talks about land, water, boundaries", "Mazungumzo kuhusu ardhi, maji, mipaka"),
    fields=(*_WHAT, *_TALKS, *_OUTCOME),
    sections=(
        Section("what", Text("Which dispute?", "Mgogoro gani?"), every_name(_WHAT)),
        Section("talks", Text("Who talked", "Waliozungumza"), every_name(_TALKS)),
        Section("outcome", Text("Outcome", "Matokeo"), every_name(_OUTCOME)),
    ),
    rights=granted(field=WRITE, lead=WRITE, nk_coordinator=NOTHING),
    link_rules=(TALKS_FORBIDDEN,),
    starts=(Start("concern", Text("Begin talks", "Anza mazungumzo"), _from_concern),),
    remarks=_remarks,
    rules=(
        Rule(
            "agreement_without_day",
            Text("An agreement has a day.", "Makubaliano yana tarehe."),
            _find_agreement,
        ),
        in_order(
            "mediation_out_of_order",
            Text(
                "Talks start, end in agreement, and are looked at again, in this order.",
                "Mazungumzo huanza, hukubaliana na hufuatiliwa, kwa mpangilio huu.",
            ),
            "started_on",
            "agreed_on",
            "follow_up_on",
        ),
        in_order(
            "relapse_before_agreement",
            Text("A dispute returns after its agreement.", "Mzozo hurudi baada ya makubaliano."),
            "agreed_on",
            "relapsed_on",
        ),
    ),
    title=first_words(Text("Mediation", "Upatanisho"), "title"),
    subtitle=first_words(Text("No date", "Hakuna tarehe"), "started_on", "place"),
    tier=_tier,
    route_class=lambda fields: _tier(fields).value,
)
