"""From what a form holds of pictures and sounds to what is sealed into the record.

Forms, drafts, commands and views hold the public part of an item; its key comes from this device's
own row, or from the record that is being amended, in the moment before sealing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.media import is_public_item, items_of, read_item
from fieldapp.protocol.ids import ID_BYTES, text_to_id
from fieldapp.services.problems import ProblemsError
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction


def with_keys(
    work: Workspace, fields: Mapping[str, Any], old: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return a document whose pictures and sounds can be opened by its readers.

    Args:
        work: the open home.
        fields: the document as a form holds it.
        old: the sealed document that it changes; empty for a new record.

    Raises:
        ProblemsError: this device holds no such picture or sound.
    """
    public = [name for name, value in fields.items() if _is_public(value)]
    if not public:
        return fields
    known = {item.file: item.to_value() for _, item in items_of(old)}
    with work.vault.reading() as tx:
        return {
            **fields,
            **{name: [_keyed(tx, name, one, known) for one in fields[name]] for name in public},
        }


def _is_public(value: object) -> bool:
    """Tell whether a value is a list of items, one of which lacks its key."""
    if not isinstance(value, list) or not value or not all(map(is_public_item, value)):
        return False
    return any(read_item(one) is None for one in value)


def _keyed(
    tx: Transaction, name: str, one: Mapping[str, Any], known: Mapping[bytes, dict[str, Any]]
) -> Mapping[str, Any]:
    if read_item(one) is not None:
        return one
    file = text_to_id(one["file"], ID_BYTES)
    row = None if file in known else tx.media.get(file)
    if row is not None:
        return dict(json.loads(row.item))
    if file not in known:
        raise ProblemsError([FieldProblem(name, "media_not_here")])
    return known[file]
