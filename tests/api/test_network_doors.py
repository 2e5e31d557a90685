"""Measures, files and saved questions through the GraphQL door, on either engine."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from rdflib import Graph

from registry.access.actions import Act
from registry.access.actor import Right, local_user
from registry.access.audit import Circumstances
from registry.access.ports import AuditFilter
from registry.cases import actions
from registry.classification.catalogue import Catalogue
from registry.identifiers import Notation
from registry.network import exporting
from registry.network.analysis import AnalysisWish
from registry.network.analysis_actions import run_analysis
from registry.network.gathering import Ground
from registry.network.route_queries import RouteQuestion
from registry.network.saved import SavedQuery, Unread
from registry.outbox import feed as feeds
from registry.outbox.feed import Feed
from registry.storage.bolt.analysis import BoltAnalysisStore
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.outbox import BoltOutbox
from registry.storage.bolt.saved import BoltSavedStore
from tests import universe
from tests.api.conftest import QUIET, Doors, opened, rooms_of
from tests.api.listening import listening
from tests.universe import CODEBOOK, EVERYONE, OFFICER, POLICE, batch_of, event_id, person_id

KOFI = {"kind": "PERSON", "id": person_id("kofi")}
FILES = """query ($start: NetworkStart!, $format: NetworkFormat!, $pseudonyms: Boolean! = false) {
  egoNetwork(start: $start) { export(format: $format, pseudonyms: $pseudonyms, languages: ["es"]) { name media text } }
}"""

COLOURED = """query ($start: NetworkStart!, $format: NetworkFormat!) {
  egoNetwork(start: $start) { export(format: $format, colourBy: AGENCY) { text } }
}"""


@pytest.fixture
async def stored(database: Database) -> Database:
    """The database with the universe in it."""
    await universe.build_universe(BoltCaseStore(database))
    return database


async def test_key_players_with_evidence_and_what_removing_them_does(case_doors: Doors) -> None:
    """Around Kofi: without him the star falls off; the envelope says what was left out."""
    told = (
        await case_doors.data(
            """query ($start: NetworkStart!) { keyPlayers(start: $start, depth: 4, orderBy: CUT_OFF, first: 2) {
          players { id records events degree isArticulation wasRead betweenness pageRank
                    removal { componentsBefore componentsAfter cutOff } because }
          people components order pathLimit method
          network { truncated visited skippedHubs { id } nodes { id } } } }""",
            start=KOFI,
        )
    )["keyPlayers"]

    kofi = told["players"][0]
    assert (kofi["id"], kofi["records"], kofi["isArticulation"], kofi["wasRead"]) == (
        KOFI["id"],
        [KOFI["id"]],
        True,
        True,
    )
    assert kofi["events"] == sorted(event_id(name) for name in ("E1", "E2", "E4"))
    assert kofi["removal"]["componentsAfter"] == 2
    assert set(kofi["removal"]["cutOff"]) == {person_id(name) for name in ("ada", "ben", "lena", "cora")}
    assert kofi["because"] == [
        "linked with 9 people through 3 events",
        "cutting off more people than 10 of 10 others looked at",
        "on the shortest paths of 24 pairs of other people, of at most 8 links",
        "removing this person leaves 2 groups apart, the largest of 6 people; cut off from it: 4 people",
    ]
    assert (told["people"], told["components"], told["order"], told["pathLimit"]) == (11, 1, "CUT_OFF", 8)
    assert told["network"]["truncated"] is False


async def test_communities_with_their_quality(case_doors: Doors) -> None:
    """Everybody in one, the larger first; the same again; each error with its code."""
    query = """query ($start: NetworkStart!, $budget: Int! = 500, $resolution: Float! = 1.0) {
      communities(start: $start, depth: 4, budget: $budget, resolution: $resolution) {
        communities { number nodes people events linksInside linksOutside because } modularity method resolution seed
        network { nodes { id } } } }"""

    told = (await case_doors.data(query, start=KOFI))["communities"]

    assert sorted(id_ for each in told["communities"] for id_ in each["nodes"]) == sorted(
        node["id"] for node in told["network"]["nodes"]
    )
    assert [each["number"] for each in told["communities"]] == list(range(1, len(told["communities"]) + 1))
    assert told["communities"][0]["because"] == [
        "6 people and 1 event with 6 links among them, where chance would have 2.6", "1 link to other communities",
    ]  # fmt: skip
    assert 0 < told["modularity"] < 1
    assert (await case_doors.data(query, start=KOFI))["communities"] == told
    assert (await case_doors.error(query, start={"kind": "PERSON", "id": "nobody-here"}))["code"] == "record_unknown"
    assert (await case_doors.error(query, start=KOFI, budget=2001))["code"] == "argument_out_of_range"
    assert (await case_doors.error(query, start=KOFI, resolution=0))["code"] == "argument_out_of_range"


async def test_a_network_leaves_as_files(case_doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture with labels in the language asked for, tables that join, Turtle; pseudonyms where asked for."""

    async def files(format_: str, **more: Any) -> dict[str, str]:
        told = await case_doors.data(FILES, start=KOFI, format=format_, **more)
        return {each["name"]: each["text"] for each in told["egoNetwork"]["export"]}

    picture = (await files("SVG"))["network.svg"]
    assert picture.startswith("<svg ")
    assert "explotación sexual" in picture
    assert KOFI["id"] in picture
    tables = await files("CSV")
    rows = list(csv.DictReader(io.StringIO(tables["nodes.csv"].removeprefix("\ufeff"))))
    assert {row["id"] for row in rows} >= {KOFI["id"], event_id("E4")}
    star = next(row for row in rows if row["id"] == event_id("E4"))
    assert (star["forms"], star["date"]) == ("1 2.1", "2020-06-15T10:30+03:00")
    assert set(tables) == {"nodes.csv", "edges.csv", "readme.txt"}
    assert len(Graph().parse(data=(await files("TURTLE"))["network.ttl"], format="turtle")) > 20
    for format_ in ("GRAPHML", "GEXF", "CYTOSCAPE", "CSV", "TURTLE", "SVG"):
        for text in (await files(format_, pseudonyms=True)).values():
            assert KOFI["id"] not in text
            assert event_id("E4") not in text
            assert "2020-06" not in text
    for format_ in ("GRAPHML", "GEXF", "CYTOSCAPE", "CSV", "TURTLE"):
        assert (await case_doors.error(COLOURED, start=KOFI, format=format_))["code"] == "arguments_conflicting"
    assert "by agency" in (await case_doors.data(COLOURED, start=KOFI, format="SVG"))["egoNetwork"]["export"][0]["text"]
    monkeypatch.setattr(exporting, "MOST_DRAWN", 3)
    error = await case_doors.error(FILES, start=KOFI, format="SVG")
    assert error["code"] == "arguments_conflicting"
    assert "a picture holds 3 nodes at most, and these are " in error["message"]
    assert (await files("GEXF"))["network.gexf"].startswith("<?xml")
    monkeypatch.setattr(exporting, "MOST_LINKS", 3)
    assert (await case_doors.error(FILES, start=KOFI, format="GEXF"))["facts"]["argument"] == "links"


async def test_what_leaves_is_noted_first(stored: Database, catalogue: Catalogue) -> None:
    """Each file with the records it names."""
    rooms = rooms_of(catalogue, stored)
    async with opened(lambda: rooms, actor=OFFICER, settings=replace(QUIET, reads_audited=True)) as doors:
        await doors.data(FILES, start=KOFI, format="GEXF")

    rows = await BoltAuditStore(stored).search(AuditFilter(), after=None, limit=50)
    (noted,) = [row for row in rows if row.act.startswith("export network")]
    assert noted.act == "export network as gexf"
    assert {KOFI["id"], event_id("E4")} <= set(noted.records)


async def test_analyses_are_read_by_who_sees_everything_in_them(stored: Database, catalogue: Catalogue) -> None:
    """Filtered, sorted and paged; for the officer, who may not see the shelter's records, there is none."""
    act = Act(EVERYONE, Circumstances("job", "analyse", 1), "whole")
    await run_analysis(BoltAnalysisStore(stored), AnalysisWish(), memory=2**30, act=act, keep=1)
    query = """query ($after: String) {
      analyses { id people components entities isBetweennessExact }
      measuredRecords(orderBy: CUT_OFF, where: {component: 1, peopleOnly: true}, first: 2, after: $after) {
        nodes { record cutOff component componentSize because } pageInfo { hasNextPage endCursor } } }"""
    rooms = rooms_of(catalogue, stored)

    async with opened(lambda: rooms, actor=local_user()) as doors:
        told = await doors.data(query)
        more = await doors.data(query, after=told["measuredRecords"]["pageInfo"]["endCursor"])
        asked = await doors.data(
            "query ($ids: [ID!]!) { measured(ids: $ids) { record component because } }", ids=[KOFI["id"]]
        )
    async with opened(lambda: rooms, actor=OFFICER) as doors:
        assert (await doors.data("{ analyses { id } }"))["analyses"] == []
        assert (await doors.error("{ measuredRecords { nodes { record } } }"))["code"] == "analysis_unknown"

    assert told["analyses"] == [
        {"id": "whole", "people": 14, "components": 3, "entities": None, "isBetweennessExact": True}
    ]
    first = told["measuredRecords"]["nodes"][0]
    because = [
        "linked with 3 events, one of 15 people and events that hang together",
        "on the shortest paths of 24 pairs of other people",
        "removing this person cuts off 4 people from the largest rest",
    ]
    assert first == {
        "record": KOFI["id"], "cutOff": 4, "component": 1, "componentSize": 15, "because": because,
    }  # fmt: skip
    assert more["measuredRecords"]["nodes"][0] not in told["measuredRecords"]["nodes"]
    assert asked["measured"] == [{"record": KOFI["id"], "component": 1, "because": because}]


async def test_a_question_is_saved_run_shared_and_deleted(stored: Database, catalogue: Catalogue) -> None:
    """Whoever it is shared with runs it with their own scope and is not told where it starts."""
    rooms = rooms_of(catalogue, stored)
    save = """mutation ($start: NetworkStart!) {
      saveQuery(name: "Kofi", question: {keyPlayers: {start: $start}}, shareWith: {accounts: ["carer"]}) {
        id name isOwn kind start { kind id } withAccounts } }"""
    run = "query ($id: ID!) { runSavedQuery(id: $id) { network { visited } keyPlayers { players { id } } } }"
    async with opened(lambda: rooms, actor=OFFICER) as doors:
        made = (await doors.data(save, start=KOFI))["saveQuery"]
        ran = (await doors.data(run, id=made["id"]))["runSavedQuery"]
    assert (made["name"], made["isOwn"], made["start"], made["withAccounts"]) == ("Kofi", True, KOFI, ["carer"])
    assert ran["keyPlayers"]["players"][0]["id"] == KOFI["id"]

    async with opened(lambda: rooms, actor=replace(universe.CARER, name="carer")) as doors:
        (seen,) = (await doors.data("{ savedQueries { id name isOwn start { id } withAccounts } }"))["savedQueries"]
        assert seen == {"id": made["id"], "name": "Kofi", "isOwn": False, "start": None, "withAccounts": []}
        refused = await doors.error(run, id=made["id"])
        assert refused["code"] == "record_unknown"
        assert refused["message"] == "There is no record of that id that you may see."  # nor of what kind
        rename = 'mutation ($id: ID!) { changeSavedQuery(id: $id, name: "x") { id } }'
        assert (await doors.error(rename, id=made["id"]))["code"] == "not_allowed"
        assert (await doors.error(run, id="no-such-query"))["code"] == "saved_query_unknown"
    async with opened(lambda: rooms, actor=OFFICER) as doors:
        assert (await doors.data(rename, id=made["id"]))["changeSavedQuery"] == {"id": made["id"]}
        gone = "mutation ($id: ID!) { deleteSavedQuery(id: $id) }"
        assert (await doors.data(gone, id=made["id"]))["deleteSavedQuery"] is True
        assert (await doors.data("{ savedQueries { id } }"))["savedQueries"] == []


async def test_a_saved_question_of_links_is_run_page_by_page(stored: Database, catalogue: Catalogue) -> None:
    """Any question may be kept, exactly one at once; its answer is that of its root field, pages included."""
    rooms = rooms_of(catalogue, stored)
    save = 'mutation ($q: NetworkQuestion!) { saveQuery(name: "x", question: $q) { id kind start { id } arguments } }'
    run = """query ($id: ID!, $after: String) { runSavedQuery(id: $id) {
      network { visited } routes { account { visited } }
      sharedLinks { links(first: 1, after: $after) {
        nodes { source target } totalCount pageInfo { hasNextPage endCursor } } }
    } }"""
    links = {"sharedLinks": {"kind": "CO_OFFENDING"}}
    async with opened(lambda: rooms, actor=OFFICER) as doors:
        made = (await doors.data(save, q=links))["saveQuery"]
        first = (await doors.data(run, id=made["id"]))["runSavedQuery"]
        page = first["sharedLinks"]["links"]
        second = (await doors.data(run, id=made["id"], after=page["pageInfo"]["endCursor"]))["runSavedQuery"]
        both = await doors.error(save, q={**links, "routes": {}})
        none = await doors.error(save, q={})
        wrong = await doors.error(save, q={"routes": {"where": {"area": "ZZ"}}})

    assert (made["kind"], made["start"]) == ("sharedLinks", None)
    assert json.loads(made["arguments"])["arguments"]["likeness"]["kind"] == "CO_OFFENDING"
    assert (first["network"], first["routes"], page["totalCount"]) == (None, None, 2)
    assert page["pageInfo"]["hasNextPage"] is True
    assert second["sharedLinks"]["links"]["pageInfo"]["hasNextPage"] is False
    assert second["sharedLinks"]["links"]["nodes"] != page["nodes"]
    assert (both["code"], none["code"]) == ("variables_invalid", "variables_invalid")
    assert wrong["code"] == "code_unknown"


@pytest.fixture
async def followed(
    database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Doors, Database]]:
    """Doors of the officer over a store that holds the first event and is looked into often."""
    monkeypatch.setattr(feeds, "LOOK", 0.05)
    monkeypatch.setattr("graphql_api.schema.streams.LOOK", 0.05)
    await actions.store_events(
        BoltCaseStore(database), CODEBOOK, batch_of(POLICE), universe.police_events()[:1], actor=EVERYONE
    )
    rooms = replace(rooms_of(catalogue, database), feed=Feed(BoltOutbox(database)))
    async with opened(lambda: rooms, actor=OFFICER) as doors:
        yield doors, database
    assert rooms.feed is not None
    await rooms.feed.close()


async def test_new_links_are_told_as_they_are_delivered(followed: tuple[Doors, Database]) -> None:
    """Those near the start; of the shelter's delivery, which the officer may not see, not even that there was one."""
    doors, database = followed
    save = (
        'mutation ($start: NetworkStart!) { saveQuery(name: "Kofi", question: {egoNetwork: {start: $start}}) { id } }'
    )
    id_ = (await doors.data(save, start=KOFI))["saveQuery"]["id"]
    follow = (
        "subscription ($id: ID!) { newLinks(id: $id) { links { source target kind } truncated cursor query { id } } }"
    )
    store = BoltCaseStore(database)

    async with listening(doors.app, follow, id=id_) as stream:
        await stream.begun()
        hidden, seen = universe.shelter_events(), universe.police_events()[3:]
        await actions.store_events(store, CODEBOOK, batch_of(universe.SHELTER), hidden, actor=EVERYONE)
        await asyncio.sleep(0.3)
        await actions.store_events(store, CODEBOOK, batch_of(POLICE), seen, actor=EVERYONE)
        event = await stream.event()

    assert event.data is not None
    told = event.data["data"]["newLinks"]
    assert {link["target"] for link in told["links"]} == {event_id("E4")}
    assert (len(told["links"]), told["truncated"]) == (7, False)
    assert (told["query"]["id"], told["cursor"]) == (id_, event.id)


async def test_what_has_no_start_is_refused_to_followers(followed: tuple[Doors, Database]) -> None:
    """Before anything is waited for, with what to do instead; so is a query that is not there."""
    doors, _ = followed
    id_ = (await doors.data('mutation { saveQuery(name: "All", question: {routes: {}}) { id } }'))["saveQuery"]["id"]

    for asked, code in ((id_, "nothing_to_follow"), ("no-such-query", "saved_query_unknown")):
        follow = "subscription ($id: ID!) { newLinks(id: $id) { cursor } }"
        async with listening(doors.app, follow, id=asked) as stream:
            event = await stream.event()
        assert event.data is not None
        assert [error["extensions"]["code"] for error in event.data["errors"]] == [code]


async def test_languages_are_not_saved(followed: tuple[Doors, Database]) -> None:
    """A saved question keeps no labels, so asking for them in saving it is refused."""
    doors, _ = followed
    save = (
        'mutation ($start: NetworkStart!) { saveQuery(name: "Kofi", question: {egoNetwork: '
        '{start: $start, within: {languages: ["fr"]}}}) { id } }'
    )
    assert (await doors.error(save, start=KOFI))["code"] == "arguments_conflicting"


async def test_a_saved_query_says_what_is_wrong_with_it(followed: tuple[Doors, Database]) -> None:
    """The rest of the list is there; its owner reads what was kept, others no code of it; running gives that error."""
    doors, database = followed
    store, act = BoltSavedStore(database), Act(OFFICER, Circumstances("r", "o", 1), "an-act")
    gone = RouteQuestion(Ground(area=Notation("ZZ")))
    for id_, kept, owner in (
        ("old", Unread("{}"), OFFICER.name),
        ("gone", gone, OFFICER.name),
        ("told", gone, "somebody"),
        ("whole", RouteQuestion(), OFFICER.name),
    ):
        query = SavedQuery(id_, id_, owner, None, kept, with_accounts=frozenset({OFFICER.name}))
        await store.add_saved(query, most=9, audit=replace(act, id=f"act-{id_}").row("save query", subject=id_))

    listed = (await doors.data("{ savedQueries { id kind start { id } arguments fault { code message } } }"))[
        "savedQueries"
    ]

    assert [(each["id"], each["kind"], (each["fault"] or {}).get("code")) for each in listed] == [
        ("gone", "routes", "code_unknown"),
        ("old", None, "saved_query_unreadable"),
        ("told", "routes", "code_unknown"),
        ("whole", "routes", None),
    ]
    assert (listed[1]["arguments"], listed[1]["start"]) == ("{}", None)
    assert "ZZ" in listed[0]["fault"]["message"]
    assert "ZZ" not in listed[2]["fault"]["message"]
    run = "query ($id: ID!) { runSavedQuery(id: $id) { query { id } } }"
    assert (await doors.error(run, id="old"))["code"] == "saved_query_unreadable"
    assert (await doors.error(run, id="gone"))["code"] == "code_unknown"


async def test_measures_and_files_need_the_right_to_explore(stored: Database, catalogue: Catalogue) -> None:
    """A data clerk reads cases and no networks."""
    rooms = rooms_of(catalogue, stored)
    clerk = replace(OFFICER, rights=frozenset({Right.READ_REGISTRY, Right.READ_CASES, Right.READ_IDENTIFIED}))
    async with opened(lambda: rooms, actor=clerk) as doors:
        for query in (
            "query ($start: NetworkStart!) { keyPlayers(start: $start) { people } }",
            "query ($start: NetworkStart!) { communities(start: $start) { seed } }",
        ):
            assert (await doors.error(query, start=KOFI))["code"] == "not_allowed"
        for query in ("{ analyses { id } }", "{ savedQueries { id } }"):
            assert (await doors.error(query))["code"] == "not_allowed"
