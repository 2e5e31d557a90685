"""How long a hostile document takes to be refused: processor time of the worst of many kinds, at many depths.

That nothing grows with the depth is shown by a count of steps in the tests; here is what it comes to in milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from benchmarks.report import Better, Ratio
from graphql_api.schema.documents import Documents, Unanswerable
from graphql_api.schema.query import build_schema
from graphql_api.settings import Limits
from registry.errors import IctipError

LEVELS: Final = (20, 40, 90, 500)
ROUNDS: Final = 7


def doubling(levels: int) -> str:
    """Fragments that each spread the next one twice."""
    inner = [f"fragment F{at} on Query {{ ...F{at + 1} ...F{at + 1} }}" for at in range(levels)]
    return " ".join(["{ ...F0 }", *inner, f"fragment F{levels} on Query {{ schemes {{ id }} }}"])


def nested(levels: int) -> str:
    """Fields inside fields."""
    return "{ codelist " + "{ entries { children " * levels + "{ code }" + " } }" * levels + " }"


def circling(levels: int) -> str:
    """Fragments that come back to the first."""
    inner = [f"fragment F{at} on Query {{ ...F{(at + 1) % levels} }}" for at in range(levels)]
    return " ".join(["{ ...F0 }", *inner])


def listed(levels: int) -> str:
    """Lists inside lists, as an argument."""
    return "{ scheme(id: " + "[" * levels + "1" + "]" * levels + ") { id } }"


def counted(levels: int) -> str:
    """A number of so many thousand digits."""
    return "{ scheme(id: " + "9" * (levels * 1000) + ") { id } }"


def aliased(levels: int) -> str:
    """One field under many names."""
    return "{ " + " ".join(f"a{at}: schemes {{ id }}" for at in range(levels * 10)) + " }"


def directed(levels: int) -> str:
    """Directives without end."""
    return "{ schemes { id " + "@include(if: true) " * (levels * 10) + "} }"


def repeated(levels: int) -> str:
    """The same field again and again."""
    return "{ " + "__typename " * (levels * 10) + "}"


KINDS: Final[Mapping[str, Callable[[int], str]]] = {
    "exponential fragments": doubling,
    "depth": nested,
    "circling fragments": circling,
    "nested lists": listed,
    "a long number": counted,
    "aliases": aliased,
    "directives": directed,
    "repeated fields": repeated,
}


def measure() -> list[Ratio]:
    """The slowest refusal of each kind of document over all depths."""
    documents = Documents(build_schema()._schema, Limits())
    return [
        Ratio(
            f"refusing {name}, the worst depth",
            max(refusals(documents, make)),
            "ms",
            target=5.0,
            better=Better.LOWER,
            remark=f"{LEVELS[0]}-{LEVELS[-1]} levels, processor time",
        )
        for name, make in KINDS.items()
    ]


def refusals(documents: Documents, make: Callable[[int], str]) -> Iterator[float]:
    """Milliseconds of processor time to refuse each depth's document, the best of a few rounds."""
    for levels in LEVELS:
        text = make(levels)
        yield min(refuse(documents, text) for _ in range(ROUNDS))


def refuse(documents: Documents, text: str) -> float:
    """Milliseconds of one refusal."""
    started = time.process_time()
    try:
        documents.prepare(text)
    except (IctipError, Unanswerable):
        return (time.process_time() - started) * 1000
    raise RuntimeError("a hostile document was let in")
