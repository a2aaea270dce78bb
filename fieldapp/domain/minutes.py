"""The minutes of a meeting as blocks of words, in the layout that public bodies in Kenya use.

Laws:
  * Only what the record says is written: a part that was not filled in is left out, not invented.
  * Attendance is counts. Concerns are a number: no case is told, linked or named.
  * Exact places, evidence and every field about who may read stay out.
  * Days are dd/mm/yyyy and hours digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.fields import Fields, FieldSpec
from fieldapp.domain.meeting_choices import ATTENDANCE_CELLS
from fieldapp.domain.minutes_blocks import Block, Part, Signatures, Table, Title
from fieldapp.domain.quorum import BodyRule, quorum
from fieldapp.domain.record_types.meeting import MEETING, counts_of, is_estimate
from fieldapp.domain.rules import count, items_of
from fieldapp.domain.text import Text

# fmt: off
_TITLE = Text("MINUTES OF: {what}", "KUMBUKUMBU ZA: {what}")
_HELD = Text("Held on {day} at {venue}", "Tarehe {day}, mahali: {venue}")
_HOURS = Text("From {start} to {end}", "Kuanzia {start} hadi {end}")
_START = Text("From {start}", "Kuanzia {start}")
_WHERE = Text("Area: {place}", "Eneo: {place}")
_PRESENT = Text("PRESENT", "WALIOHUDHURIA")
_ESTIMATE = Text("an estimate", "makadirio")
_IN_OFFICE = Text("IN OFFICE", "VIONGOZI WA MKUTANO")
_APOLOGY = Text("ABSENT WITH APOLOGY", "WALIOKOSEKANA KWA UDHURU")
_ABSENT = Text("ABSENT WITHOUT APOLOGY", "WALIOKOSEKANA BILA UDHURU")
_ATTENDING = Text("IN ATTENDANCE", "WENGINE WALIOHUDHURIA")
_AGENDA = Text("AGENDA", "AJENDA")
_MIN = Text("MIN {number}: {what}", "KUMB. {number}: {what}")
_OPENING = Text("Preliminaries", "Utangulizi")
_CALLED = Text("The meeting was called to order at {start}.", "Mkutano ulifunguliwa saa {start}.")
_CALLED_BY = Text("Chaired by: {who}.", "Uliongozwa na: {who}.")
_QUORUM = Text("Members present: {here} of {all}. Quorum: {answer} ({needed} needed, {rule}).",
    "Wanachama waliohudhuria: {here} kati ya {all}. Akidi: {answer} "
    "(wanahitajika {needed}, {rule}).")
_YES, _NO = Text("yes", "imetimia"), Text("no", "haijatimia")
_PREVIOUS = Text("Confirmation of the previous minutes", "Kuthibitisha kumbukumbu zilizopita")
_CONFIRMED = Text("The previous minutes were confirmed.", "Kumbukumbu zilizopita zilithibitishwa.")
_ARISING = Text("Matters arising", "Yatokanayo")
_DISCUSSION = Text("Discussion", "Majadiliano")
_TOPICS = Text("Topics: {what}.", "Mada: {what}.")
_PRESENTED = Text("Presented by: {who}.", "Aliyewasilisha: {who}.")
_RESOLUTIONS = Text("Resolutions", "Maazimio")
_CONCERNS = Text("Concerns raised", "Masuala yaliyotolewa")
_CONCERNS_TOLD = Text(
    "Number of concerns raised: {count}. They are followed up apart and are not told here.",
    "Idadi ya masuala yaliyotolewa: {count}. Yanafuatiliwa kando na hayasimuliwi hapa.")
_FEEDBACK = Text("Feedback to the community", "Mrejesho kwa jamii")
_AOB = Text("Any other business", "Mengineyo")
_CLOSING = Text("Adjournment and next meeting", "Kufunga na mkutano ujao")
_CLOSED = Text("The meeting ended at {end}.", "Mkutano ulifungwa saa {end}.")
_NEXT = Text("Next meeting: {what}.", "Mkutano ujao: {what}.")
_SIGNED = Text("CONFIRMED AS A TRUE RECORD", "IMETHIBITISHWA KUWA KUMBUKUMBU ZA KWELI")
_CHAIR, _SECRETARY = Text("Chairperson", "Mwenyekiti"), Text("Secretary", "Katibu")
_DAY = Text("Date", "Tarehe")
_CONFIRMED_ON = Text("Confirmed on {day}{who}.", "Zilithibitishwa tarehe {day}{who}.")
_COLUMNS = (
    Text("No.", "Na."), Text("Resolution", "Azimio"), Text("Responsible", "Mhusika"),
    Text("Due", "Tarehe"), Text("Status", "Hali"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Named:
    """Names that the record itself holds only as ids."""

    place: str
    body: str = ""
    ward: str = ""
    rule: BodyRule = field(default_factory=BodyRule)


def minutes(fields: Fields, named: Named, language: str) -> tuple[Block, ...]:
    """Write the minutes of a meeting's document."""
    return tuple(_Writer(fields, named, language).blocks())


def written_day(iso: object) -> str:
    """Return a day as dd/mm/yyyy."""
    return "/".join(reversed(str(iso).split("-"))) if iso else ""


class _Writer:
    """One document in one language."""

    def __init__(self, fields: Fields, named: Named, language: str) -> None:
        self._fields = fields
        self._named = named
        self._language = language
        self._number = 0

    def blocks(self) -> Iterator[Block]:
        """Give every part that the document fills, in the order of the minutes."""
        yield self._title()
        yield from self._people()
        if agenda := [str(item.get("title") or "-") for _, item in self._items("agenda")]:
            yield Part(self._say(_AGENDA), tuple(agenda), is_list=True)
        yield from self._opening()
        yield from self._arising()
        yield from self._discussion()
        yield from self._resolutions()
        yield from self._rest()
        yield self._signatures()

    # ------------------------------------------------------------------ words

    def _say(self, text: Text, **params: object) -> str:
        return text.in_language(self._language).format(**params)

    def _get(self, name: str) -> str:
        value = self._fields.get(name)
        return value.strip() if isinstance(value, str) else ""

    def _items(self, group: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return items_of(self._fields, group)

    def _label(self, name: str, key: object) -> str:
        spec = MEETING.field(name)
        return self._option(spec, key) if spec else str(key)

    def _option(self, spec: FieldSpec, key: object) -> str:
        option = spec.option(str(key))
        return self._say(option.label) if option else str(key)

    def _sub(self, group: str, name: str, item: Mapping[str, Any]) -> str:
        spec = MEETING.spec_at(f"{group}/x/{name}")
        key = item.get(name)
        return self._option(spec, key) if spec is not None and key else ""

    def _next_part(self, heading: Text | str, lines: Sequence[str]) -> Iterator[Part]:
        """A numbered minute, unless there is nothing to say in it."""
        told = tuple(line for line in lines if line)
        if told:
            self._number += 1
            what = heading if isinstance(heading, str) else self._say(heading)
            yield Part(self._say(_MIN, number=self._number, what=what), told)

    # ------------------------------------------------------------------ parts

    def _title(self) -> Title:
        fields = self._fields
        kind = self._label("meeting_type", fields.get("meeting_type"))
        names = (kind, self._named.body or self._get("body_name"), self._get("title"))
        what = " - ".join(name for name in names if name).upper()
        start, end = self._get("start_time"), self._get("end_time")
        day = written_day(fields.get("date"))
        if last := written_day(fields.get("end_date")):
            day = f"{day} - {last}"
        lines = [self._say(_HELD, day=day, venue=self._get("venue"))]
        if start:
            lines.append(self._say(_HOURS if end else _START, start=start, end=end))
        parts = dict.fromkeys(
            p for p in (self._get("village"), self._named.ward, self._named.place) if p
        )
        lines.append(self._say(_WHERE, place=", ".join(parts)))
        return Title(self._say(_TITLE, what=what), tuple(lines))

    def _people(self) -> Iterator[Block]:
        offices = ("convener", "led_by", "chair", "secretary", "invited_by", "supported_by",
            "funder", "programme")  # fmt: skip
        lines = [f"{self._spoken(name)}: {self._get(name)}" for name in offices if self._get(name)]
        lines += [self._facilitator(item) for _, item in self._items("facilitators")]
        if lines:
            yield Part(self._say(_IN_OFFICE), tuple(lines))
        yield Part(self._say(_PRESENT), tuple(self._present()) or ("-",))
        for heading, name in ((_APOLOGY, "apologies"), (_ABSENT, "absent")):
            number = count(self._fields.get(name))
            if number is not None:
                yield Part(self._say(heading), (str(number),))
        if agencies := self._agencies():
            yield Part(self._say(_ATTENDING), (", ".join(agencies) + ".",))

    def _spoken(self, name: str) -> str:
        spec = MEETING.field(name)
        return self._say(spec.label) if spec else name

    def _facilitator(self, item: Mapping[str, Any]) -> str:
        parts = (item.get("name"), item.get("role"), item.get("organisation"))
        return f"{self._spoken('facilitators')}: " + ", ".join(str(p) for p in parts if p)

    def _present(self) -> Iterator[str]:
        counts = counts_of(self._fields)
        cells = [(o, counts[o.key]) for o in ATTENDANCE_CELLS if o.key in counts]
        if cells:
            told = ", ".join(f"{self._say(option.label)}: {n}" for option, n in cells)
            note = f" ({self._say(_ESTIMATE)})" if is_estimate(self._fields) else ""
            yield f"{told}{note}."
        met = quorum(self._fields, self._named.rule)
        if met.is_met is not None:
            numbers = {"here": met.here, "all": met.members, "needed": met.needed}
            answer = self._say(_YES if met.is_met else _NO)
            yield self._say(_QUORUM, answer=answer, rule=self._say(met.by.label).lower(), **numbers)
        for group in ("attendance_by", "parties"):
            for _, item in self._items(group):
                yield self._group(group, item)

    def _group(self, group: str, item: Mapping[str, Any]) -> str:
        name = self._sub(group, "group", item)
        if item.get("side"):
            name = f"{name} ({item['side']})"
        cells = (("female", item.get("female")), ("male", item.get("male")))
        labels = {option.key: self._say(option.label) for option in ATTENDANCE_CELLS}
        told = ", ".join(f"{labels[key]} {n}" for key, n in cells if n is not None)
        return f"{name}: {told or '-'}"

    def _agencies(self) -> list[str]:
        keys = self._fields.get("agencies")
        told = [self._label("agencies", key) for key in keys] if isinstance(keys, list) else []
        return [*told, self._get("agencies_other")] if self._get("agencies_other") else told

    def _opening(self) -> Iterator[Block]:
        start, chair = self._get("start_time"), self._get("chair") or self._get("led_by")
        yield from self._next_part(
            _OPENING,
            [
                self._say(_CALLED, start=start) if start else "",
                self._say(_CALLED_BY, who=chair) if chair else "",
                self._get("aims"),
            ],
        )
        if self._fields.get("previous_confirmed") is True:
            yield from self._next_part(_PREVIOUS, [self._say(_CONFIRMED)])

    def _arising(self) -> Iterator[Block]:
        lines = [
            " - ".join(
                part
                for part in (
                    str(item.get("text", "")),
                    self._sub("matters_arising", "status", item),
                    written_day(item.get("due")),
                    str(item.get("progress") or ""),
                )
                if part
            )
            for _, item in self._items("matters_arising")
        ]
        yield from self._next_part(_ARISING, lines)

    def _discussion(self) -> Iterator[Block]:
        for _, item in self._items("agenda"):
            presenter = item.get("presenter")
            lines = [
                self._say(_PRESENTED, who=presenter) if presenter else "",
                str(item.get("notes") or "-"),
            ]
            yield from self._next_part(str(item.get("title") or "-"), lines)
        keys = self._fields.get("topics")
        topics = [self._label("topics", key) for key in keys] if isinstance(keys, list) else []
        told = self._say(_TOPICS, what=", ".join(topics)) if topics else ""
        yield from self._next_part(_DISCUSSION, [told, self._get("discussion")])

    def _resolutions(self) -> Iterator[Block]:
        rows = tuple(
            (
                str(item.get("number") or place),
                str(item.get("text", "")),
                " / ".join(
                    part
                    for part in (
                        str(item.get("responsible") or ""),
                        self._sub("resolutions", "agency", item),
                    )
                    if part
                ),
                written_day(item.get("due")),
                self._sub("resolutions", "status", item),
            )
            for place, (_, item) in enumerate(self._items("resolutions"), start=1)
        )
        if rows:
            self._number += 1
            what = self._say(_RESOLUTIONS)
            yield Part(self._say(_MIN, number=self._number, what=what), ())
            yield Table(tuple(self._say(column) for column in _COLUMNS), rows)

    def _rest(self) -> Iterator[Block]:
        linked = self._fields.get("concerns")
        raised = len(linked) if isinstance(linked, list) else 0
        raised += count(self._fields.get("concerns_more")) or 0
        if raised:
            yield from self._next_part(_CONCERNS, [self._say(_CONCERNS_TOLD, count=raised)])
        yield from self._next_part(_FEEDBACK, [self._get("feedback")])
        yield from self._next_part(_AOB, [self._get("aob")])
        end, following = self._get("end_time"), written_day(self._fields.get("next_date"))
        what = ", ".join(part for part in (following, self._get("next_venue")) if part)
        yield from self._next_part(
            _CLOSING,
            [
                self._say(_CLOSED, end=end) if end else "",
                self._say(_NEXT, what=what) if what else "",
            ],
        )

    def _signatures(self) -> Signatures:
        named = ((_CHAIR, self._get("chair")), (_SECRETARY, self._get("secretary")))
        roles = tuple(
            f"{self._say(role)} ({who})" if who else self._say(role) for role, who in named
        )
        note = ""
        if day := written_day(self._fields.get("confirmed_on")):
            who = self._get("confirmed_by")
            note = self._say(_CONFIRMED_ON, day=day, who=f", {who}" if who else "")
        return Signatures(self._say(_SIGNED), roles, self._say(_DAY), note)
