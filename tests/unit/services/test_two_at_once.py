"""One home, two processes: a window and a command line that do the same thing at the same time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldapp.errors import UnknownRecordError
from fieldapp.services.facade import Services
from fieldapp.services.sealing import Prepared, Writer
from fieldapp.services.views import DraftView
from fieldapp.services.workspace import Workspace
from tests.support.country import Country
from tests.support.factories import meeting_fields


def before_sealing(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Let another process act between the moment a draft is read and the one it is sealed."""
    seal = Writer.seal

    def later(self: Writer, prepared: Prepared, draft: DraftView | None = None) -> object:
        monkeypatch.undo()
        deed()
        return seal(self, prepared, draft)

    monkeypatch.setattr(Writer, "seal", later)


def test_a_draft_that_two_seal_becomes_one_record(
    chief: Services, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = country.unlocked("chief")
    draft = chief.records.create("meeting", None, meeting_fields(), draft=True)
    before_sealing(monkeypatch, lambda: other.records.seal(draft))
    with pytest.raises(UnknownRecordError, match="unknown_draft"):
        chief.records.seal(draft)
    assert chief.records.find(type_key="meeting")[1] == 1


def test_words_typed_while_another_seals_are_not_lost(
    chief: Services, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = country.unlocked("chief")
    draft = chief.records.create("meeting", None, meeting_fields(), draft=True)
    typed = meeting_fields(discussion="One more word")
    before_sealing(monkeypatch, lambda: other.records.save_draft(draft, typed))
    record = chief.records.seal(draft)
    assert chief.records.show(record).fields["discussion"] == "One more word"


def test_a_draft_that_was_sealed_meanwhile_does_not_come_back(
    chief: Services, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = country.unlocked("chief")
    draft = chief.records.create("meeting", None, meeting_fields(), draft=True)
    now_ms = Workspace.now_ms

    def seal_first(work: Workspace) -> int:
        monkeypatch.undo()
        other.records.seal(draft)
        return now_ms(work)

    monkeypatch.setattr(Workspace, "now_ms", seal_first)
    with pytest.raises(UnknownRecordError, match="unknown_draft"):
        chief.records.save_draft(draft, meeting_fields(discussion="Late"))
    assert chief.records.drafts() == []
