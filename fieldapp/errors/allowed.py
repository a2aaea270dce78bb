"""Errors that another person or another right resolves: an invite, an office, a PIN, a role."""

from fieldapp.errors.root import FieldAppError


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
        *("asked_self", "asked_restricted", "no_source_here"),
        *("no_office_of_all", "notice_too_high"),
        "reading_closed",
        *("share_not_restricted", "share_not_desk", "share_nobody", "share_no_key"),
        *("with_text_refused", "minutes_not_open", "minutes_of_meeting"),
    ),
):
    """The officer's role does not allow this here."""


class UnknownDeviceError(AccessError, codes=("no_such_device",)):
    """No device has this id."""


class WordsDifferError(AccessError, codes=("words_differ",)):
    """The words read out are not this device's: somebody may stand in between."""


class NoReaderError(AccessError, codes=("no_reader", "no_source_office")):
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
