"""Choices that several record types share: statuses, priorities, survivors' bands.

Laws:
  * Keys never change; words may. "Overdue" is computed from a due date, never stored.
"""

from __future__ import annotations

from fieldapp.domain.fields import Option
from fieldapp.domain.text import Text

ACTION_STATUS = (
    Option("not_started", Text("Not started", "Haijaanza")),
    Option("in_progress", Text("In progress", "Inaendelea")),
    Option("done", Text("Completed", "Imekamilika")),
    Option("carried_forward", Text("Carried forward", "Imepelekwa mkutano ujao")),
    Option("dropped", Text("Dropped", "Imeachwa")),
)
OPEN_ACTION_KEYS = ("not_started", "in_progress", "carried_forward")

CONCERN_STATUS = (
    Option("open", Text("Open", "Wazi")),
    Option("verified", Text("Verified", "Imethibitishwa")),
    Option("not_verified", Text("Unverified", "Haijathibitishwa")),
    Option("assigned", Text("Assigned", "Imekabidhiwa")),
    Option("in_progress", Text("In progress", "Inaendelea")),
    Option("resolved", Text("Resolved", "Imetatuliwa")),
    Option("closed", Text("Closed", "Imefungwa")),
    Option("reopened", Text("Reopened", "Imefunguliwa tena")),
)

PRIORITY = (
    Option("high", Text("High", "Juu")),
    Option("medium", Text("Medium", "Wastani")),
    Option("low", Text("Low", "Chini")),
)

REPORT_PURPOSE = (
    Option("for_action", Text("For action", "Kwa hatua")),
    Option("for_information", Text("For information only", "Kwa taarifa tu")),
)

BODIES = (
    Option("cpc_subloc", Text("Sub-location committee", "Kamati ya kata ndogo")),
    Option("cpc_loc", Text("Location committee", "Kamati ya lokesheni")),
    Option("cpf", Text("Community Policing Forum", "Jukwaa la Polisi Jamii (CPF)")),
    Option("sub_county", Text("Sub-county committee", "Kamati ya kaunti ndogo")),
    Option("csic", Text("County committee (CSIC)", "Kamati ya kaunti (CSIC)")),
    Option("cpa", Text("County Policing Authority", "Mamlaka ya Polisi ya Kaunti")),
    Option("peace_committee", Text("Peace committee", "Kamati ya amani")),
    Option("council_of_elders", Text("Council of Elders", "Baraza la Wazee")),
    Option("cef", Text("County Engagement Forum", "Jukwaa la Ushirikiano la Kaunti (CEF)")),
    Option("ministry", Text("Ministry of Interior", "Wizara ya Usalama wa Ndani")),
)

SEX = (
    Option("female", Text("Female", "Mwanamke")),
    Option("male", Text("Male", "Mwanaume")),
    Option("intersex", Text("Intersex", "Mwenye jinsia mbili")),
    Option("not_stated", Text("Not stated", "Haikutajwa")),
)

AGE_BAND = (
    Option("under_18", Text("Child (under 18)", "Mtoto (chini ya miaka 18)")),
    Option("age_18_34", Text("18 to 34", "Miaka 18 hadi 34")),
    Option("age_35_59", Text("35 to 59", "Miaka 35 hadi 59")),
    Option("age_60_plus", Text("60 and over", "Miaka 60 na zaidi")),
    Option("not_stated", Text("Not stated", "Haikutajwa")),
)

RELATION = (
    Option("partner", Text("Partner or former partner", "Mwenzi au aliyekuwa mwenzi")),
    Option("relative", Text("Relative", "Jamaa")),
    Option("known", Text("Somebody known", "Mtu anayejulikana")),
    Option("authority", Text("Person in authority", "Mtu mwenye mamlaka")),
    Option("stranger", Text("Stranger", "Mtu asiyejulikana kwake")),
    Option("unknown", Text("Unknown", "Haijulikani")),
)

SUPPORT = (
    Option("health", Text("Health care", "Huduma ya afya")),
    Option("psychosocial", Text("Counselling", "Ushauri nasaha")),
    Option("gender_desk", Text("Police gender desk", "Dawati la jinsia la polisi")),
    Option("children_officer", Text("Children officer", "Afisa wa watoto")),
    Option("legal", Text("Legal aid", "Msaada wa kisheria")),
    Option("shelter", Text("Safe house", "Makao salama")),
    Option("family_support", Text("Family support", "Usaidizi kwa familia")),
    Option("reintegration", Text("Reintegration programme", "Mpango wa kurejeshwa katika jamii")),
)

CONSENT = (
    Option("yes", Text("Yes", "Ndiyo")),
    Option("no", Text("No", "La")),
    Option("child_mandatory", Text("Child: report is mandatory", "Mtoto: lazima kuripoti")),
)

CONCERN_SOURCE = (
    Option("anonymous", Text("Anonymous", "Bila kutaja jina")),
    Option("own", Text("Own observation", "Niliona mwenyewe")),
    Option("resident", Text("Resident", "Mkazi")),
    Option("meeting", Text("Raised in a meeting", "Lilitolewa mkutanoni")),
    Option("elder", Text("Village elder or cluster", "Mzee wa kijiji au kundi")),
    Option("police", Text("Police", "Polisi")),
    Option("agency", Text("Another agency", "Taasisi nyingine")),
    Option("hotline", Text("Hotline", "Nambari ya simu ya dharura")),
    Option("media", Text("Media", "Vyombo vya habari")),
)

RESPONSE_SOURCE = (
    Option("community", Text("Community observation", "Jamii iliona")),
    Option("ocs_report", Text("Report of the station", "Ripoti ya kituo cha polisi")),
)

RESPONSE_QUALITY = (
    Option("exact", Text("Times are exact", "Saa ni sahihi")),
    Option("estimated", Text("Times are estimated", "Saa ni za kukadiria")),
    Option("unverified", Text("Unverified", "Haijathibitishwa")),
)

CONSTITUTION = (
    Option("constituted", Text("Constituted", "Imeundwa")),
    Option("pending", Text("Not yet", "Bado")),
    Option("delayed", Text("Delayed", "Imechelewa")),
    Option("dissolved", Text("Dissolved", "Imevunjwa")),
)

MATURITY = (
    Option("contact", Text("1 Contact", "1 Mawasiliano")),
    Option("public_meeting", Text("2 First public meeting", "2 Mkutano wa kwanza wa umma")),
    Option("consultation", Text("3 Consultation", "3 Mashauriano")),
    Option("adoption", Text("4 Action plan adopted", "4 Mpango umekubaliwa")),
    Option("launch", Text("5 Launched", "5 Imezinduliwa")),
    Option("mobilisation", Text("6 Mobilisation", "6 Uhamasishaji")),
    Option("evaluation", Text("7 Monitoring and evaluation", "7 Ufuatiliaji na tathmini")),
)

WORK_STATUS = (
    Option("not_started", Text("Not started", "Haijaanza")),
    Option("ongoing", Text("In progress", "Inaendelea")),
    Option("completed", Text("Completed", "Imekamilika")),
    Option("delayed", Text("Delayed", "Imechelewa")),
    Option("dropped", Text("Dropped", "Imeachwa")),
)
