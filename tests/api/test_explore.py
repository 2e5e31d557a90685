"""The explorer: that it is served under its policy, asks only what the schema knows, and can be found."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate

from registry.classification.catalogue import Catalogue
from registry.network.queries import MAX_DEPTH
from tests.api.conftest import Doors, opened, rooms_of

WEB = files("graphql_api.web")
STRANGER = ("192.0.2.7", 5000)
"""Who may see no cases, so that the start page needs no store."""


def script(name: str) -> str:
    """A script of the explorer."""
    return (WEB / name).read_text(encoding="utf-8")


def documents() -> list[str]:
    """The GraphQL documents in the explorer's script."""
    return [
        text
        for text in re.findall(r"`([^`]+)`", script("explore_questions.js"))
        if re.match(r"\s*(query|fragment|\{)\b", text)
    ]


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
    imported = set(re.findall(r'from "\./([^"]+)"', script("explore.js")))

    assert named == {"page.css", "explore.css", "explore.js"}
    assert imported == {"explore_facts.js", "explore_measures.js", "explore_picture.js", "explore_questions.js"}
    for file in named | imported:
        answer = await doors.http.get(f"/static/{file}")
        assert (answer.status_code, answer.text) == (200, script(file))


def test_every_question_of_the_explorer_is_in_the_schema() -> None:
    """Each document is valid against the committed SDL, and each operation asked by name is defined."""
    schema = build_schema((files("graphql_api.schema") / "schema.graphql").read_text(encoding="utf-8"))
    parsed = [parse(document) for document in documents()]
    defined = {
        node.name.value
        for document in parsed
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode) and node.name
    }
    asked = set(re.findall(r'ask\("(\w+)"', script("explore.js"))) | set(
        re.findall(r'\["(\w+Facts)"', script("explore_questions.js"))
    )

    assert [validate(schema, document) for document in parsed] == [[], []]
    assert asked == defined


@pytest.mark.parametrize(
    "name", ["explore.js", "explore_facts.js", "explore_measures.js", "explore_picture.js", "explore_questions.js"]
)
def test_the_explorer_keeps_nothing_and_writes_no_markup(name: str) -> None:
    """No storage of the browser, no markup made of texts, no address but the query's."""
    text = script(name)

    assert (
        re.search(
            r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|outerHTML|insertAdjacentHTML", text
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

    async def ask(operation: str, **variables: object) -> dict[str, object]:
        (document,) = [each for each in documents() if re.search(rf"query {operation}\b", each)]
        body = {"query": document, "operationName": operation, "variables": variables}
        answer = (await case_doors.http.post("/graphql", json=body)).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, object] = answer["data"]
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
    await ask("Network", start=start, depth=2, budget=500, hubLimit=100, edgeKinds=["VICTIM_IN", "RELATED_TO"])
    question = {"start": start, "depth": 4, "budget": 50, "within": {"hubLimit": 100}}
    players = await ask("KeyPlayers", **question)
    assert players.keys() == {"keyPlayers"}
    await ask("Communities", **question)
    await ask("Files", **question, format="SVG", pseudonyms=True, languages=["ar", "en"])
    await ask("EventBrief", id=event["id"])
    await ask("EventFacts", id=event["id"], languages=["zh", "en"])
    await ask("EntityFacts", id=event["entity"])
    await ask("ConceptFacts", scheme="units", id="2", languages=["ru", "en"])
    await ask("ConceptFacts", scheme="areas", id="KE", languages=["fr", "en"])
    for person in people[:1]:
        await ask("PersonFacts", id=person, languages=["es", "en"])
