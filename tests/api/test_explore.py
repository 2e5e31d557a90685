"""The explorer: that it is served under its policy, asks only what the schema knows, and can be found."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from graphql import build_schema, parse, print_ast, separate_operations, validate

from registry.classification.catalogue import Catalogue
from registry.network.queries import MAX_DEPTH
from tests.api.conftest import Doors, Json, opened, rooms_of

WEB = files("graphql_api.web")
STRANGER = ("192.0.2.7", 5000)
"""Who may see no cases, so that the start page needs no store."""
SCRIPTS = sorted(each.name for each in WEB.iterdir() if re.fullmatch(r"explore\w*\.js", each.name))


def script(name: str) -> str:
    """A script of the explorer."""
    return (WEB / name).read_text(encoding="utf-8")


def operations() -> dict[str, str]:
    """Each operation in the explorer's script, by name, with the fragments that it spreads."""
    (text,) = re.findall(r"OPERATIONS = `([^`]+)`", script("explore_questions.js"))
    return {name: print_ast(document) for name, document in separate_operations(parse(text)).items()}


async def test_the_explorer_runs_only_its_own_scripts(doors: Doors) -> None:
    """Scripts, styles and questions from this server alone, none in the page, and texts never become markup."""
    page = await doors.http.get("/explore")

    policy = page.headers["content-security-policy"]
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert policy == (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
    assert re.search(r"<script(?! src=)| style=| on[a-z]+=", page.text) is None


async def test_the_explorer_goes_as_far_as_the_server(doors: Doors) -> None:
    """A ring of five is six hops around: a slider that ends before shows it broken."""
    assert f'id="depth" type="range" min="1" max="{MAX_DEPTH}"' in (await doors.http.get("/explore")).text


async def test_every_file_of_the_explorer_is_served(doors: Doors) -> None:
    """Those that the page names, and those that its scripts import."""
    page = (await doors.http.get("/explore")).text
    named = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page))
    imported = {file for name in SCRIPTS for file in re.findall(r'from "\./([^"]+)"', script(name))}

    assert named == {"page.css", "explore.css", "explore.js"}
    assert imported == set(SCRIPTS) - {"explore.js"}
    for file in named | imported:
        answer = await doors.http.get(f"/static/{file}")
        assert (answer.status_code, answer.text) == (200, script(file))


def test_every_question_of_the_explorer_is_in_the_schema() -> None:
    """Each operation is valid against the committed SDL, and those asked by name are those that are defined."""
    schema = build_schema((files("graphql_api.schema") / "schema.graphql").read_text(encoding="utf-8"))
    asked = set(re.findall(r'(?:ask\(|this\.files = \[)"(\w+)"', script("explore.js"))) | set(
        re.findall(r'\["(\w+Facts)"', script("explore_questions.js"))
    )

    assert {name: validate(schema, parse(text)) for name, text in operations().items()} == {name: [] for name in asked}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_explorer_keeps_nothing_and_writes_no_markup(name: str) -> None:
    """No storage of the browser, no markup made of texts, no address but the query's."""
    text = script(name)

    assert (
        re.search(
            r"localStorage|sessionStorage|indexedDB|document\.(?:cookie|title)|console\.|innerHTML|outerHTML|insertAdjacentHTML",
            text,
        )
        is None
    )
    assert set(re.findall(r'fetch\("([^"]+)"', text)) <= {"/graphql"}
    assert set(re.findall(r"https?://[^\"'`\s]+", text)) <= {"http://www.w3.org/2000/svg"}


async def test_the_start_page_leads_to_the_explorer(catalogue: Catalogue) -> None:
    """Among its doors, whether or not the editor is enabled."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, client=STRANGER) as doors:
        assert '<a href="/explore">Case network</a>' in (await doors.http.get("/")).text


async def test_the_questions_of_the_explorer_are_answered(case_doors: Doors) -> None:
    """The walk of a first visit, over a store: words, newest events, a network, facts of each kind of node."""

    async def ask(operation: str, **variables: object) -> Json:
        body = {"query": operations()[operation], "operationName": operation, "variables": variables}
        answer = (await case_doors.http.post("/graphql", json=body)).json()
        assert "errors" not in answer, answer["errors"]
        data: Json = answer["data"]
        return data

    words = await ask("Words", languages=["ar", "en"])
    assert words.keys() == {"installation", "units", "missing", "variables"}
    assert (await ask("Entities")).keys() == {"reportingEntities"}
    newest = await case_doors.data("{ events(first: 1) { nodes { id entity } } }")
    (event,) = newest["events"]["nodes"]
    start = {"kind": "EVENT", "id": event["id"]}
    told = await case_doors.data(
        "query ($start: NetworkStart!) { egoNetwork(start: $start) { nodes { id kind } } }", start=start
    )
    people = [node["id"] for node in told["egoNetwork"]["nodes"] if node["kind"] == "PERSON"]
    await ask("Newest", after=None)
    question = {"start": start, "depth": 4, "budget": 50, "within": {"hubLimit": 100, "edgeKinds": ["RELATED_TO"]}}
    await ask("Network", **question)
    players = await ask("KeyPlayers", **question)
    assert players.keys() == {"keyPlayers"}
    await ask("Communities", **question)
    wish = {"format": "SVG", "pseudonyms": True, "languages": ["ar", "en"]}
    await ask("Files", **question, **wish)
    await ask("Identified", kind="PHONE", text="1")
    ends = {"from": start, "to": {"kind": "PERSON", "id": people[0]}}
    paths = {"most": 3, "maxHops": 8, "timeRespecting": True, "budget": 50, "within": {"hubLimit": 100}}
    await ask("Paths", **ends, **paths)
    await ask("PathFiles", **ends, **paths, **wish)
    (kind, *_) = (await ask("Library"))["patternLibrary"]
    await ask("Patterns", kind=kind["kind"], settings=[], where={"around": {**start, "depth": 2}}, after=None)
    match = {"ids": {"people": people, "events": [event["id"]]}, "budget": 10}
    await ask("Match", **match)
    await ask("MatchFiles", **match, **wish)
    await ask("EventFacts", id=event["id"], languages=["zh", "en"])
    await ask("EntityFacts", id=event["entity"])
    await ask("ConceptFacts", scheme="units", id="2", languages=["ru", "en"])
    await ask("ConceptFacts", scheme="areas", id="KE", languages=["fr", "en"])
    for person in people[:1]:
        await ask("PersonFacts", id=person, languages=["es", "en"])
