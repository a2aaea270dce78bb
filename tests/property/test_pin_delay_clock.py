"""Whatever the clock does, waiting is never shorter than the time that really passed demands."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import WrongPinError
from fieldapp.storage.pin_delay import PinDelay, delay_seconds

START = 1_700_000_000_000
Steps = list[tuple[int, int]]

steps_back_and_waits = st.lists(
    st.tuples(st.integers(0, 400_000), st.integers(0, 400_000)), max_size=12
)


@given(steps=steps_back_and_waits)
def test_no_try_passes_before_its_wait_was_really_waited(steps: Steps) -> None:
    """Each step: real time passes, then the clock is set back by any amount."""
    with tempfile.TemporaryDirectory() as folder:
        delay = PinDelay(Path(folder) / "tries")
        clock, real, passed_at, passed = START, 0, 0, 0
        for wait_ms, back_ms in steps:
            clock += wait_ms - back_ms
            real += wait_ms
            try:
                delay.begin(clock)
            except WrongPinError:
                continue
            assert passed == 0 or real - passed_at >= delay_seconds(passed) * 1_000
            passed, passed_at = passed + 1, real


@given(steps=steps_back_and_waits)
def test_nobody_waits_longer_than_the_wait_after_the_clock_last_moved(steps: Steps) -> None:
    with tempfile.TemporaryDirectory() as folder:
        delay = PinDelay(Path(folder) / "tries")
        clock = START
        for counted, (wait_ms, back_ms) in enumerate(steps):
            clock += wait_ms - back_ms
            left = delay.retry_after_seconds(clock)
            assert left <= delay_seconds(counted)
            clock += left * 1_000
            delay.begin(clock)
