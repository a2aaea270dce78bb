"""The five pages of a meeting's form, and which of its fields stand on each.

Laws:
  * Five pages at most, in the order in which a meeting runs; what is open from last time comes
    before what is new.
  * Within a page the fields that every kind needs come first: a form shows the first few at once.
"""

from __future__ import annotations

from fieldapp.domain.fields import Section
from fieldapp.domain.text import Text

PAGES = (
    Section(
        "where",
        Text("What and where", "Nini na wapi"),
        (
            "meeting_type", "date", "venue", "title", "body", "start_time", "end_time", "ward",
            "village", "areas", "languages", "body_name", "theme", "aims", "end_date", "place",
        ),
        Text("The kind of meeting decides what is asked on the next pages.",
            "Aina ya mkutano huamua yatakayoulizwa kwenye kurasa zinazofuata."),
    ),
    Section(
        "attendance",
        Text("Attendance", "Mahudhurio"),
        (
            "members_total", "members_present", "apologies", "absent", "attendance",
            "attachments", "parties", "attendance_by", "agencies", "agencies_other",
        ),
        Text("People are counted; nobody is named.", "Watu huhesabiwa; hakuna anayetajwa jina."),
    ),
    Section(
        "agenda",
        Text("Agenda and resolutions", "Ajenda na maazimio"),
        (
            "matters_arising", "agenda", "topics", "discussion", "resolutions",
            "previous_confirmed", "aob",
        ),
        Text("First what was resolved last time, then today.",
            "Kwanza maazimio ya mkutano uliopita, kisha ya leo."),
    ),
    Section(
        "concerns",
        Text("Concerns and feedback", "Masuala na mrejesho"),
        ("concerns", "concerns_more", "referrals_made", "feedback"),
        Text("Link or count what was raised. No case is told here.",
            "Unganisha au hesabu yaliyotolewa. Hakuna kesi inayosimuliwa hapa."),
    ),
    Section(
        "next",
        Text("People and next steps", "Wahusika na hatua zijazo"),
        (
            "convener", "facilitators", "funder", "programme", "supported_by", "chair",
            "secretary", "next_date", "next_venue", "chair_kind", "led_by", "invited_by",
            "partners", "programme_areas", "linked_plan", "linked_activity", "classification",
            "confirmed_on", "confirmed_by",
        ),
        Text("Offices, and holders of a public office, may be named.",
            "Ofisi na wenye ofisi za umma wanaweza kutajwa."),
    ),
)  # fmt: skip
