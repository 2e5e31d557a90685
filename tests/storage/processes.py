"""Looking at processes from outside: alive, children, processor time; by `ps`, so that it works beyond Linux."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable


def ps(*arguments: str) -> str:
    """What `ps` prints; nothing where no process matches."""
    command = ["ps", "-ww", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    state = ps("-o", "stat=", "-p", str(pid)).strip()
    return bool(state) and not state.startswith("Z")


def children(pid: int) -> dict[int, str]:
    """The direct children with their command lines."""
    lines = (line.split(None, 2) for line in ps("-eo", "pid=,ppid=,args=").splitlines())
    return {int(own): rest for own, parent, rest in lines if int(parent) == pid and "<defunct>" not in rest}


def family(pid: int) -> dict[int, str]:
    """All descendants with their command lines."""
    found = children(pid)
    for child in list(found):
        found |= family(child)
    return found


def processor_seconds(pid: int) -> int:
    """Processor time the process has used, in whole seconds."""
    clock = ps("-o", "cputimes=", "-p", str(pid)).strip()
    return int(clock) if clock else 0


def wait_for(condition: Callable[[], object], *, seconds: float, what: str) -> float:
    """Seconds until the condition held; fails after ``seconds``."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - began


def wait_until_gone(pids: Iterable[int], *, seconds: float) -> float:
    """Seconds until none of the processes runs."""
    waited = list(pids)
    return wait_for(lambda: not any(map(is_alive, waited)), seconds=seconds, what=f"end of {waited}")
