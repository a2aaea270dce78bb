"""A region whose people use the command line: a server, a network that breaks, phones."""

from __future__ import annotations

from pathlib import Path

from tests.support.bad_network import BadNetwork
from tests.support.commands import Commands
from tests.support.country import LAMU_WEST, WARD
from tests.support.server import ServerProcess


class Region:
    """A server behind a network that a test can break, headquarters, and phones to be enrolled."""

    def __init__(self, folder: Path, server: ServerProcess) -> None:
        self.folder = folder
        self.network = BadNetwork(server.port)
        self.hq = Commands(folder / "hq")
        self.phrases: dict[str, str] = self.hq.good(
            *("hq", "init", "--server", self.network.url, "--claim", server.claim_token.hex()),
            *("--org", "Interior", "--shares", str(folder / "shares")),
        )["handover_phrases"]
        self.mkomani: str = self.hq.good(
            *("unit", "add", "--parent", LAMU_WEST, "--level", "location", "--name", "Mkomani"),
            *("--ward", WARD),
        )["id"]
        for unit in (LAMU_WEST, self.mkomani):
            self.hq.good("office", "create", unit)
        self._phones = 0

    def phone(self) -> Commands:
        """A new chief's phone."""
        self._phones += 1
        name = f"phone{self._phones}"
        file = self.folder / f"{name}.json"
        self.hq.good("invite", "--unit", self.mkomani, "--role", "chief", "--out", str(file))
        commands = Commands(self.folder / name)
        commands.good("enrol", str(file), "--officer", f"Amina {name}")
        return commands
