"""Words for people: catalogues by language, and the data files that ship with the app.

Laws:
  * A language is a file in ``catalogues``; nothing lists languages but the folder itself.
  * Asking for a text never fails: what a language lacks is taken from English, what English
    lacks comes back as its key. Tests find both.
  * A placeholder is ``{name}``. A key with a plural has one text per form, ``key#one`` and
    ``key#other``; the parameter ``count`` chooses.
  * Errors are ``error.CODE``; their parameters are ids, counts and limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

from fieldapp.domain.link_tiers import LINK_RULES
from fieldapp.domain.record_types import rule_words

FALLBACK = "en"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def _one_or_other(count: int) -> str:
    return "one" if count == 1 else "other"


_PLURAL_BY_LANGUAGE: dict[str, Callable[[int], str]] = {"en": _one_or_other, "sw": _one_or_other}


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of all languages, English first."""
    folder = resources.files("fieldapp.i18n") / "catalogues"
    names = (entry.name for entry in folder.iterdir())
    codes = {name.removesuffix(".json") for name in names if name.endswith(".json")}
    return (FALLBACK, *sorted(codes - {FALLBACK}))


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return the texts of a language by key; empty for one that does not exist."""
    if lang not in languages():
        return {}
    path = resources.files("fieldapp.i18n") / "catalogues" / f"{lang}.json"
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def _find(key: str, lang: str, count: object) -> str | None:
    texts = catalogue(lang)
    if isinstance(count, int):
        plural = _PLURAL_BY_LANGUAGE.get(lang, _one_or_other)(count)
        if (text := texts.get(f"{key}#{plural}")) is not None:
            return text
    return texts.get(key)


def translate(key: str, lang: str = FALLBACK, **params: object) -> str:
    """Return a text in a language with its placeholders filled in.

    Args:
        key: the text's key, without a plural ending.
        lang: the language's code.
        params: values for the placeholders; ``count`` also chooses the plural.
    """
    count = params.get("count")
    text = _find(key, lang, count) or _find(key, FALLBACK, count) or key
    return _PLACEHOLDER.sub(lambda found: str(params.get(found[1], found[0])), text)


def has_text(key: str) -> bool:
    """Tell whether English knows a key, with or without a plural."""
    texts = catalogue(FALLBACK)
    return key in texts or f"{key}#other" in texts


def message(code: str, lang: str = FALLBACK, **params: object) -> str:
    """Return what an error or note says to a person: what happened, and what to do.

    A rule that the catalogues do not tell in more detail is told in the words it declares.

    Args:
        code: the code of an error, a field problem or a rule; or the key of another text.
        lang: the language's code.
        params: the error's parameters.
    """
    key = f"error.{code}"
    if not has_text(key) and (says := LINK_RULES.get(code) or rule_words(code)):
        return says.in_language(lang)
    return translate(key if has_text(key) else code, lang, **params)
