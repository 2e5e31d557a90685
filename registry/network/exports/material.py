"""What an exported network holds: its nodes and links as they may leave, and the account of what is not in it.

Lives here: from an answer to what every format writes, under pseudonyms where names may not leave. Elsewhere: the
formats, one module each; who may see names (``registry.network.exporting``).

Nodes stand by distance and then by the id that is shown, links by both ends as shown, so that not even the order of
a pseudonymised file tells of the real ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from registry.access.pseudonyms import Pseudonyms
from registry.network.model import RECORDS, GivenAlone, NodeKind, PathsAlone, Start, Subgraph


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is shown of an event beside its id: forms as scheme/version/code, and when it was recorded (EDTF)."""

    forms: tuple[str, ...] = ()
    date: str | None = None
    years: str | None = None
    """The same for who may not see days."""


@dataclass(frozen=True, slots=True)
class ExportedNode:
    """One node. ``links`` are those in the file; ``all_links`` only where it was not followed for having so many, or,
    where not ``is_counted``, more: counting ended there."""

    id: str
    kind: NodeKind
    entity: str | None
    distance: int
    links: int
    all_links: int | None = None
    is_counted: bool = True
    label: str | None = None
    """What a hub is called."""
    concepts: tuple[str, ...] = ()
    """Forms of an event as scheme/version/code."""
    date: str | None = None
    is_victim: bool = False
    is_perpetrator: bool = False

    @property
    def all_in_words(self) -> str:
        """``all_links`` for a reader, empty where they are not told."""
        if self.all_links is None:
            return ""
        return counted(self.all_links, "link") + (" in all" if self.is_counted else " or more")

    @property
    def forms(self) -> tuple[str, ...]:
        """Forms by code alone."""
        return tuple(concept.rpartition("/")[2] for concept in self.concepts)


@dataclass(frozen=True, slots=True)
class ExportedEdge:
    """One link, by the ids that are shown; ``kind`` as in `registry.network.model.Edge`."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class ExportedNetwork:
    """A file's content. ``left_out`` are sentences; ``labels`` are of forms by code, in one language."""

    title: str
    start: str | None
    nodes: tuple[ExportedNode, ...]
    edges: tuple[ExportedEdge, ...]
    left_out: tuple[str, ...]
    is_pseudonymised: bool
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def export_material(
    network: Subgraph,
    facts: Mapping[str, EventFacts],
    *,
    names: Pseudonyms | None,
    labels: Mapping[str, str] | None = None,
) -> ExportedNetwork:
    """The network as it may leave; with ``names`` under pseudonyms and with years for dates."""
    shown = shown_id(names)
    shown_ids = dict(zip(network.node_ids, map(shown, network.node_kinds, network.node_ids), strict=True))
    degrees, roles = _ends(network)
    skipped = {hub.id: hub for hub in network.skipped_hubs}
    nodes = []
    for node in network.each_node():
        told, hub = facts.get(node.id, EventFacts()), skipped.get(node.id)
        nodes.append(
            ExportedNode(
                id=shown_ids[node.id],
                kind=node.kind,
                entity=node.entity,
                distance=node.distance,
                links=degrees.get(node.id, 0),
                all_links=None if hub is None else hub.degree,
                is_counted=hub is None or hub.counted,
                label=node.label,
                concepts=told.forms,
                date=told.date if names is None else told.years,
                is_victim="VICTIM_IN" in roles.get(node.id, ()),
                is_perpetrator="PERPETRATOR_IN" in roles.get(node.id, ()),
            )
        )
    nodes.sort(key=lambda node: (node.distance, node.id))
    edges = {ExportedEdge(shown_ids[source], shown_ids[target], kind) for source, target, kind in network.edges}
    has_start = network.node_ids and not isinstance(network.extent, GivenAlone)
    return ExportedNetwork(
        title=_title(network, shown),
        start=shown_ids[network.node_ids[0]] if has_start else None,
        nodes=tuple(nodes),
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.target, edge.kind))),
        left_out=tuple(_left_out(network)),
        is_pseudonymised=names is not None,
        labels=labels or {},
    )


Shown = Callable[[NodeKind, str], str]
"""The id under which a node leaves."""


def shown_id(names: Pseudonyms | None) -> Shown:
    """Records under their ids or their pseudonyms; areas, units and agencies under their own codes."""
    if names is None:
        return lambda _, id_: id_
    return lambda kind, id_: names.of(kind.word, id_) if kind in RECORDS else id_


def _ends(network: Subgraph) -> tuple[dict[str, int], dict[str, set[str]]]:
    """Links of each node, and the kinds of participation of each person."""
    degrees: dict[str, int] = {}
    roles: dict[str, set[str]] = {}
    for source, target, kind in network.edges:
        for end in (source, target):
            degrees[end] = degrees.get(end, 0) + 1
        roles.setdefault(source, set()).add(kind)
    return degrees, roles


def _title(network: Subgraph, shown: Shown) -> str:
    if not network.node_ids:
        return "An empty network"
    told = ", ".join([*_counts(Counter(network.node_kinds)), counted(len(network.edges), "link")])
    return f"{_shows(network, shown)}: {told}"


def _shows(network: Subgraph, shown: Shown) -> str:
    """What the network is of."""
    start = _end(Start(network.node_kinds[0], network.node_ids[0]), shown)
    match network.extent:
        case PathsAlone(target):
            paths = "Paths" if _is_found(network, target) else "No path found"
            return f"{paths} from {start} to {_end(target, shown)}"
        case GivenAlone():
            return "Among people and events that were named"
        case None:
            return f"Around {start}"


def _end(end: Start, shown: Shown) -> str:
    return f"{end.kind.word} {short(shown(end.kind, end.id))}"


def _is_found(network: Subgraph, target: Start) -> bool:
    """Whether there are paths: without any the network is the start alone."""
    return target.id in network.node_ids


def _counts(numbers: Mapping[NodeKind, int]) -> list[str]:
    """People and events in words, without those there are none of."""
    return [counted(numbers[kind], kind.word) for kind in (NodeKind.PERSON, NodeKind.EVENT) if numbers.get(kind)]


def _left_out(network: Subgraph) -> list[str]:
    """Sentences on what is not here: not asked for, or because of the caller's own limits."""
    said = []
    match network.extent:
        case PathsAlone(target, limits):
            said += _of_paths(network, _is_found(network, target), limits)
        case GivenAlone():
            said += ["Shown are these and the links among them alone.", *_beyond_limit(network)]
        case None:
            said += _beyond_limit(network) or ["Nothing that was found is left out."]
    if network.skipped_hubs:
        said.append(f"Not followed for having too many links: {counted(len(network.skipped_hubs), 'node')}.")
    if uncounted := sum(not hub.counted for hub in network.skipped_hubs):
        said.append(
            f"Of {counted(uncounted, 'node')} of these not all links were counted: there may be more than told."
        )
    unread = len(network.node_ids) - network.visited - len(network.skipped_hubs)
    if unread > 0 and network.extent is None:
        outermost = "outermost node" if unread == 1 else f"{unread:,} outermost nodes"
        said.append(f"What else hangs on the {outermost} was not read.")
    if network.hidden:
        said.append(f"{counted(network.hidden, 'node')} left out, as the question asked.")
    return said


def _beyond_limit(network: Subgraph) -> list[str]:
    """That the limit of nodes left some out."""
    if not network.truncated:
        return []
    present = Counter(kind.value for kind in network.node_kinds)
    missing = [
        counted(found - present[kind], NodeKind(kind).word)
        for kind, found in sorted(network.counts_by_type.items())
        if found > present[kind]
    ]
    left = f": {', '.join(missing)} found and not shown, nothing looked at beyond" if missing else ""
    return [f"Not all is here. The limit of nodes was reached{left}."]


LIMIT_WORDS: Final = {
    "BUDGET": "the limit of nodes",
    "HOPS": "the limit of hops",
    "HUBS": "nodes with too many links",
    "STEPS": "the limit of work",
}
"""What ends a search for paths, in words, by name."""


def _of_paths(network: Subgraph, is_found: bool, limits: Sequence[str]) -> list[str]:
    """That only paths are shown, of how much that was looked at, and what ended the search."""
    looked_at = {NodeKind(kind): number for kind, number in network.counts_by_type.items()}
    told = " and ".join(_counts(looked_at)) or "nothing"
    was = "was" if sum(looked_at.get(kind, 0) for kind in RECORDS) == 1 else "were"
    shown = "Shown are the paths alone" if is_found else "Shown is the start alone"
    ended = f"the search was ended by {' and '.join(LIMIT_WORDS[limit] for limit in limits)}" if limits else ""
    if is_found:
        outcome = f"There may be more paths: {ended}." if limits else ""
    else:
        none = "There is no path in what may be seen, as it was asked for."
        outcome = f"There may be a path: {ended}." if limits else none
    return [f"{shown}; {told} {was} looked at.", *([outcome] if outcome else [])]


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 event, 2 reporting entities, 3 people."""
    plural = "people" if noun == "person" else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def short(id_: str) -> str:
    """The beginning of a long id: enough to tell apart what stands in one picture."""
    if id_.startswith("p-"):
        return id_[:8]
    return id_ if len(id_) <= 12 else id_[:8]


def columns(nodes: Sequence[ExportedNode]) -> list[tuple[str, ...]]:
    """The cells of each node as texts, in the order of `NODE_COLUMNS`; empty where nothing is told."""
    return [
        (
            node.id,
            node.kind.value,
            node.label or "",
            node.entity or "",
            str(node.distance),
            str(node.links),
            "" if node.all_links is None else str(node.all_links),
            " ".join(node.forms),
            node.date or "",
            " ".join(role_words(node)),
        )
        for node in nodes
    ]


NODE_COLUMNS = ("id", "kind", "label", "entity", "distance", "links", "all_links", "forms", "date", "roles")
WHOLE_COLUMNS = frozenset({"distance", "links", "all_links"})
"""Those that hold whole numbers."""
EDGE_COLUMNS = ("source", "target", "kind")


def role_words(node: ExportedNode) -> tuple[str, ...]:
    """What a person is in the events of the file."""
    told = (("victim", node.is_victim), ("perpetrator", node.is_perpetrator))
    return tuple(word for word, holds in told if holds)
