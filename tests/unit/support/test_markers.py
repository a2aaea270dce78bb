"""The search for markers finds each of them in each disguise, and nothing where there is none."""

from tests.support.markers import Planter, disguises, found_in


def test_a_marker_is_found_in_every_disguise_and_nothing_elsewhere() -> None:
    planter, noise = Planter(), bytes(range(256))
    for number in range(40):
        planter.marker(f"place {number}", 8 if number % 2 else 0)
    for marker, place in planter.planted.items():
        for disguise in disguises(marker):
            assert place in found_in(planter.planted, noise + disguise + noise)
    assert found_in(planter.planted, noise) == set()
