"""What goes wrong on the server and nowhere else.

    RefusedBatchError(code)    one batch is not taken; the code stands in ``error_codes``
    OperatorError(text)        the operator does something; the text says what

Everything else that is raised comes from ``fieldapp.errors``.
"""

from __future__ import annotations


class RefusedBatchError(Exception):
    """One batch of a request is not taken.

    Args:
        code: a row of ``fieldapp.protocol.error_codes``.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class OperatorError(Exception):
    """The server cannot run like this; the message says what to do."""
