"""What a question for paths is answered with: paths, the evidence of each hop, and why there are no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from registry.network.confidence import Confidence
from registry.network.model import Judged, NodeKind, SkippedHub, Subgraph
from registry.network.paths import Enumeration


class Outcome(StrEnum):
    """What a search came to. Only NONE says that there is no path at all."""

    FOUND = "FOUND"
    NONE = "NONE"
    NOT_WITHIN_LIMITS = "NOT_WITHIN_LIMITS"


class Limit(StrEnum):
    """The caller's own limit, or ours, that ended a search before it had seen everything."""

    BUDGET = "BUDGET"
    HOPS = "HOPS"
    HUBS = "HUBS"
    STEPS = "STEPS"


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search came to, before its evidence. ``source`` is the end that paths are told from.

    ``nodes`` and ``links`` are what was read, at least what is on the paths; a node has its kind and the entity that it
    belongs to. ``cluster`` gives the least id of a record's cluster.
    """

    source: str
    target: str
    judged: Judged
    found: Enumeration
    nodes: Mapping[str, tuple[NodeKind, str | None]]
    links: Set[tuple[str, str, str]]
    cluster: Callable[[str], str]
    skipped: Mapping[str, SkippedHub]
    """Hubs that no path leads through, by id: those come upon around either end, and where the ends meet those that
    keep out a path before the last one told, or all of them where fewer were found than asked for."""
    counts: Mapping[str, int]
    """How many nodes were found by kind, a cluster as one."""
    visited: int
    """Nodes whose links were read."""
    hidden: int
    """Nodes that the question itself left out."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One event that shows a link: who reported it, when it may have been (EDTF, instants), how far it is relied on.

    ``since`` and ``until`` are microseconds since 1970, None without a date. ``grounds`` are codes (``confidence``).
    """

    event: str
    entity: str
    began: str | None
    ended: str | None
    recorded: str | None
    since: int | None
    until: int | None
    confidence: Confidence
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One link between two records: a relationship type."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, in its direction: all links between its two ends, and every event that shows one."""

    near: str
    far: str
    links: tuple[Link, ...]
    evidence: tuple[Evidence, ...]
    confidence: Confidence
    """That of its strongest evidence."""


@dataclass(frozen=True, slots=True)
class Path:
    """A simple path. A node stands for its cluster where judgements count."""

    nodes: tuple[str, ...]
    hops: tuple[Hop, ...]
    confidence: Confidence
    """That of its weakest hop."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The shortest simple paths, shortest first, ties in order of ids.

    Without ``limits`` these are all the paths there are, or the first of them that were asked for. ``network`` holds
    their nodes and links, and the account of the search: ``visited``, hubs, and counts of all that was looked at.
    """

    outcome: Outcome
    paths: tuple[Path, ...]
    limits: tuple[Limit, ...]
    network: Subgraph
