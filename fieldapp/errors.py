"""Every error Baraza raises on purpose; the branch of the tree says who acts.

    FieldAppError(code, **params)
     + DomainError         the person corrects
     |   InvalidFieldError, InvalidRecordError, UnknownRecordTypeError,
     |   UnknownRecordError, InvalidUnitError
     + ProtocolError
     |   LocalProtocolError       our own bug: fail loudly
     |   RemoteProtocolError      theirs: stop and report
     |       MalformedMessageError, UnsupportedVersionError, LimitExceededError,
     |       HiddenFromOfficeError
     + CryptoError
     |   NotARecipientError       skip, this is normal
     |   TamperedBatchError       quarantine
     |   BadSignatureError        quarantine
     |   UntrustedSenderError     wait for the certificate
     |   TamperedRowError, WrongPinError, KeyFileDamagedError,
     |   KeyStoreMissingError, NotEnoughMemoryError
     + StorageError        protect what is there, tell the person
     |   DatabaseFullError, DatabaseDamagedError, SchemaTooNewError,
     |   HomeBusyError, StorageFailedError
     + SyncError
     |   TransientSyncError       retried by itself
     |   PermanentSyncError       told, never retried by itself
     + AccessError         another person or another right is needed
     |   InvalidCodeError, InviteExpiredError, InviteUsedError, InviteUnknownError,
     |   NoRightError, NoReaderError, LockedError, NotEnrolledError,
     |   AlreadyEnrolledError, WeakPinError, ClaimRefusedError
     + ConfigError         the operator corrects a setting or a file

Laws:
  * An error is a code and params. Text for people is made from them, by language, elsewhere.
  * Params are ids, counts, limits and reason words: never a field's value, a name, a key or a PIN.
  * `str()` shows the code, numbers and reason words only, so that a log line cannot leak.
  * `codes` of a class lists every code it is raised with; the first one is its default.
"""

from collections.abc import Iterator
from typing import ClassVar

_SHOWN_WORDS = frozenset({"reason", "what"})


class FieldAppError(Exception):
    """The root of the tree.

    Args:
        code: A stable code of the class; its default when left out.
        params: What the message needs, safe to log.
    """

    codes: ClassVar[tuple[str, ...]] = (
        "internal",
        "file_not_text",
        "file_unreadable",
        "file_unwritable",
        "input_not_document",
        "input_not_json",
        "secret_not_given",
    )

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


class DomainError(FieldAppError):
    """What a person entered cannot stand; the person corrects it."""

    codes: ClassVar[tuple[str, ...]] = ("invalid_input",)


class InvalidFieldError(DomainError):
    """One field of a record is not acceptable."""

    codes: ClassVar[tuple[str, ...]] = ("invalid_field",)


class InvalidRecordError(DomainError):
    """A record has problems in several fields, or breaks a rule between fields."""

    codes: ClassVar[tuple[str, ...]] = ("invalid_record", "invalid_file", "invalid_entry")


class UnknownRecordTypeError(DomainError):
    """No record type has this key."""

    codes: ClassVar[tuple[str, ...]] = ("unknown_record_type",)


class UnknownRecordError(DomainError):
    """No record or draft has this id."""

    codes: ClassVar[tuple[str, ...]] = ("unknown_record", "unknown_draft")


class InvalidUnitError(DomainError):
    """A unit id does not parse, does not exist or does not fit its parent."""

    codes: ClassVar[tuple[str, ...]] = ("invalid_unit", "unknown_unit", "unit_exists")


class ProtocolError(FieldAppError):
    """Bytes on the wire are wrong."""

    codes: ClassVar[tuple[str, ...]] = ("protocol_error",)


class LocalProtocolError(ProtocolError):
    """We were about to write bytes that the protocol forbids: a bug of ours."""

    codes: ClassVar[tuple[str, ...]] = ("local_protocol_error",)


class RemoteProtocolError(ProtocolError):
    """The other side wrote bytes that the protocol forbids."""

    codes: ClassVar[tuple[str, ...]] = (
        "remote_protocol_error",
        "not_a_sync_server",
        "directory_version_fell",
        "feed_forked",
        "feed_misdirected",
        "feed_reordered",
        "feed_replayed",
        "feed_withheld",
    )


class MalformedMessageError(RemoteProtocolError):
    """The bytes do not parse; `reason` says at which rule."""

    codes: ClassVar[tuple[str, ...]] = ("malformed_message",)


class UnsupportedVersionError(RemoteProtocolError):
    """A newer version wrote this: keep it, it opens after an update."""

    codes: ClassVar[tuple[str, ...]] = ("waiting_for_update", "client_too_old", "server_too_old")


class LimitExceededError(RemoteProtocolError):
    """The bytes are larger or more than the protocol allows."""

    codes: ClassVar[tuple[str, ...]] = ("limit_exceeded", "request_too_large", "rate_limited")


class HiddenFromOfficeError(RemoteProtocolError):
    """A key packet names other readers than its channel has; `reason` says how."""

    codes: ClassVar[tuple[str, ...]] = (
        "reader_missing",
        "reader_not_allowed",
        "directory_version_fell",
    )


class CryptoError(FieldAppError):
    """A key, a seal or a signature does not fit."""

    codes: ClassVar[tuple[str, ...]] = ("crypto_error",)


class NotARecipientError(CryptoError):
    """Not sealed for this key; normal, skip it."""

    codes: ClassVar[tuple[str, ...]] = ("not_a_recipient",)


class TamperedBatchError(CryptoError):
    """Sealed for us, but its bytes were changed; quarantine."""

    codes: ClassVar[tuple[str, ...]] = ("tampered_batch",)


class BadSignatureError(CryptoError):
    """The signature does not belong to these bytes and this key."""

    codes: ClassVar[tuple[str, ...]] = ("bad_signature",)


class UntrustedSenderError(CryptoError):
    """Nothing known certifies the signer for what was signed."""

    codes: ClassVar[tuple[str, ...]] = (
        "untrusted_sender",
        "unknown_device",
        "device_revoked",
        "beyond_cut",
        "not_authorised",
    )


class WrongPinError(CryptoError):
    """The PIN or phrase does not open the key file."""

    codes: ClassVar[tuple[str, ...]] = ("wrong_pin", "wrong_pin_wait", "wrong_phrase")

    @property
    def retry_after_seconds(self) -> int:
        """Return how long the next try must wait."""
        seconds = self.params.get("retry_after_seconds", 0)
        return seconds if isinstance(seconds, int) else 0


class KeyFileDamagedError(CryptoError):
    """A key file is not one, or its bytes rotted; the PIN was not judged."""

    codes: ClassVar[tuple[str, ...]] = ("key_file_damaged",)


class TamperedRowError(CryptoError):
    """A sealed row was changed, moved to another place, or is another vault's."""

    codes: ClassVar[tuple[str, ...]] = ("tampered_row",)


class KeyStoreMissingError(CryptoError):
    """The key file needs the platform's key store, which did not answer."""

    codes: ClassVar[tuple[str, ...]] = ("key_store_missing",)


class NotEnoughMemoryError(CryptoError):
    """The machine has not the memory that the key file's parameters ask for."""

    codes: ClassVar[tuple[str, ...]] = ("not_enough_memory",)


class StorageError(FieldAppError):
    """The vault or the store on disk cannot do what was asked."""

    codes: ClassVar[tuple[str, ...]] = ("storage_error",)


class DatabaseFullError(StorageError):
    """No space is left; nothing that was saved is lost."""

    codes: ClassVar[tuple[str, ...]] = ("database_full",)


class DatabaseDamagedError(StorageError):
    """The database file is damaged or not ours."""

    codes: ClassVar[tuple[str, ...]] = ("database_damaged",)


class SchemaTooNewError(StorageError):
    """A newer version of the app wrote this vault."""

    codes: ClassVar[tuple[str, ...]] = ("schema_too_new",)


class HomeBusyError(StorageError):
    """Another app holds this home or its database."""

    codes: ClassVar[tuple[str, ...]] = ("home_busy", "database_busy")


class StorageFailedError(StorageError):
    """The disk refused a read or a write for another reason."""

    codes: ClassVar[tuple[str, ...]] = ("storage_failed", "read_only")


class SyncError(FieldAppError):
    """A sync did not deliver."""

    codes: ClassVar[tuple[str, ...]] = ("sync_failed",)


class TransientSyncError(SyncError):
    """Offline, slow or busy: tried again by itself."""

    codes: ClassVar[tuple[str, ...]] = (
        "offline",
        "timeout",
        "server_busy",
        "connection_cut",
        "captive_portal",
        "clock_wrong",
        "tls_failed",
        "cancelled",
    )

    @property
    def retry_after(self) -> float | None:
        """Return the seconds that the server asked for, if it did."""
        seconds = self.params.get("retry_after")
        return float(seconds) if isinstance(seconds, int | float) else None


class PermanentSyncError(SyncError):
    """The server's answer stands until a person does something."""

    codes: ClassVar[tuple[str, ...]] = (
        "sync_refused",
        "device_revoked",
        "unknown_device",
        "client_too_old",
        "wrong_server",
        "server_rolled_back",
        "server_forked",
        "server_misbehaved",
        "quota_exceeded",
    )


class AccessError(FieldAppError):
    """Someone's right, invite or presence is missing."""

    codes: ClassVar[tuple[str, ...]] = ("access_refused",)


class InvalidCodeError(AccessError):
    """An invite code or phrase does not parse; `reason` says where to look."""

    codes: ClassVar[tuple[str, ...]] = (
        "invalid_code",
        "invalid_code_checksum",
        "invalid_code_version",
        "invalid_phrase",
    )


class InviteExpiredError(AccessError):
    """The invite's time is over."""

    codes: ClassVar[tuple[str, ...]] = ("invite_expired",)


class InviteUsedError(AccessError):
    """Another device claimed this invite."""

    codes: ClassVar[tuple[str, ...]] = ("invite_used",)


class InviteUnknownError(AccessError):
    """The server holds no such invite."""

    codes: ClassVar[tuple[str, ...]] = ("invite_unknown",)


class NoRightError(AccessError):
    """The officer's role does not allow this here."""

    codes: ClassVar[tuple[str, ...]] = ("no_right", "not_confirmed", "identities_refused")


class NoReaderError(AccessError):
    """No office would read this channel; nothing is sealed."""

    codes: ClassVar[tuple[str, ...]] = ("no_reader",)


class LockedError(AccessError):
    """The vault is locked."""

    codes: ClassVar[tuple[str, ...]] = ("locked",)


class NotEnrolledError(AccessError):
    """This home has no vault yet."""

    codes: ClassVar[tuple[str, ...]] = ("not_enrolled",)


class AlreadyEnrolledError(AccessError):
    """This home has a vault already."""

    codes: ClassVar[tuple[str, ...]] = ("already_enrolled", "already_initialised")


class WeakPinError(AccessError):
    """The new PIN or passphrase is too weak for where it protects."""

    codes: ClassVar[tuple[str, ...]] = ("pin_too_short", "passphrase_too_short")


class ClaimRefusedError(AccessError):
    """The server's claim token is wrong, or the server is claimed already."""

    codes: ClassVar[tuple[str, ...]] = (
        "wrong_claim_token",
        "already_claimed",
        "server_not_claimed",
    )


class ConfigError(FieldAppError):
    """A setting or a file named on the command line cannot be used."""

    codes: ClassVar[tuple[str, ...]] = (
        "invalid_setting",
        "file_unreadable",
        "file_exists",
        "server_address_refused",
    )


def error_classes(root: type[FieldAppError] = FieldAppError) -> Iterator[type[FieldAppError]]:
    """Yield a class of the tree and everything below it."""
    yield root
    for below in root.__subclasses__():
        yield from error_classes(below)


def all_codes() -> frozenset[str]:
    """Return each code that any class of the tree names."""
    return frozenset(code for cls in error_classes() for code in cls.codes)
