"""The root of the tree: a code and params, and nothing in `str()` that a log must not hold."""

from typing import ClassVar

_SHOWN_WORDS = frozenset({"reason", "what"})


class FieldAppError(Exception):
    """What a command was given, or what nobody foresaw; the root of the tree.

    Args:
        code: A stable code of the class; its default when left out.
        params: What the message needs, safe to log.
    """

    codes: ClassVar[tuple[str, ...]] = (
        "internal",
        "file_not_text",
        "file_unreadable",
        "file_unwritable",
        "input_name_unknown",
        "input_not_document",
        "input_not_json",
        "secret_not_given",
    )

    def __init_subclass__(cls, *, codes: tuple[str, ...]) -> None:
        """Give each class its own codes, the default first."""
        cls.codes = codes

    def __init__(self, code: str | None = None, /, **params: object) -> None:
        self.code = self.codes[0] if code is None else code
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        """Return the code with those params that can hold no content."""
        shown = [
            f"{name}={value}"
            for name, value in sorted(self.params.items())
            if isinstance(value, int | float) or name in _SHOWN_WORDS
        ]
        return f"{self.code} ({', '.join(shown)})" if shown else self.code

    def __repr__(self) -> str:
        """Return the class name around the same safe text."""
        return f"{type(self).__name__}({self})"
