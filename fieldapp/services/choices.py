"""The officer's choices about the app itself, readable before the vault is open.

Decides nothing but the range of a text size; the file is ``preferences``.
"""

from __future__ import annotations

from fieldapp.services.preferences import MAX_TEXT_SCALE, MIN_TEXT_SCALE, PreferenceFile


class Choices:
    """Language, brightness, text size and idle time of one home."""

    def __init__(self, preferences: PreferenceFile) -> None:
        self._preferences = preferences

    def language(self) -> str:
        """The language code, empty while nobody chose."""
        return self._preferences.read().language

    def set_language(self, code: str) -> None:
        """Keep the language."""
        self._preferences.change(language=code)

    def theme(self) -> str:
        """The brightness: light, dark or system."""
        return self._preferences.read().theme

    def set_theme(self, name: str) -> None:
        """Keep the brightness."""
        self._preferences.change(theme=name)

    def text_scale(self) -> float:
        """The text size as a factor."""
        return self._preferences.read().text_scale

    def set_text_scale(self, factor: float) -> None:
        """Keep the text size, within what every screen can show."""
        self._preferences.change(text_scale=min(max(factor, MIN_TEXT_SCALE), MAX_TEXT_SCALE))

    def autolock_seconds(self) -> int:
        """The idle time before the app locks itself; 0 also locks it when it leaves the front."""
        return self._preferences.read().autolock_seconds

    def set_autolock_seconds(self, seconds: int) -> None:
        """Keep the idle time."""
        self._preferences.change(autolock_seconds=max(0, seconds))
