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
        icon="landscape",
        also="boundary fence plot farm title shamba mpaka kiwanja ploti hati "
             "ua",
    ),
    Category(
        "resource",
        Text("Water, pasture or resource conflict", "Mzozo wa rasilimali (maji, malisho)"), "U2",
        _C, "conflict", ("CH", "PC", "DCC"), mediation=True, note=_TALKS_NOTE,
        icon="water_drop",
        also="water well borehole pasture grazing maji kisima malisho mto "
             "bwawa",
    ),
    Category(
        "farmer_herder", Text("Farmer-herder conflict", "Mzozo wa wakulima na wafugaji"), "U2",
        _C, "conflict", ("CH", "PC"), mediation=True, note=_TALKS_NOTE,
        icon="grass",
        also="farmer herder crops grazing mkulima mfugaji mazao shamba "
             "malisho",
    ),
    Category(
        "clan", Text("Inter-community conflict", "Mzozo wa koo au jamii"), "U1", _C, "conflict",
        ("PC", "DCC", "CC"), mediation=True, note=_TALKS_NOTE,
        icon="diversity_3", also="clan community ethnic fight koo ukoo jamii vita mapigano",
    ),
    Category(
        "rustling",
        Text("Armed cattle rustling, banditry",
             "Uvamizi wa majangili, wizi wa mifugo wa kutumia silaha"), "U1", _C,
        "conflict", ("OCS", "DCC"), kps="theft_of_stock", mediation=True,
        note=Text("Multi-agency response; the peace committee may lead talks on return.",
                  "Hatua za taasisi mbalimbali; kamati ya amani inaweza kuongoza mazungumzo."),
        icon="security",
        also="raid raiders bandits rustlers cattle guns ng'ombe mifugo "
             "majangili bunduki uvamizi",
    ),
)

ORDER = (
    Category(
        "election", Text("Election tension", "Taharuki ya uchaguzi"), "U2", _C, "order",
        ("CSIC", "DCC"),
        note=Text("Early warning for the county committee.",
                  "Tahadhari ya mapema kwa kamati ya kaunti."),
        icon="how_to_vote",
        also="vote politics campaign rally candidate kura uchaguzi siasa "
             "mgombea kampeni",
    ),
    Category(
        "hate_speech", Text("Hate speech, incitement", "Matamshi ya chuki, uchochezi"), "U2", _C,
        "order", ("DCC", "NCIC"), kps="other",
        note=Text("Keep the evidence, not anybody's community.",
                  "Hifadhi ushahidi, si jamii ya mtu yeyote."),
        icon="record_voice_over",
        also="hate insult leaflet incite chuki kuchochea matusi kijikaratasi",
    ),
    Category(
        "disorder", Text("Riot, violent demonstration", "Ghasia"), "U1", _C, "order", ("OCS",),
        kps="other",
        icon="groups", also="riot demonstration protest strike maandamano vurugu mgomo fujo",
    ),
    Category(
        "slow_response",
        Text("Slow police response", "Polisi kuchelewa kujibu dharura"), "U3", _O, "order",
        ("SCPC", "CSIC"),
        note=Text("Fill in the response log: it feeds the response time.",
                  "Jaza kumbukumbu za hatua ya polisi: hupima muda wa kufika."),
        icon="timer",
        also="late delay police came slow kuchelewa walichelewa polisi "
             "hawakuja",
    ),
    Category(
        "school", Text("School unrest, drop-out, truancy", "Fujo au utoro shuleni"), "U3", _C,
        "order", ("CH", "EDU"),
        note=Text("No child's or school's name.", "Usitaje jina la mtoto wala shule."),
        icon="school",
        also="school pupils students strike dropout truancy wanafunzi shule "
             "mgomo utoro fujo",
    ),
)

HAZARDS = (
    Category(
        "road", Text("Road crash or danger", "Ajali au hatari ya barabarani"), "U1", _O, "hazards",
        ("OCS",), kps="traffic",
        note=Text("For a danger without a crash choose routine.",
                  "Kwa hatari bila ajali chagua kawaida."),
        icon="car_crash",
        also="crash accident road traffic pothole bridge ajali gari barabara "
             "shimo daraja",
    ),
    Category(
        "fire", Text("Fire", "Moto"), "U1", _O, "hazards", ("999",),
        note=Text("County fire service.", "Zimamoto ya kaunti."),
        icon="local_fire_department", also="fire burning smoke moto unawaka moshi jengo",
    ),
    Category(
        "disaster", Text("Flood, landslide, drought", "Mafuriko, maporomoko, ukame"), "U1", _O,
        "hazards", ("DCC", "KRC"),
        note=Text("Kenya Red Cross 1199.", "Msalaba Mwekundu 1199."),
        icon="flood",
        also="flood rain landslide drought mafuriko mvua maporomoko ukame "
             "njaa",
    ),
    Category(
        "marine", Text("Boat accident, drowning", "Ajali ya boti, kuzama"), "U1", _O, "hazards",
        ("CG",),
        icon="sailing",
        also="boat sea drowned drowning fisherman mashua bahari kuzama "
             "amezama mvuvi ziwa",
    ),
    Category(
        "disease", Text("Disease outbreak", "Mlipuko wa ugonjwa"), "U2", _C, "hazards",
        ("CHP", "H", "VET"),
        note=Text("People or livestock; never anybody's own condition.",
                  "Watu au mifugo; kamwe si hali ya afya ya mtu mmoja."),
        icon="coronavirus",
        also="outbreak sick cholera anthrax cattle disease ugonjwa "
             "kipindupindu mlipuko homa",
    ),
)

COMMUNITY = (
    Category(
        "environment",
        Text("Illegal logging, sand harvesting, charcoal", "Uharibifu wa mazingira"), "U3", _C,
        "community", ("AC", "KFS"), kps="other", note=Text("Tell NEMA.", "Wajulishe NEMA."),
        icon="forest",
        also="logging trees sand charcoal forest miti mchanga makaa msitu "
             "kukata",
    ),
    Category(
        "wildlife",
        Text("Human-wildlife conflict", "Mgogoro wa binadamu na wanyamapori"), "U2", _O,
        "community", ("KWS",),
        note=Text("There is a compensation form.", "Kuna fomu ya fidia."),
        icon="nature_people",
        also="elephant lion hyena buffalo snake crocodile tembo ndovu simba "
             "fisi nyati nyoka mamba",
    ),
    Category(
        "lighting", Text("Dark spot, unsafe place", "Mahali hatari, giza"), "U4", _O, "community",
        ("AC",), note=Text("County works department.", "Idara ya ujenzi ya kaunti."),
        icon="lightbulb", also="dark light street bush unsafe giza taa kichaka hatari",
    ),
    Category(
        "other", Text("Other (describe)", "Nyingine (eleza)"), "U3", _C, "community", ("AC",),
        kps="other",
        note=Text("A reviewer will choose a category.", "Mkaguzi atachagua aina."),
        icon="more_horiz", also="something else none other jambo lingine nyingine",
    ),
)
