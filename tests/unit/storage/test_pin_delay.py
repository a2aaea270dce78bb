import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from fieldapp.errors import StorageFailedError, WrongPinError
from fieldapp.storage.pin_delay import LONGEST_SECONDS, PinDelay, delay_seconds

NOON = 1_700_000_000_000


@pytest.fixture
def delay(tmp_path: Path) -> PinDelay:
    return PinDelay(tmp_path / "vault.tries")


def wrong(delay: PinDelay, times: int, now: int = NOON) -> int:
    """Try a wrong PIN so often, each time as soon as it is allowed; return the time then."""
    for _ in range(times):
        now += delay.retry_after_seconds(now) * 1_000
        delay.begin(now)
    return now


def test_the_first_try_waits_for_nothing(delay: PinDelay) -> None:
    assert delay.retry_after_seconds(NOON) == 0


def test_waits_double_up_to_five_minutes(delay: PinDelay) -> None:
    now, waits = NOON, []
    for _ in range(11):
        waits.append(delay.begin(now))
        now += waits[-1] * 1_000
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_try_too_early_is_refused_and_not_counted(delay: PinDelay) -> None:
    now = wrong(delay, 3)
    with pytest.raises(WrongPinError) as caught:
        delay.begin(now + 1)
    assert (caught.value.code, caught.value.retry_after_seconds) == ("wrong_pin_wait", 4)
    assert delay.begin(now + 4_000) == 8


def test_a_started_second_counts_whole(delay: PinDelay) -> None:
    now = wrong(delay, 3)
    assert delay.retry_after_seconds(now + 3_001) == 1
    assert delay.retry_after_seconds(now + 4_000) == 0


def test_the_right_pin_forgets_the_wrong_ones(delay: PinDelay) -> None:
    now = wrong(delay, 5)
    delay.succeed()
    assert delay.retry_after_seconds(now) == 0
    assert delay.begin(now) == 1


def test_a_restart_does_not_forget(delay: PinDelay) -> None:
    now = wrong(delay, 6)
    assert PinDelay(delay.path).retry_after_seconds(now) == 32


def test_a_clock_set_back_starts_the_wait_again_and_it_ends(delay: PinDelay) -> None:
    now = wrong(delay, 6)
    year_ago = now - 365 * 86_400_000
    assert delay.retry_after_seconds(year_ago) == 32
    assert delay.retry_after_seconds(year_ago + 20_000) == 12
    assert delay.retry_after_seconds(year_ago + 32_000) == 0


def test_only_one_of_many_tries_at_once_passes(delay: PinDelay) -> None:
    def attempt(_: int) -> bool:
        try:
            delay.begin(NOON)
        except WrongPinError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


@pytest.mark.parametrize("content", [b"not a database at all" * 300, None])
def test_a_damaged_count_costs_the_longest_wait_and_no_more(
    delay: PinDelay, content: bytes | None
) -> None:
    wrong(delay, 1)
    whole = bytearray(delay.path.read_bytes())
    whole[100:] = b"\xff" * (len(whole) - 100)
    delay.path.write_bytes(content or whole)
    assert delay.retry_after_seconds(NOON) == LONGEST_SECONDS
    assert delay.retry_after_seconds(NOON + LONGEST_SECONDS * 1_000) == 0


def test_a_place_that_cannot_be_opened_is_a_failure_of_the_disk(tmp_path: Path) -> None:
    place = tmp_path / "vault.tries"
    delay = PinDelay(place)
    wrong(delay, 1)
    place.with_name("vault.tries-journal").mkdir()
    with pytest.raises(StorageFailedError):
        delay.begin(NOON + 60_000)


def test_a_held_count_is_named_busy_by_its_database(
    delay: PinDelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldapp.storage.pin_delay.BUSY_MS", 20)
    wrong(delay, 1)
    with closing(sqlite3.connect(delay.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Exception, match="database_busy"):
            delay.begin(NOON + 60_000)


def seconds_up_to(wrong_tries: int) -> Iterator[int]:
    return (delay_seconds(number) for number in range(wrong_tries))


def test_a_hundred_guesses_take_more_than_seven_hours() -> None:
    assert sum(seconds_up_to(100)) > 7 * 3_600
