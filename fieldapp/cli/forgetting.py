"""``forget-pin``: giving up a vault that nobody can open any more.

Decides nothing: says what would be kept and lost, and does it only when told ``--yes`` and while no
window has the vault open.
"""

from __future__ import annotations

from typing import Annotated

import typer

from fieldapp.bootstrap import claim_window, read_settings
from fieldapp.cli.console import HomeOption, JsonOption, opened


def forget_pin(
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without this, only say what would happen.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give up the vault of a forgotten PIN; what is sealed is kept and still delivered."""
    with opened(home, as_json=as_json) as (services, console):
        services.access.require_some_vault()
        if yes:
            with claim_window(read_settings(home=home)):
                kept = services.access.forget_pin()
        else:
            kept = services.access.sealed_waiting()
        code = "cli.forget_pin_done" if yes else "cli.forget_pin_what"
        console.show(
            {"forgotten": yes, "kept": kept}, lambda: iter([console.words(code, count=kept)])
        )
