"""A small organisation around one real server behind a bad network, for journeys in a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldapp.bootstrap import build_services, demo_settings
from fieldapp.services.facade import Services
from fieldapp.services.office_views import InviteView
from tests.support.bad_network import BadNetwork
from tests.support.server import ServerProcess, running
from tests.support.window_process import WindowProcess, running_window

PIN = "246810"
ORGANISATION = "Interior"
LAMU_WEST = "KE-005-S022"
MKOMANI_WARD = "KE-005-W0105"


@dataclass(frozen=True, slots=True)
class Region:
    """Headquarters and a location, with invites for its chiefs."""

    folder: Path
    network: BadNetwork
    hq_home: Path
    mkomani: str
    invites: Sequence[InviteView]


@contextmanager
def founded(folder: Path, *, chiefs: int) -> Iterator[Region]:
    """Found the organisation; headquarters' home is left closed, for a window to open."""
    with ExitStack() as stack:
        server = stack.enter_context(running(ServerProcess(folder / "server")))
        network = stack.enter_context(BadNetwork(server.port))
        hq_home = folder / "hq"
        with build_services(demo_settings(hq_home)) as hq:
            mkomani = _organise(hq, network.url, server.claim_token.hex(), folder / "shares")
            invites = [hq.organisation.invite(mkomani, "chief") for _ in range(chiefs)]
            report = hq.syncing.sync()
            assert report.error is None, report.error
        yield Region(folder, network, hq_home, mkomani, invites)


def _organise(hq: Services, url: str, token: str, shares: Path) -> str:
    hq.organisation.init(url, token, ORGANISATION, shares, "Chebet Langat", PIN)
    mkomani = hq.organisation.add_unit(LAMU_WEST, "location", "Mkomani", MKOMANI_WARD)
    for unit in (LAMU_WEST, mkomani):
        hq.organisation.create_office(unit, "admin")
    return mkomani


@contextmanager
def hq_window(region: Region) -> Iterator[WindowProcess]:
    """Serve headquarters' home."""
    with running_window(region.hq_home) as window:
        yield window
