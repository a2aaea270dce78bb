"""What stands between a thief of the home and the vault's key: a PIN, a passphrase, a key store.

Laws:
  * Where the platform's key store answers, half of the wrapping key lies under it, in a file of
    its own beside ``vault.key``: then six digits will do, as copied files open by no PIN at all.
  * Where none answers, vaults of administrators, desks and headquarters take a passphrase. Others
    may take six digits; one guess then costs twice the memory, and the vault counts as "PIN only".
  * A key file that is weaker than today's rules is wrapped anew when its PIN is next given; a
    disk that refuses this refuses no unlocking.
  * The key file always holds two boxes that look alike: the vault's, and one that a second PIN
    opens or nothing does. Every try is stretched against both, so that neither the file nor the
    time tells whether a second PIN exists.
  * A try is counted before the PIN is tested; a key store that does not answer and a key file that
    is damaged cost none. Damage to the second box is mended by the right PIN.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from fieldapp.crypto.keystore import (
    blank_box,
    check_pin_policy,
    first_box,
    is_passphrase,
    needs_platform_half,
    new_platform_half,
    new_vault_key,
    pack_half,
    unpack_half,
    unwrap_vault_key,
    wrap_vault_key,
)
from fieldapp.crypto.passphrase_box import KdfParams, params_of
from fieldapp.crypto.secret import Secret
from fieldapp.errors import (
    KeyFileDamagedError,
    KeyStoreMissingError,
    NotEnrolledError,
    StorageError,
    WrongPinError,
)
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.roles import Role
from fieldapp.services.ports import Clock, PlatformKeys
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.home import Home
from fieldapp.storage.key_file import KeyFile
from fieldapp.storage.pin_delay import PinDelay

FIELD_ROLES: Final = frozenset(
    {Role.NK_COORDINATOR, Role.VILLAGE_ELDER, Role.ASSISTANT_CHIEF, Role.CHIEF, Role.ACC}
)
"""Who may go without a passphrase where no key store answers."""


class Protection(Protocol):
    """What protects a home's key: where it lies, by which clock it waits, what a guess costs."""

    @property
    def home(self) -> Home:
        """The folder of the vault."""

    @property
    def clock(self) -> Clock:
        """The device's clock."""

    @property
    def platform_keys(self) -> PlatformKeys:
        """The platform's key store, or the honest lack of one."""

    @property
    def may_be_short(self) -> bool:
        """Whether six digits will do for everybody: a demo or a test."""

    @property
    def kdf(self) -> KdfParams:
        """What one guess of a passphrase costs."""

    @property
    def pin_kdf(self) -> KdfParams:
        """What one guess of a PIN costs that nothing else helps."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened key file; ``is_pin_only`` when a few digits are all that protects it."""

    vault_key: Secret
    is_pin_only: bool


class SecondPinError(Exception):
    """The second PIN was given; to everybody else it is a wrong one, which ``refusal`` says."""

    def __init__(self, refusal: WrongPinError) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class KeyGuard:
    """Wraps and opens the key file of one home."""

    def __init__(self, environment: Protection) -> None:
        self._environment = environment
        self._key = KeyFile(environment.home.key)
        self._half = KeyFile(environment.home.half)

    def check_new(self, pin: str, *, role: str, desk: str) -> None:
        """Judge a new PIN for the vault of a role and desk.

        Raises:
            WeakPinError: it is too weak for what it protects.
        """
        environment = self._environment
        may_be_pin = role in FIELD_ROLES and desk == Desk.ADMIN
        check_pin_policy(
            pin,
            may_be_short=(
                may_be_pin or environment.may_be_short or environment.platform_keys.answers()
            ),
        )

    def is_pin_only(self, pin: str) -> bool:
        """Tell whether this PIN would be all that protects the vault."""
        return not (is_passphrase(pin) or self._environment.platform_keys.answers())

    def wrap(self, vault_key: Secret, pin: str) -> None:
        """Write the key file; the half first, so that no key file ever lacks its half.

        The second box stays as it is; a file that had none gets one that nothing opens.

        Raises:
            StorageError: the disk refused; the old file stands.
        """
        half, params = self._half_for_wrapping(), self._params(pin)
        second = self._second() or blank_box(params, with_platform=half is not None)
        self._key.write(wrap_vault_key(vault_key, pin, params, platform_half=half) + second)

    def open(self, pin: str) -> Opened:
        """Try a PIN.

        Raises:
            SecondPinError: it is the second one.
            WrongPinError: it is wrong, or it is too early for another try.
            KeyFileDamagedError: the file is not what was written; no try was counted.
            KeyStoreMissingError: the platform's half is not to be had; no try was counted.
        """
        environment = self._environment
        delay = PinDelay(environment.home.tries)
        box, second = self._boxes()
        half = self._read_half() if needs_platform_half(box) else None
        with disk_errors(), delay.turn():
            wait = delay.begin(environment.clock.now_ms())
            vault_key = _try(box, pin, half)
            is_second = self._opens(second or self._blank(box), pin, half)
            if vault_key is None:
                refusal = WrongPinError(retry_after_seconds=wait)
                raise SecondPinError(refusal) if is_second else refusal
            delay.succeed()
            if not second or self._is_outdated(box, pin):
                with suppress(StorageError):  # The file as it is has just been opened.
                    self.wrap(vault_key, pin)
        return Opened(vault_key, half is None and self.is_pin_only(pin))

    # ------------------------------------------------------------------ the second PIN

    def set_second(self, vault_key: Secret, pin: str, second: str | None) -> None:
        """Write both boxes anew, the second under another PIN or, for None, under nothing.

        Raises:
            StorageError: the disk refused; the old file stands.
        """
        half, params = self._half_for_wrapping(), self._params(pin)
        box = wrap_vault_key(vault_key, pin, params, platform_half=half)
        if second is None:
            self._key.write(box + self._blank(box))
        else:
            other = wrap_vault_key(new_vault_key(), second, params, platform_half=half)
            self._key.write(box + other)

    def is_second(self, pin: str) -> bool:
        """Tell whether this is the second PIN; costs one guess and counts none."""
        second = self._second()
        half = self._read_half() if needs_platform_half(second) else None
        return bool(second) and self._opens(second, pin, half)

    def cover(self) -> None:
        """Write boxes that nothing opens over the key: what is left looks locked.

        Raises:
            StorageError: the disk refused.
        """
        box, second = first_box(self._key.read())
        self._key.cover(self._blank(box) + self._blank(second or box))

    def _boxes(self) -> tuple[bytes, bytes]:
        """Return the vault's box, whole, and the second one, empty unless it is whole too."""
        box, second = first_box(self._key.read())
        params_of(box)
        with suppress(KeyFileDamagedError):
            params_of(second)
            return box, second
        return box, b""

    def _second(self) -> bytes:
        return self._boxes()[1] if self._key.exists() else b""

    def _opens(self, box: bytes, pin: str, half: Secret | None) -> bool:
        """Tell whether a PIN opens the second box."""
        with suppress(KeyStoreMissingError):
            return _try(box, pin, half) is not None
        return False

    def _blank(self, like: bytes) -> bytes:
        """A box that nothing opens, as dear to try as another one."""
        return blank_box(params_of(like), with_platform=needs_platform_half(like))

    # ------------------------------------------------------------------ the end

    def destroy(self) -> None:
        """Destroy the key and its half: no PIN opens a byte of what is left."""
        self._key.destroy()
        self._half.destroy()

    def _params(self, pin: str) -> KdfParams:
        return self._environment.pin_kdf if self.is_pin_only(pin) else self._environment.kdf

    def _is_outdated(self, box: bytes, pin: str) -> bool:
        """Tell whether today's rules would wrap the key better than this box does."""
        if self._environment.platform_keys.answers() and not needs_platform_half(box):
            return True
        return params_of(box).cost < self._params(pin).cost

    def _half_for_wrapping(self) -> Secret | None:
        """The half that is kept already, or a new one; None where no key store answers."""
        platform = self._environment.platform_keys
        if not platform.answers():
            return None
        if self._half.exists():
            with suppress(KeyStoreMissingError):
                return self._read_half()
        half = new_platform_half()
        self._half.write(pack_half(platform.wrap(half.reveal())))
        return half

    def _read_half(self) -> Secret:
        try:
            wrapped = unpack_half(self._half.read())
        except NotEnrolledError as problem:
            raise KeyStoreMissingError from problem
        return Secret(self._environment.platform_keys.unwrap(wrapped))


def _try(box: bytes, pin: str, half: Secret | None) -> Secret | None:
    """Open a box; None if the PIN is not its own."""
    try:
        return unwrap_vault_key(box, pin, platform_half=half)
    except WrongPinError:
        return None
