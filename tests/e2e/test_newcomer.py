"""A newcomer's first day on a phone, in Kiswahili, by nothing but what the screen says.

He records the workshop of the 2018 report and a stock theft, finds what is waiting, and answers
a question that headquarters asks back. The pictures of the handbook are made on the way:
``BARAZA_PICTURES=docs/pictures`` says where to keep them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from fieldapp.bootstrap import build_services, demo_settings
from fieldapp.domain.record_types import record_type
from fieldapp.domain.samples import golden_meeting
from fieldapp.services.facade import Services
from tests.e2e.conftest import witnessed
from tests.support.flet_page import PHONE, FletPage, new_context
from tests.support.officer import TRIES, Officer
from tests.support.region import ORGANISATION, PIN, Region, founded
from tests.support.window_process import running_window

LANGUAGE = "sw"
NAME = "Zawadi Mwinyi"
GOLDEN = golden_meeting().fields
QUESTION = "Je, mifugo walielekea wapi?"
ANSWER = "Walielekea upande wa bandari."
Picture = Callable[[str], None]


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with founded(tmp_path, chiefs=1) as made:
        yield made


def test_a_newcomer_finds_the_way_by_what_the_screen_says(region: Region, browser: Browser) -> None:
    with running_window(region.folder / "phone") as window, witnessed(browser, "newcomer"):
        context = new_context(browser, PHONE)
        page = FletPage(context.new_page(), window.link, touch=True)
        officer = Officer(page, LANGUAGE, PIN)
        picture = pictures_of(page)
        join(officer, region, picture)
        record_the_workshop(officer, picture)
        report_the_stock_theft(officer, picture)
        find_what_waits(officer, picture)
        deliver(officer, picture)
        with build_services(demo_settings(region.hq_home)) as hq:
            hq.access.unlock(PIN)
            ask_about_the_theft(hq)
            answer_the_question(officer, picture)
            assert heard(hq) == [(QUESTION, ANSWER)]
            workshop = sealed_workshop(hq)
    for item in workshop["facilitators"]:
        item.pop("id")
    assert {name: workshop.get(name) for name in entered()} == entered()


def pictures_of(page: FletPage) -> Picture:
    """Keep a numbered picture of each step where somebody asked for them."""
    folder = os.environ.get("BARAZA_PICTURES")
    taken: list[str] = []

    def take(name: str) -> None:
        taken.append(name)
        page.settle()
        if folder:
            page.picture(Path(folder) / f"{len(taken):02d}-{name}.png")

    return take


def join(officer: Officer, region: Region, picture: Picture) -> None:
    picture("language")
    officer.choose_language()
    file = region.folder / "invite.json"
    file.write_text(region.invites[0].packet_text, encoding="utf-8")
    officer.bring_file(file, ORGANISATION)
    officer.enrol(NAME)
    picture("words")
    officer.start()
    officer.arrives_home()
    picture("home")


def entered() -> dict[str, object]:
    """What is typed of the workshop: all that the report says in one value a field."""
    names = (
        "meeting_type", "date", "title", "venue", "convener", "led_by", "supported_by", "funder",
        "programme", "attendance", "topics", "agencies", "facilitators", "linked_plan",
        "linked_activity",
    )  # fmt: skip
    return {name: GOLDEN[name] for name in names}


def record_the_workshop(officer: Officer, picture: Picture) -> None:
    """Type every field on whichever page of the form shows it."""
    meeting = record_type("meeting")
    officer.begin("meeting")
    officer.choose("meeting", "meeting_type", "workshop")
    fields = {name: value for name, value in entered().items() if name != "meeting_type"}
    for section in meeting.sections:
        here = [name for name in section.names if name in fields]
        officer.turn_to(section.key)
        officer.show_all()
        for name in here:
            put(officer, name, fields.pop(name))
        picture(f"meeting-{section.key}")
    assert not fields
    officer.ask_for_review()
    officer.sees("ui.review.heading")
    picture("meeting-review")
    officer.seal()


def put(officer: Officer, name: str, value: object) -> None:
    if name == "attendance":
        assert isinstance(value, dict)
        officer.count(**value)
    elif name == "date":
        officer.page.type_day(officer.say.field("meeting", name), "11/10/2018")
    elif name == "facilitators":
        facilitator = dict(GOLDEN["facilitators"][0])
        officer.page.press(f"{officer.say('ui.add')}: {one_of('meeting', name)}")
        for part, words in facilitator.items():
            officer.page.fill(label_of("meeting", name, part), words)
    elif isinstance(value, list):
        options = [officer.say.option(name, key) for key in value]
        officer.page.choose_many(
            officer.say.field("meeting", name), options, officer.say("ui.done")
        )
    else:
        officer.write("meeting", name, str(value))


def one_of(type_key: str, group: str) -> str:
    """What one item of a group is called."""
    spec = record_type(type_key).field(group)
    assert spec is not None
    return spec.item_label().in_language(LANGUAGE)


def label_of(type_key: str, group: str, part: str) -> str:
    """The words of one field of a group's items."""
    spec = record_type(type_key).spec_at(f"{group}/x/{part}")
    assert spec is not None
    return spec.label.in_language(LANGUAGE)


def report_the_stock_theft(officer: Officer, picture: Picture) -> None:
    officer.begin("concern")
    picture("concern-tiles")
    officer.page.fill(officer.say("ui.concern.search"), "mifugo")
    officer.no_longer_sees(officer.say("ui.care.danger"))
    picture("concern-search")
    officer.page.press(officer.say.option("category", "stock_theft"))
    officer.sees("ui.concern.change")
    picture("concern-form")
    officer.turn_to("story", "concern")
    officer.write("concern", "narrative", "Mbuzi kumi walichukuliwa usiku karibu na kisima.")
    picture("concern-story")
    officer.ask_for_review()
    officer.sees("ui.review.heading")
    picture("concern-review")
    officer.seal()


def find_what_waits(officer: Officer, picture: Picture) -> None:
    officer.page.press(re.compile(rf"^{re.escape(officer.say('ui.home.waiting_to_send'))}: \d+$"))
    for title in (str(GOLDEN["title"]), officer.say.option("category", "stock_theft")):
        officer.sees_row(title, officer.say("ui.tick.phone"))
    picture("waiting")


def deliver(officer: Officer, picture: Picture) -> None:
    officer.sync()
    picture("delivered")


def ask_about_the_theft(hq: Services) -> None:
    assert hq.syncing.sync().error is None
    rows, _ = hq.records.find(type_key="concern")
    hq.answers.ask(rows[0].id, QUESTION)
    assert hq.syncing.sync().error is None


def answer_the_question(officer: Officer, picture: Picture) -> None:
    officer.sync()
    officer.go("ui.tab.home")
    officer.page.sees(QUESTION)
    picture("question")
    officer.page.press(re.compile(re.escape(QUESTION)))
    officer.page.fill(officer.say("ui.question.answer"), ANSWER)
    officer.page.press(officer.say("ui.question.send"))
    officer.sees("ui.question.sent")
    picture("answered")
    officer.page.press(officer.say("ui.tab.home"))
    officer.arrives_home()
    officer.sync()


def heard(hq: Services) -> list[tuple[str, str]]:
    """What headquarters has of questions and answers, once the answer has come."""
    views: list[Mapping[str, Any]] = []
    for _ in range(TRIES):
        assert hq.syncing.sync().error is None
        rows, _ = hq.records.find(type_key="query")
        views = [hq.records.show(row.id).fields for row in rows]
        if views and all("answer" in view for view in views):
            break
    return [(str(view["question"]), str(view["answer"])) for view in views]


def sealed_workshop(hq: Services) -> dict[str, Any]:
    rows, _ = hq.records.find(type_key="meeting")
    return dict(hq.records.show(rows[0].id).fields)
