"""Pictures and voice notes in a form: add, see, take out.

Laws:
  * A picture comes from the device's own chooser as bytes, and a voice as samples in memory;
    neither is written to a file by a screen.
  * What is shown is the thumbnail, handed to the client as bytes and never as an address.
  * A voice note ends by itself after a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import flet as ft

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.services.media_views import MediaView
from fieldapp.ui.components import text
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.failure import failure_line
from fieldapp.ui.components.inputs import error_line
from fieldapp.ui.components.media_adders import AddPicture, AddVoice
from fieldapp.ui.components.media_line import MediaLine
from fieldapp.ui.components.surfaces import keyed
from fieldapp.ui.context import later, use_app
from fieldapp.ui.forms import FormState
from fieldapp.ui.runs import Failure
from fieldapp.ui.words import Words


def listed(form: FormState, path: str) -> list[dict[str, Any]]:
    """Return what a field holds."""
    value = form.value(path)
    return value if isinstance(value, list) else []


def named(view: MediaView) -> Mapping[str, Any]:
    """Return what a form holds of a picture or sound."""
    found: dict[str, Any] = {"id": view.id[:8], "file": view.id, "kind": view.kind}
    found["bytes"] = view.bytes
    return found if view.seconds is None else {**found, "seconds": view.seconds}


@guarded
def MediaField(
    spec: FieldSpec, path: str, form: FormState, words: Words, error: str | None
) -> ft.Control:
    """The pictures or voice notes of one field, with the way to add one."""
    app = use_app()
    views, set_views = ft.use_state(cast("dict[str, MediaView]", {}))
    failure, set_failure = ft.use_state(cast("Failure | None", None))

    async def load() -> None:
        found = await app.look(app.services.media.of_record, form.record_id)
        set_views(lambda known: {one.id: one for one in found or ()} | known)

    ft.use_effect(load, dependencies=[form.record_id])

    def took(view: MediaView | None, problem: Failure | None) -> None:
        set_failure(lambda _: problem)
        if view is not None:
            set_views(lambda known: {**known, view.id: view})
            form.set(
                path,
                [*(one for one in listed(form, path) if one["file"] != view.id), dict(named(view))],
            )

    async def remove(media_id: str) -> None:
        left = [one for one in listed(form, path) if one["file"] != media_id]
        form.set(path, left or None)
        await app.attempt(app.services.media.remove, form.record_id, path, media_id)

    held = [views[one["file"]] for one in listed(form, path) if one["file"] in views]
    ft.use_effect(lambda: None, dependencies=[form.record_id], cleanup=app.platform.hush)
    rows: list[ft.Control] = [
        keyed(view.id, MediaLine(view, place, later(remove, view.id)))
        for place, view in enumerate(held, start=1)
    ]
    if len(listed(form, path)) < spec.max_items:
        adder = AddPicture if spec.kind is Kind.PHOTO else AddVoice
        rows.append(adder(form, path, words, took))
    if failure is not None:
        rows.append(failure_line(failure, words))
    return _framed(spec, words, rows, error)


def _framed(spec: FieldSpec, words: Words, rows: list[ft.Control], error: str | None) -> ft.Control:
    """Put a field's name and help above it, and what is wrong below."""
    above: list[ft.Control] = [text.label(words.text(spec.label))]
    if spec.help:
        above.append(text.note(words.text(spec.help)))
    below = [error_line(error)] if error else []
    return ft.Column(
        [*above, *rows, *below],
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )
