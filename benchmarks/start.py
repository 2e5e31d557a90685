"""How long a start takes with the data already there, and what memory the processes hold."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

import orjson

from benchmarks.report import Better, Ratio
from benchmarks.stores import resident_mebibytes, served
from benchmarks.turns import Asker

FIRST: Final = '{ codelist(scheme: "units") { total } }'
STARTS: Final = 3


def measure(arguments: list[str], environment: Mapping[str, str], engine: str, events: int) -> list[Ratio]:
    """Seconds from the command to the first answer, the shortest of three; and resident memory after it."""
    taken: list[float] = []
    memory: dict[str, float] = {}
    for _ in range(STARTS):
        with served(arguments, environment) as server:
            begun = time.perf_counter()
            answer = orjson.loads(Asker(server.port).ask(FIRST, {}))
            if "errors" in answer:
                raise RuntimeError("the first answer was an error")
            taken.append(server.seconds + time.perf_counter() - begun)
            memory = resident_mebibytes(server.pid)
    rows = [Ratio("warm start to first answer", min(taken), "s", None, engine, events, 5.0, Better.LOWER)]
    return rows + [
        Ratio(f"resident memory after a start: {name}", size, "MiB", None, engine, events)
        for name, size in sorted(memory.items())
    ]
