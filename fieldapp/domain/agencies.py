"""Agencies and stakeholders that attend meetings, act on concerns or receive referrals.

Laws:
  * A closed list with stable keys; what is missing goes into a text field beside it.
  * Bodies and offices only: nobody is listed here by name.
"""

from __future__ import annotations

from fieldapp.domain.fields import Option
from fieldapp.domain.text import Text

ADMINISTRATION = (
    Option("moi", Text("Ministry of Interior", "Wizara ya Usalama wa Ndani")),
    Option("cc", Text("County Commissioner's office", "Ofisi ya Kamishna wa Kaunti")),
    Option("dcc", Text("Deputy County Commissioner", "Naibu Kamishna wa Kaunti")),
    Option("acc", Text("Assistant County Commissioner", "Kamishna Msaidizi wa Kaunti")),
    Option("chief", Text("Chief", "Chifu")),
    Option("asst_chief", Text("Assistant chief", "Naibu wa chifu")),
    Option("village_elder", Text("Village elder", "Mzee wa kijiji")),
    Option("county_government", Text("County government", "Serikali ya kaunti")),
    Option("registration", Text("Registration of Persons", "Usajili wa Watu")),
    Option("immigration", Text("Immigration", "Uhamiaji")),
)

SECURITY = (
    Option("county_police", Text("County Police Commander", "Kamanda wa polisi wa kaunti")),
    Option("capc", Text("County AP Commander", "Kamanda wa Polisi wa Utawala wa kaunti")),
    Option("kps", Text("Kenya Police Service", "Huduma ya Polisi ya Kenya")),
    Option("aps", Text("Administration Police Service", "Huduma ya Polisi wa Utawala")),
    Option("nps_other", Text("Other police officers", "Maafisa wengine wa polisi")),
    Option("dci", Text("Criminal investigations (DCI)", "Upelelezi wa jinai (DCI)")),
    Option("gender_desk", Text("Police gender desk", "Dawati la jinsia la polisi")),
    Option("nis", Text("National Intelligence Service", "Huduma ya Kitaifa ya Ujasusi")),
    Option("npr", Text("National Police Reservists", "Polisi wa akiba")),
    Option("kdf", Text("Kenya Defence Forces", "Vikosi vya Ulinzi vya Kenya")),
    Option("nys", Text("National Youth Service", "Huduma ya Kitaifa ya Vijana")),
    Option("border_police", Text("Border Police Unit", "Polisi wa mipaka")),
    Option("coast_guard", Text("Kenya Coast Guard", "Walinzi wa Pwani ya Kenya")),
    Option("nctc", Text("National Counter Terrorism Centre", "Kituo cha Kupambana na Ugaidi")),
    Option("private_security", Text("Private security", "Ulinzi wa kibinafsi")),
    Option("small_arms_focal", Text("Small arms focal point", "Kitovu cha silaha ndogo")),
)

JUSTICE = (
    Option("judiciary", Text("Judiciary", "Mahakama")),
    Option("odpp", Text("Public prosecutions (ODPP)", "Mashtaka ya umma (ODPP)")),
    Option("probation", Text("Probation", "Huduma za urekebishaji")),
    Option("prisons", Text("Prisons", "Magereza")),
    Option("eacc", Text("Anti-corruption commission (EACC)", "Tume ya ufisadi (EACC)")),
    Option("ipoa", Text("Police oversight (IPOA)", "Uangalizi wa polisi (IPOA)")),
    Option("knchr", Text("Human rights commission (KNCHR)", "Tume ya haki za binadamu (KNCHR)")),
    Option("ncic", Text("Cohesion commission (NCIC)", "Tume ya uwiano (NCIC)")),
    Option("iebc", Text("Electoral commission (IEBC)", "Tume ya uchaguzi (IEBC)")),
    Option("land_office", Text("Land office", "Ofisi ya ardhi")),
    Option("labour_office", Text("Labour office", "Ofisi ya kazi")),
)

SERVICES = (
    Option("health", Text("Health facility", "Kituo cha afya")),
    Option("chp", Text("Community health promoters", "Wahudumu wa afya wa jamii")),
    Option("gender_unit", Text("Hospital Gender Response Unit", "Kitengo cha jinsia hospitalini")),
    Option("children_services", Text("Children Services", "Huduma za Watoto")),
    Option("education", Text("Education", "Elimu")),
    Option("nacada", Text("NACADA (alcohol and drugs)", "NACADA (pombe na dawa za kulevya)")),
    Option("ndma", Text("Drought management (NDMA)", "Usimamizi wa ukame (NDMA)")),
    Option("red_cross", Text("Kenya Red Cross", "Msalaba Mwekundu wa Kenya")),
    Option("roads", Text("Roads (KeRRA, KURA)", "Barabara (KeRRA, KURA)")),
    Option("ntsa", Text("Transport safety (NTSA)", "Usalama barabarani (NTSA)")),
    Option("kws", Text("Kenya Wildlife Service", "Huduma ya Wanyamapori (KWS)")),
    Option("kfs", Text("Kenya Forest Service", "Huduma ya Misitu (KFS)")),
    Option("nema", Text("Environment (NEMA)", "Mazingira (NEMA)")),
    Option("fisheries", Text("Fisheries", "Uvuvi")),
    Option("maritime", Text("Maritime Authority", "Mamlaka ya Bahari")),
    Option("airports", Text("Airports Authority", "Mamlaka ya Viwanja vya Ndege")),
    Option("civil_aviation", Text("Civil Aviation", "Usafiri wa Anga")),
    Option("kra", Text("Revenue Authority (KRA)", "Mamlaka ya Ushuru (KRA)")),
)

SOCIETY = (
    Option("peace_committee", Text("Peace committee", "Kamati ya amani")),
    Option("peace_forum", Text("County Peace Forum", "Jukwaa la Amani la Kaunti")),
    Option("council_of_elders", Text("Council of Elders", "Baraza la Wazee")),
    Option("religious_leaders", Text("Religious leaders", "Viongozi wa dini")),
    Option("fbo", Text("Faith-based organisation", "Shirika la kidini")),
    Option("cso", Text("Civil society organisation", "Shirika la kijamii")),
    Option("private_sector", Text("Private sector", "Sekta ya kibinafsi")),
    Option("aspirants", Text("Political aspirants", "Wawaniaji wa kisiasa")),
    Option("media", Text("Media", "Vyombo vya habari")),
)

PARTNERS = (
    Option("un", Text("UN agency", "Shirika la Umoja wa Mataifa")),
    Option("iom", Text("International Organization for Migration", "Shirika la Uhamiaji (IOM)")),
    Option("embassy", Text("Foreign government", "Serikali ya kigeni")),
    Option("gcerf", Text("GCERF", "GCERF")),
    Option("foreign_affairs", Text("Ministry of Foreign Affairs", "Wizara ya Mambo ya Nje")),
)

AGENCIES: tuple[Option, ...] = (
    *ADMINISTRATION, *SECURITY, *JUSTICE, *SERVICES, *SOCIETY, *PARTNERS,
)  # fmt: skip

PEOPLE = (
    Option("residents", Text("Residents", "Wakazi")),
    Option("elders", Text("Elders", "Wazee")),
    Option("religious", Text("Religious leaders", "Viongozi wa dini")),
    Option("youth", Text("Youth", "Vijana")),
    Option("women_groups", Text("Women's groups", "Vikundi vya wanawake")),
    Option("business", Text("Business people", "Wafanyabiashara")),
    Option("boda_boda", Text("Boda-boda riders", "Waendesha bodaboda")),
    Option("civil_society", Text("Civil society", "Mashirika ya kijamii")),
    Option("teachers", Text("Teachers", "Walimu")),
    Option("farmers", Text("Farmers, herders, fishers", "Wakulima, wafugaji, wavuvi")),
)
"""Who comes to a meeting besides agencies."""
