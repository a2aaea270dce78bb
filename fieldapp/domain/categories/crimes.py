"""Categories of crime for gain and of organised and extremist violence.

Laws: see the package; one row is one category.
"""

from __future__ import annotations

from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Category, Form
from fieldapp.domain.text import Text

# A table is read by its rows.
# fmt: off

_O, _C, _R = Tier.ORDINARY, Tier.CONFIDENTIAL, Tier.RESTRICTED
_SURVIVOR = Form.SURVIVOR
_TIP = Form.TIP

PROPERTY = (
    Category(
        "theft", Text("Theft", "Wizi"), "U3", _O, "property", ("AC", "OCS"), kps="stealing",
        note=Text("Ask for the OB number.", "Omba nambari ya OB."),
        icon="back_hand",
        also="steal stolen stole thief thieves bicycle phone mwizi mwivi "
             "kuiba iba aliiba kuibiwa ibiwa baiskeli simu kuku",
    ),
    Category(
        "burglary", Text("Burglary, housebreaking", "Uvunjaji wa nyumba"), "U2", _O, "property",
        ("AC", "OCS"), kps="breakings",
        note=Text("Touch nothing until the police have come.", "Usiguse kitu hadi polisi waje."),
        icon="door_front_door",
        also="break-in broke housebreaking house shop store window nyumba "
             "duka mlango dirisha kuvunja wamevunja",
    ),
    Category(
        "robbery", Text("Robbery with violence", "Wizi wa mabavu"), "U1", _C, "property",
        ("999", "OCS"), kps="robbery",
        note=Text("The DCI investigates.", "DCI ndio wanaochunguza."),
        icon="gpp_bad",
        also="armed robber robbers unyang'anyi wanyang'anyi jambazi "
             "majambazi panga kisu bunduki knife gun kuvamia",
    ),
    Category(
        "mugging", Text("Mugging, snatching", "Uporaji"), "U2", _O, "property", ("OCS",),
        kps="robbery",
        note=Text("Describe the spot, so that it can be made safer.",
                  "Eleza mahali, ili pafanywe salama zaidi."),
        icon="directions_run",
        also="snatch grab pickpocket purse bag street mporaji kupora "
             "kunyang'anya mkoba barabarani",
    ),
    Category(
        "moto_theft", Text("Motorcycle or vehicle theft", "Wizi wa pikipiki au gari"), "U2", _O,
        "property", ("OCS",), kps="vehicle_thefts",
        note=Text("Plate and chassis number only when marked confidential.",
                  "Nambari ya gari na chasisi tu ikiwa imewekwa siri."),
        icon="two_wheeler",
        also="motorbike boda bodaboda car vehicle matatu tuktuk piki bajaji "
             "gari",
    ),
    Category(
        "stock_theft", Text("Stock theft", "Wizi wa mifugo"), "U2", _O, "property",
        ("AC", "CH", "OCS"), kps="theft_of_stock",
        note=Text("Number, kind, marks and direction for the Anti Stock Theft Unit.",
                  "Idadi, aina, alama na mwelekeo kwa kikosi cha kupambana na wizi wa mifugo."),
        icon="pets",
        also="cattle cow cows bull goat goats sheep camel donkey livestock "
             "animals stolen ng'ombe mbuzi kondoo ngamia punda mifugo "
             "wanyama",
    ),
    Category(
        "fraud", Text("Fraud, mobile-money scam", "Ulaghai wa simu au mtandaoni"), "U3", _C,
        "property", ("OCS",), kps="economic",
        note=Text("The DCI has a cyber-crime unit.", "DCI ina kitengo cha uhalifu wa mtandaoni."),
        icon="phonelink_erase",
        also="con conman cheat mpesa m-pesa sim swap money online tapeli "
             "utapeli mtapeli pesa kudanganywa",
    ),
    Category(
        "vandalism", Text("Vandalism of infrastructure", "Uharibifu wa miundombinu"), "U3", _O,
        "property", ("OCS",), kps="criminal_damage",
        icon="power_off",
        also="transformer cable wire pole pipe sign waya nyaya nguzo "
             "transfoma bomba kuharibu mali",
    ),
    Category(
        "arson", Text("Arson", "Uchomaji moto wa makusudi"), "U1", _C, "property", ("OCS",),
        kps="criminal_damage",
        icon="whatshot", also="burn burnt burning kuchoma wamechoma nyumba moto teketeza",
    ),
)

ORGANISED = (
    Category(
        "small_arms", Text("Illegal firearm or ammunition", "Silaha haramu"), "U1", _R,
        "organised", ("OCS", "DCI"), kps="other", desk="csic",
        note=Text("There may be an amnesty for handing it in.",
                  "Huenda kuna msamaha kwa anayesalimisha."),
        icon="gpp_maybe",
        also="gun guns rifle pistol bullet bullets weapon ammunition bunduki "
             "bastola risasi silaha",
    ),
    Category(
        "gang",
        Text("Criminal gang, extortion", "Genge la wahalifu, kutoza pesa kwa vitisho"), "U2", _R,
        "organised", ("DCI", "OCS"), kps="other", desk="csic",
        note=Text("Protect whoever gave the information.", "Mlinde mtoa taarifa."),
        icon="groups_3",
        also="gangs protection money threat genge magenge vitisho wahuni "
             "kutoza",
    ),
    Category(
        "trafficking", Text("Human trafficking", "Ulanguzi wa binadamu"), "U1", _R, "organised",
        ("DCI", "CO"), kps="persons", desk="csic",
        note=Text("Counter-trafficking line 0733 721 566; for a child 116.",
                  "Nambari ya ulanguzi 0733 721 566; kwa mtoto 116."),
        icon="transfer_within_a_station",
        also="trafficker forced sold abroad kusafirisha watu kuuzwa mateka "
             "utumwa",
    ),
    Category(
        "border_crossing",
        Text("Irregular border movement", "Kuvuka mpaka kinyume cha sheria"), "U3", _R,
        "organised", ("DCC",), desk="csic",
        note=Text("Refugees are protected persons. No nationality lists.",
                  "Wakimbizi wanalindwa na sheria. Hakuna orodha za uraia."),
        icon="fence",
        also="border crossing migrants refugees mpaka wahamiaji wakimbizi "
             "kuvuka",
    ),
    Category(
        "smuggling", Text("Smuggling, contraband", "Magendo"), "U3", _C, "organised", ("OCS",),
        kps="economic",
        note=Text("Border Police and KRA.", "Polisi wa mipaka na KRA."),
        icon="local_shipping",
        also="contraband sugar fuel goods sukari mafuta bidhaa mpaka ushuru",
    ),
)

SUBSTANCES = (
    Category(
        "illicit_brew",
        Text("Illicit brew", "Pombe haramu (chang'aa, busaa)"), "U3", _C, "substances",
        ("CH", "OCS"), kps="other",
        note=Text("Protect whoever gave the information. NACADA 1192.",
                  "Mlinde mtoa taarifa. NACADA 1192."),
        icon="liquor",
        also="alcohol brew beer chang'aa busaa muratina mnazi pombe ulevi "
             "kileo gongo",
    ),
    Category(
        "drugs", Text("Drug abuse or trafficking", "Dawa za kulevya, mihadarati"), "U3", _C,
        "substances", ("OCS",), kps="dangerous_drugs",
        note=Text("Trafficking: 0800 722 203. Help to stop: 1192.",
                  "Ulanguzi: 0800 722 203. Msaada wa kuacha: 1192."),
        icon="medication",
        also="bhang cannabis heroin cocaine miraa bangi unga mihadarati "
             "madawa dawa",
    ),
)

EXTREMISM = (
    Category(
        "ve_concern",
        Text("Radicalisation concern", "Dalili za kuingizwa katika itikadi kali"), "U2", _R,
        "extremism", ("CEF-PS", "DCC"), desk="psychosocial", form=_SURVIVOR,
        note=Text("Support the family first; this is not a police matter by default.",
                  "Saidia familia kwanza; hili si suala la polisi moja kwa moja."),
        icon="psychology_alt",
        also="radical radicalised extremist extremism propaganda itikadi "
             "kali siasa vijana",
    ),
    Category(
        "ve_recruit",
        Text("Recruitment to a violent group", "Usajili katika kundi la kigaidi"), "U1", _R,
        "extremism", ("NCTC", "DCI"), desk="nctc", form=_TIP,
        note=Text("Free line 0800 722 203.", "Nambari ya bure 0800 722 203."),
        icon="group_add",
        also="recruit recruiter recruited kusajili sajili kuandikisha kundi "
             "gaidi magaidi",
    ),
    Category(
        "terror_tip", Text("Terrorism tip", "Taarifa ya ugaidi"), "U1", _R, "extremism",
        ("999", "OCS"), desk="nctc", form=_TIP,
        note=Text("Call 999 first. Write what was seen, never a name.",
                  "Piga 999 kwanza. Andika kilichoonekana, kamwe usiandike jina."),
        icon="crisis_alert",
        also="terrorist terrorists attack bomb gaidi magaidi bomu shambulio "
             "ugaidi",
    ),
    Category(
        "returnee", Text("Returnee support", "Usaidizi kwa aliyerejea"), "U3", _R, "extremism",
        ("NCTC",), desk="nctc", form=_SURVIVOR,
        note=Text("Disengagement programme of the NCTC.", "Mpango wa NCTC wa kuacha itikadi kali."),
        icon="volunteer_activism",
        also="returned returnees came back aliyerejea waliorejea kurudi "
             "msaada",
    ),
    Category(
        "suspicious_object",
        Text("Suspicious object or vehicle", "Kitu au gari la kutiliwa shaka"), "U1", _C,
        "extremism", ("999", "OCS"),
        note=Text("Keep away and do not touch it.", "Kaa mbali na usikiguse."),
        icon="backpack",
        also="bag parcel package left unattended bomb mkoba mfuko kifurushi "
             "bomu limeachwa",
    ),
    Category(
        "unknown_visitor", Text("Unknown visitor concern", "Mgeni asiyejulikana"), "U4", _C,
        "extremism", ("AC",),
        note=Text("Behaviour only: no ID number, nationality or community. Kept 90 days.",
                  "Mienendo tu: si nambari ya kitambulisho, uraia wala jamii. Siku 90."),
        icon="help_center", also="stranger newcomer lodger mgeni wageni mpangaji asiyejulikana",
    ),
)
