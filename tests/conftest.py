"""What holds for every test: no network but loopback, and the same draws on every machine.

`--slow` turns hypothesis from its fixed draws to fresh ones, and to many more of them.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOCAL_NAMES = frozenset({"", "localhost", "localhost.localdomain"})

# Time limits are off: two tests at once on a small machine would make them a matter of luck.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("slow", max_examples=1_000, deadline=None)


class OutsideNetworkError(AssertionError):
    """A test tried to leave this machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="fresh hypothesis draws, and many more")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("slow" if config.getoption("--slow") else "fixed")


def is_local(address: Any) -> bool:
    """Whether a socket address stays on this machine; paths of Unix sockets do."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).split("%")[0]
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a socket's way out, so that any address but loopback fails the test by name."""

    def checked(self: socket.socket, address: Any, *rest: Any) -> Any:
        if not is_local(address):
            raise OutsideNetworkError(f"tests may use loopback only, not {address!r}")
        return connect(self, address, *rest)

    return checked


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        yield
