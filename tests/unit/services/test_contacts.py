"""Local numbers stay on the device, sealed, and are one for each office."""

from __future__ import annotations

import pytest

from fieldapp.domain.local_contacts import MOST, LocalContact
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import Country


def test_a_number_is_kept_through_a_lock_replaced_and_forgotten(
    country: Country, chief: Services
) -> None:
    assert chief.contacts.all() == []
    chief.contacts.keep("OCS", " Lamu police station ", "0712 345 678")
    chief.contacts.keep("H", "Lamu hospital", "0712345679")
    chief.access.lock()
    again = country.unlocked("chief")
    day = again.access.workspace().today().isoformat()
    assert again.contacts.all() == [
        LocalContact("H", "Lamu hospital", "0712345679", day),
        LocalContact("OCS", "Lamu police station", "0712 345 678", day),
    ]
    again.contacts.keep("OCS", "Lamu police station", "0799000000")
    assert [one.number for one in again.contacts.all()] == ["0712345679", "0799000000"]
    again.contacts.forget("H", "Lamu hospital")
    again.contacts.forget("H", "Lamu hospital")
    assert [one.office for one in again.contacts.all()] == ["OCS"]


def test_they_are_nowhere_in_the_clear_and_never_wait_to_be_sent(
    country: Country, chief: Services
) -> None:
    before = chief.syncing.status().waiting
    chief.contacts.keep("H", "Hindi dispensary", "0733 123 456")
    assert chief.syncing.status().waiting == before
    files = [path for path in (country.folder / "chief").rglob("*") if path.is_file()]
    assert len(files) > 2
    for path in files:
        raw = path.read_bytes()
        assert b"Hindi dispensary" not in raw
        assert b"0733 123 456" not in raw


def test_what_is_no_number_is_refused_and_so_is_one_too_many(chief: Services) -> None:
    with pytest.raises(ProblemsError) as caught:
        chief.contacts.keep("OCS", "", "many")
    assert [one.path for one in caught.value.problems] == ["name", "number"]
    for number in range(MOST):
        chief.contacts.keep("OCS", f"Post {number}", "0712345678")
    with pytest.raises(ProblemsError):
        chief.contacts.keep("OCS", "One more post", "0712345678")
    chief.contacts.keep("OCS", "Post 0", "0712345679")
    assert len(chief.contacts.all()) == MOST
