"""The composition root: clock, chance, folders and settings of a home."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from fieldapp import bootstrap
from fieldapp.crypto.keystore import DEFAULT_PARAMS, PIN_PARAMS
from fieldapp.errors import ConfigError, HomeBusyError
from fieldapp.services.views import HomeState
from fieldapp.storage.home import Home
from fieldapp.sync.transport import HTTPTransport


def test_building_the_services_opens_nothing(tmp_path: Path) -> None:
    settings = bootstrap.demo_settings(tmp_path / "home")
    with bootstrap.build_services(settings) as services:
        assert services.access.state() is HomeState.NEW
    assert not (tmp_path / "home").exists()


def test_a_flag_names_the_home_else_the_variable_else_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("FIELDAPP_HOME", raising=False)
    assert bootstrap.read_settings().home == str(bootstrap.default_home())
    monkeypatch.setenv("FIELDAPP_HOME", str(tmp_path / "variable"))
    assert bootstrap.read_settings().home == str(tmp_path / "variable")
    assert bootstrap.read_settings(home=tmp_path / "flag").home == str(tmp_path / "flag")


def test_the_settings_file_of_a_home_is_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port = 7\n")
    assert bootstrap.read_settings(home=tmp_path).port == 7
    assert bootstrap.read_settings(home=tmp_path, port=8).port == 8
    (tmp_path / "settings.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="file_unreadable"):
        bootstrap.read_settings(home=tmp_path)


def test_the_way_to_a_server_has_the_settings_patience(tmp_path: Path) -> None:
    connect = bootstrap.server_factory(bootstrap.demo_settings(tmp_path))
    service = connect("http://127.0.0.1:1")
    assert isinstance(service, HTTPTransport)
    assert service._timeouts.connect_seconds == 20.0
    with pytest.raises(ConfigError):
        connect("http://example.org")


def test_one_window_serves_a_home(tmp_path: Path) -> None:
    settings = bootstrap.demo_settings(tmp_path / "home")
    with (
        bootstrap.claim_window(settings),
        pytest.raises(HomeBusyError, match="home_busy"),
        bootstrap.claim_window(settings),
    ):
        pass


def test_clock_and_chance_are_the_machines_own() -> None:
    clock = bootstrap.SystemClock()
    assert clock.now_ms() > 1_700_000_000_000
    chance = bootstrap.SystemChance()
    assert len({chance.token(16) for _ in range(50)}) == 50


def test_waiting_takes_its_time_and_places_are_read_once(tmp_path: Path) -> None:
    environment = bootstrap.HomeEnvironment(
        Home(tmp_path),
        bootstrap.server_factory(bootstrap.demo_settings(tmp_path)),
        may_be_short=False,
    )
    before = environment.clock.now_ms()
    environment.wait(0.02)
    assert environment.clock.now_ms() - before >= 20
    first = environment.new_places()
    first.learn("KE-005", "Elsewhere")
    assert environment.new_places().name("KE-005") == "Lamu"


def test_the_demo_lies_in_its_own_folder_and_invents_the_same_each_time(tmp_path: Path) -> None:
    assert bootstrap.demo_folder(tmp_path) == tmp_path / "demo"
    assert bootstrap.demo_folder(None).name == "demo"
    draws = [bootstrap.seeded_chance(7).randrange(10**9) for _ in range(2)]
    assert draws[0] == draws[1]


def test_a_home_is_as_dear_to_guess_as_was_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Mock(wraps=bootstrap.HomeEnvironment)
    monkeypatch.setattr(bootstrap, "HomeEnvironment", made)
    bootstrap.build_services(bootstrap.demo_settings(tmp_path / "home")).close()
    environment = bootstrap.HomeEnvironment(**made.call_args.kwargs)
    assert (environment.kdf, environment.pin_kdf) == (DEFAULT_PARAMS, PIN_PARAMS)
