"""The private keys of a device and of an office, and how they are made.

A device signs with Ed25519 and receives with X25519. An office only receives: one X25519 key
per epoch, shared by its devices; nothing is ever signed in an office's name.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldapp.crypto.secret import Secret
from fieldapp.errors import KeyFileDamagedError
from fieldapp.protocol.ids import DeviceId, OfficeId, device_id

__all__ = (
    "DeviceKeys",
    "OfficeKey",
    "Secret",
    "SigningKey",
    "generate_device_keys",
    "generate_office_key",
    "generate_signing_key",
)

KEY_BYTES: Final = 32


class DeviceKeys:
    """A device's two key pairs."""

    __slots__ = ("_signing", "device", "private_x25519", "public_ed25519", "public_x25519")

    def __init__(self, signing: Ed25519PrivateKey, private_x25519: X25519PrivateKey) -> None:
        self._signing = signing
        self.private_x25519 = private_x25519
        self.public_ed25519 = signing.public_key().public_bytes_raw()
        self.public_x25519 = private_x25519.public_key().public_bytes_raw()
        self.device: DeviceId = device_id(self.public_ed25519)

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over a message."""
        return self._signing.sign(message)

    def to_secret(self) -> Secret:
        """Return both private keys, 64 bytes, for the vault."""
        return Secret(self._signing.private_bytes_raw() + self.private_x25519.private_bytes_raw())

    @classmethod
    def from_secret(cls, secret: Secret) -> "DeviceKeys":
        """Read what `to_secret` gave.

        Raises:
            KeyFileDamagedError: It has another length.
        """
        raw = secret.reveal()
        if len(raw) != 2 * KEY_BYTES:
            raise KeyFileDamagedError(reason="device_keys")
        return cls(
            Ed25519PrivateKey.from_private_bytes(raw[:KEY_BYTES]),
            X25519PrivateKey.from_private_bytes(raw[KEY_BYTES:]),
        )

    def __repr__(self) -> str:
        return f"<DeviceKeys {self.device.hex()} redacted>"


class SigningKey:
    """An Ed25519 key alone: of a root share, of the server, or of an invite.

    Args:
        seed: Its 32 bytes.

    Raises:
        KeyFileDamagedError: It has another length.
    """

    __slots__ = ("_signing", "public")

    def __init__(self, seed: Secret) -> None:
        try:
            self._signing = Ed25519PrivateKey.from_private_bytes(seed.reveal())
        except ValueError as error:
            raise KeyFileDamagedError(reason="signing_key") from error
        self.public = self._signing.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over a message."""
        return self._signing.sign(message)

    def to_secret(self) -> Secret:
        """Return the 32 bytes of the private key."""
        return Secret(self._signing.private_bytes_raw())

    def __repr__(self) -> str:
        return "<SigningKey redacted>"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class OfficeKey:
    """The private half of one epoch of an office's key."""

    office: OfficeId
    epoch: int
    private: X25519PrivateKey

    @property
    def public(self) -> bytes:
        """Return the public half, as the directory shows it."""
        return self.private.public_key().public_bytes_raw()

    def to_secret(self) -> Secret:
        """Return the 32 bytes of the private half, for the vault."""
        return Secret(self.private.private_bytes_raw())

    @classmethod
    def from_secret(cls, office: OfficeId, epoch: int, secret: Secret) -> "OfficeKey":
        """Read what `to_secret` gave.

        Raises:
            KeyFileDamagedError: It has another length.
        """
        try:
            private = X25519PrivateKey.from_private_bytes(secret.reveal())
        except ValueError as error:
            raise KeyFileDamagedError(reason="office_key") from error
        return cls(office, epoch, private)

    def __repr__(self) -> str:
        return f"<OfficeKey {self.office.hex()} epoch {self.epoch} redacted>"


def generate_device_keys() -> DeviceKeys:
    """Make a new device's keys."""
    return DeviceKeys(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


def generate_office_key(office: OfficeId, epoch: int) -> OfficeKey:
    """Make the key of a new office or of its next epoch."""
    return OfficeKey(office, epoch, X25519PrivateKey.generate())


def generate_signing_key() -> SigningKey:
    """Make a signing key that belongs to no device."""
    return SigningKey(Secret(Ed25519PrivateKey.generate().private_bytes_raw()))
