"""The entry of a packaged app: a phone's or a laptop's own window.

Laws:
  * One folder a device, in the platform's data folder, with a home for each officer.
  * The first frame comes before heavy imports.
  * ``main`` may run again in the same process, after Back on Android: the home is opened once.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING

import flet as ft

if TYPE_CHECKING:
    from fieldapp.services.phone import Phone


def main(page: ft.Page) -> None:
    """Show the app on a page of the platform's own window."""
    page.title = "Baraza"
    page.add(ft.ProgressRing())
    page.run_task(_start, page)


async def _start(page: ft.Page) -> None:
    phone = await asyncio.to_thread(_phone)

    from fieldapp.services.phone import FIRST_OFFICER
    from fieldapp.ui.app import make_main

    make_main(phone.services(FIRST_OFFICER), phone=phone)(page)


@cache
def _phone() -> Phone:
    from fieldapp.bootstrap import build_phone, read_settings

    return build_phone(read_settings())


if __name__ == "__main__":
    ft.run(main)
