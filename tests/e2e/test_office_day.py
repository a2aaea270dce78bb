"""Headquarters' first day by its screens: founded, a chief invited, told, asked, shut out.

Two devices in real processes, one server. The chief's concern alone is written beside his window,
as the command line may.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from fieldapp.bootstrap import build_services, demo_settings
from tests.e2e.conftest import witnessed
from tests.support.flet_page import LAPTOP, PHONE, FletPage, new_context
from tests.support.officer import SLOW_MS, Officer
from tests.support.region import PIN
from tests.support.server import ServerProcess, running
from tests.support.window_process import running_window

NAME, HOLDER = "Chebet Langat", "Zawadi Mwinyi"
TITLE, NOTICE = "Heavy rain", "Keep away from the river crossings."
QUESTION, ANSWER = "Which way did the tracks go?", "Kuelekea barabara ya Hindi."
CONCERN = {"category": "stock_theft", "narrative": "Three goats were taken.", "urgency": "U3"}


def test_an_office_is_founded_and_looks_after_a_chief_by_its_screens(
    tmp_path: Path, browser: Browser
) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(running(ServerProcess(tmp_path / "server")))
        laptop = stack.enter_context(running_window(tmp_path / "hq"))
        phone = stack.enter_context(running_window(tmp_path / "chief"))
        stack.enter_context(witnessed(browser, "office-day"))
        page = FletPage(new_context(browser, LAPTOP).new_page(), laptop.link)
        hq = Officer(page, "en", PIN)
        page = FletPage(new_context(browser, PHONE).new_page(), phone.link, touch=True)
        chief = Officer(page, "sw", PIN)
        found_the_organisation(hq, server, tmp_path / "stick")
        add_a_location(hq)
        enrol(chief, invite_the_chief(hq))
        tell_everybody(hq)
        hear_the_notice(chief)
        report_a_theft(tmp_path / "chief")
        ask_the_author(hq)
        answer(chief)
        hear_the_answer(hq)
        shut_the_phone_out(hq)
        give_the_phone_up(chief)


def found_the_organisation(hq: Officer, server: ServerProcess, stick: Path) -> None:
    """The first try has a wrong token: it leads back to the field."""
    page = hq.page
    page.press("English")
    page.press(hq.say("ui.welcome.setup"))
    page.fill(hq.say("ui.setup.server"), server.url)
    page.fill(hq.say("ui.setup.claim"), "0" * 32)
    page.press(hq.say("ui.continue"))
    page.fill(hq.say("ui.setup.org"), "Ministry of Interior")
    page.fill(hq.say("ui.setup.name"), NAME)
    page.fill(hq.say("ui.pin.choose"), PIN)
    page.fill(hq.say("ui.pin.again"), PIN)
    page.press(hq.say("ui.continue"))
    page.fill(hq.say("ui.setup.shares"), str(stick))
    page.press(hq.say("ui.setup.found"))
    hq.is_told("wrong_claim_token")
    page.fill(hq.say("ui.setup.claim"), server.claim_token.hex())
    page.press(hq.say("ui.continue"))
    hq.sees("ui.setup.org_help")
    page.press(hq.say("ui.continue"))
    hq.sees("ui.setup.shares_heading")
    page.press(hq.say("ui.setup.found"))
    hq.sees("ui.setup.done")
    assert len(list(stick.glob("root-key-*.json"))) == 3
    page.press(hq.say("ui.setup.kept"))
    hq.arrives_home()
    page.sees(NAME)


def add_a_location(hq: Officer) -> None:
    hq.go("ui.tab.office")
    hq.page.press(hq.say("ui.units"))
    hq.page.fill(hq.say("ui.units.name"), "Mkomani")
    hq.page.choose(hq.say("ui.units.parent"), "Lamu West")
    hq.page.press(hq.say("ui.units.add"))
    hq.sees("ui.published.done")


def invite_the_chief(hq: Officer) -> str:
    hq.go("ui.tab.office")
    hq.page.press(hq.say("ui.invite.new"))
    hq.page.choose(hq.say("ui.invite.unit"), "Mkomani")
    hq.page.press(hq.say("ui.invite.make"))
    hq.sees("ui.published.done")
    found = re.search(r"BARAZA1[0-9A-Z-]+", hq.page.described())
    assert found is not None, hq.page.described()
    return found.group()


def enrol(chief: Officer, code: str) -> None:
    chief.choose_language()
    chief.bring_code(code)
    chief.enrol(HOLDER)
    chief.start()
    chief.arrives_home()
    chief.sync()


def tell_everybody(hq: Officer) -> None:
    """The office of all officers is made on the way."""
    hq.sync()
    hq.go("ui.tab.office")
    hq.page.sees(HOLDER)
    hq.page.press(hq.say("ui.notices"))
    hq.page.press(hq.say("ui.notice.write"))
    hq.page.choose(hq.say("ui.form.unit"), "Mkomani")
    hq.write("notice", "title", TITLE)
    hq.write("notice", "text", NOTICE)
    hq.page.type_day(hq.say.field("notice", "until"), "31/12/2030")
    hq.ask_for_review()
    hq.page.press(hq.say("ui.notice.make_office"))
    hq.seal()
    hq.sync()


def hear_the_notice(chief: Officer) -> None:
    chief.sync()
    chief.go("ui.tab.home")
    chief.page.press(re.compile(re.escape(TITLE)))
    chief.page.sees(NOTICE)
    chief.page.press(chief.say("ui.notice.read"))
    chief.no_longer_sees(chief.say("ui.notice.read"))
    chief.page.leave_detail()


def report_a_theft(home: Path) -> None:
    with build_services(demo_settings(home)) as phone:
        phone.access.unlock(PIN)
        phone.records.create("concern", None, CONCERN)
        assert phone.syncing.sync().error is None


def ask_the_author(hq: Officer) -> None:
    hq.sync()
    hq.open_record(hq.say.option("category", "stock_theft"))
    hq.page.press(hq.say("ui.story.ask"))
    hq.page.fill(hq.say("ui.story.question"), QUESTION)
    hq.page.press(hq.say("ui.story.send"))
    hq.sees("ui.story.open")
    hq.sync()


def answer(chief: Officer) -> None:
    chief.sync()
    chief.go("ui.tab.home")
    chief.page.press(re.compile(re.escape(QUESTION)))
    chief.page.fill(chief.say("ui.question.answer"), ANSWER)
    chief.page.press(chief.say("ui.question.send"))
    chief.sees("ui.question.sent")
    chief.page.press(chief.say("ui.tab.home"))
    chief.sync()


def hear_the_answer(hq: Officer) -> None:
    hq.sync()
    hq.go("ui.tab.home")
    hq.page.press(re.compile(re.escape(hq.say("ui.home.answered", question=QUESTION))))
    hq.page.sees(ANSWER)
    hq.page.press(hq.say("ui.story.settled"))
    hq.no_longer_sees(hq.say("ui.story.settled"))
    hq.page.leave_detail()


def shut_the_phone_out(hq: Officer) -> None:
    hq.go("ui.tab.office")
    hq.page.press(re.compile(f"^{hq.say('ui.device.manage')}: Chief"))
    hq.page.press(re.compile(f"^{hq.say('ui.deed.revoke')}"))
    hq.page.press(hq.say.option("because", "stolen"), role="radio")
    hq.sees("ui.revoke.pin")
    hq.page.fill(hq.say("ui.deed.reason"), "taken at the market")
    hq.page.press(hq.say("ui.device.revoke_now"))
    question = hq.page.page.get_by_role("alertdialog")
    question.get_by_role("button", name=hq.say("ui.device.revoke_now")).click(timeout=SLOW_MS)
    hq.sees("ui.revoke.done")
    hq.sees("ui.published.done")


def give_the_phone_up(chief: Officer) -> None:
    """The phone delivers what it holds, and says that it was withdrawn."""
    chief.go("ui.tab.sync")
    chief.page.press(chief.say("ui.sync.now"))
    chief.sees("ui.welcome.withdrawn")
