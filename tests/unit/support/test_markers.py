"""The search for markers finds each of them in each disguise, and nothing where there is none."""

import base64

import pytest

from tests.support.markers import Planter, disguises, found_in


def test_a_marker_is_found_in_every_disguise_and_nothing_elsewhere() -> None:
    planter, noise = Planter(), bytes(range(256))
    for number in range(40):
        planter.marker(f"place {number}", 8 if number % 2 else 0)
    for marker, place in planter.planted.items():
        for disguise in disguises(marker):
            assert place in found_in(planter.planted, noise + disguise + noise)
    assert found_in(planter.planted, noise) == set()


@pytest.mark.parametrize("length", [0, 8])
@pytest.mark.parametrize("before", range(6))
def test_a_marker_is_found_inside_longer_base64_and_never_by_a_few_letters(
    length: int, before: int
) -> None:
    planter = Planter()
    marker = planter.marker("place", length)
    for after in range(6):
        text = b"\xff" * before + marker.encode() + b"\xff" * after
        assert found_in(planter.planted, base64.b64encode(text)) == {"place"}
    assert min(map(len, disguises(marker))) >= len(marker)
