"""What a security concern can be about, how urgent and sensitive it is, and whom to tell.

Laws:
  * Each restricted category names exactly one desk; no other category names any.
  * Where the law forbids mediation it is not offered: ``mediation`` is true only for the few
    categories where talks are a lawful answer.
  * A survivor's form holds no name, no narrative, no exact place and no exact day.
  * Defaults are presets, not verdicts: an officer may raise urgency; the tier only goes up.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldapp.domain.fields import Option
from fieldapp.domain.record_type import Tier
from fieldapp.domain.text import Text, same


class Form(StrEnum):
    """Which questions a category asks."""

    STANDARD = "standard"
    SURVIVOR = "survivor"
    TIP = "tip"


@dataclass(frozen=True, slots=True)
class Category:
    """One category of concern.

    Attributes:
        urgency: the preset, ``U1`` to ``U4``.
        tell: whom to tell first, keys of ``CONTACTS``.
        kps: the offence group of the police statistics, or None.
        desk: the one desk that reads a restricted category.
        mediation: talks between the parties are a lawful answer.
        icon: the name of a Material icon, in small letters; each stands for one category.
        also: further words in English and Kiswahili by which people look for it.
    """

    key: str
    label: Text
    urgency: str
    tier: Tier
    group: str
    tell: tuple[str, ...]
    note: Text | None = None
    kps: str | None = None
    desk: str | None = None
    form: Form = Form.STANDARD
    mediation: bool = False
    icon: str = "more_horiz"
    also: str = ""


URGENCIES = (
    Option(
        "U1",
        Text("Emergency", "Dharura"),
        help=Text(
            "Life in danger now: call 999 or 112 first, record afterwards.",
            "Maisha yako hatarini sasa: piga 999 au 112 kwanza, rekodi baadaye.",
        ),
    ),
    Option(
        "U2",
        Text("Urgent", "Haraka"),
        help=Text("First action within 24 hours.", "Hatua ya kwanza ndani ya saa 24."),
    ),
    Option(
        "U3",
        Text("Important", "Muhimu"),
        help=Text("First action within 7 days.", "Hatua ya kwanza ndani ya siku 7."),
    ),
    Option(
        "U4",
        Text("Routine", "Kawaida"),
        help=Text("For the next meeting.", "Kwa mkutano ujao."),
    ),
)

FIRST_ACTION_HOURS = {"U1": 1, "U2": 24, "U3": 168, "U4": 720}
"""Targets for the first action; routine means the next meeting, counted as 30 days."""

GROUPS = (
    Option("property", Text("Theft and property", "Wizi na mali")),
    Option("violence", Text("Violence and threats to life", "Vurugu na hatari kwa maisha")),
    Option("survivor", Text("Gender-based violence", "Dhuluma za kijinsia")),
    Option("children", Text("Children", "Watoto")),
    Option("conflict", Text("Disputes and conflict", "Mizozo na migogoro")),
    Option("extremism", Text("Violent extremism", "Itikadi kali yenye vurugu")),
    Option("organised", Text("Organised crime and borders", "Uhalifu wa kupangwa na mipaka")),
    Option("substances", Text("Alcohol and drugs", "Pombe na dawa za kulevya")),
    Option("order", Text("Public order", "Utulivu wa umma")),
    Option("officials", Text("Conduct of officials", "Mienendo ya maafisa")),
    Option("hazards", Text("Accidents and disasters", "Ajali na majanga")),
    Option("community", Text("Environment and community", "Mazingira na jamii")),
)

CONTACTS = (
    Option("999", Text("Emergency 999 / 112", "Dharura 999 / 112")),
    Option("AC", Text("Assistant chief", "Naibu wa chifu")),
    Option("CH", Text("Chief", "Chifu")),
    Option("ACC", Text("Assistant County Commissioner", "Kamishna Msaidizi wa Kaunti")),
    Option("DCC", Text("Deputy County Commissioner", "Naibu Kamishna wa Kaunti")),
    Option("CC", Text("County Commissioner", "Kamishna wa Kaunti")),
    Option("OCS", Text("Officer Commanding Station", "Mkuu wa kituo cha polisi (OCS)")),
    Option("SCPC", Text("Sub-County Police Commander", "Kamanda wa polisi wa kaunti ndogo")),
    Option("DCI", Text("Criminal investigations (DCI)", "Upelelezi wa jinai (DCI)")),
    Option("GD", Text("Gender desk or Policare", "Dawati la jinsia au Policare")),
    Option("CO", Text("Children officer", "Afisa wa watoto")),
    Option("H", Text("Nearest health facility", "Kituo cha afya kilicho karibu")),
    Option("NCTC", Text("National Counter Terrorism Centre", "Kituo cha NCTC")),
    Option("CEF-PS", Text("CEF psychosocial lead", "Kiongozi wa ushauri nasaha wa CEF")),
    Option("CSIC", Text("County security committee (CSIC)", "Kamati ya usalama ya kaunti (CSIC)")),
    Option("PC", Text("Peace committee", "Kamati ya amani")),
    Option("KWS", Text("Kenya Wildlife Service", "Huduma ya Wanyamapori (KWS)")),
    Option("KFS", Text("Kenya Forest Service", "Huduma ya Misitu (KFS)")),
    Option("KRC", Text("Kenya Red Cross", "Msalaba Mwekundu wa Kenya")),
    Option("CHP", Text("Community health promoter", "Mhudumu wa afya wa jamii")),
    Option("VET", Text("Veterinary officer", "Afisa wa mifugo")),
    Option("EDU", Text("Education office", "Ofisi ya elimu")),
    Option("NCIC", Text("Cohesion commission (NCIC)", "Tume ya uwiano (NCIC)")),
    Option("CG", Text("Kenya Coast Guard", "Walinzi wa Pwani ya Kenya")),
    Option(
        "EACC", Text("Anti-corruption commission (EACC)", "Tume ya kupambana na ufisadi (EACC)")
    ),
    Option("IPOA", Text("Police oversight (IPOA)", "Mamlaka ya kuangalia polisi (IPOA)")),
)

KPS_GROUPS = (
    Option("homicide", Text("Homicide", "Mauaji")),
    Option("morality", Text("Offences against morality", "Makosa dhidi ya maadili")),
    Option("persons", Text("Other offences against persons", "Makosa mengine dhidi ya watu")),
    Option("robbery", Text("Robbery", "Wizi wa mabavu")),
    Option("breakings", Text("Breakings", "Uvunjaji")),
    Option("theft_of_stock", Text("Theft of stock", "Wizi wa mifugo")),
    Option("stealing", Text("Stealing", "Wizi")),
    Option("vehicle_thefts", Text("Vehicle and other thefts", "Wizi wa magari na mengineyo")),
    Option("dangerous_drugs", Text("Dangerous drugs", "Dawa za kulevya")),
    Option("traffic", Text("Traffic offences", "Makosa ya barabarani")),
    Option("criminal_damage", Text("Criminal damage", "Uharibifu wa mali")),
    Option("economic", Text("Economic crimes", "Uhalifu wa kiuchumi")),
    Option("corruption", Text("Corruption", "Ufisadi")),
    Option(
        "police_officers",
        Text("Offences involving police officers", "Makosa yanayohusu maafisa wa polisi"),
    ),
    Option("other", Text("Other penal code offences", "Makosa mengine ya jinai")),
)

DESKS = (
    Option("gender", Text("Gender desk", "Dawati la jinsia")),
    Option("children", Text("Children desk", "Dawati la watoto")),
    Option("psychosocial", Text("Psychosocial desk", "Dawati la ushauri nasaha")),
    Option("csic", Text("County security committee desk", "Dawati la CSIC")),
    Option("nctc", Text("Counter-terrorism desk", "Dawati la NCTC")),
    Option("oversight", Text("Oversight desk", "Dawati la uangalizi")),
)

TIER_LABELS = {
    Tier.ORDINARY: Text("Open", "Wazi"),
    Tier.CONFIDENTIAL: Text("Confidential", "Siri"),
    Tier.RESTRICTED: Text("Restricted", "Imezuiliwa"),
}


def contact_label(key: str) -> Text:
    """Return the words for a contact of a tell-list."""
    return next((option.label for option in CONTACTS if option.key == key), same(key))
