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
  * Who must act decides the module: `corrected`, `checked`, `delivered`, `allowed`. Everybody
    imports from here.
  * An error is a code and params. Text for people is made from them, by language, elsewhere.
  * Params are ids, counts, limits and reason words: never a field's value, a name, a key or a PIN.
  * `str()` shows the code, numbers and reason words only, so that a log line cannot leak.
  * `codes` of a class lists every code it is raised with; the first one is its default.
"""

from collections.abc import Iterator

from fieldapp.errors.allowed import (
    AccessError,
    AlreadyEnrolledError,
    ClaimRefusedError,
    InvalidCodeError,
    InviteExpiredError,
    InviteUnknownError,
    InviteUsedError,
    LockedError,
    NoReaderError,
    NoRightError,
    NotEnrolledError,
    UnknownDeviceError,
    WeakPinError,
    WordsDifferError,
)
from fieldapp.errors.checked import (
    BadSignatureError,
    CryptoError,
    HiddenFromOfficeError,
    KeyFileDamagedError,
    KeyStoreMissingError,
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
    NotARecipientError,
    NotEnoughMemoryError,
    ProtocolError,
    RemoteProtocolError,
    TamperedBatchError,
    TamperedRowError,
    UnsupportedVersionError,
    UntrustedSenderError,
    WrongPinError,
)
from fieldapp.errors.corrected import (
    ConfigError,
    DomainError,
    InvalidFieldError,
    InvalidRecordError,
    InvalidUnitError,
    UnknownRecordError,
    UnknownRecordTypeError,
)
from fieldapp.errors.delivered import (
    DatabaseDamagedError,
    DatabaseFullError,
    HomeBusyError,
    PermanentSyncError,
    SchemaTooNewError,
    StorageError,
    StorageFailedError,
    SyncError,
    TransientSyncError,
)
from fieldapp.errors.root import (
    FieldAppError,
)

__all__ = [
    "AccessError",
    "AlreadyEnrolledError",
    "BadSignatureError",
    "ClaimRefusedError",
    "ConfigError",
    "CryptoError",
    "DatabaseDamagedError",
    "DatabaseFullError",
    "DomainError",
    "FieldAppError",
    "HiddenFromOfficeError",
    "HomeBusyError",
    "InvalidCodeError",
    "InvalidFieldError",
    "InvalidRecordError",
    "InvalidUnitError",
    "InviteExpiredError",
    "InviteUnknownError",
    "InviteUsedError",
    "KeyFileDamagedError",
    "KeyStoreMissingError",
    "LimitExceededError",
    "LocalProtocolError",
    "LockedError",
    "MalformedMessageError",
    "NoReaderError",
    "NoRightError",
    "NotARecipientError",
    "NotEnoughMemoryError",
    "NotEnrolledError",
    "PermanentSyncError",
    "ProtocolError",
    "RemoteProtocolError",
    "SchemaTooNewError",
    "StorageError",
    "StorageFailedError",
    "SyncError",
    "TamperedBatchError",
    "TamperedRowError",
    "TransientSyncError",
    "UnknownDeviceError",
    "UnknownRecordError",
    "UnknownRecordTypeError",
    "UnsupportedVersionError",
    "UntrustedSenderError",
    "WeakPinError",
    "WordsDifferError",
    "WrongPinError",
    "all_codes",
    "error_classes",
]


def error_classes(root: type[FieldAppError] = FieldAppError) -> Iterator[type[FieldAppError]]:
    """Yield a class of the tree and everything below it."""
    yield root
    for below in root.__subclasses__():
        yield from error_classes(below)


def all_codes() -> frozenset[str]:
    """Return each code that any class of the tree names."""
    return frozenset(code for cls in error_classes() for code in cls.codes)
