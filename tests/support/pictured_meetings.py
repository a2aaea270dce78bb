"""Meetings with a picture in an open vault, and what can be asked of their pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.errors import FieldAppError
from fieldapp.services.facade import Services
from tests.support.country import Country
from tests.support.factories import golden_fields
from tests.support.pictures import photo

PHOTO = photo(900, 700)
FIELD = "attachments"


def meeting(chief: Services) -> str:
    """A meeting that could be sealed."""
    return chief.records.new_draft("meeting", None, golden_fields()).id


def sealed_with_photo(chief: Services) -> tuple[str, str]:
    """Seal a meeting with a picture; return its record and the picture."""
    draft = meeting(chief)
    added = chief.media.add_photo(draft, FIELD, PHOTO)
    return chief.records.seal(draft), added.id


def states(services: Services, record: str) -> list[str]:
    """Where each picture of a record stands."""
    return [one.state for one in services.media.of_record(record)]


def code_of(call: Callable[[], object]) -> str:
    """The code that a deed is refused with."""
    with pytest.raises(FieldAppError) as caught:
        call()
    return caught.value.code


def chunk_files(country: Country, name: str) -> list[Path]:
    """The sealed chunks in a home."""
    return sorted((country.folder / name / "media").glob("*"))
