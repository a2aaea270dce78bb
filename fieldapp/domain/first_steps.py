"""What comes before the record: the right path in a few steps, for what cannot wait or be undone.

Laws:
  * A path is shown before the form for every restricted category and every emergency, and for
    nothing else: what is ordinary goes straight to the form.
  * Hospital comes before any other office after sexual violence; the survivor decides, and only
    for a child is the report a duty. Officers inform and accompany, they gather no proof.
  * A worry about radicalisation is met with support, not with the police.
  * A complaint about an official goes past that official's own chain.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Category
from fieldapp.domain.text import Text


@dataclass(frozen=True, slots=True)
class FirstPath:
    """What to do before writing anything."""

    heading: Text
    steps: tuple[Text, ...]


_NO_QUESTIONS = Text(
    "Listen and accompany. Do not question, do not collect evidence, do not try to settle it.",
    "Sikiliza na usindikize. Usihoji, usikusanye ushahidi, usijaribu kusuluhisha.",
)
_HOSPITAL = Text(
    "Hospital first, within 72 hours: medicine against HIV and pregnancy, and care for injuries.",
    "Hospitali kwanza, ndani ya saa 72: dawa za kuzuia HIV na mimba, na matibabu ya majeraha.",
)
_KEEP_EVIDENCE = Text(
    "Do not wash and do not change clothes before. Keep clothes in paper, not in plastic.",
    "Usioge wala kubadilisha nguo kabla. Weka nguo kwenye karatasi, si plastiki.",
)
_FORMS_FREE = Text(
    "The hospital fills in the PRC form, the police the P3 form. Both are free.",
    "Hospitali hujaza fomu ya PRC, polisi fomu ya P3. Zote ni bila malipo.",
)
_DECIDES = Text(
    "The survivor decides what is reported and to whom.",
    "Manusura ndiye anayeamua kinachoripotiwa na kwa nani.",
)
_CHILD_DUTY = Text(
    "For a child it must be reported: to the children officer and the police child desk.",
    "Kwa mtoto ni lazima kuripoti: kwa afisa wa watoto na dawati la watoto la polisi.",
)
_GENDER_DESK = Text(
    "Then the gender desk of the police or Policare; ask for the OB number.",
    "Kisha dawati la jinsia la polisi au Policare; omba nambari ya OB.",
)
_SAFE = Text(
    "First bring the person to safety.",
    "Kwanza mpeleke mhusika mahali salama.",
)
_CHILD_SAFE = Text(
    "First bring the child to safety, with an adult the child trusts.",
    "Kwanza mpeleke mtoto mahali salama, pamoja na mtu mzima anayemwamini.",
)
_ALONE = Text("Do not go there alone.", "Usiende huko peke yako.")
_CALL_FIRST = Text(
    "Is somebody in danger now? Call first, record afterwards.",
    "Je, kuna mtu aliye hatarini sasa? Piga simu kwanza, rekodi baadaye.",
)
_TELL_DESK = Text(
    "The record goes to the one desk for such cases, not to the offices around you.",
    "Rekodi huenda kwa dawati moja la kesi hizi, si kwa ofisi zilizo karibu nawe.",
)

_SEXUAL = FirstPath(
    Text("Help for the survivor comes first", "Msaada kwa manusura ni kwanza"),
    (_SAFE, _HOSPITAL, _KEEP_EVIDENCE, _FORMS_FREE, _GENDER_DESK, _DECIDES, _NO_QUESTIONS),
)
_DEFILEMENT = FirstPath(
    Text("Help for the child comes first", "Msaada kwa mtoto ni kwanza"),
    (_CHILD_SAFE, _HOSPITAL, _KEEP_EVIDENCE, _FORMS_FREE, _CHILD_DUTY, _NO_QUESTIONS),
)
_GBV = FirstPath(
    Text("Help for the survivor comes first", "Msaada kwa manusura ni kwanza"),
    (
        _SAFE,
        Text(
            "If there are injuries or there was sexual violence: hospital first, within 72 hours.",
            "Ikiwa kuna majeraha au dhuluma za kingono: hospitali kwanza, ndani ya saa 72.",
        ),
        _GENDER_DESK,
        Text("The P3 form is free.", "Fomu ya P3 ni bila malipo."),
        _DECIDES,
        _NO_QUESTIONS,
    ),
)
_ELDER = FirstPath(
    Text("Help for the survivor comes first", "Msaada kwa manusura ni kwanza"),
    (_SAFE, _DECIDES, _NO_QUESTIONS),
)
_CHILD = FirstPath(
    Text("Help for the child comes first", "Msaada kwa mtoto ni kwanza"),
    (_CHILD_SAFE, _CHILD_DUTY, _NO_QUESTIONS),
)
_SUICIDE = FirstPath(
    Text("Stay with the person", "Kaa na mhusika"),
    (
        Text("Do not leave the person alone.", "Usimwache mhusika peke yake."),
        Text("Listen calmly, without blame.", "Sikiliza kwa utulivu, bila kulaumu."),
        Text(
            "Go together to the nearest health facility.",
            "Nendeni pamoja kwa kituo cha afya kilicho karibu.",
        ),
    ),
)
_SUPPORT = FirstPath(
    Text("Support, not punishment", "Msaada, si adhabu"),
    (
        Text(
            "Speak with the family first: listening and staying in touch help most.",
            "Zungumza na familia kwanza: kusikiliza na kuwa karibu husaidia zaidi.",
        ),
        Text(
            "The psychosocial lead of the CEF helps relatives, teachers and friends.",
            "Kiongozi wa ushauri nasaha wa CEF huwasaidia jamaa, walimu na marafiki.",
        ),
        Text(
            "This is not a matter for the police unless a life is in danger.",
            "Hili si suala la polisi isipokuwa maisha yako hatarini.",
        ),
    ),
)
_TIP = FirstPath(
    Text("Call first, record afterwards", "Piga simu kwanza, rekodi baadaye"),
    (
        _CALL_FIRST,
        Text("Keep away. Do not follow anybody.", "Kaa mbali. Usimfuate mtu yeyote."),
        Text(
            "Write what was seen, never a name.",
            "Andika kilichoonekana, kamwe usiandike jina.",
        ),
    ),
)
_ORGANISED = FirstPath(
    Text("Protect yourself and whoever told you", "Jilinde na umlinde mtoa taarifa"),
    (
        _CALL_FIRST,
        _ALONE,
        Text(
            "Write nothing that shows who gave the information.",
            "Usiandike chochote kinachoonyesha nani alitoa taarifa.",
        ),
        _TELL_DESK,
    ),
)
_OFFICIAL = FirstPath(
    Text("Past the office it is about", "Bila kupitia ofisi inayohusika"),
    (
        Text(
            "The record goes past that official's own chain, to the oversight desk.",
            "Rekodi haipitii ofisi za afisa huyo; huenda kwa dawati la uangalizi.",
        ),
        Text(
            "The person may also complain directly; the numbers are below.",
            "Mhusika anaweza pia kulalamika moja kwa moja; nambari ziko hapa chini.",
        ),
        Text("Do not confront anybody.", "Usimkabili mtu yeyote."),
    ),
)
_EMERGENCY = FirstPath(
    Text("Call first, record afterwards", "Piga simu kwanza, rekodi baadaye"),
    (
        _CALL_FIRST,
        Text(
            "Say where, what happened and how many need help.",
            "Sema ni wapi, nini kimetokea na wangapi wanahitaji msaada.",
        ),
        Text("Keep people away from the danger.", "Waweke watu mbali na hatari."),
    ),
)
_OF_CATEGORY = {
    "rape": _SEXUAL,
    "defilement": _DEFILEMENT,
    "dom_violence": _GBV,
    "gbv": _GBV,
    "elder_abuse": _ELDER,
    "suicide_risk": _SUICIDE,
    "ve_concern": _SUPPORT,
    "returnee": _SUPPORT,
    "ve_recruit": _TIP,
    "terror_tip": _TIP,
}
_OF_GROUP = {"children": _CHILD, "officials": _OFFICIAL, "organised": _ORGANISED}


def first_path(category: Category) -> FirstPath | None:
    """Return what is shown before the form, or None for what may be written at once."""
    if category.tier is not Tier.RESTRICTED:
        return _EMERGENCY if category.urgency == "U1" else None
    found = _OF_CATEGORY.get(category.key) or _OF_GROUP.get(category.group)
    return found or _ORGANISED
