"""Room on a device that runs out of it: what the server holds already goes first.

Laws:
  * Only pictures and sounds of which the server signed for every piece go, the oldest first, and
    only while room is low. Each opens again when it is asked for, from the server.
  * Text never goes for room, nor does anything that nobody else holds.
"""

from __future__ import annotations

import json
from typing import Final

from fieldapp.domain.media import read_item
from fieldapp.services.media_reading import files_of
from fieldapp.services.workspace import Workspace
from fieldapp.storage.files import free_bytes

LOW_BYTES: Final = 300_000_000


def low_room(work: Workspace) -> int | None:
    """The bytes that are left on this device; None while there is enough, or nothing is told."""
    left = free_bytes(work.home.root)
    return None if left is None or left >= LOW_BYTES else left


def make_room(work: Workspace) -> int:
    """Let go of sent pictures and sounds until there is room; returns how many went."""
    if low_room(work) is None:
        return 0
    files, gone = files_of(work), 0
    with work.vault.reading() as tx:
        sent = tx.media.in_state("sent")
    for row in sent:
        item = read_item(json.loads(row.item))
        if item is not None and files.has(item.chunks):
            files.remove(item.chunks)
            gone += 1
            if low_room(work) is None:
                break
    return gone
