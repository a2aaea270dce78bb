"""Lists: drafts and records as lines, with the furthest tick that is proved.

Laws:
  * Records come from the index in memory; only the ticks of the lines shown are looked up.
  * A restricted record outside its desk is veiled: lists show its unit and how far it got.
  * Unit and officer records are lists of their own and stand in no other.
  * A total is counted as its list is: a number never promises a row that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from fieldapp.domain.categories.search import often_first
from fieldapp.domain.fold import from_json, outline
from fieldapp.domain.offices import ADMIN
from fieldapp.domain.record_types import find_record_type, record_type, record_types
from fieldapp.domain.text import Text
from fieldapp.protocol.ids import RecordId, id_to_text
from fieldapp.protocol.units import is_at_or_above, parse_unit
from fieldapp.services.drafts import Drafts
from fieldapp.services.reading_window import is_closed
from fieldapp.services.record_history import (
    batches_of,
    channel_of,
    desk_channel_of,
    records_in,
    ticks,
)
from fieldapp.services.record_view import NEEDS_YOU
from fieldapp.services.views import DraftView, RecordRow, TickStage
from fieldapp.services.workspace import Workspace
from fieldapp.storage.cards import Card
from fieldapp.storage.rows import BatchState
from fieldapp.storage.rows import RecordRow as KeptRecord
from fieldapp.storage.search import Query, fold_words
from fieldapp.storage.vault import Transaction
from fieldapp.sync.own_streams import RESEALED

VEILED = Text("Restricted record", "Rekodi iliyozuiliwa")
EVERYTHING = 1 << 30
LATEST_CONCERNS = 200
LAST_DAY = "9999-12-31"
WITH_DRAFTS = {None, "draft"}
WAITING: Final[tuple[BatchState, ...]] = ("outbox",)


class Totals(NamedTuple):
    """How many rows there are in the lists of drafts, and of what waits, was sent and came."""

    drafts: int
    waiting: int
    sent: int
    received: int


def own_lists() -> tuple[str, ...]:
    """Types with screens of their own, which are no rows among an officer's records."""
    return tuple(declared.key for declared in record_types() if not declared.is_listed)


def needing_you(work: Workspace, tx: Transaction) -> frozenset[RecordId]:
    """The records that a person should look at: refused, changed in two places, or overdue."""
    return work.index.pressing(work.best_time_ms()) | records_in(tx, tuple(NEEDS_YOU))


class Rows:
    """The lists of an unlocked vault."""

    def __init__(self, work: Workspace, language: str) -> None:
        self._work = work
        self._language = language

    def find(
        self,
        text: str,
        type_key: str | None,
        unit: str | None,
        state: str | None,
        offset: int,
        limit: int | None,
    ) -> tuple[Sequence[RecordRow], int]:
        """One page, drafts first and then the newest, with the number of all."""
        where = None if unit is None else parse_unit(unit)
        wanted = EVERYTHING if limit is None else limit
        drafts = self._drafts(text, type_key, where) if state in WITH_DRAFTS else []
        shown = [self._draft_row(draft) for draft in drafts[offset : offset + wanted]]
        if state == "draft":
            return shown, len(drafts)
        query = self._narrowed(Query(text=text, type=type_key, unit=where, state="sealed"), state)
        cards, total = self._cards(query, max(0, offset - len(drafts)), wanted - len(shown))
        with self._work.lock, self._work.vault.reading() as tx:
            kept = tx.records.get_many([record for record, _ in cards])
            shown += [
                self._row(tx, record, card, self._tick(tx, record, card, kept.get(record)))
                for record, card in cards
            ]
        return shown, total + len(drafts)

    def totals(self) -> Totals:
        """How many rows the lists hold that the home screen leads to."""
        listed = Query(state="sealed")
        with self._work.lock, self._work.vault.reading() as tx:
            drafts, waiting = tx.drafts.count(), self._work.counts.records(tx, WAITING)
        return Totals(
            drafts=drafts,
            waiting=self._total(replace(listed, among=waiting)),
            sent=self._total(replace(listed, mine=True, beyond=waiting)),
            received=self._total(replace(listed, mine=False)),
        )

    def named(self, records: Sequence[RecordId]) -> list[RecordRow]:
        """The rows of some records, in their order; what this device may not show is left out."""
        closed = is_closed(self._work)
        cards = [(record, self._work.index.get(record)) for record in records]
        held = [(r, card) for r, card in cards if card is not None and (card.mine or not closed)]
        with self._work.lock, self._work.vault.reading() as tx:
            kept = tx.records.get_many([record for record, _ in held])
            return [
                self._row(tx, record, card, self._tick(tx, record, card, kept.get(record)))
                for record, card in held
            ]

    def often_reported(self) -> list[str]:
        """The categories that this phone reports most, without restricted ones."""
        work = self._work
        asked = Query(type="concern", state="sealed", mine=True)
        cards = work.index.search(asked, limit=LATEST_CONCERNS).rows
        return [found.key for found in often_first(card.title.en for _, card in cards)]

    def columns(self, records: Sequence[RecordId]) -> dict[str, dict[str, Any]]:
        """What the list columns of some records hold."""
        with self._work.lock, self._work.vault.reading() as tx:
            open_ones = [one for one in records if not self._is_veiled(tx, one)]
            kept = tx.records.get_many(open_ones)
        found: dict[str, dict[str, Any]] = {}
        for record, row in kept.items():
            if row.state is None:
                continue
            state = from_json(row.state)
            declared = find_record_type(state.type)
            shown = outline(state, self._work.best_time_ms()).fields
            names = declared.list_columns if declared else ()
            found[id_to_text(record)] = {name: shown[name] for name in names if name in shown}
        return found

    def _narrowed(self, query: Query, state: str | None) -> Query:
        """Ask only for what waits, was sent, was received, or needs a person."""
        if state == "received":
            return replace(query, mine=False)
        if state not in {"waiting", "sent", "needs_you"}:
            return query
        with self._work.lock, self._work.vault.reading() as tx:
            if state == "needs_you":
                return replace(query, among=needing_you(self._work, tx))
            waiting = self._work.counts.records(tx, WAITING)
        if state == "waiting":
            return replace(query, among=waiting)
        return replace(query, mine=True, beyond=waiting)

    def _cards(
        self, query: Query, offset: int, limit: int
    ) -> tuple[list[tuple[RecordId, Card]], int]:
        """A page of cards; where no type is asked for, units and officers are passed over."""
        if query.type is None:
            query = replace(query, without=own_lists())
        if is_closed(self._work):
            nothing = query.mine is False
            query = replace(query, mine=True, among=frozenset() if nothing else query.among)
        page = self._work.index.search(query, offset=offset, limit=limit)
        return list(page.rows), page.total

    def _total(self, query: Query) -> int:
        _, total = self._cards(query, 0, 0)
        return total

    def _drafts(self, text: str, type_key: str | None, where: str | None) -> list[DraftView]:
        words = fold_words(text).split()
        return [
            draft
            for draft in Drafts(self._work).all()
            if type_key in {None, draft.type}
            and (where is None or is_at_or_above(parse_unit(where), parse_unit(draft.unit)))
            and all(f" {word}" in fold_words(str(draft.fields)) for word in words)
        ]

    def _draft_row(self, draft: DraftView) -> RecordRow:
        declared = record_type(draft.type)
        urgency = draft.fields.get("urgency")
        row = RecordRow(
            id=draft.id,
            type=draft.type,
            unit=draft.unit,
            unit_name=self._work.places.name(draft.unit),
            title=declared.title(draft.fields).in_language(self._language),
            subtitle=declared.subtitle(draft.fields).in_language(self._language),
            state="draft",
            tick="draft",
            updated_at_ms=draft.updated_at_ms,
            urgency=urgency if isinstance(urgency, str) else None,
            mine=True,
            author=self._work.profile.name,
            conflicted=False,
        )
        return self._veiled(row, draft.kept_until_ms)

    def _is_veiled(self, tx: Transaction, record: RecordId) -> bool:
        is_kept_apart = tx.record_keys.kept_until_ms(record) is not None
        return is_kept_apart and self._work.profile.desk == ADMIN

    def _veiled(self, row: RecordRow, kept_until_ms: int | None) -> RecordRow:
        """Take the words from the row of what is kept under a key of its own, but at its desk."""
        if kept_until_ms is None or self._work.profile.desk != ADMIN:
            return row
        return replace(row, title=VEILED.in_language(self._language), subtitle="", urgency=None)

    def _row(self, tx: Transaction, record: RecordId, card: Card, tick: TickStage) -> RecordRow:
        subtitle = card.subtitle
        row = RecordRow(
            id=id_to_text(record),
            type=card.type,
            unit=card.unit,
            unit_name=self._work.places.name(card.unit) if card.unit else "",
            title=card.title.in_language(self._language),
            subtitle="" if subtitle is None else subtitle.in_language(self._language),
            state="sealed",
            tick=tick,
            updated_at_ms=card.updated_ms,
            urgency=card.urgency,
            mine=card.mine,
            author=self._work.who(card.author),
            conflicted=card.conflicted,
            overdue=card.due_ms is not None and card.due_ms < self._work.best_time_ms(),
            ended=str(card.extra.get("until", LAST_DAY)) < self._work.today().isoformat(),
            stage=card.extra.get("stage"),
        )
        return self._veiled(row, tx.record_keys.kept_until_ms(record))

    def _tick(
        self, tx: Transaction, record: RecordId, card: Card, kept: KeptRecord | None
    ) -> TickStage:
        """The furthest stage that is proved, or that a person is needed."""
        if kept is None:
            return "phone"
        batches = batches_of(tx, kept)
        if any(batch.state in NEEDS_YOU and batch.reason != RESEALED for batch in batches):
            return "needs_you"
        work = self._work
        channel = channel_of(record, card.unit) if card.unit else desk_channel_of(work, batches)
        reached: TickStage = "phone"
        for stage in ticks(work, tx, channel, batches):
            if stage.at_ms is not None:
                reached = stage.stage
        return reached
