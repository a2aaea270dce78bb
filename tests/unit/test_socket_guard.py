"""The guard that keeps tests on this machine would catch a test that leaves it."""

from __future__ import annotations

import socket

import pytest


def test_a_test_cannot_leave_this_machine() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outward,
        pytest.raises(AssertionError, match="loopback only"),
    ):
        outward.connect(("192.0.2.1", 80))


def test_a_test_may_speak_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as inward:
            assert inward.getpeername()[1] == port
