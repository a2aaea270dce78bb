"""The kinds of meeting, their topics, and what attendance is counted by.

Laws:
  * Keys never change. "CPC" alone never appears: it means two things in Kenya.
  * People are counted, never listed.
"""

from __future__ import annotations

from fieldapp.domain.fields import Option
from fieldapp.domain.text import Text

MEETING_TYPES = (
    Option("baraza_chief", Text("Chief's baraza", "Baraza la chifu")),
    Option("baraza_asst_chief", Text("Assistant chief's baraza", "Baraza la naibu wa chifu")),
    Option("nk_cluster", Text("Nyumba Kumi meeting", "Mkutano wa Nyumba Kumi")),
    Option(
        "cpc_subloc",
        Text("Community Policing Committee, sub-location", "Kamati ya Polisi Jamii, kata ndogo"),
    ),
    Option(
        "cpc_loc",
        Text("Community Policing Committee, location", "Kamati ya Polisi Jamii, lokesheni"),
    ),
    Option(
        "cpc_area",
        Text("Area Community Policing Committee", "Kamati ya Polisi Jamii ya eneo"),
    ),
    Option("cpf", Text("Community Policing Forum", "Jukwaa la Polisi Jamii (CPF)")),
    Option("sensitisation", Text("Sensitisation meeting", "Mkutano wa uhamasishaji")),
    Option("workshop", Text("Workshop or training", "Warsha au mafunzo")),
    Option(
        "csic",
        Text(
            "County Security Intelligence Committee",
            "Kamati ya Usalama na Ujasusi ya Kaunti (CSIC)",
        ),
    ),
    Option("peace_dialogue", Text("Peace meeting, mediation", "Mkutano wa amani, upatanisho")),
    Option(
        "election_security",
        Text("Election security coordination", "Uratibu wa usalama wa uchaguzi"),
    ),
    Option("cef", Text("County Engagement Forum", "Jukwaa la Ushirikiano la Kaunti (CEF)")),
    Option("cso_event", Text("Civil society activity", "Shughuli ya shirika la kijamii")),
    Option("jukwaa", Text("Jukwaa la Usalama", "Jukwaa la Usalama")),
)

COMMITTEE_KINDS = ("cpc_subloc", "cpc_loc", "cpc_area", "csic", "cef")
BARAZA_KINDS = ("baraza_chief", "baraza_asst_chief")
PLAIN_KINDS = (*BARAZA_KINDS, "nk_cluster", "cpc_subloc", "cpc_loc", "cpc_area")
"""Kinds that nobody funds and nobody facilitates: their form asks the least."""
EVENT_KINDS = ("workshop", "cso_event", "jukwaa")
"""Kinds at which no body sits."""
PARTY_KINDS = ("peace_dialogue", "election_security")
CIVILIAN_CHAIR_KINDS = ("cpc_subloc", "cpc_loc", "cpc_area")
COUNTY_KINDS = ("csic", "cef")
RESTRICTABLE_KINDS = ("csic", "election_security")

CLASSIFICATION = (
    Option("open", Text("Open", "Wazi")),
    Option("confidential", Text("Confidential", "Siri")),
    Option("restricted", Text("Restricted", "Imezuiliwa")),
)

PARTIES = (
    Option("aspirants", Text("Aspirants", "Wawaniaji")),
    Option("political_party", Text("Political party", "Chama cha kisiasa")),
    Option("residents", Text("Residents of a place", "Wakazi wa eneo")),
    Option("herders", Text("Herders", "Wafugaji")),
    Option("farmers", Text("Farmers", "Wakulima")),
    Option("fishers", Text("Fishers", "Wavuvi")),
    Option("business", Text("Business people", "Wafanyabiashara")),
    Option("youth", Text("Youth", "Vijana")),
    Option("observers", Text("Election observers", "Waangalizi wa uchaguzi")),
    Option("other", Text("Other", "Nyingine")),
)
"""Who sits on a side of talks: by place, work or candidacy, never by community."""

LANGUAGES = (
    Option("sw", Text("Kiswahili", "Kiswahili")),
    Option("en", Text("English", "Kiingereza")),
    Option("local", Text("Local language", "Lugha ya eneo")),
    Option("ksl", Text("Kenyan Sign Language", "Lugha ya ishara ya Kenya")),
)

TOPICS = (
    Option("intro_cp", Text("Introduction to community policing", "Utangulizi wa polisi jamii")),
    Option("cp_levels", Text("Community policing levels", "Ngazi za polisi jamii")),
    Option(
        "security_situation",
        Text("Situational analysis of security", "Uchambuzi wa hali ya usalama"),
    ),
    Option("nyumba_kumi", Text("Nyumba Kumi structures", "Miundo ya Nyumba Kumi")),
    Option(
        "crime_prevention",
        Text("Crime prevention in community policing", "Uzuiaji wa uhalifu katika polisi jamii"),
    ),
    Option("sara", Text("Problem solving (SARA)", "Utatuzi wa matatizo (SARA)")),
    Option(
        "paradigm_shift",
        Text("Paradigm shift in community policing", "Mabadiliko ya mtazamo katika polisi jamii"),
    ),
    Option(
        "action_planning",
        Text(
            "Group discussion and action plans", "Majadiliano ya vikundi na mipango ya utekelezaji"
        ),
    ),
    Option("plenary", Text("Plenary presentations", "Mawasilisho ya kikao cha pamoja")),
    Option("way_forward", Text("Way forward", "Njia ya mbele")),
    Option(
        "reporting", Text("What is a crime, how to report", "Uhalifu ni nini, jinsi ya kuripoti")
    ),
    Option("gbv", Text("Gender-based violence", "Dhuluma za kijinsia")),
    Option("child_protection", Text("Child protection", "Ulinzi wa watoto")),
    Option("drugs", Text("Alcohol and drugs", "Pombe na dawa za kulevya")),
    Option("pve", Text("Preventing violent extremism", "Kuzuia itikadi kali yenye vurugu")),
    Option("peace", Text("Peace and cohesion", "Amani na uwiano")),
    Option("land", Text("Land and boundaries", "Ardhi na mipaka")),
    Option("stock_theft", Text("Stock theft and rustling", "Wizi wa mifugo")),
    Option("elections", Text("Elections", "Uchaguzi")),
    Option("response_times", Text("Police response times", "Muda wa polisi kufika")),
    Option("disasters", Text("Disasters and early warning", "Majanga na tahadhari ya mapema")),
    Option("environment", Text("Environment and wildlife", "Mazingira na wanyamapori")),
    Option("government_services", Text("Government services", "Huduma za serikali")),
    Option("other", Text("Other", "Nyingine")),
)

ATTENDANCE_CELLS = (
    Option("total", Text("Total", "Jumla")),
    Option("female", Text("Female", "Wanawake")),
    Option("male", Text("Male", "Wanaume")),
    Option("intersex", Text("Intersex or not stated", "Jinsia mbili au haikutajwa")),
    Option("under_18", Text("Children (under 18)", "Watoto (chini ya miaka 18)")),
    Option("age_18_34", Text("Youth (18-34)", "Vijana (miaka 18-34)")),
    Option("age_35_59", Text("Adults (35-59)", "Watu wazima (miaka 35-59)")),
    Option("age_60_plus", Text("Older persons (60+)", "Wazee (miaka 60 na zaidi)")),
    Option("pwd", Text("Persons with disabilities", "Watu wenye ulemavu")),
)
SEX_CELLS = ("female", "male", "intersex")
AGE_CELLS = ("under_18", "age_18_34", "age_35_59", "age_60_plus")
