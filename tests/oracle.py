"""What the right answers are, computed in plain Python over the records themselves.

Slow and obvious on purpose: no budget inside a query, no columns, no order but sorting. Both engines must agree with
it; nothing here shares code with what it judges, but for reading dates and summing up forms, which have tests of
literals.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx

from registry.cases.derivation import summarise_forms
from registry.cases.model import Codes, EventRecord, Missing, Moment, Role, Values
from registry.cases.ports import AreaRole, EventFilter
from registry.identifiers import EntityId, Notation
from registry.network.model import EVERYTHING, Judged, Window, Within
from tests import universe

Keep = Callable[[EventRecord], bool]
PARENTS = universe.PARENTS
_KINDS = {Role.VICTIM: "VICTIM_IN", Role.PERPETRATOR: "PERPETRATOR_IN"}


def in_scope(records: Iterable[EventRecord], entities: Iterable[EntityId] | None) -> list[EventRecord]:
    """The records an actor may see."""
    allowed = None if entities is None else set(entities)
    return [record for record in records if allowed is None or record.entity in allowed]


def listed(
    records: Iterable[EventRecord], where: EventFilter, parents: Mapping[str, Mapping[str, str | None]]
) -> list[str]:
    """Ids of the events that the filter lets through: newest recorded first, undated last, ties by id."""
    kept = [record for record in records if _passes(record, where, parents)]
    return [record.id for record in sorted(kept, key=lambda record: (-_recorded(record), record.id))]


def _recorded(record: EventRecord) -> float:
    moment = _moment(record.values, "dat")
    return moment.earliest if moment is not None else float("-inf")


def _passes(record: EventRecord, where: EventFilter, parents: Mapping[str, Mapping[str, str | None]]) -> bool:
    moment = _moment(record.values, "dat")
    checks = (
        where.form is None
        or any(_within(parents["units"], form, where.form) for form in summarise_forms(record).stored),
        where.area is None
        or any(_within(parents["areas"], area, where.area) for area in _areas(record, where.area_role)),
        where.entity is None or record.entity == where.entity,
        where.recorded_from is None or (moment is not None and moment.latest >= where.recorded_from),
        where.recorded_until is None or (moment is not None and moment.earliest <= where.recorded_until),
        where.variable is None or any(where.code in _codes(values, where.variable) for values in _all_values(record)),
        where.missing is None or _is_missing(record, where.missing),
    )
    return all(checks)


def _is_missing(record: EventRecord, variable: Notation) -> bool:
    if variable == "form":
        return not summarise_forms(record).stored
    found = [values[variable] for values in _all_values(record) if variable in values]
    return any(isinstance(value.content, Missing) for value in found)


def _areas(record: EventRecord, role: AreaRole | None) -> list[Notation]:
    by_role = {
        AreaRole.RECORDED_IN: _codes(record.values, Notation("geo")),
        AreaRole.EXPLOITED_IN: _codes(record.values, Notation("coe")),
        AreaRole.TRANSITED: record.transits,
    }
    return [area for each, areas in by_role.items() if role in (None, each) for area in areas]


def _within(parents: Mapping[str, str | None], code: str | None, wanted: str) -> bool:
    while code is not None and code != wanted:
        code = parents[code]
    return code is not None


def _all_values(record: EventRecord) -> list[Values]:
    return [record.values, *(part.values for part in record.participations)]


def _codes(values: Values, variable: Notation) -> Sequence[Notation]:
    value = values.get(variable)
    return value.content.codes if value is not None and isinstance(value.content, Codes) else ()


def _moment(values: Values, variable: str) -> Moment | None:
    value = values.get(Notation(variable))
    return value.content if value is not None and isinstance(value.content, Moment) else None


@dataclass
class Ego:
    """The expected network: nodes with distances and clusters; edges; and what was left out."""

    distances: dict[str, int]
    clusters: dict[str, str] = field(default_factory=dict)
    edges: set[tuple[str, str, str]] = field(default_factory=set)
    truncated: bool = False
    skipped: dict[str, int] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)


def case_graph(
    records: Iterable[EventRecord], *, within: Within = EVERYTHING, judgements: Iterable[tuple[str, str]] = ()
) -> nx.MultiDiGraph[str]:
    """The network that one question can see: nodes with their kind, edges with theirs, judgements as SAME_AS."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    wanted = {kind.value for kind in within.edge_kinds}
    outside = set()
    for record in records:
        graph.add_nodes_from([part.person for part in record.participations if part.person], kind="Person")
        graph.add_node(record.id, kind="Event", **_marks(record))
        if within.window is not None and not _lasts_within(record, within.window):
            outside.add(record.id)
            continue
        links: list[tuple[str, str, str]] = [
            (part.person, record.id, _KINDS[part.role]) for part in record.participations if part.person
        ]
        links += [(link.source, link.target, "RELATED_TO") for link in record.links]
        for source, target, kind in links:
            if kind in wanted:
                graph.add_edge(source, target, kind=kind)
    if within.judged is Judged.TOGETHER:
        for one, other in judgements:
            if one in graph and other in graph:
                graph.add_edge(min(one, other), max(one, other), kind="SAME_AS", into={one, other} - outside)
    return graph


def _marks(record: EventRecord) -> dict[str, object]:
    """An event's forms and areas, wider ones included, and from when to when it may have been."""
    return {
        "forms": {each for form in summarise_forms(record).stored for each in _wider(PARENTS["units"], form)},
        "areas": {each for area in _areas(record, None) for each in _wider(PARENTS["areas"], area)},
        "span": _reach(record),
    }


def _wider(parents: Mapping[str, str | None], code: str | None) -> list[str]:
    found = []
    while code is not None:
        found.append(code)
        code = parents.get(code)
    return found


def _span(record: EventRecord) -> tuple[float, float] | None:
    began, ended, recorded = (_moment(record.values, code) for code in ("dab", "dae", "dat"))
    if began is not None and ended is None:
        return (began.earliest, max(began.latest, recorded.latest if recorded is not None else began.latest))
    first, last = began or ended or recorded, ended or recorded
    return (first.earliest, last.latest) if first is not None and last is not None else None


def _reach(record: EventRecord) -> tuple[float, float]:
    """As a path in time takes it: what is not told contradicts nothing."""
    began, ended, recorded = (_moment(record.values, code) for code in ("dab", "dae", "dat"))
    low, high = _span(record) or (float("-inf"), float("inf"))
    if began is None and ended is not None:
        low = float("-inf")
    if began is not None and ended is None and recorded is None:
        high = float("inf")
    return (low, high)


def _lasts_within(record: EventRecord, window: Window) -> bool:
    span = _span(record)
    return span is not None and span[0] <= window.until and span[1] >= window.since


def links_of(graph: nx.MultiDiGraph[str], node: str, within: Within) -> list[tuple[str, str, str]]:
    """The participations and relations of a node with others that the question is not restricted from."""
    links = [*graph.out_edges(node, data="kind"), *graph.in_edges(node, data="kind")]
    return [link for link in links if link[2] != "SAME_AS" and _chosen(graph, _other(link, node), within)]


def _chosen(graph: nx.MultiDiGraph[str], node: str, within: Within) -> bool:
    only = within.only_people if graph.nodes[node]["kind"] == "Person" else within.only_events
    return only is None or node in only


def _other(link: tuple[str, str, str], node: str) -> str:
    return link[1] if link[0] == node else link[0]


def participations_of(graph: nx.MultiDiGraph[str], node: str, within: Within) -> int:
    """How often a node takes part, or is taken part in."""
    return sum(1 for link in links_of(graph, node, within) if link[2] != "RELATED_TO")


def wanted(graph: nx.MultiDiGraph[str], node: str, within: Within) -> bool:
    """Whether no restriction leaves the node out."""
    told = graph.nodes[node]
    matches = told["kind"] == "Person" or all(not asked or set(asked) & told[what] for what, asked in (
        ("forms", within.forms), ("areas", within.areas)))  # fmt: skip
    often = within.min_links == 1 or participations_of(graph, node, within) >= within.min_links
    return node not in within.avoid and matches and often and _chosen(graph, node, within)


def same_as(graph: nx.MultiDiGraph[str], nodes: Iterable[str], within: Within) -> tuple[set[str], set[tuple[str, str]]]:
    """The nodes with all that judgements lead to, and the judgements met."""
    reached, met, queue = set(nodes), set(), deque(sorted(nodes))
    while queue:
        node = queue.popleft()
        for one, other, told in [*graph.out_edges(node, data=True), *graph.in_edges(node, data=True)]:
            far = _other((one, other, ""), node)
            if told["kind"] != "SAME_AS" or far not in told["into"] or not wanted(graph, far, within):
                continue
            met.add((one, other))
            if far not in reached:
                reached.add(far)
                queue.append(far)
    return reached, met


def _with_start(within: Within, start: str) -> Within:
    """The start is always there; ids of people are no ids of events."""
    people, events = within.only_people, within.only_events
    return replace(
        within,
        only_people=None if people is None else people | {start},
        only_events=None if events is None else events | {start},
    )


def ego(graph: nx.MultiDiGraph[str], start: str, *, depth: int, budget: int, within: Within) -> Ego:
    """The network around a person or event, hop by hop; what a hop has no room for is chosen fairly among parents."""
    within = _with_start(within, start)
    judged: nx.Graph[str] = nx.Graph()
    beside, met = same_as(graph, [start], within)
    judged.add_nodes_from(beside)
    judged.add_edges_from(met)
    kept = [start, *sorted(beside - {start})[: budget - 1]]
    expected = Ego(dict.fromkeys(kept, 0), found=Counter({graph.nodes[start]["kind"]: 1}))
    expected.truncated = len(kept) < len(beside)
    all_met = {(*pair, "SAME_AS") for pair in met}
    for distance in range(1, depth + 1):
        parents: dict[str, set[str]] = {}
        edges = set(all_met)
        for node in kept:
            links = links_of(graph, node, within)
            participations = participations_of(graph, node, within)
            if distance > 1 and participations > within.hub_limit:
                expected.skipped[node] = participations
                links = []
            parents[node] = {_other(link, node) for link in links} - expected.distances.keys()
            edges.update(links)
        seen = {node for node in set().union(*parents.values()) if wanted(graph, node, within)}
        reached, met = same_as(graph, seen, within)
        reached -= expected.distances.keys()
        judged.add_nodes_from(reached)
        judged.add_edges_from(met)
        all_met |= {(*pair, "SAME_AS") for pair in met}
        edges |= all_met
        new = reached
        clusters = [component & new for component in nx.connected_components(judged) if component & new]
        for cluster in clusters:
            expected.found[graph.nodes[min(cluster)]["kind"]] += 1
        ranks = {child: min(sorted(each & new).index(child) for each in parents.values() if child in each)
                 for child in new if any(child in each for each in parents.values())}  # fmt: skip
        ordered = sorted(
            (min((ranks.get(node, 10**6) for node in cluster), default=0), min(_component(judged, cluster)), node)
            for cluster in clusters
            for node in cluster
        )
        room = budget - len(expected.distances)
        kept = sorted(new) if len(new) <= room else [node for _, _, node in ordered[:room]]
        expected.distances.update(dict.fromkeys(kept, distance))
        nodes = expected.distances
        expected.edges |= {edge for edge in edges if edge[0] in nodes and edge[1] in nodes}
        expected.truncated |= len(kept) < len(new)
        if expected.truncated or not kept:
            break
    expected.clusters = {node: min(_component(judged, {node})) for node in expected.distances}
    return expected


def _component(judged: nx.Graph[str], nodes: set[str]) -> set[str]:
    return set(nx.node_connected_component(judged, min(nodes)))


def simple_paths(
    graph: nx.MultiDiGraph[str], source: str, target: str, *, longest: int, in_time: bool, within: Within
) -> list[tuple[str, ...]]:
    """Every simple path between clusters, the shortest first, ties by id; through no hub and nothing left out."""
    joined: nx.Graph[str] = nx.Graph()
    ends = {source, target}
    allowed = {node for node in graph if node in ends or wanted(graph, node, within)}
    joined.add_nodes_from(allowed)
    for one, other, told in graph.edges(data=True):
        if told["kind"] == "SAME_AS" and {one, other} <= allowed and told["into"]:
            joined.add_edge(one, other)
    cluster = {node: min(component) for component in nx.connected_components(joined) for node in component}
    closed = {node for node in allowed if participations_of(graph, node, within) > within.hub_limit}
    closed -= {node for node in allowed if cluster[node] in {cluster[end] for end in ends}}
    merged: nx.Graph[str] = nx.Graph()
    merged.add_nodes_from(cluster.values())
    for one, other, told in graph.edges(data=True):
        if told["kind"] != "SAME_AS" and {one, other} <= allowed - closed and cluster[one] != cluster[other]:
            merged.add_edge(cluster[one], cluster[other])
    if cluster[source] == cluster[target]:
        return [(cluster[source],)]
    spans: dict[str, list[tuple[float, float]]] = {}
    for node in allowed:
        if graph.nodes[node]["kind"] == "Event":
            spans.setdefault(cluster[node], []).append(graph.nodes[node]["span"])
    found = [tuple(path) for path in nx.all_simple_paths(merged, cluster[source], cluster[target], cutoff=longest)]
    return sorted((path for path in found if not in_time or _runs(path, spans)), key=lambda path: (len(path), path))


def _runs(path: Sequence[str], spans: Mapping[str, list[tuple[float, float]]]) -> bool:
    """Whether some choice of an instant for each event never falls: by trying every choice of readings' beginnings."""
    instants = {float("-inf")}
    for node in path:
        if node in spans:
            instants = {max(now, since) for now in instants for since, until in spans[node] if max(now, since) <= until}
    return bool(instants)
