"""The data folder: who owns it, and the secret in it.

Lives here: the folder's lock, its modes and its password. Elsewhere: what the engine keeps in it (``embedded``).

::

    <folder>/             0700
        owner             0600  the process id of its owner; flock on it is the ownership
        password          0600  of the engine's user, random, made once
        address           0600  where the engine of this folder was last told to listen
        engine.args       0600  the engine's arguments, kept out of the process list
        engine.log        0600
        engine/                 the engine's own root: config, databases
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
from pathlib import Path
from typing import Final

from registry.errors import FolderOwned

DYING_SECONDS: Final = 10.0
"""How long an engine whose owner is gone may take to end before its folder counts as owned."""


class FolderLock:
    """Ownership of a data folder: held as long as any process holds the descriptor, so the engine inherits it."""

    def __init__(self, folder: Path) -> None:
        make_private(folder)
        self._path = folder / "owner"
        self.descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except FolderOwned:
            os.close(self.descriptor)
            raise
        os.truncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode("ascii"), 0)

    def release(self) -> None:
        """Give the folder up. It stays owned while an engine of ours that inherited the lock is alive."""
        os.close(self.descriptor)

    def _take(self) -> None:
        """Take the lock at once, or after its dead owner's engine has ended too."""
        deadline = time.monotonic() + DYING_SECONDS
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            owner = self._path.read_text(encoding="ascii").strip()
            if _is_alive(owner) or time.monotonic() > deadline:
                raise FolderOwned(owner=int(owner) if owner.isdigit() else None)
            time.sleep(0.05)


def has_engine(folder: Path) -> bool:
    """Whether an engine ever ran on the folder. Looks only."""
    return (folder / "engine").is_dir()


def make_private(folder: Path) -> None:
    """Make the folder, with its parents, readable by its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def write_private(path: Path, text: str) -> None:
    """Replace the file at once by one of mode 0600."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def password_of(folder: Path) -> str:
    """The folder's password, made at the first call."""
    path = folder / "password"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
        # The engine keeps a hash of the password it was first started with; a lost one is replaced.
        (folder / "engine" / "config" / "server-users.jsonl").unlink(missing_ok=True)
    path.chmod(0o600)
    return path.read_text(encoding="utf-8")


def _is_alive(owner: str) -> bool:
    if not owner.isdigit():
        return True
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
