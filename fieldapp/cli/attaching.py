"""Pictures on the command line: named files in, numbers out.

Decides nothing: what a picture may be, and which field takes one, is the service's to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from fieldapp.errors import FieldAppError
from fieldapp.services.facade import Services
from fieldapp.services.media_views import MediaView

PhotoOption = Annotated[
    list[str] | None,
    typer.Option("--photo", help="FIELD=FILE: a picture to add, as often as needed."),
]


def read_photos(values: Sequence[str] | None) -> list[tuple[str, bytes]]:
    """Read ``FIELD=FILE`` pairs.

    Raises:
        FieldAppError: a file cannot be read.
    """
    found = []
    for value in values or ():
        field, given, name = value.partition("=")
        if not given or not field or not name:
            raise typer.BadParameter(value, param_hint="--photo FIELD=FILE")
        try:
            found.append((field, Path(name).read_bytes()))
        except OSError as problem:
            raise FieldAppError("file_unreadable", file=Path(name).name) from problem
    return found


def make_with(
    services: Services,
    document: tuple[str, str | None, Mapping[str, Any]],
    photos: Sequence[tuple[str, bytes]],
    *,
    draft: bool,
) -> str:
    """Make a record with pictures; nothing of it stays if it is refused.

    Args:
        services: of an open home.
        document: type, unit and fields.
        photos: field and file of each picture.
        draft: keep it as a draft.

    Returns:
        The id of the record, or of the draft.

    Raises:
        FieldAppError: a picture or the document is refused.
    """
    made = services.records.create(*document, draft=True)
    try:
        for field, image in photos:
            services.media.add_photo(made, field, image)
        return made if draft else services.records.seal(made)
    except FieldAppError:
        services.records.discard_draft(made)
        raise


def amend_with(
    services: Services, record: str, photos: Sequence[tuple[str, bytes]]
) -> dict[str, list[Any]]:
    """Add pictures to a sealed record; return the fields that its amendment changes."""
    shown = services.records.show(record).fields
    changed: dict[str, list[Any]] = {}
    for field, image in photos:
        view = services.media.add_photo(record, field, image)
        held = changed.setdefault(field, list(shown.get(field) or ()))
        held.append({"file": view.id, "kind": view.kind, "bytes": view.bytes})
    return changed


def media_facts(views: Sequence[MediaView]) -> list[dict[str, Any]]:
    """Pictures and sounds in the stable JSON shape of ``record show``."""
    return [
        {
            "id": view.id,
            "kind": view.kind,
            "bytes": view.bytes,
            "seconds": view.seconds,
            "state": view.state,
            "sent_bytes": view.sent_bytes,
        }
        for view in views
    ]
