"""Drafts and records in memory, checked by the real declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fieldapp.domain.actions import Action
from fieldapp.domain.carry_over import LastTime, is_same_series, taken_over
from fieldapp.domain.categories.search import often_first
from fieldapp.domain.clock import kenya_date
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.gazetteer import parse
from fieldapp.domain.link_tiers import link_refusal
from fieldapp.domain.offices import office_label
from fieldapp.domain.quorum import BodyRule, rule_of
from fieldapp.domain.record_type import Facts, RecordType, Remark
from fieldapp.domain.record_types import record_type, record_types
from fieldapp.domain.rights import may
from fieldapp.domain.routing import routed
from fieldapp.domain.text import Text
from fieldapp.domain.validation import check, defaults, tidy
from fieldapp.errors import LockedError, NoRightError, UnknownRecordError
from fieldapp.i18n.assets import UNITS, asset_text
from fieldapp.protocol.ids import UnitId
from fieldapp.services.raising import Edited
from fieldapp.services.views import (
    DraftView,
    FieldChange,
    HistoryItem,
    HomeState,
    PendingSeal,
    RecordRow,
    RecordView,
    SummaryLine,
    Tick,
    UnitRow,
)
from tests.support.fake_world import (
    DAY,
    Held,
    World,
)


class FakeRecords:
    """Drafts and records."""

    def __init__(self, world: World) -> None:
        self._world = world

    def types(self) -> Sequence[RecordType]:
        role = self._world.officer.role
        return tuple(
            declared
            for declared in record_types()
            if declared.is_listed and may(role, declared.key, Action.CREATE)
        )

    def new_draft(
        self, type_key: str, unit: str | None = None, fields: Mapping[str, Any] | None = None
    ) -> DraftView:
        world = self._world
        preset = {**defaults(type_key, kenya_date(world.now_ms)), **(fields or {})}
        draft = DraftView(
            world.new_id("d"), type_key, unit or world.officer.unit, preset, world.now_ms
        )
        world.drafts[draft.id] = draft
        return draft

    def last_time(self, unit: str, fields: Mapping[str, Any]) -> LastTime | None:
        found = [
            LastTime(held.id, str(held.fields["date"]), taken_over(held.fields, held.id.zfill(26)))
            for held in self._world.records.values()
            if (held.type, held.unit) == ("meeting", unit) and is_same_series(fields, held.fields)
        ]
        return max(found, key=lambda last: last.day, default=None)

    def save_draft(
        self,
        draft_id: str,
        fields: Mapping[str, Any],
        unit: str | None = None,
        section: str | None = None,
    ) -> DraftView:
        world = self._world
        if world.state is not HomeState.UNLOCKED:
            raise LockedError
        draft = self.draft(draft_id)
        world.saves.append((draft_id, dict(fields)))
        page = draft.section if section is None else section
        unit = unit or draft.unit
        return self._keep(replace(draft, fields=dict(fields), unit=unit, section=page))

    def _keep(self, draft: DraftView) -> DraftView:
        world = self._world
        is_restricted = record_type(draft.type).tier(draft.fields) == "restricted"
        kept = replace(draft, kept_until_ms=world.now_ms + 14 * DAY if is_restricted else None)
        world.drafts[draft.id] = kept
        return kept

    def save_amendment(
        self, record: RecordView, fields: Mapping[str, Any], reason: str
    ) -> DraftView:
        begun = self.amendment(record) or DraftView(
            self._world.new_id("a"), record.type, record.unit, {}, self._world.now_ms,
            amends=record.id,
        )  # fmt: skip
        return self._keep(
            replace(begun, fields=dict(fields), reason=reason, base=dict(record.fields))
        )

    def amendment(self, record: RecordView) -> DraftView | None:
        drafts = self._world.drafts.values()
        return next((draft for draft in drafts if draft.amends == record.id), None)

    def draft(self, draft_id: str) -> DraftView:
        if draft_id not in self._world.drafts:
            raise UnknownRecordError
        return self._world.drafts[draft_id]

    def drafts(self) -> Sequence[DraftView]:
        return list(reversed(self._world.drafts.values()))

    def discard_draft(self, draft_id: str) -> None:
        self._world.drafts.pop(draft_id, None)

    def check(self, draft_id: str) -> Sequence[FieldProblem]:
        draft = self.draft(draft_id)
        today = kenya_date(self._world.now_ms)
        unit, fields = tidy(draft.type, UnitId(draft.unit), dict(draft.fields))
        return check(draft.type, unit, fields, today=today)

    def review(self, draft_id: str) -> PendingSeal:
        draft = self.draft(draft_id)
        declared = record_type(draft.type)
        if draft.type == "notice" and draft.unit not in self._world.offices_of_all:
            raise NoRightError("no_office_of_all", unit=draft.unit)
        lines = [
            SummaryLine(Text("Area", "Eneo"), self._world.unit_name(draft.unit)),
            SummaryLine(declared.label, declared.title(draft.fields).en),
            SummaryLine(Text("Date", "Tarehe"), str(draft.fields.get("date", ""))),
        ]
        tier = declared.tier(draft.fields)
        readers = [
            office_label("admin", "location", "Mkomani"),
            office_label("admin", "sub_county", "Lamu West"),
            office_label("admin", "republic", "Kenya"),
        ]
        if tier == "restricted":
            readers = [office_label("gender", "republic", "Kenya")]
        return PendingSeal(draft_id, lines, tier, readers)

    def seal(self, draft_id: str) -> str:
        draft = self._world.drafts.pop(draft_id)
        return self._world.hold(draft.type, draft.unit, dict(draft.fields)).id

    def change(
        self,
        record_id: str,
        changes: Mapping[str, Any],
        reason: str = "",
        *,
        whole: Mapping[str, Any] | None = None,
    ) -> Edited:
        record = self._world.records[record_id]
        changes = whole or {**record.fields, **changes}
        declared = record_type(record.type)
        if declared.tier(changes) != declared.tier(record.fields):
            raised = self._world.hold(record.type, record.unit, dict(changes))
            had_read = [office_label("admin", "sub_county", "Lamu West")]
            return Edited(raised.id, "sealed", record_id, had_read if record.tick == "hq" else ())
        changed = [
            FieldChange(name, spec.label, record.fields.get(name), value)
            for name, value in changes.items()
            if record.fields.get(name) != value and (spec := declared.field(name)) is not None
        ]
        record.fields = dict(changes)
        record.tick = "phone"
        record.history.append(
            HistoryItem(
                self._world.now_ms, self._world.officer.name, "changed", changed, reason,
                clock_unsure=False,
            )
        )  # fmt: skip
        return Edited(record_id, "sealed")

    def find(
        self,
        text: str = "",
        type_key: str | None = None,
        unit: str | None = None,
        state: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[Sequence[RecordRow], int]:
        del unit
        rows = [self._draft_row(draft) for draft in self.drafts()]
        rows += [
            self._row(record)
            for record in sorted(self._world.records.values(), key=lambda r: -r.at_ms)
        ]
        found = [
            row
            for row in rows
            if (type_key in {None, row.type}) and _is_in(row, state) and _matches(row, text)
        ]
        return found[offset : offset + limit], len(found)

    def _draft_row(self, draft: DraftView) -> RecordRow:
        declared = record_type(draft.type)
        return RecordRow(
            draft.id, draft.type, draft.unit, self._world.unit_name(draft.unit),
            declared.title(draft.fields).in_language(self._world.language),
            declared.subtitle(draft.fields).in_language(self._world.language),
            "draft", "draft", draft.updated_at_ms, None,
            mine=True, author=self._world.officer.name, conflicted=False,
        )  # fmt: skip

    def _row(self, record: Held) -> RecordRow:
        declared = record_type(record.type)
        tick: Any = "needs_you" if record.attention else record.tick
        return RecordRow(
            record.id, record.type, record.unit, self._world.unit_name(record.unit),
            declared.title(record.fields).in_language(self._world.language),
            declared.subtitle(record.fields).in_language(self._world.language),
            "sealed", tick, record.at_ms, record.fields.get("urgency"),
            mine=record.mine, author=record.author, conflicted=bool(record.conflicts),
            stage=record.fields.get(declared.stage) if declared.stage else None,
        )  # fmt: skip

    def linkable(
        self,
        type_key: str,
        unit: str,
        fields: Mapping[str, Any],
        field: str,
        text: str = "",
        limit: int = 80,
    ) -> Sequence[RecordRow]:
        declared = record_type(type_key)
        spec, own = declared.spec_at(field), routed(type_key, UnitId(unit), fields)
        rows, _ = self.find(text, spec.link_type if spec else "", None, "sealed")
        held = self._world.records
        return [
            row
            for row in rows
            if link_refusal(own, routed(row.type, UnitId(row.unit), held[row.id].fields).cls)
            is None
        ][:limit]

    def named(self, record_ids: Sequence[str]) -> Sequence[RecordRow]:
        held = self._world.records
        return [self._row(held[one]) for one in record_ids if one in held]

    def columns(self, record_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = {}
        for one in record_ids:
            if (record := self._world.records.get(one)) is not None:
                names = record_type(record.type).list_columns
                found[one] = {name: record.fields[name] for name in names if name in record.fields}
        return found

    def often_reported(self) -> Sequence[str]:
        held = self._world.records.values()
        titles = (record_type(r.type).title(r.fields).en for r in held if r.mine)
        return [found.key for found in often_first(titles)]

    def remarks(self, type_key: str, unit: str, fields: Mapping[str, Any]) -> Sequence[Remark]:
        today = kenya_date(self._world.now_ms)
        return record_type(type_key).remarks(Facts(fields, unit, today))

    def body_rule(self, body: object) -> BodyRule:
        held = self._world.records.get(str(body))
        return rule_of(held.fields if held is not None and held.type == "body" else None)

    def show(self, record_id: str) -> RecordView:
        record = self._world.records.get(record_id)
        if record is None:
            raise UnknownRecordError
        stages: Any = record.ticks.items()
        return RecordView(
            record.id, record.type, record.unit, self._world.unit_name(record.unit),
            record_type(record.type).tier(record.fields), "sealed", record.fields,
            [Tick(stage, at) for stage, at in stages], record.history, record.conflicts,
            record.author, record.mine, record.at_ms, record.attention,
        )  # fmt: skip

    def units_below(self) -> Sequence[UnitRow]:
        own = self._world.officer.unit
        return [row for row in self._world.units if row.id.startswith(own)]

    def place_names(self, ids: Sequence[str]) -> Mapping[str, str]:
        shipped = parse(asset_text(UNITS))
        known = {row.id: f"{row.name}, {row.parent_name}" for row in self._world.units}
        return {one: known.get(one) or shipped.display_name(one) for one in ids}

    def wards(self, unit: str) -> Sequence[UnitRow]:
        gazetteer = parse(asset_text(UNITS))
        county = unit[:6]
        return [
            UnitRow(area.id, area.name, "ward", gazetteer.areas[area.parent].name, None)
            for area in gazetteer.of_level("ward")
            if area.id.startswith(county)
        ]


def _is_in(row: RecordRow, state: str | None) -> bool:
    if state in {None, row.state, row.tick}:
        return True
    if state == "waiting":
        return row.mine and row.tick == "phone"
    if state == "sent":
        return row.mine and row.tick in {"server", "sub_county", "hq"}
    return state == "received" and not row.mine


def _matches(row: RecordRow, text: str) -> bool:
    words = f"{row.title} {row.subtitle} {row.unit_name} {row.author}".casefold()
    return all(part in words for part in text.casefold().split())
