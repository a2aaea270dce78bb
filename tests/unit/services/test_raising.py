"""Raising the tier of a sealed record: fewer readers from now on, and the old text gone."""

from __future__ import annotations

import pytest

from fieldapp.errors import NoRightError
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import Country
from tests.support.factories import concern_fields
from tests.unit.services.test_records import codes

PASSPHRASE = "a long passphrase"
SECRET = "She named the man at the ferry"
WORSE = {"category": "child_neglect", "narrative": SECRET}


def raised(services: Services, record: str, **changes: object) -> str:
    edited = services.records.change(record, changes, "It was worse")
    assert edited.raised_from == record
    assert edited.id != record
    return edited.id


def confidential(services: Services) -> tuple[str, str]:
    """A concern that was ordinary and is confidential now."""
    old = services.records.create("concern", None, concern_fields(narrative=SECRET))
    return old, raised(services, old, confidential=True)


def test_a_raised_record_is_a_new_one_that_names_the_old(chief: Services) -> None:
    old, new = confidential(chief)
    shown = chief.records.show(new)
    assert shown.continues == old
    assert (shown.tier, shown.fields["narrative"]) == ("confidential", SECRET)
    assert [item.op for item in shown.history] == ["created"]


def test_the_old_record_says_only_that_it_was_erased_and_by_whom(chief: Services) -> None:
    old, _ = confidential(chief)
    shown = chief.records.show(old)
    assert shown.fields == {}
    assert sorted(item.op for item in shown.history) == ["deleted", "erased"]
    found, total = chief.records.find(SECRET)
    assert (total, [row.id for row in found if row.id == old]) == (1, [])


def test_readers_lose_the_old_text_and_get_the_new_record(
    country: Country, chief: Services
) -> None:
    dcc = country.unlocked("dcc")
    old = chief.records.create("concern", None, concern_fields(narrative=SECRET))
    country.sync(chief, dcc)
    assert dcc.records.show(old).fields["narrative"] == SECRET
    new = raised(chief, old, confidential=True)
    country.sync(chief, dcc)
    assert dcc.records.show(old).fields == {}
    assert dcc.records.show(new).continues == old


def test_it_is_told_who_had_opened_the_old_record(country: Country, chief: Services) -> None:
    dcc = country.unlocked("dcc")
    old = chief.records.create("concern", None, concern_fields(narrative=SECRET))
    country.sync(chief, dcc, chief)
    edited = chief.records.change(old, {"confidential": True}, "It was worse")
    assert [office.en for office in edited.had_read] == [
        "Sub-county administration office, Lamu West"
    ]


def test_nobody_had_opened_what_never_left_the_phone(chief: Services) -> None:
    old = chief.records.create("concern", None, concern_fields(narrative=SECRET))
    assert chief.records.change(old, {"confidential": True}, "It was worse").had_read == ()


def test_neighbours_in_the_same_batch_stay(country: Country, chief: Services) -> None:
    dcc = country.unlocked("dcc")
    made = chief.records.create_many(
        "concern", [(None, concern_fields(narrative=f"Concern number {at}")) for at in range(3)]
    )
    first, second, third = (str(one) for one in made)
    country.sync(chief, dcc)
    raised(chief, second, confidential=True)
    country.sync(chief, dcc)
    for services in (chief, dcc):
        for record, words in ((first, "Concern number 0"), (third, "Concern number 2")):
            shown = services.records.show(record)
            assert shown.fields["narrative"] == words
            assert [item.op for item in shown.history] == ["created"]
        assert services.records.show(second).fields == {}


def test_the_tier_is_not_lowered_by_its_author(chief: Services) -> None:
    _, new = confidential(chief)
    with pytest.raises(ProblemsError) as refused:
        chief.records.change(new, {"confidential": False}, "It was nothing")
    assert codes(refused) == {("", "class_would_change")}


def test_a_record_that_others_amended_is_raised_by_whoever_may_erase_all_of_it(
    country: Country, chief: Services
) -> None:
    dcc = country.unlocked("dcc")
    old = chief.records.create("concern", None, concern_fields(narrative=SECRET))
    country.sync(chief, dcc)
    dcc.records.edit(old, {"status": "assigned"}, "The patrol went there")
    country.sync(dcc, chief)
    with pytest.raises(NoRightError):
        chief.records.change(old, {"confidential": True}, "It was worse")
    assert chief.records.show(old).fields["narrative"] == SECRET
    new = raised(dcc, old, confidential=True)
    country.sync(dcc, chief)
    assert chief.records.show(old).fields == {}
    assert chief.records.show(new).continues == old


def test_what_never_left_the_phone_reaches_nobody(country: Country, chief: Services) -> None:
    dcc = country.unlocked("dcc")
    old, new = confidential(chief)
    country.sync(chief, dcc)
    assert chief.syncing.status().waiting == 0
    assert dcc.records.show(new).fields["narrative"] == SECRET
    assert dcc.records.show(old).fields == {}
    assert SECRET not in str(dcc.records.show(old))
    assert dcc.syncing.verify().complete


def desk_of(country: Country, name: str) -> Services:
    """A desk at headquarters, enrolled from its hand-over file."""
    desk = country.build(name)
    text = next((country.folder / "shares").glob(f"*{name}*")).read_text(encoding="utf-8")
    desk.access.enrol(text, "Eshe Juma", PASSPHRASE, phrase=country.phrases[name])
    return desk


def test_the_desk_alone_lowers_and_keeps_what_it_read(country: Country, chief: Services) -> None:
    hq = country.unlocked("hq")
    desk = desk_of(country, "csic")
    country.sync(desk, hq, chief)
    old = chief.records.create(
        "concern", None, concern_fields(category="small_arms", narrative=SECRET)
    )
    country.sync(chief, desk)
    edited = desk.records.change(old, {"category": "theft"}, "Nothing but a theft")
    assert edited.raised_from == old
    assert desk.records.show(old).fields["narrative"] == SECRET
    assert desk.records.show(edited.id).tier == "ordinary"
    country.sync(desk, hq)
    shown = hq.records.show(edited.id)
    assert (shown.continues, shown.fields["narrative"]) == (old, SECRET)
