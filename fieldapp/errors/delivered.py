"""Errors of the disk and of the way to the server: what is there is safe, and time often mends it.

The person is told what to do where waiting does not help: free space, ask the operator.
"""

from fieldapp.errors.root import FieldAppError


class StorageError(FieldAppError, codes=("storage_error",)):
    """The vault or the store on disk cannot do what was asked."""


class DatabaseFullError(StorageError, codes=("database_full",)):
    """No space is left; nothing that was saved is lost."""


class DatabaseDamagedError(StorageError, codes=("database_damaged",)):
    """The database file is damaged or not ours."""


class SchemaTooNewError(StorageError, codes=("schema_too_new",)):
    """A newer version of the app wrote this vault."""


class HomeBusyError(StorageError, codes=("home_busy", "database_busy")):
    """Another app holds this home or its database."""


class StorageFailedError(StorageError, codes=("storage_failed", "read_only")):
    """The disk refused a read or a write for another reason."""


class SyncError(FieldAppError, codes=("sync_failed",)):
    """A sync did not deliver."""


class TransientSyncError(
    SyncError,
    codes=(
        "offline",
        "timeout",
        "server_busy",
        "connection_cut",
        "captive_portal",
        "clock_wrong",
        "tls_failed",
        "cancelled",
    ),
):
    """Offline, slow or busy: tried again by itself."""

    @property
    def retry_after(self) -> float | None:
        """Return the seconds that the server asked for, if it did."""
        seconds = self.params.get("retry_after")
        return float(seconds) if isinstance(seconds, int | float) else None


class PermanentSyncError(
    SyncError,
    codes=(
        "sync_refused",
        "device_revoked",
        "unknown_device",
        "client_too_old",
        "wrong_server",
        "server_rolled_back",
        "server_forked",
        "server_misbehaved",
        "server_restored",
        "directory_rolled_back",
        "directory_withheld",
        "not_acknowledged",
        "empty_page",
        "quota_exceeded",
    ),
):
    """The server's answer stands until a person does something."""
