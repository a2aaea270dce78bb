"""Settings of the server: precedence, kinds and refusals."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from fieldapp.errors import ConfigError
from fieldapp.protocol import limits
from sync_server.config import Settings, default_folder, load_settings


def test_without_anything_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_the_server_takes_what_the_protocol_lets_a_client_send_and_no_more() -> None:
    settings = Settings()
    assert settings.max_request_bytes == limits.MAX_REQUEST_BYTES
    assert settings.max_invite_bytes == limits.MAX_INVITE_PACKET_BYTES
    assert settings.max_answer_bytes < limits.MAX_ANSWER_BYTES


def test_a_flag_beats_a_variable_which_beats_the_file() -> None:
    everything = {
        "flags": {"port": 1},
        "environment": {"SYNC_SERVER_PORT": "2", "SYNC_SERVER_HOST": "::1"},
        "toml_text": "port = 3\nhost = 'x'\nlog_bytes = 5",
    }
    found = load_settings(**everything)  # type: ignore[arg-type]  # one dict for brevity
    assert (found.port, found.host, found.log_bytes) == (1, "::1", 5)


def test_a_flag_that_was_not_given_does_not_count() -> None:
    assert load_settings(flags={"port": None}).port == 8400


def test_other_variables_are_left_alone() -> None:
    assert load_settings(environment={"PORT": "1", "FIELDAPP_PORT": "2"}) == Settings()


@pytest.mark.parametrize(
    ("toml_text", "setting"),
    [
        ("prot = 1", "prot"),
        ("port = 'many'", "port"),
        ("port = 70000", "port"),
        ("log_bytes = -1", "log_bytes"),
        ("port = = 1", "config"),
        ("database_url = 'mysql://x'", "database_url"),
        ("database_url = 'postgresql:'", "database_url"),
        ("database_url = 'postgresql://'", "database_url"),
    ],
)
def test_a_wrong_setting_is_named(toml_text: str, setting: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(toml_text=toml_text)
    assert caught.value.code == "invalid_setting"
    assert caught.value.params["setting"] == setting


def test_a_refusal_does_not_repeat_the_value() -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(flags={"database_url": "mysql://user:password@host/db"})
    assert "password" not in repr(caught.value.params)


def test_without_a_database_address_sqlite_lies_in_the_data_folder() -> None:
    assert Settings(data="/srv/baraza").url == f"sqlite:///{Path('/srv/baraza') / 'server.db'}"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_uses_the_same_driver(scheme: str) -> None:
    found = load_settings(flags={"database_url": f"{scheme}://u@h/d"})
    assert found.url == "postgresql+psycopg://u@h/d"


def test_each_setting_says_what_it_means() -> None:
    assert all(entry.metadata["meaning"] for entry in fields(Settings))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LOCALAPPDATA": "/local"}, "/local/Baraza/server"),
        ({"XDG_DATA_HOME": "/share"}, "/share/baraza-server"),
        ({}, "/home/me/.local/share/baraza-server"),
    ],
)
def test_each_platform_has_its_own_folder(environment: dict[str, str], expected: str) -> None:
    assert default_folder(environment, Path("/home/me")) == Path(expected)
