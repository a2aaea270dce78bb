"""Pictures and sounds of a record that is raised: sealed anew for fewer readers, or left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import FieldAppError
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from fieldapp.services.raising import Edited
from tests.support.country import Country
from tests.support.factories import concern_fields
from tests.support.pictures import SOUND, photo
from tests.unit.services.test_records import codes


def pieces(country: Country, name: str) -> set[Path]:
    return set((country.folder / name / "media").glob("*"))


def concern_with_both(chief: Services) -> tuple[str, bytes]:
    """A sealed ordinary concern with a picture and a voice note."""
    draft = chief.records.new_draft("concern", None, concern_fields(category="land")).id
    picture = chief.media.add_photo(draft, "pictures", photo(600, 400)).id
    chief.media.add_audio(draft, "voice_note", SOUND, 41)
    return chief.records.seal(draft), chief.media.read(picture)


def raise_it(services: Services, record: str, **changes: object) -> Edited:
    edited = services.records.change(record, changes, "It was worse")
    assert edited.raised_from == record
    return edited


def test_they_go_on_under_new_keys_and_ids_and_are_sent_again(
    country: Country, chief: Services, dcc: Services
) -> None:
    old, picture = concern_with_both(chief)
    country.sync(chief, dcc)
    before = {one.id for one in chief.media.of_record(old)}
    old_pieces = pieces(country, "chief")
    edited = raise_it(chief, old, confidential=True)
    assert edited.media_left == 0
    after = chief.media.of_record(edited.id)
    assert [(one.kind, one.state) for one in after] == [("photo", "sending"), ("audio", "sending")]
    assert before.isdisjoint(one.id for one in after)
    assert pieces(country, "chief").isdisjoint(old_pieces), "a piece of the old one is left"
    country.sync(chief, dcc)
    assert [one.state for one in chief.media.of_record(edited.id)] == ["sent", "sent"]
    photo_id, sound_id = (one.id for one in dcc.media.of_record(edited.id))
    assert (dcc.media.read(photo_id), dcc.media.read(sound_id)) == (picture, SOUND)


def test_the_old_pictures_open_for_nobody_any_more(
    country: Country, chief: Services, dcc: Services
) -> None:
    old, _ = concern_with_both(chief)
    country.sync(chief, dcc)
    seen = [one.id for one in dcc.media.of_record(old)]
    raise_it(chief, old, confidential=True)
    country.sync(chief, dcc)
    for services in (chief, dcc):
        assert services.media.of_record(old) == []
        for one in seen:
            with pytest.raises(FieldAppError) as refused:
                services.media.read(one)
            assert refused.value.code == "unknown_record"


def test_where_the_form_takes_none_they_are_left_behind_and_it_is_said(
    country: Country, chief: Services
) -> None:
    old, _ = concern_with_both(chief)
    country.sync(chief)
    edited = raise_it(chief, old, category="gbv")
    assert edited.media_left == 2
    assert chief.media.of_record(edited.id) == []
    assert pieces(country, "chief") == set()
    assert chief.media.waiting().count == 0


def test_what_waits_to_be_sent_waits_under_the_new_record_alone(
    country: Country, chief: Services, dcc: Services
) -> None:
    old, picture = concern_with_both(chief)
    edited = raise_it(chief, old, confidential=True)
    assert chief.media.waiting().count == 2
    country.sync(chief, dcc)
    assert chief.media.waiting().count == 0
    (first, _) = dcc.media.of_record(edited.id)
    assert dcc.media.read(first.id) == picture


def test_an_office_that_has_not_fetched_them_opens_them_first(
    country: Country, chief: Services, dcc: Services
) -> None:
    old, picture = concern_with_both(chief)
    country.sync(chief, dcc)
    with pytest.raises(ProblemsError) as refused:
        dcc.records.change(old, {"confidential": True}, "It was worse")
    assert codes(refused) == {("pictures", "media_open_first"), ("voice_note", "media_open_first")}
    assert dcc.records.show(old).tier == "ordinary"
    for one in dcc.media.of_record(old):
        dcc.media.read(one.id)
    edited = raise_it(dcc, old, confidential=True)
    country.sync(dcc, chief)
    (first, _) = chief.media.of_record(edited.id)
    assert chief.media.read(first.id) == picture
    assert chief.media.of_record(old) == []


def test_the_author_s_phone_lets_go_of_what_another_raised(
    country: Country, chief: Services, dcc: Services
) -> None:
    old, _ = concern_with_both(chief)
    country.sync(chief, dcc)
    for one in dcc.media.of_record(old):
        dcc.media.read(one.id)
    raise_it(dcc, old, confidential=True)
    assert pieces(country, "chief")
    country.sync(dcc, chief)
    assert pieces(country, "chief") == set()
