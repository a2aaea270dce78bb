"""Sealing what was typed, in the last second before a vault is given up.

Laws:
  * One second in all, and nothing is waited for longer: a home that is busy seals nothing more.
  * A whole draft is sealed as ever. Of one that is not whole, what can stand is sealed and marked
    ``unfinished``, so that readers know that its author never said it was ready.
  * A draft whose missing answers could still change who may read it is sealed for nobody: it goes
    with the vault. So does one that was restricted once and no longer asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.record_type import RecordType, Tier
from fieldapp.domain.record_types import record_type
from fieldapp.domain.routing import tier_of
from fieldapp.domain.validation import check, tidy
from fieldapp.errors import FieldAppError
from fieldapp.protocol.units import parse_unit
from fieldapp.services.drafts import Drafts
from fieldapp.services.problems import ProblemsError
from fieldapp.services.sealing import Writer, without_hidden
from fieldapp.services.views import DraftView
from fieldapp.services.workspace import Workspace

LONGEST_MS: Final = 1_000


def seal_what_waits(work: Workspace, seal: Callable[[str], object]) -> int:
    """Seal as many drafts as a second allows, the newest first.

    Args:
        work: the open home.
        seal: seals a whole draft by its id.

    Returns:
        How many were sealed.
    """
    if not work.lock.acquire(timeout=LONGEST_MS / 1_000):
        return 0
    try:
        return _seal_in_time(work, seal)
    finally:
        work.lock.release()


def _seal_in_time(work: Workspace, seal: Callable[[str], object]) -> int:
    end_ms = work.clock.now_ms() + LONGEST_MS
    sealed = 0
    for draft in Drafts(work).all():
        if work.clock.now_ms() >= end_ms:
            break
        with suppress(FieldAppError):  # What cannot be sealed goes with the vault.
            _seal_one(work, draft, seal)
            sealed += 1
    return sealed


def _seal_one(work: Workspace, draft: DraftView, seal: Callable[[str], object]) -> None:
    try:
        seal(draft.id)
    except ProblemsError:
        if draft.amends is not None:
            raise
        where, fields = _what_can_stand(work, draft)
        Writer(work).seal_unfinished(draft, where, fields)


def _what_can_stand(work: Workspace, draft: DraftView) -> tuple[str, dict[str, Any]]:
    """Leave out of a draft what is wrong.

    Raises:
        ProblemsError: too little is known of it to say who may read it.
    """
    declared = record_type(draft.type)
    where, typed = tidy(draft.type, parse_unit(draft.unit), draft.fields)
    tidied = without_hidden(draft.type, typed)
    problems = check(draft.type, where, tidied, today=work.today())
    wrong = {problem.path.partition("/")[0] for problem in problems}
    fields = {name: value for name, value in tidied.items() if name not in wrong}
    was_restricted = draft.kept_until_ms is not None
    is_open = "unit" in wrong or any(
        not _is_settled(declared, spec, fields) for spec in declared.fields if spec.name in wrong
    )
    falls = was_restricted and tier_of(draft.type, fields) is not Tier.RESTRICTED
    if is_open or falls or not draft.fields:
        raise ProblemsError(problems)
    return where, fields


def _is_settled(declared: RecordType, spec: FieldSpec, fields: dict[str, Any]) -> bool:
    """Tell whether no answer to a question would change who may read the record."""
    answers: list[object] = [option.key for option in spec.options]
    if spec.kind is Kind.BOOLEAN:
        answers = [True, False]
    now = declared.route_class(fields)
    return all(declared.route_class({**fields, spec.name: one}) == now for one in answers)
