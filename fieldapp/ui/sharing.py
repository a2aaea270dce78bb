"""One phone, several officers: whose home a page looks at, and giving one up.

Laws:
  * A page looks at one home at a time, and changes it only while that one is locked for it.
  * What one officer had open is gone from the page before another's lock is shown.
  * After a quick delete the page shows the lock of those who are left, else a first screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.services.phone_view import OfficerChoice
from fieldapp.services.views import HomeState
from fieldapp.ui.state import AppState


def officers_of(app: AppState) -> Sequence[OfficerChoice]:
    """Who can unlock a vault on this phone; nobody to choose from on a home of its own."""
    return () if app.phone is None or app.is_invented else app.phone.officers()


def chosen_of(app: AppState, officers: Sequence[OfficerChoice]) -> OfficerChoice | None:
    """The officer whose lock this page shows, None while it asks who it is."""
    if len(officers) == 1:
        return officers[0]
    return next((one for one in officers if one.key == app.chosen), None)


def look_at_first(app: AppState) -> None:
    """Look at the only officer's home, at a new one, or ask who it is."""
    if app.phone is None:
        return
    officers = app.phone.officers()
    key = officers[0].key if officers else app.phone.newcomer()
    app.take_home(app.phone.services(key), key if len(officers) <= 1 else "")


def choose_officer(app: AppState, key: str) -> None:
    """Show the lock of one officer; an empty key asks again who it is."""
    if app.phone is None or app.phase is HomeState.UNLOCKED:
        return
    if key:
        app.take_home(app.phone.services(key), key)
    else:
        look_at_first(app)


def add_officer(app: AppState) -> None:
    """Show the first screen of a home for one more officer."""
    if app.phone is not None:
        choose_officer(app, app.phone.newcomer())


async def quick_delete(app: AppState) -> bool:
    """Give up the home that this page looks at; true when it is gone."""
    await app.save_form()
    app.syncing.cancel()
    await app.attempt(app.services.access.quick_delete)
    if app.failure is not None:
        app.notice_lock()
        return False
    if app.phone is not None and not app.is_invented:
        look_at_first(app)
    else:
        app.take_home(app.services, app.chosen)
    return True
