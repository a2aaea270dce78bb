"""Settings: one order of precedence, every wrong value named."""

from __future__ import annotations

import dataclasses

import pytest

from fieldapp.config import Settings, load_settings
from fieldapp.errors import ConfigError


def test_the_defaults_need_nothing() -> None:
    assert load_settings() == Settings()
    assert load_settings(flags={"home": None}, environment={}, toml_text="") == Settings()


def test_a_flag_wins_over_a_variable_over_the_file_over_the_default() -> None:
    toml = "port = 1\nlanguage = 'sw'\nautolock_seconds = 5\n"
    variables = {"FIELDAPP_PORT": "2", "FIELDAPP_LANGUAGE": "en", "PORT": "9"}
    found = load_settings(flags={"port": 3}, environment=variables, toml_text=toml)
    assert (found.port, found.language, found.autolock_seconds) == (3, "en", 5)
    assert found.log_bytes == Settings().log_bytes


@pytest.mark.parametrize(
    ("raw", "meant"),
    [("1", True), ("TRUE", True), (" yes ", True), ("0", False), ("", False), ("No", False)],
)
def test_yes_and_no_are_read_in_several_spellings(raw: str, meant: bool) -> None:
    found = load_settings(environment={"FIELDAPP_ALLOW_SHORT_PIN": raw})
    assert found.allow_short_pin is meant
    assert load_settings(flags={"allow_short_pin": meant}).allow_short_pin is meant


@pytest.mark.parametrize(
    ("variables", "toml", "what", "reason"),
    [
        ({"FIELDAPP_PORT": "many"}, "", "port", "number"),
        ({"FIELDAPP_PORT": "-1"}, "", "port", "number"),
        ({"FIELDAPP_PORT": "1.5"}, "", "port", "number"),
        ({"FIELDAPP_ALLOW_SHORT_PIN": "maybe"}, "", "allow_short_pin", "boolean"),
        ({}, "colour = 1", "colour", "unknown"),
        ({}, "pin = '123456'", "pin", "unknown"),
        ({}, "port = [1]", "port", "number"),
        ({}, "port = ", "file", "toml"),
    ],
)
def test_a_wrong_setting_is_named(
    variables: dict[str, str], toml: str, what: str, reason: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load_settings(environment=variables, toml_text=toml)
    assert refused.value.code == "invalid_setting"
    assert refused.value.params == {"setting": what, "reason": reason}


def test_the_pin_is_never_a_setting() -> None:
    names = {entry.name for entry in dataclasses.fields(Settings)}
    assert not {name for name in names if name == "pin" or name.endswith("_pin")} - {
        "allow_short_pin"
    }
    assert load_settings(environment={"FIELDAPP_PIN": "123456"}) == Settings()


@pytest.mark.parametrize("language", ["fr", "EN", "swahili"])
def test_a_language_that_is_not_there_is_named(language: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_settings(environment={"FIELDAPP_LANGUAGE": language})
    assert refused.value.params["setting"] == "language"


@pytest.mark.parametrize("language", ["", "en", "sw"])
def test_a_language_that_is_there_is_taken(language: str) -> None:
    assert load_settings(environment={"FIELDAPP_LANGUAGE": language}).language == language
