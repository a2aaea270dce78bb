"""The packaged app's entry: a first frame, then the app, and a second start in one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.main import _phone, main
from tests.support.headless import Headless


async def test_the_app_starts_on_the_platforms_home_and_may_start_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_HOME", str(tmp_path))
    _phone.cache_clear()
    for _ in range(2):
        page = await Headless().start(main)
        await page.sees("Choose your language")
        await page.close()
    assert _phone.cache_info().misses == 1
    _phone.cache_clear()
