"""Lays out what the Android build packs: the app's package, its assets and a main of three lines.

`flet build` wants a `main.py` in the root of its folder and takes everything beside it. A staged
copy keeps the server and the tests out of the package, and puts assets where both Flet
(`assets/`) and importlib.resources (`fieldapp/assets/`) look for them.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = """import flet as ft

from fieldapp.main import main

ft.run(main)
"""
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def stage(target: Path) -> None:
    """Copy the app into an empty folder."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "fieldapp", target / "fieldapp", ignore=LEFT_OUT)
    for place in ("assets", "fieldapp/assets"):
        shutil.copytree(ROOT / "assets", target / place, ignore=LEFT_OUT)
    (target / "main.py").write_text(MAIN, encoding="utf-8")


def main() -> None:
    """Stage into the folder that `tool.flet.app.path` names."""
    with (ROOT / "pyproject.toml").open("rb") as settings:
        path = tomllib.load(settings)["tool"]["flet"]["app"]["path"]
    stage(ROOT / path)
    print(f"staged {path}")


if __name__ == "__main__":
    main()
