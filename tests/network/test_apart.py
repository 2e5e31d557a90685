"""No path, proved by an analysis of the whole graph: sooner than by searching, and whatever limits the search has."""

from __future__ import annotations

from dataclasses import replace

from registry.cases import actions
from registry.identifiers import Notation
from registry.network.analysis_actions import run_analysis
from registry.network.model import EdgeKind, Judged, NodeKind, Start, Within
from registry.network.path_model import Limit, Outcome, Paths
from registry.network.queries import paths
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.named_queries import NamedQuery
from tests import universe
from tests.counting import counting
from tests.network.test_analysis import GIBIBYTE, WHOLE, act
from tests.universe import CODEBOOK, EVERYONE, OFFICER, POLICE, batch_of, networks

PEOPLE = 12
CHAINS = NamedQuery(
    name="chains",
    text="UNWIND ['a', 'b'] AS chain UNWIND range(1, $people) AS n "
    "CREATE (p:Person {id: chain + toString(n), entity: $entity}) "
    "CREATE (e:Event {id: chain + 'e' + toString(n), entity: $entity, holder: $entity, marks: 0}) "
    "CREATE (p)-[:PERPETRATOR_IN {key: 'own ' + e.id}]->(e) WITH e, chain, n WHERE n > 1 "
    "MATCH (q:Person {id: chain + toString(n - 1)}) CREATE (q)-[:VICTIM_IN {key: 'next ' + e.id}]->(e)",
    parameters={"people": "integer", "entity": "string"},
    writes=True,
    one=False,
)
"""Two chains of people, each linked to the next by an event."""
ONE, OTHER, JOINED = (Start(NodeKind.PERSON, id_) for id_ in ("a1", "b1", "a7"))
FIRST = ["between_people", "neighbours_of_people"]
"""Two hops from either end, and the third from one."""
ASKED = {"analyses_at_present", "measures_of"}


async def test_an_analysis_ends_a_search_for_nothing(database: Database) -> None:
    """Two chains: searched in nine requests to the limit of hops, and one that finds no analysis; with one of the
    present four, and it is certain that there is no path. Who does not see everything, or counts other links than it
    knows, is answered as before; so is everybody after the next delivery."""
    await universe.build_universe(BoltCaseStore(database))
    await database.execute(CHAINS, {"people": PEOPLE, "entity": POLICE})

    async def ask(target: Start = OTHER, **asked: object) -> tuple[Paths, list[str]]:
        question = {"actor": EVERYONE, "source": ONE, "target": target, "longest": 12, **asked}
        async with counting(database) as counted:
            return await paths(networks(counted), **question), counted.counted()  # type: ignore[arg-type]

    searched, without = await ask()
    poor, _ = await ask(budget=4)
    await run_analysis(BoltAnalysisStore(database), WHOLE, memory=GIBIBYTE, act=act(), keep=1)
    proved, with_it = await ask()
    poor_and_proved, _ = await ask(budget=4)
    found, _ = await ask(JOINED, longest=12)
    only_officer, by_officer = await ask(actor=OFFICER)
    _, related = await ask(within=Within(edge_kinds=tuple(EdgeKind)))
    _, together = await ask(within=Within(judged=Judged.TOGETHER))
    changed = replace(universe.police_events()[0], forms=(Notation("4"),))
    await actions.store_events(BoltCaseStore(database), CODEBOOK, batch_of(POLICE), [changed], actor=EVERYONE)
    stale, after = await ask()

    assert (searched.outcome, searched.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.HOPS,))
    assert (poor.outcome, poor.limits) == (Outcome.NOT_WITHIN_LIMITS, (Limit.BUDGET,))
    assert {each.outcome for each in (proved, poor_and_proved)} == {Outcome.NONE}
    assert (proved.limits, poor_and_proved.limits) == ((), ())
    assert (found.outcome, len(found.paths[0].hops)) == (Outcome.FOUND, 12)
    assert with_it == [*FIRST, "analyses_at_present", "measures_of"]
    assert (len(without), set(without) & ASKED) == (10, {"analyses_at_present"})
    assert (stale.outcome, after) == (searched.outcome, without)
    assert only_officer.outcome is Outcome.NOT_WITHIN_LIMITS
    for asked in (by_officer, related, together):
        assert not ASKED & set(asked)
