"""Categories of violence against people, and the conduct of officials.

Laws: see the package; one row is one category.
"""

from __future__ import annotations

from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Category, Form
from fieldapp.domain.text import Text

# A table is read by its rows.
# fmt: off

_C, _R = Tier.CONFIDENTIAL, Tier.RESTRICTED
_SURVIVOR = Form.SURVIVOR
_GBV_NOTE = Text(
    "Helpline 1195, free, 24 hours. The survivor decides. Mediation is not allowed.",
    "Nambari 1195, bila malipo, saa 24. Manusura ndiye anayeamua. Upatanisho hauruhusiwi.",
)
_CHILD_NOTE = Text(
    "Child helpline 116, free. Tell the children officer. Mediation is not allowed.",
    "Nambari ya watoto 116, bila malipo. Mjulishe afisa wa watoto. Upatanisho hauruhusiwi.",
)

VIOLENCE = (
    Category(
        "assault", Text("Assault", "Shambulio la kujeruhi"), "U2", _C, "violence", ("OCS", "H"),
        kps="persons",
        note=Text("The P3 form is free of charge.", "Fomu ya P3 ni bila malipo."),
        icon="personal_injury",
        also="fight fighting beaten beat injured hit stabbed kupigwa "
             "alipigwa pigana vita jeraha kudungwa",
    ),
    Category(
        "homicide", Text("Killing, suspicious death", "Mauaji, kifo cha kutatanisha"), "U1", _C,
        "violence", ("OCS",), kps="homicide",
        note=Text("The DCI investigates. Mediation is not allowed.",
                  "DCI ndio wanaochunguza. Upatanisho hauruhusiwi."),
        icon="emergency",
        also="murder murdered killed dead body death died kuuawa aliuawa "
             "ameuawa maiti kifo amekufa",
    ),
    Category(
        "missing_adult", Text("Missing adult", "Mtu aliyepotea"), "U2", _C, "violence", ("OCS",),
        kps="other",
        icon="person_search", also="missing lost disappeared amepotea kupotea haonekani mtu",
    ),
    Category(
        "abduction", Text("Abduction, kidnapping", "Utekaji nyara"), "U1", _R, "violence",
        ("999", "OCS"), kps="persons", desk="csic",
        note=Text("The DCI investigates.", "DCI ndio wanaochunguza."),
        icon="person_remove",
        also="kidnap kidnapped abducted taken ransom ametekwa kutekwa nyara "
             "fidia",
    ),
    Category(
        "suicide_risk", Text("Suicide or self-harm risk", "Hatari ya kujitoa uhai"), "U1", _R,
        "violence", ("H",), desk="psychosocial", form=_SURVIVOR,
        note=Text("Stay with the person. Kenya Red Cross 1199.",
                  "Kaa na mhusika. Msalaba Mwekundu 1199."),
        icon="support",
        also="suicide suicidal self-harm hanging kujiua kujinyonga kujidhuru "
             "mawazo",
    ),
    Category(
        "mob_justice", Text("Mob justice", "Kuchukua sheria mkononi"), "U1", _C, "violence",
        ("OCS",), kps="homicide",
        note=Text("Plan a sensitisation meeting afterwards.",
                  "Panga mkutano wa uhamasishaji baadaye."),
        icon="sports_kabaddi",
        also="mob lynch lynching crowd justice umati kundi kuchoma kupiga "
             "mwizi",
    ),
)

SURVIVOR = (
    Category(
        "dom_violence", Text("Domestic violence", "Dhuluma za nyumbani"), "U2", _R, "survivor",
        ("GD", "H"), kps="persons", desk="gender", form=_SURVIVOR, note=_GBV_NOTE,
        icon="house",
        also="husband wife partner beating home mume mke ndoa nyumbani "
             "kupigwa",
    ),
    Category(
        "gbv", Text("Other gender-based violence", "Dhuluma nyingine za kijinsia"), "U2", _R,
        "survivor", ("GD", "H"), kps="persons", desk="gender", form=_SURVIVOR, note=_GBV_NOTE,
        icon="front_hand",
        also="gender violence woman women harassment sgbv jinsia wanawake "
             "mwanamke unyanyasaji",
    ),
    Category(
        "rape", Text("Rape, sexual assault", "Ubakaji, dhuluma za kingono"), "U1", _R, "survivor",
        ("H", "GD"), kps="morality", desk="gender", form=_SURVIVOR,
        note=Text(
            "Hospital first, within 72 hours; keep clothes in paper. 1195. PRC and P3 forms are "
            "free. Mediation is not allowed.",
            "Hospitali kwanza, ndani ya saa 72; weka nguo kwenye karatasi. 1195. Fomu za PRC na "
            "P3 ni bila malipo. Upatanisho hauruhusiwi.",
        ),
        icon="healing",
        also="raped sexual assault sgbv kubaka kubakwa amebakwa ngono "
             "kingono",
    ),
    Category(
        "elder_abuse",
        Text("Elder abuse, witchcraft accusation", "Dhuluma kwa wazee, tuhuma za uchawi"), "U2",
        _R, "survivor", ("CH", "OCS"), kps="persons", desk="gender", form=_SURVIVOR,
        icon="elderly",
        also="elder elderly old witch witchcraft mzee wazee mchawi wachawi "
             "uchawi",
    ),
)

CHILDREN = (
    Category(
        "defilement", Text("Defilement (sex with a child)", "Unajisi"), "U1", _R, "children",
        ("H", "GD", "CO"), kps="morality", desk="children", form=_SURVIVOR,
        note=Text("Hospital first, within 72 hours. 116 and 1195. Mediation is not allowed.",
                  "Hospitali kwanza, ndani ya saa 72. 116 na 1195. Upatanisho hauruhusiwi."),
        icon="child_care",
        also="child girl boy minor sex pregnant mtoto msichana mvulana mimba "
             "kunajisiwa najisi",
    ),
    Category(
        "fgm", Text("Female genital mutilation", "Ukeketaji"), "U1", _R, "children", ("CO", "GD"),
        kps="morality", desk="children", form=_SURVIVOR, note=_CHILD_NOTE,
        icon="health_and_safety",
        also="fgm circumcision cut cutting girls tohara kukeketa kukeketwa "
             "msichana wasichana",
    ),
    Category(
        "child_marriage", Text("Child marriage", "Ndoa ya mapema (ya mtoto)"), "U1", _R,
        "children", ("CO", "GD"), kps="morality", desk="children", form=_SURVIVOR,
        note=_CHILD_NOTE,
        icon="heart_broken",
        also="early marriage married girl child mtoto msichana kuozwa "
             "ameozwa harusi mapema",
    ),
    Category(
        "child_abuse", Text("Child abuse, neglect", "Dhuluma dhidi ya watoto, kutelekezwa"), "U2",
        _R, "children", ("CO",), kps="persons", desk="children", form=_SURVIVOR, note=_CHILD_NOTE,
        icon="child_friendly",
        also="child neglect neglected abandoned beaten mtoto ametupwa "
             "kutelekezwa kutupwa kuteswa",
    ),
    Category(
        "child_labour", Text("Child labour", "Ajira ya watoto"), "U3", _R, "children", ("CO",),
        desk="children", form=_SURVIVOR,
        note=Text("Refer to the labour officer as well.", "Elekeza pia kwa afisa wa kazi."),
        icon="construction",
        also="child work working mines farm mtoto watoto kazi mgodi kilimo",
    ),
    Category(
        "child_missing", Text("Missing or abducted child", "Mtoto aliyepotea"), "U1", _R,
        "children", ("999", "OCS", "CO"), kps="persons", desk="children", form=_SURVIVOR,
        note=Text("Child helpline 116; missing children 0800 223 344.",
                  "Nambari ya watoto 116; watoto waliopotea 0800 223 344."),
        icon="boy",
        also="child missing lost abducted kidnapped mtoto amepotea kupotea "
             "ametekwa",
    ),
)

OFFICIALS = (
    Category(
        "corruption", Text("Corruption, extortion by an official", "Ufisadi"), "U3", _R,
        "officials", ("EACC",), kps="corruption", desk="oversight",
        note=Text("EACC 1551. Goes past the office concerned.",
                  "EACC 1551. Haipitii ofisi inayohusika."),
        icon="payments",
        also="bribe bribery corrupt extortion hongo rushwa kitu kidogo chai "
             "afisa",
    ),
    Category(
        "police_conduct",
        Text("Police misconduct or harassment", "Dhuluma za polisi"), "U2", _R, "officials",
        ("IPOA",), kps="police_officers", desk="oversight",
        note=Text("IPOA 1559. Goes past the station concerned.",
                  "IPOA 1559. Haipitii kituo kinachohusika."),
        icon="local_police",
        also="police harassment brutality beaten arrest officer polisi "
             "unyanyasaji kukamatwa askari",
    ),
)
