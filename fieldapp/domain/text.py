"""A text for people in every language of the app.

Laws:
  * Every label, option and help text of the domain is a ``Text``; both languages are always there.
  * Choosing a language never fails: an unknown one falls back to English.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and Kiswahili."""

    en: str
    sw: str

    def __post_init__(self) -> None:
        """Refuse a text that is silent in one language."""
        if not self.en.strip() or not self.sw.strip():
            message = "a text needs words in every language"
            raise ValueError(message)

    def in_language(self, lang: str) -> str:
        """Return the words for a language code, English when it is unknown."""
        return self.sw if lang == "sw" else self.en

    def as_dict(self) -> dict[str, str]:
        """Return ``{"en": ..., "sw": ...}`` as schemas and exports print it."""
        return {"en": self.en, "sw": self.sw}


def same(words: str) -> Text:
    """Make a text of words that are alike in both languages, such as typed names."""
    return Text(en=words, sw=words)
