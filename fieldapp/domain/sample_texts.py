"""Invented words for sample records: places, sentences and offices, in two languages.

Laws:
  * Nobody named here exists; officials appear by office, organisations keep their names.
  * ``{place}``, ``{n}``, ``{clock}``, ``{day}`` and ``{office}`` are filled in by the sampler.
"""

from __future__ import annotations

PLACES = (
    "the market", "the borehole", "the primary school", "the bus stage", "the dispensary",
    "the cattle dip", "the fish landing site", "the mosque road", "the church grounds",
    "the chief's office", "the quarry", "the old bridge", "the seasonal river", "the water kiosk",
    "the posho mill", "the football ground", "the forest edge", "the ferry jetty",
    "the polytechnic", "the county road junction",
)  # fmt: skip

PLACES_SW = (
    "soko", "kisima", "shule ya msingi", "kituo cha basi", "zahanati", "josho la ng'ombe",
    "bandari ya samaki", "uwanja wa mpira", "ofisi ya chifu", "daraja la zamani", "mto wa msimu",
    "kibanda cha maji", "kinu cha posho", "ukingo wa msitu", "kivuko", "barabara kuu",
)  # fmt: skip

OFFICES = (
    "the assistant chief", "the OCS", "the chief", "the ward administrator", "the peace committee",
    "the Nyumba Kumi secretary", "the public health officer", "the sub-county commander",
    "the livestock officer", "the roads office",
)  # fmt: skip

DAYS = (
    "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "at the weekend",
    "last night", "two days ago", "early this week", "on market day",
)  # fmt: skip

STATIONS = (
    "Malindi Police Station", "Mkomani Police Post", "Hindi Police Station", "Faza Police Post",
    "Watamu Police Station", "Mpeketoni Police Station", "Witu Police Post",
)  # fmt: skip

OPENINGS = {
    "property": (
        "A shop near {place} was broken into {day} between {clock} and dawn.",
        "{n} households near {place} lost phones and solar panels {day}.",
        "Iron sheets and timber were taken from the site behind {place} {day}.",
        "A boda-boda was taken from its rider near {place} at about {clock}.",
        "{n} goats were missing from the pen beside {place} when the herder woke up.",
        "Copper wire was cut from the poles along {place}, and {n} homes are without light.",
    ),
    "violence": (
        "A fight broke out near {place} at about {clock} and {n} people were treated.",
        "A crowd chased a suspect from {place} {day}; the police reached him in time.",
        "A worker was injured with a panga near {place} {day}.",
    ),
    "conflict": (
        "Two families disagree about the boundary beside {place}; {n} acres are in question.",
        "Herders and farmers argued over water at {place} {day}; {n} animals entered a field.",
        "Grazing land near {place} was fenced and the neighbours want it opened.",
    ),
    "extremism": (
        "A parked vehicle without plates has stood near {place} since {clock}.",
        "Strangers asked about the opening hours of {place} and left {day}.",
    ),
    "organised": (
        "Goods without papers were unloaded near {place} at {clock} {day}.",
        "Traders at {place} are asked for money every week by a group of about {n}.",
    ),
    "substances": (
        "Brewing goes on behind {place}, mostly after {clock}, and young people gather there.",
        "Pupils from {place} were seen buying drugs {day}; {n} parents have complained.",
    ),
    "order": (
        "Residents called the station {day} and waited for {n} minutes before anybody came.",
        "Posters with insults appeared at {place} {day} and were taken down.",
        "Learners walked out of class near {place} {day}; {n} have not returned.",
    ),
    "hazards": (
        "A lorry lost its brakes near {place} at {clock} and {n} people were slightly hurt.",
        "The river near {place} burst its banks {day}; {n} households moved to higher ground.",
        "A boat with {n} passengers took in water off {place} {day}; all were brought ashore.",
    ),
    "community": (
        "Charcoal is burnt near {place} at night, about {n} sacks a week.",
        "Elephants crossed near {place} {day} and damaged {n} maize plots.",
        "The path past {place} has no light and {n} people were attacked there this month.",
    ),
}

DETAILS = (
    "{office} was told the same evening and visited the place the next morning.",
    "Two people saw it from a distance but could not tell who was involved.",
    "It is the {n}th time this quarter that residents raise it in a meeting.",
    "Women coming from {place} now walk in groups after {clock}.",
    "{office} asked everybody to keep away until the police had finished.",
    "The matter was reported at the station and an OB number was given.",
    "Nothing was recovered so far, and the owners were advised to mark their property.",
    "Youth from the area offered to help clear the bush along {place}.",
    "The loss is estimated at KSh {n},000 by the people concerned.",
    "Residents ask for a patrol between {clock} and midnight.",
    "{office} promised an answer before the next baraza.",
    "The light at {place} has been broken for {n} weeks.",
    "No one was hurt, but children no longer use the short cut past {place}.",
    "The elders met both sides and will sit again {day}.",
)

SENTENCES_SW = (
    "Wakazi wa eneo la {place} wanalalamika kuhusu wizi unaotokea usiku baada ya saa {clock}.",
    "Mifugo {n} waliibiwa karibu na {place} na mwelekeo wao ulikuwa upande wa mashariki.",
    "Polisi walipigiwa simu na kufika baada ya dakika {n}.",
    "Vijana wamejitolea kusaidia kufyeka kichaka kando ya {place}.",
    "Naibu wa chifu alijulishwa siku hiyo hiyo na akatembelea mahali hapo asubuhi.",
    "Taa ya {place} imeharibika kwa wiki {n} na watu wanaogopa kupita usiku.",
    "Familia mbili zinazozana kuhusu mpaka karibu na {place}; wazee wamekutana nazo.",
    "Hakuna aliyeumia, lakini watoto hawatumii tena njia ya mkato.",
    "Pombe haramu inapikwa nyuma ya {place} na vijana hukusanyika hapo.",
    "Mafuriko karibu na {place} yaliathiri kaya {n}; walihamia sehemu ya juu.",
    "Wakazi wanaomba doria kati ya saa {clock} na usiku wa manane.",
    "Ripoti ilitolewa katika kituo cha polisi na nambari ya OB ikatolewa.",
)

ACTIONS = (
    "Visit the place with the police", "Repair the light", "Clear the bush along the path",
    "Hold a sensitisation meeting", "Invite both sides to the elders", "Increase night patrols",
    "Report to the sub-county office", "Mark and register livestock", "Write to the roads office",
    "Follow up with the station",
)  # fmt: skip

RESOLUTIONS = (
    "Patrols between 19:00 and 23:00 around {place} on market days.",
    "Every cluster lists its dark spots and hands the list to {office}.",
    "{office} to report back on the response times of the last month.",
    "Boda-boda riders to wear numbered vests by the end of the month.",
    "Parents and teachers to meet about truancy near {place}.",
    "Form a team of {n} elders for the boundary matter beside {place}.",
    "Clean-up of the drainage at {place} with the youth group.",
    "Suspicious matters are reported to the assistant chief within a day.",
    "{office} to bring the water truck schedule to the next meeting.",
    "Close the brewing places behind {place} together with NACADA.",
)

AGENDA = (
    ("Opening prayer and remarks", None), ("Security situation", "security_situation"),
    ("Matters arising", None), ("Nyumba Kumi structures", "nyumba_kumi"),
    ("Preventing theft of livestock", "stock_theft"), ("Alcohol and drugs", "drugs"),
    ("How to report a crime", "reporting"), ("Peace and cohesion", "peace"),
    ("Police response times", "response_times"), ("Protection of children", "child_protection"),
    ("Land and boundaries", "land"), ("Disaster preparedness", "disasters"),
    ("Any other business", None),
)  # fmt: skip

FEEDBACK = (
    "The light at {place} was repaired; two of {n} matters of last month are closed.",
    "{office} told the meeting that patrols began and that {n} phones were recovered.",
    "The boundary matter was settled by the elders; both sides signed.",
    "Taa karibu na soko ilirekebishwa; masuala mawili ya mwezi uliopita yamefungwa.",
)

VENUES = (
    "Chief's office grounds", "Primary school field", "Social hall", "Under the tree at the market",
    "Dispensary grounds", "Community resource centre", "Sub-county boardroom",
)  # fmt: skip
