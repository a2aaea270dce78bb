"""Errors that nobody corrects by hand: bytes, seals and signatures that do not fit.

The code that meets one quarantines, waits, skips or stops; a fault of our own fails loudly.
"""

from fieldapp.errors.root import FieldAppError


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
