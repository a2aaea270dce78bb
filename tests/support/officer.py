"""An officer at a screen: deeds in the words of the officer's language, nothing but what is named.

Every step waits for what it brings about; none waits for time to pass.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import (
    TimeoutError,  # noqa: A004  what the browser's driver calls it
    expect,
)

from fieldapp.domain.record_types import record_type
from fieldapp.i18n import message
from tests.support.flet_page import FletPage, Say

TRIES = 12
SLOW_MS = 30_000
"""For deeds that derive keys, seal, or talk to a server on a busy machine."""


class Officer:
    """One person at one page."""

    def __init__(self, page: FletPage, language: str, pin: str) -> None:
        self.page = page
        self.say = Say(language)
        self.pin = pin

    # ------------------------------------------------------------------ reading

    def sees(self, key: str, **params: object) -> None:
        """Wait for a text of the catalogue."""
        self.page.sees(self.say(key, **params), SLOW_MS)

    def is_told(self, code: str, **params: object) -> None:
        """Wait for what an error says."""
        self.page.sees(message(code, self.say.language, **params), SLOW_MS)

    def no_longer_sees(self, words: str) -> None:
        """Wait until words are gone from the screen."""
        expect(self.page.words(words)).to_have_count(0, timeout=SLOW_MS)

    # ------------------------------------------------------------------ beginning

    def choose_language(self) -> None:
        """Take the first screen's choice; every word after it is in that language."""
        self.page.press({"en": "English", "sw": "Kiswahili"}[self.say.language])
        self.sees("ui.welcome.heading")
        self.page.press(self.say("ui.welcome.code"))
        self.sees("ui.enrol.heading")

    def bring_code(self, code: str) -> None:
        """Paste a code that cannot be, then the office's."""
        self.page.fill(self.say("ui.enrol.code"), code[:-4] + "0000")
        self.page.press(self.say("ui.continue"))
        self.is_told("invalid_code_checksum")
        self.page.fill(self.say("ui.enrol.code"), code)
        self.page.press(self.say("ui.continue"))
        self.sees("ui.enrol.needs_network")

    def bring_file(self, file: Path, org: str) -> None:
        """Choose the office's file."""
        with self.page.page.expect_file_chooser() as chooser:
            self.page.press(self.say("ui.enrol.file"))
        chooser.value.set_files(file)
        self.sees("ui.enrol.org")
        self.page.sees(org)

    def enrol(self, name: str) -> None:
        """Give a name and a PIN twice; reads the four words and starts."""
        self.page.fill(self.say("ui.enrol.name"), name)
        self.page.fill(self.say("ui.pin.choose"), self.pin)
        self.page.fill(self.say("ui.pin.again"), self.pin[:-1])
        self.page.fill(self.say("ui.pin.again"), self.pin)
        self.page.press(self.say("ui.enrol.join"))
        self.sees("ui.enrol.words_heading")

    def start(self) -> None:
        """Leave the four words."""
        self.page.press(self.say("ui.enrol.start"))
        self.page.sees(self.say("ui.tab.settings"), SLOW_MS)

    # ------------------------------------------------------------------ the lock

    def lock(self) -> None:
        """Close the vault."""
        self.page.press(self.say("ui.lock"))
        self.sees("ui.unlock.intro")

    def unlock(self, pin: str = "") -> None:
        """Type a PIN and press the button."""
        self.page.fill(self.say("ui.unlock.pin"), pin or self.pin)
        self.page.press(self.say("ui.unlock"))

    def arrives_home(self) -> None:
        """Wait for the deeds of the day."""
        self.page.sees(record_type("concern").begin_words.in_language(self.say.language), SLOW_MS)

    def visit_home(self) -> None:
        """Go to the home's address."""
        words = record_type("concern").begin_words.in_language(self.say.language)
        self.page.visit("/", self.page.words(words))

    # ------------------------------------------------------------------ forms

    def report(self, category: str) -> None:
        """Choose what a new concern is about; what may wait goes straight to the form."""
        words = self.say.option("category", category)
        self.begin("concern")
        self.page.fill(self.say("ui.concern.search"), words)
        # A list that is still narrowing moves its tiles away from under the finger.
        self.no_longer_sees(self.say("ui.care.danger"))
        self.page.press(words)
        self.sees("ui.concern.change")

    def begin(self, type_key: str) -> None:
        """Open a new record's form."""
        self.page.press(record_type(type_key).begin_words.in_language(self.say.language))
        self.page.sees(record_type(type_key).sections[0].label.in_language(self.say.language))

    def choose(self, type_key: str, field: str, option: str) -> None:
        """Pick an option of a field."""
        self.page.choose(self.say.field(type_key, field), self.say.option(field, option))

    def write(self, type_key: str, field: str, words: str) -> None:
        """Type into a field."""
        self.page.fill(self.say.field(type_key, field), words)

    def count(self, **cells: int) -> None:
        """Type the attendance's cells."""
        for cell, number in cells.items():
            self.page.fill(self.say.cell(cell), str(number))

    def turn_to(self, section: str, type_key: str = "meeting") -> None:
        """Go to a page of the form by its bar."""
        label = self._section(type_key, section)
        named = re.compile(rf": {re.escape(label)}$")
        heading = self.page.page.get_by_role("heading", name=named).first
        for _ in range(TRIES):
            # The bars lie at the top of the page, which a text field may have scrolled away.
            self.page.scroll_to_top()
            self.page.press(re.compile(rf"^\d+\. {re.escape(label)}"))
            with suppress(TimeoutError):
                heading.wait_for(state="attached", timeout=2500)
                return
        raise AssertionError(f"page {section} does not open: {self.page.described()}")

    def show_all(self) -> None:
        """Ask for the fields that a page keeps for those who need them, if it does."""
        more = re.compile("^" + self.say("ui.form.more", count=2).replace("2", r"\d+") + "$")
        found = self.page.page.get_by_role("button", name=more)
        if found.count():
            self.page.press(more)

    def sees_problem_at(self, section: str, type_key: str = "meeting", count: int = 1) -> None:
        """Wait until a page's bar says that so many things on it are wrong."""
        label = self._section(type_key, section)
        problems = self.say("ui.form.problems", count=count)
        bar = re.compile(rf"^\d+\. {re.escape(label)}: {re.escape(problems)}")
        expect(self.page.page.get_by_role("button", name=bar)).to_be_attached(timeout=SLOW_MS)

    def _section(self, type_key: str, key: str) -> str:
        found = next(one for one in record_type(type_key).sections if one.key == key)
        return found.label.in_language(self.say.language)

    def ask_for_review(self) -> None:
        """Press the last page's button."""
        self.page.press(self.say("ui.form.review"))

    def seal(self, *, change_of_mind: bool = False) -> None:
        """Seal from the review; with a change of mind the first try is undone."""
        self.sees("ui.review.readers")
        if change_of_mind:
            self.page.press(self.say("ui.review.seal"))
            self.page.press(self.say("ui.undo"))
            expect(
                self.page.page.get_by_role("button", name=self.say("ui.review.seal"), exact=True)
            ).to_be_attached(timeout=SLOW_MS)
        self.page.press(self.say("ui.review.seal"))
        self.sees("ui.done.sealed")
        self.page.press(self.say("ui.done.home"))
        self.arrives_home()

    # ------------------------------------------------------------------ sync and reading

    def sync(self) -> None:
        """Exchange, and wait until all of it was good."""
        self.go("ui.tab.sync")
        self.page.press(self.say("ui.sync.now"))
        self.page.sees(self.say("ui.sync.result"), SLOW_MS)

    def go(self, tab: str) -> None:
        """Choose a tab."""
        self.page.go(self.say(tab))

    def open_record(self, title: str) -> None:
        """Find a record by its title and open it."""
        self.go("ui.tab.records")
        self.page.fill(self.say("ui.search"), title)
        self.page.press_row(title, self.page.words(self.say("ui.record.ticks")))

    def sees_row(self, title: str, words: str) -> None:
        """Wait until the list shows a record with these words on its card."""
        row = re.compile(rf"^{re.escape(title)}.*{re.escape(words)}", re.DOTALL)
        expect(self.page.page.get_by_role("button", name=row).first).to_be_attached(timeout=SLOW_MS)

    def four_words(self) -> str:
        """Read the words to compare from the screen."""
        found = re.search(r"\b1 (\w+) 2 (\w+) 3 (\w+) 4 (\w+)\b", self.page.described())
        assert found is not None, self.page.described()
        return " ".join(found.groups())
