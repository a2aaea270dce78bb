"""An old database that was put back by hand: found out by a trusted device, and made another log.

Laws:
  * ``sync-server restore`` gives the log a new id and leaves positions out; whoever copies an old
    database over a newer one does neither, and positions would be given out a second time.
  * A cursor beyond the end of this very log proves that. It is believed of a device whose words
    were compared and whose role enrols others, and of nobody else: a new log costs every device
    another reading of its feed.
  * The request that proves it is judged afterwards, so that none of its statements takes a
    position that was given out before.
"""

from __future__ import annotations

from fieldapp.errors import CryptoError, ProtocolError
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.checks import check_hello
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.message_parts import Hello, parse_hello
from fieldapp.protocol.roles import may_enrol
from sync_server.auth import new_log_id, verify
from sync_server.exchange.counters import Counters
from sync_server.storage.backup import POSITION_GAP
from sync_server.storage.ledger import Ledger
from sync_server.storage.queues import meta_value
from sync_server.storage.schema import LOG_ID, replace_log_id


def known_hello(directory: Directory, raw: bytes) -> Hello | None:
    """Return a hello that a device signed that is known and not revoked, None for any other."""
    try:
        hello = parse_hello(raw)
        certificate = directory.device(hello.device)
        if certificate is None or certificate.state is State.REVOKED:
            return None
        check_hello(hello, certificate.ed, verify)
    except (CryptoError, ProtocolError):
        return None
    return hello


def is_believed(certificate: Certificate | None) -> bool:
    """Tell whether a device's cursor alone makes a server doubt its own database."""
    if certificate is None or not (certificate.is_active and certificate.confirmed):
        return False
    return certificate.granted and may_enrol(certificate.role)


def renew_log(ledger: Ledger, *, hello: Hello, counters: Counters) -> None:
    """Give the log a new id and skip the positions that it gave out before, if that is proved."""
    beyond = hello.cursor.position - ledger.position
    if hello.log_id != meta_value(ledger.connection, LOG_ID) or not 0 < beyond <= POSITION_GAP:
        return
    replace_log_id(ledger.connection, new_log_id())
    ledger.skip_positions(2 * POSITION_GAP)
    counters.add("logs", "renewed")
