"""A question back to the author of a record: who sees it, who answers, who learns of it."""

from __future__ import annotations

import pytest

from fieldapp.domain.entries import device_text
from fieldapp.errors import NoReaderError, NoRightError, UnknownRecordError
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.services.titles import title_of
from tests.support.country import Country
from tests.support.factories import concern_fields

QUESTION = "How many heads of cattle were taken?"
ANSWER = "Twelve, all with the ear mark of the ranch"
NOBODY = "0" * 26


@pytest.fixture
def concern(country: Country, chief: Services, dcc: Services, hq: Services) -> str:
    found = chief.records.create("concern", None, concern_fields())
    country.sync(chief, dcc, hq)
    return found


def test_the_author_is_asked_and_the_answer_comes_back(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    query = dcc.answers.ask(concern, f" {QUESTION} ")
    country.sync(dcc, chief)
    (open_one,) = chief.answers.open()
    assert (open_one.id, open_one.record_id, open_one.question) == (query, concern, QUESTION)
    assert open_one.asked_by.en == "Sub-county administration office, Lamu West"
    assert open_one.record_title == chief.records.find()[0][0].title
    chief.answers.answer(query, ANSWER)
    assert chief.answers.open() == []
    country.sync(chief, dcc)
    (back,) = dcc.answers.asked()
    assert (back.answer, back.status, back.to_me) == (ANSWER, "answered", False)
    assert [one.answer for one in chief.answers.of_record(concern)] == [ANSWER]
    assert [one.answer for one in dcc.answers.of_record(concern)] == [ANSWER]


def test_what_is_no_question_is_neither_answered_nor_closed(chief: Services, concern: str) -> None:
    before = chief.records.show(concern)
    with pytest.raises(UnknownRecordError, match="unknown_question"):
        chief.answers.close(concern)
    with pytest.raises(UnknownRecordError, match="unknown_question"):
        chief.answers.answer(concern, "x")
    assert chief.records.show(concern) == before


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A record that is not on this device: {number}"),
        ("sw", "Rekodi ambayo haipo kwenye kifaa hiki: {number}"),
    ],
)
def test_a_question_about_what_is_not_here_says_so_with_a_short_number(
    chief: Services, language: str, words: str
) -> None:
    said = title_of(chief.access.workspace(), "k9fwxn4h40a5h7savq5h6xhcv8", language)
    assert said == words.format(number="K9FWXN")


def test_nobody_above_or_beside_learns_of_a_question(
    country: Country, chief: Services, dcc: Services, hq: Services, concern: str
) -> None:
    query = dcc.answers.ask(concern, QUESTION)
    country.sync(dcc, chief, hq)
    assert hq.answers.of_record(concern) == []
    with pytest.raises(UnknownRecordError):
        hq.records.show(query)


def test_a_question_stands_in_no_list_of_records(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    dcc.answers.ask(concern, QUESTION)
    country.sync(dcc, chief)
    for services in (chief, dcc):
        assert [row.type for row in services.records.find()[0]] == ["concern"]


def test_open_questions_need_the_author(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    before, asker = (one.syncing.status().needs_attention for one in (chief, dcc))
    query = dcc.answers.ask(concern, QUESTION)
    country.sync(dcc, chief)
    assert chief.syncing.status().needs_attention == before + 1
    assert dcc.syncing.status().needs_attention == asker
    chief.answers.answer(query, ANSWER)
    assert chief.syncing.status().needs_attention == before


def test_only_the_one_who_was_asked_answers(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    query = dcc.answers.ask(concern, QUESTION)
    country.sync(dcc, chief)
    with pytest.raises(NoRightError):
        dcc.answers.answer(query, ANSWER)
    with pytest.raises(NoRightError):
        chief.records.change(query, {"question": "Another"}, "To change what was asked")
    assert chief.answers.open()[0].question == QUESTION


def test_an_office_closes_its_question(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    query = dcc.answers.ask(concern, QUESTION)
    country.sync(dcc, chief)
    dcc.answers.close(query)
    country.sync(dcc, chief)
    assert dcc.answers.asked() == []
    assert chief.answers.open() == []
    assert [one.status for one in chief.answers.of_record(concern)] == ["closed"]


def test_a_question_and_its_answer_need_words(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    with pytest.raises(ProblemsError):
        dcc.answers.ask(concern, "  ")
    query = dcc.answers.ask(concern, QUESTION)
    country.sync(dcc, chief)
    with pytest.raises(ProblemsError):
        chief.answers.answer(query, " ")


def test_an_officer_asks_neither_himself_nor_about_nothing(dcc: Services) -> None:
    own = dcc.records.create("concern", None, concern_fields())
    assert not dcc.answers.may_ask(own)
    with pytest.raises(NoRightError, match="asked_self"):
        dcc.answers.ask(own, QUESTION)
    with pytest.raises(UnknownRecordError):
        dcc.answers.ask(NOBODY, QUESTION)
    assert not dcc.answers.may_ask(NOBODY)


def test_a_chief_asks_nobody(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    theirs = dcc.records.create("concern", country.mkomani, concern_fields())
    country.sync(dcc, chief)
    assert not chief.answers.may_ask(theirs)
    assert dcc.answers.may_ask(concern)
    with pytest.raises(NoRightError):
        chief.answers.ask(theirs, QUESTION)


def test_headquarters_asks_as_well(
    country: Country, chief: Services, dcc: Services, hq: Services, concern: str
) -> None:
    query = hq.answers.ask(concern, QUESTION)
    country.sync(hq, chief)
    assert chief.answers.open()[0].asked_by.en == "Headquarters"
    chief.answers.answer(query, ANSWER)
    country.sync(chief, dcc, hq)
    assert hq.answers.of_record(concern)[0].answer == ANSWER
    assert dcc.answers.of_record(concern) == []


def test_the_office_opens_the_answer_and_says_so(
    country: Country, chief: Services, dcc: Services, concern: str
) -> None:
    query = dcc.answers.ask(concern, QUESTION)
    country.sync(dcc, chief)
    chief.answers.answer(query, ANSWER)
    country.sync(chief, dcc, chief)
    ticks = {tick.stage: tick.at_ms for tick in chief.records.show(query).ticks}
    assert set(ticks) == {"server", "sub_county"}
    assert None not in ticks.values()


def test_a_revoked_phone_is_asked_nothing(chief: Services, dcc: Services, concern: str) -> None:
    (phone,) = [row.device for row in dcc.organisation.devices() if row.role == "chief"]
    assert phone == device_text(chief.access.workspace().keys.device)
    dcc.organisation.revoke(phone, "The phone was lost")
    with pytest.raises(NoReaderError):
        dcc.answers.ask(concern, QUESTION)
