"""Categories of conflict, public order, hazards and community concerns.

Laws: see the package; one row is one category.
"""

from __future__ import annotations

from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Category
from fieldapp.domain.text import Text

# A table is read by its rows.
# fmt: off

_O, _C = Tier.ORDINARY, Tier.CONFIDENTIAL
_TALKS_NOTE = Text(
    "Mediation team, peace committee or Council of Elders. Never record people by community.",
    "Timu ya upatanisho, kamati ya amani au Baraza la Wazee. Usirekodi watu kwa jamii zao.",
)

CONFLICT = (
    Category(
        "land", Text("Land or boundary dispute", "Mzozo wa ardhi au mpaka"), "U3", _O, "conflict",
        ("AC", "CH"), mediation=True,
        note=Text("Land office; mediation is allowed.",
                  "Ofisi ya ardhi; upatanisho unaruhusiwa."),
    ),
    Category(
        "resource",
        Text("Water, pasture or resource conflict", "Mzozo wa rasilimali (maji, malisho)"), "U2",
        _C, "conflict", ("CH", "PC", "DCC"), mediation=True, note=_TALKS_NOTE,
    ),
    Category(
        "farmer_herder", Text("Farmer-herder conflict", "Mzozo wa wakulima na wafugaji"), "U2",
        _C, "conflict", ("CH", "PC"), mediation=True, note=_TALKS_NOTE,
    ),
    Category(
        "clan", Text("Inter-community conflict", "Mzozo wa koo au jamii"), "U1", _C, "conflict",
        ("PC", "DCC", "CC"), mediation=True, note=_TALKS_NOTE,
    ),
    Category(
        "rustling",
        Text("Armed cattle rustling, banditry",
             "Uvamizi wa majangili, wizi wa mifugo wa kutumia silaha"), "U1", _C,
        "conflict", ("OCS", "DCC"), kps="theft_of_stock", mediation=True,
        note=Text("Multi-agency response; the peace committee may lead talks on return.",
                  "Hatua za taasisi mbalimbali; kamati ya amani inaweza kuongoza mazungumzo."),
    ),
)

ORDER = (
    Category(
        "election", Text("Election tension", "Taharuki ya uchaguzi"), "U2", _C, "order",
        ("CSIC", "DCC"),
        note=Text("Early warning for the county committee.",
                  "Tahadhari ya mapema kwa kamati ya kaunti."),
    ),
    Category(
        "hate_speech", Text("Hate speech, incitement", "Matamshi ya chuki, uchochezi"), "U2", _C,
        "order", ("DCC", "NCIC"), kps="other",
        note=Text("Keep the evidence, not anybody's community.",
                  "Hifadhi ushahidi, si jamii ya mtu yeyote."),
    ),
    Category(
        "disorder", Text("Riot, violent demonstration", "Ghasia"), "U1", _C, "order", ("OCS",),
        kps="other",
    ),
    Category(
        "slow_response",
        Text("Slow police response", "Polisi kuchelewa kujibu dharura"), "U3", _O, "order",
        ("SCPC", "CSIC"),
        note=Text("Fill in the response log: it feeds the response time.",
                  "Jaza kumbukumbu za hatua ya polisi: hupima muda wa kufika."),
    ),
    Category(
        "school", Text("School unrest, drop-out, truancy", "Fujo au utoro shuleni"), "U3", _C,
        "order", ("CH", "EDU"),
        note=Text("No child's or school's name.", "Usitaje jina la mtoto wala shule."),
    ),
)

HAZARDS = (
    Category(
        "road", Text("Road crash or danger", "Ajali au hatari ya barabarani"), "U1", _O, "hazards",
        ("OCS",), kps="traffic",
        note=Text("For a danger without a crash choose routine.",
                  "Kwa hatari bila ajali chagua kawaida."),
    ),
    Category(
        "fire", Text("Fire", "Moto"), "U1", _O, "hazards", ("999",),
        note=Text("County fire service.", "Zimamoto ya kaunti."),
    ),
    Category(
        "disaster", Text("Flood, landslide, drought", "Mafuriko, maporomoko, ukame"), "U1", _O,
        "hazards", ("DCC", "KRC"),
        note=Text("Kenya Red Cross 1199.", "Msalaba Mwekundu 1199."),
    ),
    Category(
        "marine", Text("Boat accident, drowning", "Ajali ya boti, kuzama"), "U1", _O, "hazards",
        ("CG",),
    ),
    Category(
        "disease", Text("Disease outbreak", "Mlipuko wa ugonjwa"), "U2", _C, "hazards",
        ("CHP", "H", "VET"),
        note=Text("People or livestock; never anybody's own condition.",
                  "Watu au mifugo; kamwe si hali ya afya ya mtu mmoja."),
    ),
)

COMMUNITY = (
    Category(
        "environment",
        Text("Illegal logging, sand harvesting, charcoal", "Uharibifu wa mazingira"), "U3", _C,
        "community", ("AC", "KFS"), kps="other", note=Text("Tell NEMA.", "Wajulishe NEMA."),
    ),
    Category(
        "wildlife",
        Text("Human-wildlife conflict", "Mgogoro wa binadamu na wanyamapori"), "U2", _O,
        "community", ("KWS",),
        note=Text("There is a compensation form.", "Kuna fomu ya fidia."),
    ),
    Category(
        "lighting", Text("Dark spot, unsafe place", "Mahali hatari, giza"), "U4", _O, "community",
        ("AC",), note=Text("County works department.", "Idara ya ujenzi ya kaunti."),
    ),
    Category(
        "other", Text("Other (describe)", "Nyingine (eleza)"), "U3", _C, "community", ("AC",),
        kps="other",
        note=Text("A reviewer will choose a category.", "Mkaguzi atachagua aina."),
    ),
)
