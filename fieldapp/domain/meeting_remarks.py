"""What follows today from what a meeting resolved: how much is done, and what is late.

Laws:
  * Computed when it is read, never stored: tomorrow it may say something else.
  * A resolution is named by its number and its day; its words stand beside it anyway.
"""

from __future__ import annotations

from fieldapp.domain.carry_over import is_overdue
from fieldapp.domain.choices import OPEN_ACTION_KEYS
from fieldapp.domain.record_type import Facts, Remark
from fieldapp.domain.rules import day, items_of
from fieldapp.domain.text import Text

RESOLUTIONS = "resolutions"


def remarks_on(facts: Facts) -> list[Remark]:
    """Say how many resolutions are settled, and which ones are open after their day."""
    items = [item for _, item in items_of(facts.fields, RESOLUTIONS)]
    if not items:
        return []
    settled = sum(item.get("status") not in (None, *OPEN_ACTION_KEYS) for item in items)
    found = [
        Remark(
            RESOLUTIONS,
            Text(
                f"Settled: {settled} of {len(items)}.",
                f"Yaliyokamilika au kuachwa: {settled} kati ya {len(items)}.",
            ),
        )
    ]
    for number, item in enumerate(items, start=1):
        due = day(item.get("due"))
        if due is not None and is_overdue(item, facts.today):
            when, name = due.strftime("%d/%m/%Y"), item.get("number") or number
            late = Text(
                f"Resolution {name} is overdue since {when}.",
                f"Azimio {name} limechelewa tangu {when}.",
            )
            found.append(Remark(RESOLUTIONS, late, is_care=True))
    return found
