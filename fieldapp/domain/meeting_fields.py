"""The fields of a meeting, block by block as the form shows them.

Laws:
  * Attendance is counted, never listed: no resident is named. Holders of public office and
    facilitators may be, because they are the minutes' content.
  * Concerns are linked or counted; a case is never told here, and nobody's source appears.
  * Overdue, quorum, estimate and shares are computed from these fields, never stored.
"""

from __future__ import annotations

from fieldapp.domain.agencies import AGENCIES, PEOPLE
from fieldapp.domain.choices import ACTION_STATUS, PRIORITY
from fieldapp.domain.fields import FieldSpec, Kind, Option, unless, when
from fieldapp.domain.meeting_choices import (
    ATTENDANCE_CELLS,
    BARAZA_KINDS,
    CLASSIFICATION,
    COMMITTEE_KINDS,
    EVENT_KINDS,
    LANGUAGES,
    MEETING_TYPES,
    PARTIES,
    PARTY_KINDS,
    PLAIN_KINDS,
    TOPICS,
)
from fieldapp.domain.text import Text

# Declarations are read as a table: what belongs together stays on one line.
# fmt: off

_COMMITTEE = (when("meeting_type", *COMMITTEE_KINDS),)
_OF_A_BODY = (unless("meeting_type", *BARAZA_KINDS),)
_OF_A_LISTED_BODY = (unless("meeting_type", *BARAZA_KINDS, *EVENT_KINDS),)
_ORGANISED = (unless("meeting_type", *PLAIN_KINDS),)
_OF_PARTIES = (when("meeting_type", *PARTY_KINDS),)
_OFFICE_ONLY = Text("The office, or the holder of a public office.",
    "Ofisi, au anayeshikilia ofisi ya umma.")
_BY_PLACE = Text("By place or interest, never by community; no names.",
    "Kwa eneo au maslahi, kamwe si kwa kabila; bila majina.")
_NO_NAMES = Text("Do not write names of residents.", "Usiandike majina ya wakazi.")

WHAT = (
    FieldSpec("meeting_type", Kind.CHOICE, Text("Kind of meeting", "Aina ya mkutano"),
        required=True, options=MEETING_TYPES, list_column=True),
    FieldSpec("title", Kind.TEXT, Text("Title", "Kichwa"), list_column=True),
    FieldSpec("theme", Kind.TEXT, Text("Theme", "Maudhui")),
    FieldSpec("aims", Kind.LONG_TEXT, Text("Aims", "Malengo"), max_length=2_000),
    FieldSpec("body", Kind.LINK, Text("Committee or forum", "Kamati au jukwaa"),
        link_type="body", visible_when=_OF_A_LISTED_BODY,
        help=Text("The body that met, from your list.", "Kamati iliyokutana, kwenye orodha.")),
    FieldSpec("body_name", Kind.TEXT, Text("Its name, if not listed", "Jina, kama haimo orodhani"),
        visible_when=_OF_A_BODY),
    FieldSpec("classification", Kind.CHOICE, Text("Who may read it", "Anayeweza kusoma"),
        options=CLASSIFICATION, default="open",
        help=Text("Restricted is for county security and election security meetings only.",
            "Kuzuia ni kwa mikutano ya usalama ya kaunti na ya uchaguzi pekee.")),
)

WHEN_WHERE = (
    FieldSpec("date", Kind.DATE, Text("Date", "Tarehe"), required=True, latest_today=True,
        default="today", list_column=True),
    FieldSpec("end_date", Kind.DATE, Text("Last day", "Siku ya mwisho"), latest_today=True,
        help=Text("Only if it took more than one day.", "Ikiwa ulichukua zaidi ya siku moja.")),
    FieldSpec("start_time", Kind.TIME, Text("Start time", "Saa ya kuanza")),
    FieldSpec("end_time", Kind.TIME, Text("End time", "Saa ya kumaliza")),
    FieldSpec("venue", Kind.TEXT, Text("Venue", "Mahali pa mkutano"), required=True,
        help=Text("Never somebody's home.", "Kamwe si nyumbani kwa mtu."), list_column=True),
    FieldSpec("ward", Kind.WARD, Text("Ward", "Wadi")),
    FieldSpec("village", Kind.TEXT, Text("Village or estate", "Kijiji au mtaa")),
    FieldSpec("place", Kind.PLACE, Text("Place on the map", "Mahali kwenye ramani"), coarse=True,
        help=Text("Kept to about one kilometre.", "Huhifadhiwa kwa takriban kilomita moja.")),
    FieldSpec("areas", Kind.UNIT, Text("Areas covered", "Maeneo yaliyohusika"), multiple=True),
    FieldSpec("languages", Kind.MULTI_CHOICE, Text("Languages used", "Lugha zilizotumika"),
        options=LANGUAGES),
)

PEOPLE_IN_CHARGE = (
    FieldSpec("convener", Kind.TEXT, Text("Convened by", "Aliyeitisha"), help=_OFFICE_ONLY),
    FieldSpec("led_by", Kind.TEXT, Text("Led by", "Aliyeongoza"), help=_OFFICE_ONLY),
    FieldSpec("chair", Kind.TEXT, Text("Chairperson", "Mwenyekiti"), help=_OFFICE_ONLY),
    FieldSpec("chair_kind", Kind.CHOICE, Text("The chairperson is", "Mwenyekiti ni"),
        options=(
            Option("civilian", Text("A civilian", "Raia")),
            Option("police", Text("A police officer", "Afisa wa polisi")),
            Option("administration", Text("An administrator", "Afisa wa utawala")),
        ), visible_when=_COMMITTEE),
    FieldSpec("secretary", Kind.TEXT, Text("Secretary", "Katibu"), help=_OFFICE_ONLY),
    FieldSpec("invited_by", Kind.TEXT, Text("Invited by", "Aliyealika"), help=_OFFICE_ONLY),
    FieldSpec("supported_by", Kind.TEXT, Text("Supported by", "Kwa usaidizi wa"),
        visible_when=_ORGANISED),
    FieldSpec("funder", Kind.TEXT, Text("Funder", "Mfadhili"),
        visible_when=_ORGANISED),
    FieldSpec("programme", Kind.TEXT, Text("Programme", "Mpango"),
        visible_when=_ORGANISED),
    FieldSpec("programme_areas", Kind.UNIT,
        Text("Counties of the programme", "Kaunti za mpango"), multiple=True,
        visible_when=_ORGANISED),
    FieldSpec("facilitators", Kind.GROUP, Text("Facilitators", "Wawezeshaji"),
        one=Text("Facilitator", "Mwezeshaji"), max_items=20,
        may_name=True, visible_when=_ORGANISED,
        subfields=(
            FieldSpec("role", Kind.TEXT, Text("Role", "Wadhifa"), required=True),
            FieldSpec("name", Kind.TEXT, Text("Name", "Jina")),
            FieldSpec("organisation", Kind.TEXT, Text("Organisation", "Shirika")),
        )),
    FieldSpec("partners", Kind.GROUP, Text("Partner organisations", "Mashirika washirika"),
        one=Text("Partner organisation", "Shirika mshirika"),
        max_items=20, visible_when=_ORGANISED, subfields=(
            FieldSpec("name", Kind.TEXT, Text("Organisation", "Shirika"), required=True),
            FieldSpec("contribution", Kind.TEXT, Text("Contribution", "Mchango")),
        )),
)

ATTENDANCE = (
    FieldSpec("attendance", Kind.COUNT_MATRIX, Text("Attendance", "Mahudhurio"),
        options=ATTENDANCE_CELLS, list_column=True,
        help=Text("The total alone is enough; it then counts as an estimate.",
            "Jumla pekee inatosha; basi huhesabiwa kama makadirio.")),
    FieldSpec("attendance_by", Kind.GROUP,
        Text("Attendance by group", "Mahudhurio kwa makundi"),
        one=Text("Group", "Kundi"), max_items=60, subfields=(
            FieldSpec("group", Kind.CHOICE, Text("Group", "Kundi"), required=True,
                options=(*PEOPLE, *(Option(f"ag_{a.key}", a.label) for a in AGENCIES))),
            FieldSpec("female", Kind.INTEGER, Text("Female", "Wanawake")),
            FieldSpec("male", Kind.INTEGER, Text("Male", "Wanaume")),
        )),
    FieldSpec("agencies", Kind.MULTI_CHOICE, Text("Agencies present", "Taasisi zilizohudhuria"),
        options=AGENCIES),
    FieldSpec("agencies_other", Kind.TEXT, Text("Other agencies", "Taasisi nyingine"),
        max_length=400),
    FieldSpec("members_total", Kind.INTEGER, Text("Members in all", "Wanachama wote"),
        min_value=1, visible_when=_COMMITTEE),
    FieldSpec("members_present", Kind.INTEGER, Text("Members present", "Wanachama waliohudhuria"),
        visible_when=_COMMITTEE),
    FieldSpec("apologies", Kind.INTEGER, Text("Absent with apology", "Waliotuma udhuru"),
        visible_when=_COMMITTEE),
    FieldSpec("absent", Kind.INTEGER, Text("Absent", "Waliokosekana"), visible_when=_COMMITTEE),
    FieldSpec("parties", Kind.GROUP, Text("Parties, by group", "Pande husika, kwa makundi"),
        one=Text("Party", "Upande"),
        max_items=20, visible_when=_OF_PARTIES, help=_BY_PLACE, subfields=(
            FieldSpec("group", Kind.CHOICE, Text("Group", "Kundi"), required=True,
                options=PARTIES),
            FieldSpec("side", Kind.TEXT, Text("Which one", "Lipi"), help=_BY_PLACE),
            FieldSpec("female", Kind.INTEGER, Text("Female", "Wanawake")),
            FieldSpec("male", Kind.INTEGER, Text("Male", "Wanaume")),
        )),
    FieldSpec("attachments", Kind.PHOTO,
        Text("Photo of the attendance sheet or flip chart",
            "Picha ya orodha ya mahudhurio au chati"),
        help=Text("Sensitive: only the offices that read this record see it. It is erased later.",
            "Ni nyeti: ofisi zinazosoma rekodi hii tu zitaiona. Itafutwa baadaye."), max_items=3,
        kept_days=7),
)

MINUTES = (
    FieldSpec("previous_confirmed", Kind.BOOLEAN,
        Text("Previous minutes confirmed", "Kumbukumbu zilizopita zimethibitishwa"),
        visible_when=_COMMITTEE),
    FieldSpec("agenda", Kind.GROUP, Text("Agenda", "Ajenda"),
        one=Text("Agenda item", "Jambo la ajenda"), max_items=40, subfields=(
        FieldSpec("title", Kind.TEXT, Text("Item", "Jambo"), required=True),
        FieldSpec("topic", Kind.CHOICE, Text("Topic", "Mada"), options=TOPICS),
        FieldSpec("presenter", Kind.TEXT, Text("Presented by", "Aliyewasilisha"),
            help=_OFFICE_ONLY),
        FieldSpec("notes", Kind.LONG_TEXT, Text("Discussion", "Majadiliano"), help=_NO_NAMES,
            max_length=4_000),
    )),
    FieldSpec("topics", Kind.MULTI_CHOICE, Text("Topics", "Mada"), options=TOPICS),
    FieldSpec("discussion", Kind.LONG_TEXT, Text("Discussion", "Majadiliano"), help=_NO_NAMES),
    FieldSpec("concerns", Kind.LINK, Text("Concerns raised", "Masuala yaliyotolewa"),
        multiple=True, link_type="concern",
        help=Text("Link records you have; never tell a case here.",
            "Unganisha rekodi ulizo nazo; usisimulie kesi hapa.")),
    FieldSpec("concerns_more", Kind.INTEGER,
        Text("Other concerns, number", "Masuala mengine, idadi"),
        help=Text("Raised, but without a record of their own.",
            "Yaliyotolewa bila rekodi yao.")),
    FieldSpec("referrals_made", Kind.INTEGER, Text("Referrals made", "Rufaa zilizofanywa"),
        help=Text("The number only; cases are never discussed here.",
            "Idadi tu; kesi hazijadiliwi hapa.")),
    FieldSpec("aob", Kind.LONG_TEXT, Text("Any other business", "Mengineyo"), max_length=2_000),
)

_OUTCOME = (
    FieldSpec("status", Kind.CHOICE, Text("Status", "Hali"), options=ACTION_STATUS,
        default="not_started"),
    FieldSpec("progress", Kind.LONG_TEXT, Text("Progress", "Maendeleo"), max_length=1_000),
)

RESOLUTIONS = (
    FieldSpec("resolutions", Kind.GROUP, Text("Resolutions", "Maazimio"),
        one=Text("Resolution", "Azimio"), max_items=60,
        subfields=(
            FieldSpec("text", Kind.LONG_TEXT, Text("Resolution", "Azimio"), required=True,
                max_length=1_000),
            FieldSpec("responsible", Kind.TEXT,
                Text("Person responsible", "Mhusika anayewajibika"), help=_OFFICE_ONLY),
            FieldSpec("due", Kind.DATE, Text("Due date", "Tarehe ya mwisho")),
            FieldSpec("agency", Kind.CHOICE, Text("Agency", "Taasisi"), options=AGENCIES),
            FieldSpec("priority", Kind.CHOICE, Text("Priority", "Kipaumbele"), options=PRIORITY),
            *_OUTCOME,
            FieldSpec("indicator", Kind.TEXT, Text("Indicator", "Kiashiria")),
            FieldSpec("baseline", Kind.TEXT, Text("Baseline", "Hali ya mwanzo"), max_length=60),
            FieldSpec("target", Kind.TEXT, Text("Target", "Lengo la kufikiwa"), max_length=60),
            FieldSpec("evidence", Kind.TEXT, Text("Evidence", "Uthibitisho")),
            FieldSpec("closed_on", Kind.DATE, Text("Closed on", "Ilifungwa"), latest_today=True),
            FieldSpec("number", Kind.INTEGER, Text("Number", "Nambari"), min_value=1,
                max_value=999),
        )),
    FieldSpec("matters_arising", Kind.GROUP, Text("Matters arising", "Yatokanayo"),
        one=Text("Matter arising", "Jambo linalotokana"), max_items=60,
        subfields=(
            FieldSpec("text", Kind.LONG_TEXT, Text("Matter", "Jambo"), required=True,
                max_length=1_000),
            FieldSpec("meeting", Kind.LINK, Text("From the meeting", "Kutoka mkutano"),
                link_type="meeting"),
            FieldSpec("resolution", Kind.TEXT, Text("Resolution", "Azimio"),
                pattern="[0-9a-hjkmnp-tv-z]{8}", max_length=8),
            FieldSpec("due", Kind.DATE, Text("Due date", "Tarehe ya mwisho")),
            *_OUTCOME,
        )),
    FieldSpec("feedback", Kind.LONG_TEXT, Text("Feedback to the community", "Mrejesho kwa jamii"),
        max_length=4_000,
        help=Text("What became of the matters raised last time.",
            "Yaliyofanyika kuhusu masuala ya mkutano uliopita.")),
)

NEXT = (
    FieldSpec("next_date", Kind.DATE, Text("Next meeting", "Mkutano ujao")),
    FieldSpec("next_venue", Kind.TEXT, Text("Next venue", "Mahali pa mkutano ujao")),
    FieldSpec("linked_plan", Kind.TEXT,
        Text("County Action Plan", "Mpango wa Utekelezaji wa Kaunti (CAP)")),
    FieldSpec("linked_activity", Kind.TEXT, Text("Activity of the plan", "Shughuli ya mpango")),
    FieldSpec("confirmed_on", Kind.DATE,
        Text("Minutes confirmed on", "Kumbukumbu zilithibitishwa"), latest_today=True),
    FieldSpec("confirmed_by", Kind.TEXT,
        Text("Confirmed by", "Aliyethibitisha"), help=_OFFICE_ONLY),
)
