"""Errors that whoever typed or configured something corrects: the person, or the operator.

The message says what cannot stand; nothing was changed, and the same deed is tried again.
"""

from fieldapp.errors.root import FieldAppError


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


class UnknownRecordError(
    DomainError, codes=("unknown_record", "unknown_draft", "unknown_question")
):
    """No record, draft or question has this id."""


class InvalidUnitError(
    DomainError, codes=("invalid_unit", "unknown_unit", "unit_name_twice", "unit_level_not_addable")
):
    """A unit id does not parse, does not exist or does not fit its parent."""


class ConfigError(
    FieldAppError,
    codes=(
        "invalid_setting",
        "org_name_missing",
        "units_heading",
        "unknown_format",
        "file_unreadable",
        "file_exists",
        "file_not_exported",
        "server_address_refused",
        "demo_failed",
        "demo_port_taken",
        "demo_running",
        "folder_unwritable",
        "port_taken",
        "shares_inside_home",
    ),
):
    """A setting or a file named on the command line cannot be used."""
