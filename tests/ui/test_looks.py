"""How screens are laid out: names above fields, a rail that stays, tables without empty columns."""

from __future__ import annotations

import flet as ft
import pytest

from fieldapp.ui.theme import LOW_BELOW
from tests.support.fake_homes import chief_home, sub_county_home
from tests.support.fake_services import FakeServices
from tests.support.fake_world import DESK_OFFICER
from tests.support.headless import Headless
from tests.ui.conftest import Open

LAPTOP = 1366


async def test_every_field_has_its_name_above_it_or_searches(unlocked: Open) -> None:
    services = chief_home()
    draft = services.records.new_draft("meeting")
    page = await unlocked(services)
    page.page.navigate(f"/draft/{draft.id}")
    await page.sees("Venue")
    fields = page.all(ft.TextField)
    assert fields
    for field in fields:
        drawn = [words for words in page.all(ft.Text) if words.value == field.label]
        assert drawn or field.prefix_icon is ft.Icons.SEARCH, field.label


@pytest.mark.parametrize(
    ("path", "tab"),
    [("/settings/pin", "Settings"), ("/office/units", "Office"), ("/notices", "Home")],
)
async def test_a_wide_window_keeps_its_tabs_on_inner_pages(
    unlocked: Open, path: str, tab: str
) -> None:
    page = await unlocked(sub_county_home(), width=LAPTOP)
    page.page.navigate(path)
    await page.until(lambda: page.all(ft.AppBar), "no bar with Back")
    rails = [rail for rail in page.all(ft.NavigationRail) if rail.selected_index is not None]
    chosen = {(r.destinations or [])[r.selected_index or 0].label for r in rails}
    assert tab in chosen


async def test_a_form_has_the_whole_window(unlocked: Open) -> None:
    services = chief_home()
    draft = services.records.new_draft("meeting")
    page = await unlocked(services, width=LAPTOP)
    page.page.navigate(f"/draft/{draft.id}")
    await page.sees("Venue")
    form = page.views()[-1]
    assert isinstance(form.appbar, ft.AppBar)
    assert page.all(ft.NavigationRail) == []


async def test_a_table_draws_no_empty_column_and_says_a_count_in_one_number(
    unlocked: Open,
) -> None:
    services = sub_county_home()
    meetings = [held for held in services.world.records.values() if held.type == "meeting"]
    for held in meetings:
        held.fields.pop("title", None)
    page = await unlocked(services, width=LAPTOP)
    page.page.navigate("/records/kind/meeting")
    await page.sees("How far it is")
    assert not page.shows("Title")
    assert page.shows("Attendance")
    assert page.shows(str(meetings[0].fields["attendance"]["total"]))


async def test_a_desk_that_begins_nothing_else_is_not_offered_more(unlocked: Open) -> None:
    page = await unlocked(FakeServices(DESK_OFFICER), width=LAPTOP)
    assert "More records" not in labels(page)
    page.page.navigate("/more")
    await page.sees("Nothing else to record")


def labels(page: Headless) -> list[object]:
    """The tabs of a wide window."""
    rails = page.all(ft.NavigationRail)
    return [one.label for rail in rails for one in rail.destinations or []]


async def test_an_open_keyboard_leaves_the_name_of_the_page_and_takes_its_marks(
    unlocked: Open,
) -> None:
    services = chief_home()
    draft = services.records.new_draft("meeting")
    page = await unlocked(services)
    page.page.navigate(f"/draft/{draft.id}")
    await page.sees("Venue")
    marks = [one for one in page.all(ft.Semantics) if (one.label or "").startswith("1. ")]
    assert marks
    page.session.apply_page_patch({"height": LOW_BELOW - 1})
    await page.fire(page.page, "resize", None)
    await page.sees("1 of 5: What and where")
    assert not [one for one in page.all(ft.Semantics) if (one.label or "").startswith("1. ")]


async def test_a_wide_window_shows_the_chosen_follow_up_beside_the_list(unlocked: Open) -> None:
    services = sub_county_home()
    page = await unlocked(services, width=LAPTOP)
    page.page.navigate("/follow-ups")
    await page.sees("Choose a follow-up")
    line = services.follow_ups.find("", 0, 1).lines[0]
    await page.press(line.text)
    await page.sees("Open the record")
    assert [words.value for words in page.all(ft.Text)].count(line.text) == 2
    assert len(page.all(ft.TextField, label="What was done? (no names)")) == 1


async def test_large_text_folds_the_states_of_a_list_into_one_filter(unlocked: Open) -> None:
    services = chief_home()
    services.access.set_text_scale(2.0)
    page = await unlocked(services)
    page.page.navigate("/records")
    await page.press("All")
    await page.press("Drafts")
    await page.sees("1 record")
    # A chip would cut off a long kind after its first line.
    assert not page.all(ft.Chip)
    assert page.all(ft.OutlinedButton, content="Every kind")


async def test_choices_beside_each_other_are_of_one_height(unlocked: Open) -> None:
    page = await unlocked(chief_home())
    page.page.navigate("/settings")
    await page.sees("Text size")

    def row_of(words: str) -> ft.Row:
        holding = [
            row
            for row in page.all(ft.Row)
            if len(row.controls) == 2 and any(radio.label == words for radio in _radios(row))
        ]
        return holding[0]

    for words in ("Kiswahili", "125 %"):
        row = row_of(words)
        assert row.intrinsic_height, words
        assert row.vertical_alignment is ft.CrossAxisAlignment.STRETCH, words


def _radios(row: ft.Row) -> list[ft.Radio]:
    """The radios of a line of tiles."""
    tiles = [cell.content for cell in row.controls if isinstance(cell, ft.Container)]
    lines = [
        tile.content.controls[0]
        for tile in tiles
        if isinstance(tile, ft.Container) and isinstance(tile.content, ft.Column)
    ]
    heads = [line.controls[0] for line in lines if isinstance(line, ft.Row)]
    return [head for head in heads if isinstance(head, ft.Radio)]
