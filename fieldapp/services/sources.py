"""The call-back contact of a person who gave information: who may have it, and giving it.

Laws:
  * Anonymous unless the officer gives a contact. It is never a draft: what was typed lives on the
    screen until it is sealed.
  * One office opens it: for a restricted concern the desk that reads it, for any other the nearest
    administration above the location, never headquarters' own. It must have two devices, so that
    a lost one does not lose the contact. Where there is none, nothing is sealed.
  * Of a survivor's record no contact is kept at all.
  * The concern shows a code that says nothing of the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fieldapp.domain.actions import Action
from fieldapp.domain.categories import SURVIVOR_KEYS
from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.fold import RecordState, from_json, view
from fieldapp.domain.rights import may
from fieldapp.domain.text import Text
from fieldapp.errors import NoReaderError, NoRightError, UnknownRecordError
from fieldapp.protocol.ids import id_to_text
from fieldapp.services.access import AccessService
from fieldapp.services.drafts import record_of
from fieldapp.services.party_channels import holding_office, readable_state, writer_of
from fieldapp.services.problems import ProblemsError
from fieldapp.services.sealing import Writer
from fieldapp.services.views import SourceView
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query

CODE_LETTERS: Final = 6
CODE_BYTES: Final = 16
MOST: Final = 10_000


class SourceService:
    """Contacts of an unlocked home."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    def holder(self, record_id: str) -> Text | None:
        """The one office that would read a contact; None where none may be given."""
        work = self._work()
        try:
            found = holding_office(work, self._own_concern(work, record_id))
        except (NoRightError, NoReaderError, UnknownRecordError):
            return None
        return work.places.office(found.unit, found.desk)

    def give(self, record_id: str, contact: str) -> str:
        """Seal a contact for its one reader; returns the code that the concern shows.

        Raises:
            ProblemsError: there are no words, or too many.
            NoRightError: not the officer's own concern, or a survivor's.
            NoReaderError: no office here can keep one.
            UnknownRecordError: nothing has this id.
        """
        if not contact.strip():
            raise ProblemsError([FieldProblem("contact", "required")])
        work = self._work()
        state = self._own_concern(work, record_id)
        holding_office(work, state)
        code = "S-" + id_to_text(work.chance.token(CODE_BYTES))[:CODE_LETTERS].upper()
        writer = Writer(work)
        fields = {"record": id_to_text(state.record), "code": code, "contact": contact.strip()}
        writer.seal(writer.prepare("source", state.unit, fields))
        writer.amend(id_to_text(state.record), {"source_code": code}, "call-back")
        return code

    def of_record(self, record_id: str) -> Sequence[SourceView]:
        """The contacts of a concern that this device can read, the oldest first."""
        work = self._work()
        work.catch_up()
        found = []
        with work.lock, work.vault.reading() as tx:
            known = id_to_text(record_of(tx, record_id))
            for record, _ in work.index.search(Query(type="source"), limit=MOST).rows:
                kept = tx.records.get(record)
                if kept is None or kept.state is None:
                    continue
                shown = view(from_json(kept.state), work.best_time_ms())
                if shown.fields.get("record") == known:
                    code, contact = (str(shown.fields.get(n, "")) for n in ("code", "contact"))
                    found.append(SourceView(code, contact, shown.created_at))
        return sorted(found, key=lambda one: one.at_ms)

    def _own_concern(self, work: Workspace, record_id: str) -> RecordState:
        """The officer's own concern, while it can be read here.

        Raises:
            UnknownRecordError, NoRightError: as they say.
        """
        work.catch_up()
        with work.lock, work.vault.reading() as tx:
            state = readable_state(tx, record_id)
        fields = view(state, work.best_time_ms()).fields
        is_mine = writer_of(state) == work.keys.device
        is_fit = state.type == "concern" and fields.get("category") not in SURVIVOR_KEYS
        if not (is_mine and is_fit and may(work.role, "source", Action.CREATE)):
            raise NoRightError("no_source_here")
        return state

    def _work(self) -> Workspace:
        return self._access.workspace()
