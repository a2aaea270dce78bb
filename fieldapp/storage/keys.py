"""Sender keys and office keys, sealed.

Laws:
  * A sender key is found by its kid; the one in use for a channel is the newest own key that was
    not retired.
  * Office keys of old epochs are kept: they open what was sealed while they were current.
"""

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from fieldapp.protocol.ids import ChannelId, DeviceId, Kid, OfficeId
from fieldapp.storage.repository import AnyRow, Sealed
from fieldapp.storage.rows import OfficeKeyRow, SenderKey
from fieldapp.storage.tables import office_keys, sender_keys

_KEY_BYTES = 32
_SENDER_PLACE = "sender_keys.key"
_OFFICE_PLACE = "office_keys.key"

_ALL = select(
    sender_keys.c.kid,
    sender_keys.c.device,
    sender_keys.c.channel,
    sender_keys.c.sealed,
    sender_keys.c.created_ms,
    sender_keys.c.own,
    sender_keys.c.retired,
    sender_keys.c.batches,
).order_by(sender_keys.c.created_ms, sender_keys.c.kid)
_GET = _ALL.where(sender_keys.c.kid == bindparam("k"))
_CURRENT = (
    _ALL.where(
        sender_keys.c.channel == bindparam("c"),
        sender_keys.c.own == 1,
        sender_keys.c.retired == 0,
    )
    .order_by(None)
    .order_by(sender_keys.c.created_ms.desc(), sender_keys.c.kid)
    .limit(1)
)
_PUT = insert(sender_keys).on_conflict_do_nothing(index_elements=[sender_keys.c.kid])
_OF_KID = sender_keys.c.kid == bindparam("k")
_BUMP = (
    update(sender_keys)
    .where(_OF_KID)
    .values(batches=sender_keys.c.batches + 1)
    .returning(sender_keys.c.batches)
)
_RETIRE = update(sender_keys).where(_OF_KID).values(retired=1)
_DROP = delete(sender_keys).where(_OF_KID)

_OFFICE_ALL = select(office_keys.c.office, office_keys.c.epoch, office_keys.c.sealed).order_by(
    office_keys.c.office, office_keys.c.epoch
)
_OFFICE_GET = select(office_keys.c.sealed).where(
    office_keys.c.office == bindparam("o"), office_keys.c.epoch == bindparam("e")
)
_OFFICE_NEW = insert(office_keys)
_OFFICE_PUT = _OFFICE_NEW.on_conflict_do_update(
    index_elements=[office_keys.c.office, office_keys.c.epoch],
    set_={"sealed": _OFFICE_NEW.excluded.sealed},
)
_OFFICE_DROP = delete(office_keys).where(
    office_keys.c.office == bindparam("o"), office_keys.c.epoch == bindparam("e")
)


class SenderKeys(Sealed):
    """Sender keys by kid."""

    def put(self, key: SenderKey) -> None:
        """Keep a key; one that is kept already stays as it is."""
        values = {
            "kid": key.kid,
            "device": key.device,
            "channel": key.channel,
            "sealed": self._seal(key.key + key.recipients, _SENDER_PLACE, key.kid),
            "own": int(key.own),
            "retired": int(key.retired),
            "batches": key.batches,
            "created_ms": key.created_ms,
        }
        self._run(_PUT, values)

    def get(self, kid: bytes) -> SenderKey | None:
        """Return the key that this kid commits to."""
        row = self._run(_GET, {"k": kid}).one_or_none()
        return None if row is None else self._opened(row)

    def own_current(self, channel: bytes) -> SenderKey | None:
        """Return the key that this vault seals with in a channel, if one is in use."""
        row = self._run(_CURRENT, {"c": channel}).one_or_none()
        return None if row is None else self._opened(row)

    def all(self) -> list[SenderKey]:
        """Return every key, oldest first."""
        return [self._opened(row) for row in self._run(_ALL)]

    def bump(self, kid: bytes) -> int:
        """Count one more batch sealed with a key; return how many that makes."""
        batches: int = self._run(_BUMP, {"k": kid}).scalar_one()
        return batches

    def retire(self, kid: bytes) -> None:
        """Seal nothing more with a key; it still opens."""
        self._run(_RETIRE, {"k": kid})

    def drop(self, kid: bytes) -> None:
        """Forget a key."""
        self._run(_DROP, {"k": kid})

    def _opened(self, row: AnyRow) -> SenderKey:
        kid, device, channel, sealed, created_ms, own, retired, batches = row
        plain = self._open(sealed, _SENDER_PLACE, kid)
        return SenderKey(
            kid=Kid(kid),
            device=DeviceId(device),
            channel=ChannelId(channel),
            key=plain[:_KEY_BYTES],
            created_ms=created_ms,
            own=bool(own),
            retired=bool(retired),
            batches=batches,
            recipients=plain[_KEY_BYTES:],
        )


class OfficeKeys(Sealed):
    """Private halves of office keys by (office, epoch)."""

    def put(self, office: bytes, epoch: int, private: bytes) -> None:
        """Keep the private half of an epoch."""
        sealed = self._seal(private, _OFFICE_PLACE, office, epoch.to_bytes(4, "big"))
        self._run(_OFFICE_PUT, {"office": office, "epoch": epoch, "sealed": sealed})

    def get(self, office: bytes, epoch: int) -> bytes | None:
        """Return the private half of an epoch, if this vault holds it."""
        blob = self._run(_OFFICE_GET, {"o": office, "e": epoch}).scalar()
        if blob is None:
            return None
        return self._open(blob, _OFFICE_PLACE, office, epoch.to_bytes(4, "big"))

    def all(self) -> list[OfficeKeyRow]:
        """Return every private half by office and epoch."""
        return [
            OfficeKeyRow(
                OfficeId(office),
                epoch,
                self._open(blob, _OFFICE_PLACE, office, epoch.to_bytes(4, "big")),
            )
            for office, epoch, blob in self._run(_OFFICE_ALL)
        ]

    def drop(self, office: bytes, epoch: int) -> None:
        """Forget a private half, as after a hand-over."""
        self._run(_OFFICE_DROP, {"o": office, "e": epoch})
