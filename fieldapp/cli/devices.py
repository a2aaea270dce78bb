"""``device``: the phones and laptops of the organisation, and what becomes of them.

Decides nothing: reads arguments, makes one service call, prints the outcome. What changes the
organisation is saved locally first and published at once where there is a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from fieldapp.cli.console import Console, HomeOption, JsonOption, instant, unlocked
from fieldapp.cli.organisation import publish
from fieldapp.protocol.causes import Cause
from fieldapp.services.office_views import DeviceRow

app = typer.Typer(no_args_is_help=True, help="Phones and laptops of the organisation.")

DeviceArgument = Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id.")]
ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why, in words; sealed, never in the directory.")
]
BecauseOption = Annotated[
    Cause, typer.Option("--because", help="Why, as a word that the server may read.")
]


def _facts(row: DeviceRow) -> dict[str, Any]:
    return {
        "device": row.device,
        "unit": row.unit,
        "desk": row.desk,
        "role": row.role,
        "state": row.state,
        "since": instant(row.since_ms),
        "last_seen_at": instant(row.last_seen_at_ms),
        "kept_apart": row.kept_apart,
    }


def _line(row: DeviceRow, console: Console) -> str:
    state = console.words(f"ui.device.{row.state}")
    if row.since_ms is not None:
        state = console.words("cli.device_since", state=state, when=instant(row.since_ms) or "")
    parts = [f"{row.device}  {row.unit_name}: {row.role}", state]
    if row.kept_apart:
        parts.append(console.words("cli.device_kept_apart", count=row.kept_apart))
    return ", ".join(parts)


@app.command("list")
def list_devices(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the devices that this office may see, with their states and since when."""
    with unlocked(home, as_json=as_json) as (services, console):
        rows = services.organisation.devices()
        console.show(
            {"devices": [_facts(row) for row in rows]},
            lambda: (_line(row, console) for row in rows),
        )


@app.command("confirm")
def confirm(
    device_id: DeviceArgument,
    words: Annotated[str, typer.Option("--words", help="The four words its holder reads out.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Confirm a device after comparing its four words by voice."""
    with unlocked(home, as_json=as_json) as (services, console):
        services.organisation.confirm(device_id, words)
        console.show({"device": device_id, "state": "active"}, lambda: iter([device_id]))
        publish(services, console)


@app.command("change")
def change(
    device_id: DeviceArgument,
    reason: ReasonOption,
    role: Annotated[
        str | None, typer.Option("--role", help="chief, assistant_chief, dcc_admin, ...")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Unit of the new office.")] = None,
    desk: Annotated[str | None, typer.Option("--desk", help="Desk of the new office.")] = None,
    because: BecauseOption = Cause.MOVED,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a device another role or office: what it sealed until now keeps its old rights."""
    with unlocked(home, as_json=as_json) as (services, console):
        row = services.organisation.change_device(
            device_id, role, unit, desk, reason=reason, because=because
        )

        def lines() -> Iterator[str]:
            state = console.words(f"ui.device.{row.state}")
            yield console.words(
                "cli.device_changed",
                device=row.device,
                role=row.role,
                unit=row.unit_name,
                state=state,
            )
            if row.state != "active" and row.words:
                yield console.words("cli.device_words", words=row.words)

        words = {} if row.state == "active" else {"words": row.words}
        console.show({**_facts(row), **words}, lines)
        publish(services, console)


@app.command("revoke")
def revoke(
    device_id: DeviceArgument,
    reason: ReasonOption,
    because: BecauseOption = Cause.OTHER,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke a device: what it sealed until now counts, nothing after."""
    with unlocked(home, as_json=as_json) as (services, console):
        services.organisation.revoke(device_id, reason, because)
        console.show({"device": device_id, "state": "revoked"}, lambda: iter([device_id]))
        publish(services, console)


@app.command("adopt")
def adopt(
    device_id: DeviceArgument,
    reason: ReasonOption,
    batch: Annotated[
        str | None,
        typer.Option("--batch", help="Only this batch, a statement's too; all records without."),
    ] = None,
    because: BecauseOption = Cause.OTHER,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over records that a device sealed beyond its cut, as far as they came here."""
    with unlocked(home, as_json=as_json) as (services, console):
        done = services.organisation.adopt(device_id, reason, batch, because)

        def lines() -> Iterator[str]:
            yield console.words("cli.adopted", count=done.batches, changes=done.changes)
            if done.left:
                yield console.words("cli.adopted_left", count=done.left)
            for name in done.statements_left:
                yield console.words("cli.adopt_statement", batch=name)

        console.show(
            {
                "device": device_id,
                "batches": done.batches,
                "changes": done.changes,
                "left": done.left,
                "statements_left": list(done.statements_left),
            },
            lines,
        )
        publish(services, console)
