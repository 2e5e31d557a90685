"""What the right answers are, computed in plain Python over the records themselves.

Slow and obvious on purpose: no budget inside a query, no columns, no order but sorting. Both engines must agree with
it; nothing here shares code with what it judges, but for reading dates and summing up forms, which have tests of
literals.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from registry.cases.derivation import summarise_forms
from registry.cases.model import Codes, EventRecord, Missing, Moment, Role, Values
from registry.cases.ports import AreaRole, EventFilter
from registry.identifiers import EntityId, Notation
from registry.network.model import PARTICIPATION, EdgeKind, Window

Keep = Callable[[EventRecord], bool]
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
    """The expected network: nodes in order, with distances; edges; and what was left out."""

    distances: dict[str, int]
    edges: set[tuple[str, str, str]] = field(default_factory=set)
    truncated: bool = False
    skipped: dict[str, int] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)


def case_graph(
    records: Iterable[EventRecord], *, kinds: Iterable[EdgeKind] = PARTICIPATION, window: Window | None = None
) -> nx.MultiDiGraph[str]:
    """The network that one question can see: nodes with their kind, edges with theirs."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    wanted = {kind.value for kind in kinds}
    for record in records:
        for part in record.participations:
            if part.person is not None:
                graph.add_node(part.person, kind="Person")
        graph.add_node(record.id, kind="Event")
        if window is not None and not _lasts_within(record, window):
            continue
        for part in record.participations:
            if part.person is not None and _KINDS[part.role] in wanted:
                graph.add_edge(part.person, record.id, kind=_KINDS[part.role])
        if EdgeKind.RELATED_TO in wanted:
            for link in record.links:
                graph.add_edge(link.source, link.target, kind="RELATED_TO")
    return graph


def _lasts_within(record: EventRecord, window: Window) -> bool:
    began, ended, recorded = (_moment(record.values, code) for code in ("dab", "dae", "dat"))
    if began is None and ended is None:
        began = ended = recorded
    first, last = began or ended, ended or began
    return first is not None and last is not None and first.earliest <= window.until and last.latest >= window.since


def ego(graph: nx.MultiDiGraph[str], start: str, *, depth: int, budget: int, hub_limit: int) -> Ego:
    """The network around a person or event, hop by hop, nodes of a hop by id."""
    expected = Ego({start: 0}, found=Counter({graph.nodes[start]["kind"]: 1}))
    frontier = deque([start])
    for distance in range(1, depth + 1):
        reached: set[str] = set()
        edges: set[tuple[str, str, str]] = set()
        for node in frontier:
            links = [*graph.out_edges(node, data="kind"), *graph.in_edges(node, data="kind")]
            participations = [link for link in links if link[2] != "RELATED_TO"]
            if node != start and len(participations) > hub_limit:
                expected.skipped[node] = len(participations)
                links = [link for link in links if link[2] == "RELATED_TO"]
            for source, target, kind in links:
                edges.add((source, target, str(kind)))
                reached.add(target if source == node else source)
        new = sorted(reached - expected.distances.keys())
        kept = new[: budget - len(expected.distances)]
        expected.found.update(graph.nodes[node]["kind"] for node in new)
        expected.distances.update(dict.fromkeys(kept, distance))
        expected.edges |= {edge for edge in edges if edge[0] in expected.distances and edge[1] in expected.distances}
        if len(kept) < len(new):
            expected.truncated = True
        frontier = deque(kept)
        if expected.truncated or not frontier:
            break
    return expected
