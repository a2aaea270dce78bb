"""Numbers of offices nearby that the officer keeps on this device.

Laws:
  * They are sealed with the vault and go with it; they are never sent and never in a log.
  * One office of one name has one number: writing it again replaces it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.local_contacts import MOST, LocalContact, contact_problems
from fieldapp.services.access import AccessService
from fieldapp.services.problems import ProblemsError
from fieldapp.storage.vault import Transaction

META_CONTACTS: Final = "local_contacts"


class ContactService:
    """The local numbers of an unlocked home."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    def all(self) -> Sequence[LocalContact]:
        """Every number, by office and name."""
        with self._access.workspace().vault.reading() as tx:
            return _kept(tx)

    def keep(self, office: str, name: str, number: str) -> None:
        """Write a number down.

        Raises:
            ProblemsError: it is no number, or there is no room for another one.
        """
        work = self._access.workspace()
        problems = contact_problems(office, name, number)
        if problems:
            raise ProblemsError(problems)
        new = LocalContact(office, name.strip(), number.strip(), work.today().isoformat())
        with work.vault.transaction() as tx:
            others = [one for one in _kept(tx) if (one.office, one.name) != (office, new.name)]
            if len(others) >= MOST:
                raise ProblemsError([FieldProblem("number", "too_many_items", {"limit": MOST})])
            _save(tx, [*others, new])

    def forget(self, office: str, name: str) -> None:
        """Take a number out; one that is not there is no harm."""
        with self._access.workspace().vault.transaction() as tx:
            _save(tx, [one for one in _kept(tx) if (one.office, one.name) != (office, name)])


def _kept(tx: Transaction) -> list[LocalContact]:
    rows = json.loads(tx.meta.get(META_CONTACTS) or b"[]")
    return [LocalContact(**row) for row in rows]


def _save(tx: Transaction, contacts: Sequence[LocalContact]) -> None:
    ordered = sorted(contacts, key=lambda one: (one.office, one.name.casefold()))
    rows = [asdict(one) for one in ordered]
    tx.meta.set(META_CONTACTS, json.dumps(rows, ensure_ascii=False).encode())
