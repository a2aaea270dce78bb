"""Servers and clients as processes: what the ingest and pull benchmarks run against.

Laws:
  * The real server is started as an operator starts it, with its default settings.
  * It knows the organisation before the clock runs; clients are connected before it runs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from tests.benchmarks import sender
from tests.benchmarks.workload import Writer
from tests.support.authors import deposit
from tests.support.organisation import Organisation
from tests.support.server import HTTPService, ServerProcess, running

SENDER = Path(sender.__file__)
ROOT = Path(__file__).resolve().parents[2]
RAW_PATH = "/batches"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one push by several clients."""

    seconds: float
    requests: tuple[float, ...]


@contextmanager
def real_server(
    folder: Path, organisation: Organisation, options: Sequence[str] = ()
) -> Iterator[ServerProcess]:
    """Run a server that the organisation has claimed."""
    with running(ServerProcess(folder, options)) as server:
        service = HTTPService(server.url)
        root, *others = (batch for _, batch in organisation.log)
        service.claim_server(server.claim_token, root.raw)
        for batch in others:
            if deposit(service, batch).refused:
                raise ValueError("directory")
        service.close()
        yield server


@contextmanager
def raw_server(folder: Path, writers: Sequence[Writer]) -> Iterator[RawProcess]:
    """Run the raw server for the same authors."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = {w.member.device.hex(): w.member.keys.public_ed25519.hex() for w in writers}
    (folder / "keys.json").write_text(json.dumps(keys))
    names = [str(folder / name) for name in ("raw.db", "keys.json")]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.raw_server", *names],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield RawProcess(int(_line(process)), process.pid)
    finally:
        process.terminate()
        process.communicate()


@dataclass(frozen=True, slots=True)
class RawProcess:
    """A running raw server."""

    port: int
    pid: int


def push(folder: Path, port: int, path: str, clients: Sequence[Sequence[bytes]]) -> Run:
    """Let clients send their requests at the same time; each has a process and a connection."""
    processes = [
        _start(folder / f"client-{number}", port, path, bodies)
        for number, bodies in enumerate(clients)
    ]
    for process in processes:
        if _line(process) != "ready":
            raise ConnectionError("client")
    for process in processes:
        process.stdin.write("go\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    found = [json.loads(_line(process)) for process in processes]
    for process in processes:
        process.communicate()
    spent = max(one["end"] for one in found) - min(one["start"] for one in found)
    return Run(spent, tuple(value for one in found for value in one["seconds"]))


def _start(file: Path, port: int, path: str, bodies: Sequence[bytes]) -> subprocess.Popen[str]:
    file.write_bytes(b"".join(sender.LENGTH.pack(len(body)) + body for body in bodies))
    return subprocess.Popen(
        [sys.executable, str(SENDER), str(port), path, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def stored_batches(server: ServerProcess) -> int:
    """Ask a server how many batches it has stored since it started."""
    text = requests.get(server.url + "/metrics", timeout=10).text
    name = 'sync_server_batches_total{outcome="stored"} '
    return int(
        float(next(line for line in text.splitlines() if line.startswith(name))[len(name) :])
    )


def peak_rss_mb(pid: int) -> float:
    """Return the most memory that a server ever held, in MB, the processes below it included."""
    process = psutil.Process(pid)
    return sum(_peak_mb(one) for one in (process, *process.children(recursive=True)))


def _peak_mb(process: psutil.Process) -> float:
    """Return a process's peak; where the platform tells none, what it holds now."""
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    told = process.memory_info()
    peak: int = getattr(told, "peak_wset", told.rss)
    return peak / (1 << 20)
