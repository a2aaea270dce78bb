"""The fields of a concern, block by block as the form shows them.

Laws:
  * No field holds a name, a phone number, an identity, a community or a belief of a person.
  * A survivor's form holds no narrative, no village, no exact day and no place. What is hidden
    may not be filled in either.
  * A restricted or complaining record holds no ward, village or place on the map.
  * Mediation is offered only where the category allows it.
"""

from __future__ import annotations

from fieldapp.domain.agencies import AGENCIES
from fieldapp.domain.categories import (
    CONFIDENTIAL_KEYS,
    MEDIATION_KEYS,
    RESTRICTED_KEYS,
    SURVIVOR_KEYS,
    TIP_KEYS,
    category_options,
)
from fieldapp.domain.choices import (
    ACTION_STATUS,
    AGE_BAND,
    BODIES,
    CONCERN_SOURCE,
    CONCERN_STATUS,
    CONSENT,
    RELATION,
    REPORT_PURPOSE,
    RESPONSE_QUALITY,
    RESPONSE_SOURCE,
    SEX,
    SUPPORT,
)
from fieldapp.domain.fields import FieldSpec, Kind, Option, is_not_true, is_true, unless, when
from fieldapp.domain.parties import SOURCE_CODE_PATTERN
from fieldapp.domain.taxonomy import CONTACTS, URGENCIES
from fieldapp.domain.text import Text

# Declarations are read as a table: what belongs together stays on one line.
# fmt: off

_NO_NAMES = Text("Do not write names.", "Usiandike majina.")
_NO_NAMES_SAID = Text("Do not say names. 60 seconds at most.",
    "Usitaje majina. Sekunde 60 tu.")
_NO_FACES = Text("Things and places only, no people's faces.",
    "Vitu na mahali tu, bila nyuso za watu.")
_TOLD = unless("category", *SURVIVOR_KEYS)
_WRITTEN = unless("category", *SURVIVOR_KEYS, *TIP_KEYS)
_PLACED = (unless("category", *RESTRICTED_KEYS), is_not_true("about_official"))
_SURVIVOR = (when("category", *SURVIVOR_KEYS),)
_TIP = (when("category", *TIP_KEYS),)
_COMPLAINT = (is_true("about_official"),)

WHAT = (
    FieldSpec("category", Kind.CHOICE, Text("Category", "Aina"), required=True,
        options=category_options(), list_column=True),
    FieldSpec("other_text", Kind.TEXT, Text("Other (specify)", "Nyingine (taja)"), required=True,
        visible_when=(when("category", "other"),)),
    FieldSpec("urgency", Kind.CHOICE, Text("Urgency", "Kiwango cha dharura"), options=URGENCIES,
        list_column=True),
    FieldSpec("danger_now", Kind.BOOLEAN,
        Text("Is anyone in danger now?", "Je, kuna mtu aliye hatarini sasa?"),
        help=Text("Call 999 or 112 first.", "Piga 999 au 112 kwanza.")),
    FieldSpec("confidential", Kind.BOOLEAN, Text("Treat as confidential", "Weka siri"),
        help=Text(
            "Only the location and the offices above will read it.",
            "Lokesheni na ofisi za juu pekee zitasoma.",
        ),
        visible_when=(
            unless("category", *RESTRICTED_KEYS, *CONFIDENTIAL_KEYS),
            is_not_true("about_official"),
        )),
    FieldSpec("about_official", Kind.BOOLEAN,
        Text("Is it about an official?", "Je, linahusu afisa wa serikali?"),
        help=Text(
            "Only the oversight desk above that official and the one at headquarters will read it. "
            "No chief, no commissioner's office and no other desk will, and your phone keeps only "
            "its number and day.",
            "Ni dawati la uangalizi lililo juu ya afisa huyo na lile la makao makuu pekee "
            "yatakayosoma. Chifu, ofisi ya kamishna na madawati mengine hayatasoma, na simu yako "
            "itabaki na nambari na siku pekee.",
        )),
    FieldSpec("accused_unit", Kind.UNIT,
        Text("Where does the official serve?", "Afisa huyo anahudumu wapi?"),
        help=Text(
            "The report goes past every office in which an officer of that unit sits.",
            "Ripoti itapita kando ya kila ofisi yenye afisa wa eneo hilo.",
        ),
        visible_when=_COMPLAINT),
    FieldSpec("accused_office", Kind.CHOICE, Text("Which office?", "Ofisi gani?"),
        options=(
            Option("police", Text("Police", "Polisi")),
            Option("administration", Text("National administration", "Utawala wa kitaifa")),
            Option("county", Text("County government", "Serikali ya kaunti")),
            Option("other", Text("Another office", "Ofisi nyingine")),
        ), visible_when=_COMPLAINT),
)

WHEN_WHERE = (
    FieldSpec("date", Kind.DATE, Text("When did it happen?", "Ilitokea lini?"),
        visible_when=(_TOLD,), latest_today=True, default="today", list_column=True),
    FieldSpec("time", Kind.TIME, Text("Time", "Saa"), visible_when=(_TOLD,)),
    FieldSpec("week_of", Kind.DATE, Text("In which week?", "Wiki gani?"),
        help=Text("The Monday of that week.", "Jumatatu ya wiki hiyo."), visible_when=_SURVIVOR,
        latest_today=True, week=True),
    FieldSpec("place", Kind.PLACE, Text("Place on the map", "Mahali kwenye ramani"),
        help=Text("Kept to about one kilometre.", "Huhifadhiwa kwa takriban kilomita moja."),
        visible_when=_PLACED, coarse=True),
    FieldSpec("ward", Kind.WARD, Text("Ward", "Wadi"), visible_when=_PLACED),
    FieldSpec("village", Kind.TEXT, Text("Village or estate", "Kijiji au mtaa"),
        visible_when=_PLACED),
    FieldSpec("landmark", Kind.TEXT, Text("Landmark", "Alama ya karibu"),
        help=Text("Never somebody's home.", "Kamwe si nyumbani kwa mtu."),
        visible_when=_PLACED),
)

STORY = (
    FieldSpec("narrative", Kind.LONG_TEXT, Text("What happened?", "Nini kilitokea?"),
        help=_NO_NAMES, visible_when=(_WRITTEN,), max_length=4_000),
    FieldSpec("animals", Kind.COUNT_MATRIX, Text("Animals taken", "Mifugo walioibiwa"),
        options=(
            Option("cattle", Text("Cattle", "Ng'ombe")),
            Option("goats_sheep", Text("Goats and sheep", "Mbuzi na kondoo")),
            Option("camels", Text("Camels", "Ngamia")),
            Option("donkeys", Text("Donkeys", "Punda")),
            Option("other_animals", Text("Other animals", "Wengine")),
        ), visible_when=(when("category", "stock_theft", "rustling"),)),
    FieldSpec("animal_marks", Kind.TEXT, Text("Marks and direction", "Alama na mwelekeo"),
        visible_when=(when("category", "stock_theft", "rustling"),)),
    FieldSpec("pictures", Kind.PHOTO, Text("Pictures", "Picha"), help=_NO_FACES,
        visible_when=(*_PLACED, _WRITTEN), max_items=3),
    FieldSpec("voice_note", Kind.AUDIO, Text("Voice note", "Ujumbe wa sauti"), help=_NO_NAMES_SAID,
        visible_when=(*_PLACED, _WRITTEN), max_items=1),
    FieldSpec("vehicle_plate", Kind.TEXT,
        Text("Plate or chassis number", "Nambari ya gari au chasisi"),
        visible_when=(when("category", "moto_theft"), is_true("confidential")), max_length=40),
)

DETAILS = (
    FieldSpec("source", Kind.CHOICE, Text("Person giving information", "Mtoa taarifa"),
        options=CONCERN_SOURCE, default="anonymous", visible_when=(_TOLD,)),
    FieldSpec("source_code", Kind.TEXT, Text("Call-back code", "Msimbo wa kupiga simu"),
        pattern=SOURCE_CODE_PATTERN, visible_when=(unless("source_code", None),)),
    FieldSpec("harm", Kind.COUNT_MATRIX, Text("People harmed", "Watu walioathirika"),
        options=(
            Option("killed", Text("Killed", "Waliouawa")),
            Option("injured", Text("Injured", "Waliojeruhiwa")),
            Option("displaced", Text("Displaced", "Waliohama")),
            Option("missing", Text("Missing", "Waliopotea")),
        ), visible_when=(_TOLD,)),
)

TIP = tuple(
    FieldSpec(name, Kind.TEXT, label, help=_NO_NAMES, visible_when=_TIP)
    for name, label in (
        ("tip_size", Text("How many?", "Wangapi?")),
        ("tip_activity", Text("What are they doing?", "Wanafanya nini?")),
        ("tip_location", Text("Where?", "Wapi?")),
        ("tip_uniform", Text("Clothes, signs, group", "Mavazi, alama, kundi")),
        ("tip_time", Text("When was it seen?", "Ilionekana lini?")),
        ("tip_equipment", Text("Vehicles, weapons, tools", "Magari, silaha, vifaa")),
    )
)

SURVIVOR = (
    FieldSpec(
        "survivor_sex", Kind.CHOICE, Text("Survivor's sex", "Jinsia ya manusura"),
        options=SEX, visible_when=_SURVIVOR,
    ),
    FieldSpec(
        "survivor_age", Kind.CHOICE, Text("Survivor's age", "Umri wa manusura"),
        options=AGE_BAND, visible_when=_SURVIVOR,
    ),
    FieldSpec("relation", Kind.CHOICE,
        Text("Who is said to be responsible?", "Anayedaiwa kuhusika ni nani?"), options=RELATION,
        visible_when=_SURVIVOR),
    FieldSpec(
        "services_offered", Kind.MULTI_CHOICE, Text("Services offered", "Huduma zilizotolewa"),
        options=SUPPORT, visible_when=_SURVIVOR,
    ),
    FieldSpec(
        "services_accepted", Kind.MULTI_CHOICE, Text("Services accepted", "Huduma zilizokubaliwa"),
        options=SUPPORT, visible_when=_SURVIVOR,
    ),
    FieldSpec("consent", Kind.CHOICE, Text("Did the person agree?", "Je, mhusika amekubali?"),
        options=CONSENT, visible_when=_SURVIVOR),
    FieldSpec("follow_up_ref", Kind.TEXT, Text("Follow-up reference", "Nambari ya ufuatiliaji"),
        help=Text("A code, never a name.", "Nambari, kamwe si jina."),
        pattern="[A-Z0-9][A-Z0-9/-]{2,19}", max_length=20, visible_when=_SURVIVOR),
)

REFERRAL = (
    FieldSpec(
        "told", Kind.MULTI_CHOICE, Text("Already told", "Waliojulishwa tayari"), options=CONTACTS
    ),
    FieldSpec(
        "referred_to", Kind.MULTI_CHOICE, Text("Referred to", "Ameelekezwa kwa"), options=AGENCIES
    ),
    FieldSpec("referral_note", Kind.TEXT, Text("Note on the referral", "Maelezo ya rufaa"),
        help=_NO_NAMES, visible_when=(_WRITTEN,)),
    FieldSpec("ob_number", Kind.TEXT, Text("OB number", "Nambari ya OB"),
        help=Text("For example 12/11/10/2018.", "Kwa mfano 12/11/10/2018."), max_length=30,
        visible_when=(_TOLD,)),
    FieldSpec("mediation", Kind.CHOICE, Text("Mediation", "Upatanisho"),
        options=(
            Option("offered", Text("Offered", "Umetolewa")),
            Option("ongoing", Text("Ongoing", "Unaendelea")),
            Option("agreed", Text("Agreement reached", "Makubaliano yamefikiwa")),
            Option("failed", Text("No agreement", "Hakuna makubaliano")),
            Option("declined", Text("Declined", "Umekataliwa")),
        ), visible_when=(when("category", *MEDIATION_KEYS), is_not_true("about_official"))),
)

_RESPONSE_LOG = FieldSpec(
    "response_log",
    Kind.GROUP,
    Text("Response of the police", "Hatua ya polisi"),
    visible_when=(_TOLD,),
    max_items=20,
    subfields=(
        FieldSpec(
            "reported_at", Kind.INSTANT, Text("Time reported", "Saa ya kuripoti"),
            required=True, latest_today=True,
        ),
        FieldSpec(
            "dispatched_at", Kind.INSTANT, Text("Time sent out", "Saa ya kutumwa"),
            latest_today=True,
        ),
        FieldSpec(
            "arrived_at", Kind.INSTANT, Text("Time of arrival", "Saa ya kufika"),
            latest_today=True,
        ),
        FieldSpec(
            "resolved_at", Kind.INSTANT, Text("Time resolved", "Saa ya kutatuliwa"),
            latest_today=True,
        ),
        FieldSpec("station", Kind.TEXT, Text("Police station", "Kituo cha polisi")),
        FieldSpec("source", Kind.CHOICE, Text("Source", "Chanzo"), options=RESPONSE_SOURCE),
        FieldSpec("quality", Kind.CHOICE, Text("Quality", "Ubora"), options=RESPONSE_QUALITY),
    ),
)

_ESCALATION = FieldSpec(
    "escalations",
    Kind.GROUP,
    Text("Escalation", "Kupeleka ngazi ya juu"),
    visible_when=(_TOLD,),
    max_items=20,
    subfields=(
        FieldSpec("to_body", Kind.CHOICE, Text("To", "Kwa"), required=True, options=BODIES),
        FieldSpec(
            "report_purpose", Kind.CHOICE, Text("Purpose", "Sababu"), required=True,
            options=REPORT_PURPOSE,
        ),
        FieldSpec("reason", Kind.TEXT, Text("Reason", "Sababu ya kupeleka"), help=_NO_NAMES),
        FieldSpec(
            "priority_rank", Kind.INTEGER, Text("Priority rank", "Nafasi ya kipaumbele"),
            min_value=1, max_value=100,
        ),
        FieldSpec("sent_on", Kind.DATE, Text("Sent on", "Ilitumwa"), latest_today=True),
        FieldSpec("received_on", Kind.DATE, Text("Received on", "Ilipokelewa"), latest_today=True),
        FieldSpec("decision", Kind.LONG_TEXT, Text("Decision", "Uamuzi"), max_length=1_000),
        FieldSpec("decided_on", Kind.DATE, Text("Decided on", "Iliamuliwa"), latest_today=True),
        FieldSpec(
            "feedback_on", Kind.DATE, Text("Feedback given on", "Mrejesho ulitolewa"),
            latest_today=True,
        ),
    ),
)

_ACTIONS = FieldSpec(
    "actions",
    Kind.GROUP,
    Text("Action taken", "Hatua iliyochukuliwa"),
    visible_when=(_TOLD,),
    subfields=(
        FieldSpec("text", Kind.TEXT, Text("Action", "Hatua"), required=True, help=_NO_NAMES),
        FieldSpec("responsible", Kind.TEXT, Text("Responsible office", "Ofisi inayohusika")),
        FieldSpec("due", Kind.DATE, Text("Due date", "Tarehe ya mwisho")),
        FieldSpec(
            "status", Kind.CHOICE, Text("Status", "Hali"), options=ACTION_STATUS,
            default="not_started",
        ),
        FieldSpec("done_on", Kind.DATE, Text("Completed on", "Ilikamilika"), latest_today=True),
    ),
)

FOLLOW_UP = (
    FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=CONCERN_STATUS,
        default="open", list_column=True),
    FieldSpec("closed_on", Kind.DATE, Text("Closed on", "Ilifungwa"), latest_today=True),
    FieldSpec("feedback", Kind.LONG_TEXT, Text("Feedback to the community", "Mrejesho kwa jamii"),
        help=Text("By area and category only.", "Kwa eneo na aina pekee."),
        visible_when=(_WRITTEN,), max_length=1_000),
    FieldSpec("from_meeting", Kind.LINK,
        Text("Raised in the meeting", "Lilitolewa katika mkutano"), visible_when=(_TOLD,),
        link_type="meeting"),
)

GROUPS = (_RESPONSE_LOG, _ESCALATION, _ACTIONS)
