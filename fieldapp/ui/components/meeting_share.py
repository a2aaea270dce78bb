"""Share or print a meeting's minutes: said plainly that they leave protection, then the PIN.

Laws:
  * Offered for a sealed meeting that is open to all and for nothing else.
  * Nothing is made before the PIN is right; what was made is handed to the device and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from fieldapp.domain.hints import hints
from fieldapp.domain.record_type import Tier
from fieldapp.services.views import RecordView
from fieldapp.ui.components.boundary import guarded
from fieldapp.ui.components.buttons import quiet_button, side_button
from fieldapp.ui.components.confirm_pin import ConfirmByPin, Deed
from fieldapp.ui.components.surfaces import banner, keyed, stack
from fieldapp.ui.context import use_app
from fieldapp.ui.state import AppState

MEETING = "meeting"
ENDINGS = {"pdf": "pdf", "text": "txt"}
ICONS = {"pdf": ft.Icons.PICTURE_AS_PDF_OUTLINED, "text": ft.Icons.SHORT_TEXT}
ABOUT_PEOPLE = ("hint.phone_number", "hint.id_number", "hint.kinship", "hint.titled_name")


def share_minutes(record: RecordView) -> list[ft.Control]:
    """Return the deed below a record that has minutes, nothing below any other."""
    is_open = record.tier == Tier.ORDINARY and record.state == "sealed"
    if record.type != MEETING or not is_open:
        return []
    return [keyed(f"minutes-{record.id}", ShareMinutes(record))]


@guarded
def ShareMinutes(record: RecordView) -> ft.Control:
    """The button, then what sharing means, then the PIN."""
    app = use_app()
    is_open, set_open = ft.use_state(False)
    chosen, set_chosen = ft.use_state("")
    outcome, set_outcome = ft.use_state("")

    def open_it(_: object) -> None:
        set_outcome("")
        set_open(True)

    def end(words: str) -> None:
        set_outcome(words)
        set_open(False)

    if not is_open:
        button = side_button(app.t("ui.minutes.share"), open_it, icon=ft.Icons.IOS_SHARE)
        done = [banner(outcome, ft.Icons.TASK_ALT, tone="good", live=True)] if outcome else []
        return stack([*done, button], spacing=10)
    parts: list[ft.Control] = [
        banner(
            "\n".join(_warnings(app, record)),
            ft.Icons.LOCK_OPEN,
            tone="care",
            heading=app.t("ui.minutes.heading"),
            live=True,
        ),
        *(
            side_button(
                app.t(f"ui.minutes.{kind}"), lambda _, k=kind: set_chosen(k), icon=ICONS[kind]
            )
            for kind in ENDINGS
        ),
        quiet_button(app.t("ui.cancel"), lambda _: set_open(False)),
    ]
    if chosen:
        parts.append(ConfirmByPin(_deed(app, record, chosen, end), lambda: set_chosen("")))
    return stack(parts, spacing=10)


def _warnings(app: AppState, record: RecordView) -> list[str]:
    """Say what leaves, and that words in it may point at a person."""
    found = [hint for hint in hints(MEETING, record.fields) if hint.code in ABOUT_PEOPLE]
    lines = [app.t("ui.minutes.warning")]
    if found:
        lines.append(app.t("ui.minutes.read_again", count=len(found)))
    return lines


def _deed(app: AppState, record: RecordView, kind: str, end: Callable[[str], None]) -> Deed:
    made: list[bytes] = []
    day = str(record.fields.get("date", ""))
    name = f"{app.t('ui.minutes.file', day=day)}.{ENDINGS[kind]}"

    async def share(pin: str) -> bool:
        minutes = app.services.minutes
        file = await app.attempt(minutes.share, record.id, app.language, kind, pin=pin)
        made.extend([] if file is None else [file])
        return file is not None

    async def save() -> None:
        is_saved = await app.platform.save_bytes(name, made.pop())
        end(app.t("ui.minutes.done" if is_saved else "ui.minutes.called_off", name=name))

    return Deed(
        app.t("ui.minutes.question"),
        app.t("ui.minutes.warning"),
        app.t("ui.minutes.go"),
        save,
        check=share,
    )
