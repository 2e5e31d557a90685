"""A child process that ends when we end, however we end: `kill -9` of the starter included.

Lives here: starting under a POSIX shell that reads a pipe from us, and noticing the end. Elsewhere: what is
started (``embedded``, and the Neo4j server of the tests). Why not PR_SET_PDEATHSIG: it is Linux only and fires
already when the starting *thread* ends.

Who may be killed with -9, and what ends the child then: we (the shell reads the end of its pipe), the child (its
own pipe to us ends), the shell (`GuardedProcess.ended` sees it and kills the group).
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_GUARD: Final = Path(__file__).with_name("guard.sh")


class GuardedProcess:
    """One command in its own session. Its log is written to a file of mode 0600; it may inherit descriptors."""

    def __init__(self, command: Sequence[str], *, log: Path, inherit: Sequence[int] = ()) -> None:
        life_end, self._life = os.pipe()
        self._sign, sign_end = os.pipe()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._shell = subprocess.Popen(  # the sh of PATH is as trusted as the python of PATH
                ["sh", str(_GUARD), *command],  # noqa: S607
                stdin=life_end,
                stdout=sign_end,
                stderr=output,
                pass_fds=tuple(inherit),
                start_new_session=True,
            )
        finally:
            for descriptor in (life_end, sign_end, output):
                os.close(descriptor)
        self.pid = self._read_pid()
        """The command's own process id, not the shell's."""

    @property
    def guard_pid(self) -> int:
        """The shell's process id, which is also the process group's."""
        return self._shell.pid

    def ended(self) -> bool:
        """Whether the command has ended. If only its guard has, the command is killed first."""
        if self._shell.poll() is not None:
            self.kill()
            return True
        readable, _, _ = select.select([self._sign], [], [], 0)
        return bool(readable)

    def stop(self, *, seconds: float) -> None:
        """Ask the command to end, and kill it when it has not within ``seconds``."""
        if not self.ended():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
            select.select([self._sign], [], [], seconds)
        self.kill()

    def kill(self) -> None:
        """End the command and its guard now; return when both are gone. May be called twice."""
        if self._life < 0:
            return
        os.close(self._life)
        self._life = -1
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._shell.wait(1.0)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._shell.pid, signal.SIGKILL)
        self._shell.wait()
        select.select([self._sign], [], [], 10.0)
        os.close(self._sign)

    def _read_pid(self) -> int:
        with os.fdopen(os.dup(self._sign), "r", encoding="ascii") as sign:
            return int(_first_line(sign.fileno()))


def _first_line(descriptor: int) -> str:
    """The first line, read byte by byte so that nothing after it is taken from the pipe."""
    line = b""
    deadline = time.monotonic() + 10.0
    while not line.endswith(b"\n") and time.monotonic() < deadline:
        line += os.read(descriptor, 1) or b"0\n"
    return line.decode("ascii")
