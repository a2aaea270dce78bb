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
     |   NoRightError, NoReaderError, UnknownDeviceError, WordsDifferError, LockedError,
     |   NotEnrolledError, AlreadyEnrolledError, WeakPinError, ClaimRefusedError
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


class DomainError(FieldAppError, codes=("invalid_input",)):
    """What a person entered cannot stand; the person corrects it."""


class InvalidFieldError(
    DomainError,
    codes=(
        *("invalid_field", "media_not_allowed", "media_too_many"),
        *("not_a_picture", "picture_too_large", "not_a_sound", "sound_too_long"),
    ),
):
    """One field of a record is not acceptable."""


class InvalidRecordError(
    DomainError,
    codes=(
        *("invalid_record", "invalid_file", "invalid_entry"),
        *("import_column_twice", "import_column_unknown", "import_semicolons"),
    ),
):
    """A record has problems in several fields, or breaks a rule between fields."""


class UnknownRecordTypeError(DomainError, codes=("unknown_record_type",)):
    """No record type has this key."""


class UnknownRecordError(DomainError, codes=("unknown_record", "unknown_draft")):
    """No record or draft has this id."""


class InvalidUnitError(
    DomainError, codes=("invalid_unit", "unknown_unit", "unit_name_twice", "unit_level_not_addable")
):
    """A unit id does not parse, does not exist or does not fit its parent."""


class ProtocolError(FieldAppError, codes=("protocol_error",)):
    """Bytes on the wire are wrong."""


class LocalProtocolError(ProtocolError, codes=("local_protocol_error",)):
    """We were about to write bytes that the protocol forbids: a bug of ours."""


class RemoteProtocolError(
    ProtocolError,
    codes=(
        "remote_protocol_error",
        "not_a_sync_server",
        "answer_not_signed",
        "directory_version_fell",
        *("feed_forked", "feed_misdirected"),
        *("media_changed", "media_offset", "media_unknown", "media_unnamed"),
        "feed_reordered",
        "feed_replayed",
        "feed_withheld",
    ),
):
    """The other side wrote bytes that the protocol forbids."""


class MalformedMessageError(RemoteProtocolError, codes=("malformed_message",)):
    """The bytes do not parse; `reason` says at which rule."""


class UnsupportedVersionError(
    RemoteProtocolError, codes=("waiting_for_update", "client_too_old", "server_too_old")
):
    """A newer version wrote this: keep it, it opens after an update."""


class LimitExceededError(
    RemoteProtocolError, codes=("limit_exceeded", "request_too_large", "rate_limited")
):
    """The bytes are larger or more than the protocol allows."""


class HiddenFromOfficeError(RemoteProtocolError, codes=("reader_missing", "reader_not_allowed")):
    """A key packet names other readers than its channel has; `reason` says how."""


class CryptoError(FieldAppError, codes=("crypto_error",)):
    """A key, a seal or a signature does not fit."""


class NotARecipientError(CryptoError, codes=("not_a_recipient",)):
    """Not sealed for this key; normal, skip it."""


class TamperedBatchError(CryptoError, codes=("tampered_batch",)):
    """Sealed for us, but its bytes were changed; quarantine."""


class BadSignatureError(CryptoError, codes=("bad_signature",)):
    """The signature does not belong to these bytes and this key."""


class UntrustedSenderError(
    CryptoError,
    codes=("untrusted_sender", "unknown_device", "device_revoked", "beyond_cut", "not_authorised"),
):
    """Nothing known certifies the signer for what was signed."""


class WrongPinError(CryptoError, codes=("wrong_pin", "wrong_pin_wait", "wrong_phrase")):
    """The PIN or phrase does not open the key file."""

    @property
    def retry_after_seconds(self) -> int:
        """Return how long the next try must wait."""
        seconds = self.params.get("retry_after_seconds", 0)
        return seconds if isinstance(seconds, int) else 0


class KeyFileDamagedError(CryptoError, codes=("key_file_damaged",)):
    """A key file is not one, or its bytes rotted; the PIN was not judged."""


class TamperedRowError(CryptoError, codes=("tampered_row",)):
    """A sealed row was changed, moved to another place, or is another vault's."""


class KeyStoreMissingError(CryptoError, codes=("key_store_missing",)):
    """The key file needs the platform's key store, which did not answer."""


class NotEnoughMemoryError(CryptoError, codes=("not_enough_memory",)):
    """The machine has not the memory that the key file's parameters ask for."""


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


class AccessError(FieldAppError, codes=("access_refused",)):
    """Someone's right, invite or presence is missing."""


class InvalidCodeError(
    AccessError,
    codes=("invalid_code", "invalid_code_checksum", "invalid_code_version", "invalid_phrase"),
):
    """An invite code or phrase does not parse; `reason` says where to look."""


class InviteExpiredError(AccessError, codes=("invite_expired",)):
    """The invite's time is over."""


class InviteUsedError(AccessError, codes=("invite_used",)):
    """Another device claimed this invite."""


class InviteUnknownError(AccessError, codes=("invite_unknown",)):
    """The server holds no such invite."""


class NoRightError(
    AccessError,
    codes=(
        "no_right",
        "not_confirmed",
        "identities_refused",
        *("office_exists", "office_missing"),
        "role_does_not_fit",
        *("unknown_role", "unknown_desk"),
        "not_allowed_by_directory",
        *("cannot_revoke_self", "cannot_change_self", "cannot_adopt_self"),
        "device_is_revoked",
        "not_confirmed_device",
        *("nothing_to_change", "nothing_to_adopt", "not_yours_to_adopt"),
        "no_such_batch",
        *("record_given_up", "record_time_over"),
        *("asked_self", "asked_restricted", "no_office_of_all"),
        "reading_closed",
        *("with_text_refused", "minutes_not_open", "minutes_of_meeting"),
    ),
):
    """The officer's role does not allow this here."""


class UnknownDeviceError(AccessError, codes=("no_such_device",)):
    """No device has this id."""


class WordsDifferError(AccessError, codes=("words_differ",)):
    """The words read out are not this device's: somebody may stand in between."""


class NoReaderError(AccessError, codes=("no_reader",)):
    """No office would read this channel; nothing is sealed."""


class LockedError(AccessError, codes=("locked",)):
    """The vault is locked."""


class NotEnrolledError(AccessError, codes=("not_enrolled", "device_withdrawn")):
    """This home has no vault, or its vault was given up."""


class AlreadyEnrolledError(AccessError, codes=("already_enrolled", "already_initialised")):
    """This home has a vault already."""


class WeakPinError(
    AccessError,
    codes=(
        "pin_too_short",
        "passphrase_too_short",
        "passphrase_is_digits",
        "pin_not_usable",
        "second_pin_near",
    ),
):
    """The new PIN or passphrase is too weak for where it protects."""


class ClaimRefusedError(
    AccessError, codes=("wrong_claim_token", "already_claimed", "server_not_claimed")
):
    """The server's claim token is wrong, or the server is claimed already."""


class ConfigError(
    FieldAppError,
    codes=(
        "invalid_setting",
        "org_name_missing",
        "units_heading",
        "unknown_format",
        "file_unreadable",
        "file_exists",
        "server_address_refused",
        "demo_failed",
        "demo_port_taken",
        "folder_unwritable",
        "port_taken",
        "shares_inside_home",
    ),
):
    """A setting or a file named on the command line cannot be used."""


def error_classes(root: type[FieldAppError] = FieldAppError) -> Iterator[type[FieldAppError]]:
    """Yield a class of the tree and everything below it."""
    yield root
    for below in root.__subclasses__():
        yield from error_classes(below)


def all_codes() -> frozenset[str]:
    """Return each code that any class of the tree names."""
    return frozenset(code for cls in error_classes() for code in cls.codes)
