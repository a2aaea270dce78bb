"""What a record is called where another one names it: its title, or that it is not here.

Decides nothing about rights: it says what the lists of this device would show, and no more.
"""

from __future__ import annotations

from fieldapp.domain.values import short_number
from fieldapp.i18n import translate
from fieldapp.services.drafts import record_of
from fieldapp.services.record_rows import Rows
from fieldapp.services.workspace import Workspace


def title_of(work: Workspace, record_id: str, language: str) -> str:
    """Return what lists call a record; that it is elsewhere, with its number, where it is not here.

    Raises:
        UnknownRecordError: it is not spelled like an id.
    """
    with work.vault.reading() as tx:
        record = record_of(tx, record_id)
    rows = Rows(work, language).named([record])
    if rows:
        return rows[0].title
    return translate("ui.link.elsewhere", language, number=short_number(record_id))
