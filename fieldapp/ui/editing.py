"""The record that a page is writing: drafts, amendments, and the way to the seal.

Laws:
  * At most one form is open; opening another one saves it first.
  * What was typed lives in the form's state and in the vault, never in a control.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.record_type import RecordType
from fieldapp.services.raising import Edited
from fieldapp.services.views import DraftView, RecordView
from fieldapp.ui.asking import Asking
from fieldapp.ui.forms import FormState, Sources
from fieldapp.ui.places import country
from fieldapp.ui.ports import ServicesPort
from fieldapp.ui.runs import Sealing


@dataclass(frozen=True, slots=True)
class Outcome:
    """A short good word after a deed: a catalogue key with parameters."""

    key: str
    params: Mapping[str, Any]


class Editing(Asking):
    """The open form of a page and what pickers choose from."""

    def __init__(self, services: ServicesPort) -> None:
        super().__init__(services)
        self.types: tuple[RecordType, ...] = ()
        self.outcome: Outcome | None = None
        self.edited: Edited | None = None
        self.form: FormState | None = None
        self.sealing: Sealing | None = None

    def type_named(self, key: str) -> RecordType | None:
        """Return a type that this officer may write."""
        return next((found for found in self.types if found.key == key), None)

    # ------------------------------------------------------------------ what pickers choose from

    async def sources(self, unit: str) -> Sources:
        """Return units and wards for a form."""
        own = await self.look(self.services.records.units_below) or ()
        wards = await self.look(self.services.records.wards, unit) or ()
        known = {row.id for row in own}
        shipped = await asyncio.to_thread(country)
        units = (*own, *(row for row in shipped if row.id not in known))
        return Sources(own, units, wards)

    # ------------------------------------------------------------------ forms

    async def new_record(
        self, type_key: str, fields: Mapping[str, Any] | None = None, unit: str | None = None
    ) -> str | None:
        """Begin a draft, with what is known already, and open its form; returns its id."""
        draft = await self.attempt(self.services.records.new_draft, type_key, unit, fields)
        if draft is None:
            return None
        await self.open_draft(draft.id)
        self.revision += 1
        return draft.id

    async def begin_return(self, *, is_nothing: bool) -> str | None:
        """Fill in the monthly return that is due and open its form; returns the draft's id."""
        await self.leave_form()
        draft = await self.attempt(self.services.returns.prepare, is_nothing=is_nothing)
        if draft is None:
            return None
        await self.open_draft(draft.id)
        self.revision += 1
        return draft.id

    async def open_draft(self, draft_id: str) -> None:
        """Open the form of a draft, unless it is open already."""
        if self.form is not None and self.form.record_id == draft_id and not self.form.amends:
            return
        await self.leave_form()
        draft = await self.look(self.services.records.draft, draft_id)
        record_type = self.type_named(draft.type) if draft else None
        if draft is None or record_type is None:
            return
        if draft.amends is None:
            self.form = FormState(self.services.records, record_type, draft)
            return
        record = await self.look(self.services.records.show, draft.amends)
        if record is not None:
            await self.open_amendment(record)

    async def open_amendment(self, record: RecordView) -> None:
        """Open a form over a sealed record, as it was left if it was begun before."""
        if self.form is not None and self.form.amends and self.form.record_id == record.id:
            return
        await self.leave_form()
        if record_type := self.type_named(record.type):
            begun = await self.look(self.services.records.amendment, record)
            if begun is None:
                begun = DraftView("", record.type, record.unit, record.fields, 0)
            self.form = FormState(self.services.records, record_type, begun, over=record)

    async def leave_form(self) -> None:
        """Save and close the open form."""
        if self.form is not None:
            await self.form.save()
            self.form.close()
            self.form = None

    async def check_form(self) -> bool:
        """Save the open draft and look for problems; true when there is none."""
        form = self.form
        if form is None:
            return False
        await form.save()
        if form.amends:
            return True
        problems = await self.attempt(self.services.records.check, form.record_id)
        form.take_problems(problems or ())
        return problems is not None and not problems

    async def discard_draft(self, draft_id: str) -> None:
        """Delete a draft for good."""
        if self.form is not None and self.form.draft_id == draft_id:
            self.form.close()
            self.form = None
        await self.attempt(self.services.records.discard_draft, draft_id)
        await self.refresh()

    async def amend(self) -> bool:
        """Seal the open amendment with its reason."""
        form = self.form
        if form is None or not form.amends:
            return False
        await form.save()
        done = await self.attempt(
            self.services.records.change,
            form.record_id,
            {},
            form.reason.strip(),
            whole=form.document(),
        )
        if done is None:
            return False
        form.close()
        self.form = None
        if form.draft_id:
            await self.attempt(self.services.records.discard_draft, form.draft_id)
        self.edited = done
        self.outcome = Outcome("ui.done.amended", {})
        await self.refresh()
        return True

    def begin_seal(self) -> None:
        """Start the wait before sealing, during which it can be undone."""
        if self.form is not None and self.sealing is None:
            self.sealing = Sealing(self, self.form.record_id)

    async def seal_now(self, draft_id: str) -> str | None:
        """Seal a draft; used by the wait when it is over."""
        record = await self.attempt(self.services.records.seal, draft_id)
        self.sealing = None
        if record is not None:
            if self.form is not None and self.form.record_id == draft_id:
                self.form.close()
                self.form = None
            self.outcome = Outcome("ui.done.sealed", {})
            await self.refresh()
        return record
