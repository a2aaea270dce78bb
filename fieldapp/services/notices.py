"""Notices: what an office tells every officer of a unit.

Laws:
  * A notice is shown from when it comes until its day, in Kenya's days; own ones count as read.
  * What was read is known on this device only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from fieldapp.domain.fold import from_json, view
from fieldapp.domain.text import Text, same
from fieldapp.protocol.ids import ID_BYTES, DeviceId, id_to_text, text_to_id
from fieldapp.services.drafts import record_of
from fieldapp.services.record_history import batches_of
from fieldapp.services.record_rows import WAITING
from fieldapp.services.sealing import Writer
from fieldapp.services.views import NoticeView
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query

MOST: Final = 200
META_READ: Final = "notices_read"


def publish(work: Workspace, unit: str, title: str, text: str, until: str) -> str:
    """Tell every officer of a unit; returns the notice's id.

    Raises:
        ProblemsError: as it says.
        NoRightError: ``no_office_of_all`` where the unit has none yet, ``notice_too_high`` above
            a sub-county.
    """
    writer = Writer(work)
    fields = {"title": title.strip(), "text": text.strip(), "until": until}
    return id_to_text(writer.seal(writer.prepare("notice", unit, fields)))


def current(work: Workspace) -> Sequence[NoticeView]:
    """The notices that are to be shown today, the newest first."""
    today = work.today().isoformat()
    page = work.index.search(Query(type="notice", state="sealed"), limit=MOST)
    found = []
    with work.lock, work.vault.reading() as tx:
        read = _read_ids(tx.meta.get(META_READ))
        for record, card in page.rows:
            kept = tx.records.get(record)
            if kept is None or kept.state is None:
                continue
            shown = view(from_json(kept.state), work.best_time_ms())
            fields = shown.fields
            if shown.deleted or str(fields.get("until", "")) < today:
                continue
            found.append(
                NoticeView(
                    id=id_to_text(record),
                    title=str(fields.get("title", "")),
                    text=str(fields.get("text", "")),
                    from_office=_office_of(work, shown.author),
                    at_ms=shown.created_at,
                    until=str(fields["until"]),
                    is_read=card.mine or id_to_text(record) in read,
                    is_mine=card.mine,
                    is_sent=all(one.state not in WAITING for one in batches_of(tx, kept)),
                    unit_name=work.places.name(card.unit),
                )
            )
    return sorted(found, key=lambda one: one.at_ms, reverse=True)


def mark_read(work: Workspace, notice_id: str) -> None:
    """Note that the officer has seen a notice.

    Raises:
        UnknownRecordError: it is not spelled like an id.
    """
    with work.lock, work.vault.transaction() as tx:
        record = record_of(tx, notice_id)
        read = _read_ids(tx.meta.get(META_READ)) | {id_to_text(record)}
        tx.meta.set(META_READ, json.dumps(sorted(read)).encode())


def _read_ids(raw: bytes | None) -> frozenset[str]:
    return frozenset(json.loads(raw)) if raw else frozenset()


def _office_of(work: Workspace, author: str) -> Text:
    """The office whose device wrote it."""
    cert = work.directory.device(DeviceId(text_to_id(author, ID_BYTES)))
    return same("-") if cert is None else work.places.office(cert.unit, cert.desk)
