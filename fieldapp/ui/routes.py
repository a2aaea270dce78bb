"""The table of screens: a new screen is one file and one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.services.views import HomeState
from fieldapp.ui.screens.attention import AttentionScreen
from fieldapp.ui.screens.calm import guarded_screen
from fieldapp.ui.screens.concern import (
    CategoryScreen,
    ConcernScreen,
    FirstPathScreen,
    NumbersScreen,
)
from fieldapp.ui.screens.device import DeviceScreen
from fieldapp.ui.screens.device_adopt import DeviceAdoptScreen
from fieldapp.ui.screens.device_move import DeviceMoveScreen
from fieldapp.ui.screens.device_revoke import DeviceRevokeScreen
from fieldapp.ui.screens.emergency_pin import EmergencyPinScreen
from fieldapp.ui.screens.enrol import EnrolScreen
from fieldapp.ui.screens.follow_ups import FollowUpsScreen
from fieldapp.ui.screens.form import AmendScreen, DraftScreen
from fieldapp.ui.screens.home import HomeScreen
from fieldapp.ui.screens.invite import InviteScreen
from fieldapp.ui.screens.more import MoreScreen
from fieldapp.ui.screens.notices import NoticesScreen
from fieldapp.ui.screens.office import OfficeScreen
from fieldapp.ui.screens.questions import QuestionScreen
from fieldapp.ui.screens.quick_delete import QuickDeleteScreen
from fieldapp.ui.screens.record import RecordScreen
from fieldapp.ui.screens.records import RecordsScreen
from fieldapp.ui.screens.review import AmendReviewScreen, ReviewScreen
from fieldapp.ui.screens.settings import ChangePinScreen, SettingsScreen
from fieldapp.ui.screens.setup import SetupScreen
from fieldapp.ui.screens.sync import SyncScreen
from fieldapp.ui.screens.tally import TallyScreen
from fieldapp.ui.screens.units import UnitsScreen
from fieldapp.ui.screens.unlock import UnlockScreen
from fieldapp.ui.screens.welcome import WelcomeScreen


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its address, what draws it, its title, and whether a PIN comes first.

    ``children`` are the screens that have this one behind their Back button.
    """

    path: str
    component: Callable[[], Any]
    title_key: str
    needs_unlock: bool = True
    children: tuple[Screen, ...] = ()


SCREENS: tuple[Screen, ...] = (
    Screen(
        "",
        HomeScreen,
        "ui.tab.home",
        children=(
            Screen("follow-ups", FollowUpsScreen, "ui.follow"),
            Screen("attention", AttentionScreen, "ui.attention"),
            Screen("questions/:qid", QuestionScreen, "ui.question"),
            Screen("tally", TallyScreen, "ui.tally"),
            Screen("notices", NoticesScreen, "ui.notices"),
            Screen(
                "draft/:did",
                DraftScreen,
                "ui.record",
                children=(
                    Screen("review", ReviewScreen, "ui.review.title"),
                    Screen("first", FirstPathScreen, "ui.concern.path"),
                    Screen("category", CategoryScreen, "ui.concern.title"),
                ),
            ),
            Screen(
                "concern",
                ConcernScreen,
                "ui.concern.title",
                children=(Screen("numbers", NumbersScreen, "ui.hotline.all"),),
            ),
            Screen("more", MoreScreen, "ui.tab.more"),
        ),
    ),
    Screen("records/kind/:type", RecordsScreen, "ui.tab.records"),
    Screen("records/of/:state", RecordsScreen, "ui.tab.records"),
    Screen(
        "records",
        RecordsScreen,
        "ui.tab.records",
        children=(
            Screen(
                ":rid",
                RecordScreen,
                "ui.record",
                children=(
                    Screen(
                        "amend",
                        AmendScreen,
                        "ui.form.amend",
                        children=(Screen("review", AmendReviewScreen, "ui.form.amend"),),
                    ),
                ),
            ),
        ),
    ),
    Screen("sync", SyncScreen, "ui.tab.sync"),
    Screen(
        "office",
        OfficeScreen,
        "ui.tab.office",
        children=(
            Screen("invite", InviteScreen, "ui.invite.new"),
            Screen("units", UnitsScreen, "ui.units"),
            Screen(
                "device/:did",
                DeviceScreen,
                "ui.device.one",
                children=(
                    Screen("move", DeviceMoveScreen, "ui.deed.move"),
                    Screen("revoke", DeviceRevokeScreen, "ui.deed.revoke"),
                    Screen("adopt", DeviceAdoptScreen, "ui.deed.adopt"),
                ),
            ),
        ),
    ),
    Screen(
        "settings",
        SettingsScreen,
        "ui.tab.settings",
        children=(
            Screen("pin", ChangePinScreen, "ui.settings.pin"),
            Screen("emergency", EmergencyPinScreen, "ui.emergency.heading"),
            Screen("delete", QuickDeleteScreen, "ui.delete.heading"),
        ),
    ),
    # An address that no longer exists, such as the enrolment's, leads home.
    Screen(":rest*", HomeScreen, "ui.tab.home"),
)
FIRST_RUN: tuple[Screen, ...] = (
    Screen(
        "",
        WelcomeScreen,
        "ui.welcome.heading",
        needs_unlock=False,
        children=(
            Screen("enrol", EnrolScreen, "ui.enrol.heading", needs_unlock=False),
            Screen("setup", SetupScreen, "ui.setup.heading", needs_unlock=False),
        ),
    ),
    Screen(":rest*", WelcomeScreen, "ui.welcome.heading", needs_unlock=False),
)
LOCKED: tuple[Screen, ...] = (
    Screen("", UnlockScreen, "ui.unlock", needs_unlock=False),
    Screen(":rest*", UnlockScreen, "ui.unlock", needs_unlock=False),
)


def screens_for(phase: HomeState) -> tuple[Screen, ...]:
    """Return the screens that exist in a phase; a locked home has one, at every address."""
    if phase is HomeState.UNLOCKED:
        return SCREENS
    return LOCKED if phase is HomeState.LOCKED else FIRST_RUN


def routes_for(phase: HomeState) -> list[ft.Route]:
    """Return the screens of a phase as the router takes them."""
    return [_route(screen) for screen in screens_for(phase)]


def _route(screen: Screen) -> ft.Route:
    return ft.Route(
        path=screen.path,
        component=guarded_screen(screen.component),
        children=[_route(child) for child in screen.children] or None,
    )
