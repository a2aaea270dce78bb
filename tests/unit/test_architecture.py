"""The floors hold, and each wrong import would break a contract that was meant for it."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

import grimp
import pytest
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

ROOT = Path(__file__).resolve().parents[2]
TYPES: dict[str, type[Contract]] = {
    "acyclic_siblings": AcyclicSiblingsContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}
CONFIGURATION = read_configuration(str(ROOT / "pyproject.toml"))
OPTIONS = {options["id"]: options for options in CONFIGURATION["contracts_options"]}

WRONG_IMPORTS = [
    ("app-floors", "fieldapp.protocol.batch", "fieldapp.domain.clock"),
    ("app-floors", "fieldapp.domain.clock", "fieldapp.i18n"),
    ("app-floors", "fieldapp.storage.database", "fieldapp.crypto.keys"),
    ("app-floors", "fieldapp.sync.session", "fieldapp.services.facade"),
    ("app-floors", "fieldapp.ui.app", "fieldapp.cli.console"),
    ("server-floors", "sync_server.exchange", "sync_server.app"),
    ("server-floors", "sync_server.storage", "sync_server.auth"),
    ("server-blind", "sync_server.exchange", "fieldapp.domain.clock"),
    ("server-blind", "sync_server.auth", "fieldapp.crypto.keys"),
    ("server-blind", "sync_server.app", "requests"),
    ("app-alone", "fieldapp.services.facade", "sync_server.exchange"),
    ("pure-ground", "fieldapp.protocol.batch", "cryptography"),
    ("pure-ground", "fieldapp.domain.clock", "time"),
    ("pure-ground", "fieldapp.domain.fold", "os"),
    ("pure-ground", "fieldapp.protocol.ids", "secrets"),
    ("crypto-bytes", "fieldapp.crypto.sealing", "sqlalchemy"),
    ("crypto-bytes", "fieldapp.crypto.sealing", "fieldapp.domain.entries"),
    ("session-pure", "fieldapp.sync.session", "fieldapp.sync.transport"),
    ("session-pure", "fieldapp.sync.session", "fieldapp.storage.vault"),
    ("transport-blind", "fieldapp.sync.transport", "fieldapp.domain.entries"),
    ("flet-home", "fieldapp.services.facade", "flet"),
    ("sqlalchemy-home", "fieldapp.services.facade", "sqlalchemy"),
    ("sqlalchemy-home", "sync_server.exchange", "sqlalchemy"),
    ("requests-home", "fieldapp.services.facade", "requests"),
    ("crypto-home", "fieldapp.sync.session", "cryptography"),
    ("crypto-home", "sync_server.exchange", "cryptography"),
    ("config-home", "fieldapp.ui.app", "fieldapp.config"),
    ("ui-thin", "fieldapp.ui.app", "fieldapp.storage.database"),
    ("ui-thin", "fieldapp.ui.app", "fieldapp.protocol.batch"),
    (
        "record-types-apart",
        "fieldapp.domain.record_types.meeting",
        "fieldapp.domain.record_types.concern",
    ),
    ("screens-apart", "fieldapp.ui.screens.unlock", "fieldapp.ui.screens.enrol"),
    ("no-cycles", "fieldapp.errors", "fieldapp.protocol.ids"),
]


@cache
def present() -> grimp.ImportGraph:
    return grimp.build_graph(
        *CONFIGURATION["session_options"]["root_packages"],
        include_external_packages=True,
        cache_dir=None,
    )


def is_kept(contract: str, graph: grimp.ImportGraph) -> bool:
    options = OPTIONS[contract]
    linted = TYPES[options["type"]](options["name"], CONFIGURATION["session_options"], options)
    return linted.check(graph, verbose=False).kept


@pytest.mark.parametrize("contract", OPTIONS)
def test_a_contract_is_kept(contract: str) -> None:
    assert is_kept(contract, copy.deepcopy(present()))


@pytest.mark.parametrize(("contract", "importer", "imported"), WRONG_IMPORTS)
def test_a_wrong_import_breaks_its_contract(contract: str, importer: str, imported: str) -> None:
    graph = copy.deepcopy(present())
    assert importer in graph.modules
    if imported not in graph.modules:
        assert "." not in imported, "our own modules are in the graph under their real names"
        graph.add_module(imported, is_squashed=True)
    graph.add_import(importer=importer, imported=imported)
    assert not is_kept(contract, graph)


def test_each_contract_is_shown_to_break() -> None:
    shown = {contract for contract, _, _ in WRONG_IMPORTS}
    assert set(OPTIONS) - shown == set()


def test_a_module_on_no_floor_breaks_the_build() -> None:
    graph = copy.deepcopy(present())
    graph.add_module("fieldapp.helpers")
    assert not is_kept("app-floors", graph)
