"""The reason that a report gives, as one value to compare."""

from fieldapp.sync.commands import SyncFailure


def why(error: SyncFailure | None) -> str | None:
    """Give the code of what stopped a sync; None when nothing did.

    >>> why(None)
    """
    return error and error.code
