"""The second PIN: given under force, it destroys the key and looks like any wrong PIN.

Laws:
  * What it leaves looks like a locked vault, on the screen, in the log and on the disk: the key
    file keeps its size and its day, and no PIN opens it any more. What was sealed stays where it
    lay, to be delivered by deposit.
  * Nothing anywhere says whether there is one: setting one, taking one away and changing the PIN
    write the same bytes in the same places.
  * A slip of the finger must not reach it: it is not the PIN, no beginning or end of it, and not
    one key, one place or one swap away from it.
"""

from __future__ import annotations

from fieldapp.errors import WeakPinError
from fieldapp.services.key_guard import KeyGuard
from fieldapp.services.left_behind import remove_plain
from fieldapp.storage.home import Home


def check_distance(pin: str, second: str) -> None:
    """Refuse a second PIN that a slip of the finger could reach.

    Raises:
        WeakPinError: it is too near to the PIN.
    """
    one, other = pin.casefold(), second.casefold()
    short, long = sorted((one, other), key=len)
    is_part = long.startswith(short) or long.endswith(short)
    if is_part or _is_one_slip(short, long):
        raise WeakPinError("second_pin_near")


def look_locked(home: Home, guard: KeyGuard) -> None:
    """Destroy the key and leave what looks like a vault whose PIN nobody knows.

    Raises:
        StorageError: the disk refused.
    """
    guard.cover()
    remove_plain(home)


def _is_one_slip(short: str, long: str) -> bool:
    """Tell whether one key more, one other key, or two keys swapped make one text of the other."""
    if len(long) - len(short) > 1:
        return False
    if len(long) != len(short):
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    unlike = [at for at, (one, other) in enumerate(zip(short, long, strict=True)) if one != other]
    if len(unlike) != 2:  # noqa: PLR2004  a swap takes two places
        return len(unlike) < 2  # noqa: PLR2004  as above
    first, second = unlike
    return second - first == 1 and short[first] == long[second] and short[second] == long[first]
