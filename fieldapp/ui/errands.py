"""What the app itself sends an officer away for: to choose a file, take a picture, save a text.

Law: while such an errand runs the app may leave the front without being locked, as the officer
comes back with what was asked for. The idle time runs on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, cast

from fieldapp.ui.platform import Platform


class Errands:
    """A device that counts the calls that are under way."""

    def __init__(self, device: Platform) -> None:
        self._device = device
        self.running = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the device has there
        """Return what the device has, counted where it is a call."""
        found = getattr(self._device, name)
        return self._counted(found) if iscoroutinefunction(found) else found

    def _counted(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @wraps(call)
        async def errand(*args: Any, **more: Any) -> Any:  # noqa: ANN401  as the device's own
            self.running += 1
            try:
                return await call(*args, **more)
            finally:
                self.running -= 1

        return errand


def as_platform(errands: Errands) -> Platform:
    """Return the counted device as what screens know."""
    return cast("Platform", errands)
