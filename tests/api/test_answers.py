"""Answers given out again: the same bytes, only of the registry, never across actors, releases or days."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from graphql_api.schema.answers import Answer, AnswerCache, AnswerKey
from registry.access.actor import Actor, Right
from registry.classification.catalogue import Catalogue
from tests.api.conftest import QUIET, Doors, opened, rooms_of

ASK = '{ codelist(scheme: "sex") { entries { code } } }'


def key_of(name: str) -> AnswerKey:
    """A key that differs by its body."""
    return (name.encode(), b"", b"", "", 1, 1)


async def test_a_repeated_question_is_answered_from_memory(doors: Doors) -> None:
    """The same bytes; one entry."""
    first = await doors.http.post("/graphql", json={"query": ASK})
    second = await doors.http.post("/graphql", json={"query": ASK})

    assert first.content == second.content
    assert len(doors.app.answers) == 1


async def test_what_differs_is_answered_anew(doors: Doors) -> None:
    """Variables, operation name and media type are part of the question."""
    query = "query A($s: SchemeId!) { scheme(id: $s) { id } } query B($s: SchemeId!) { scheme(id: $s) { uri } }"
    for variables, name in (({"s": "sex"}, "A"), ({"s": "units"}, "A"), ({"s": "sex"}, "B")):
        body = {"query": query, "variables": variables, "operationName": name}
        await doors.http.post("/graphql", json=body)
        answer = await doors.http.post("/graphql", json=body, headers={"accept": "application/graphql-response+json"})
        assert variables["s"] in answer.text
        assert answer.headers["content-type"].startswith("application/graphql-response+json")

    assert len(doors.app.answers) == 6


async def test_errors_are_not_remembered(doors: Doors) -> None:
    """Neither of fields nor of documents."""
    for query in ('{ scheme(id: "none") { id } }', "{ nothing }", "{"):
        await doors.ask(query)

    assert len(doors.app.answers) == 0


async def test_a_new_release_is_seen_at_once(catalogue: Catalogue) -> None:
    """The revision is part of the key."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms) as doors:
        before = await doors.data("{ schemes { id } }")
        rooms = rooms_of(replace(catalogue, revision=1, versions={"sex": catalogue.versions["sex"]}))
        after = await doors.data("{ schemes { id } }")

    assert len(before["schemes"]) == 26
    assert after == {"schemes": [{"id": "sex"}]}


async def test_a_remembered_answer_needs_the_right_too(catalogue: Catalogue) -> None:
    """Two actors, one application's memory each; a user without the right gets no bytes of the other's."""
    rooms = rooms_of(catalogue)
    nobody = Actor("nobody", frozenset({Right.READ_CASES}))
    async with opened(lambda: rooms) as doors, opened(lambda: rooms, actor=nobody) as others:
        await doors.data(ASK)
        for key in list(doors.app.answers._kept):
            others.app.answers._kept[key] = doors.app.answers._kept[key]
        refused = await others.error(ASK)

    assert refused["code"] == "not_allowed"


async def test_cases_are_never_remembered(case_doors: Doors) -> None:
    """Not even beside a registry field."""
    await case_doors.data("{ events { nodes { id } } }")
    await case_doors.data('{ scheme(id: "sex") { id } reportingEntities { nodes { id } } }')
    await case_doors.data("query { ...F } fragment F on Query { installation { purpose } }")

    assert len(case_doors.app.answers) == 0


async def test_limits_apply_to_remembered_answers(catalogue: Catalogue) -> None:
    """A foreign host gets none."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, settings=QUIET) as doors:
        body = orjson.dumps({"query": ASK})
        kind = {"content-type": "application/json"}
        await doors.http.post("/graphql", content=body, headers=kind)
        foreign = await doors.http.post("/graphql", content=body, headers={**kind, "host": "evil.example"})

    assert foreign.status_code == 421


def test_the_cache_is_bounded_in_bytes() -> None:
    """The least recently used goes first; one answer over a quarter of the room is not kept."""
    cache = AnswerCache(10_000)
    for name in "abcde":
        cache.put(key_of(name), Answer(200, "", b"x" * 1_800, lasting=True))
    cache.get(key_of("b"))
    cache.put(key_of("f"), Answer(200, "", b"x" * 1_800, lasting=True))
    cache.put(key_of("large"), Answer(200, "", b"x" * 2_600, lasting=True))

    assert [name for name in "abcdef" if cache.get(key_of(name))] == ["b", "d", "e", "f"]
    assert cache.get(key_of("large")) is None
    assert cache.bytes <= 10_000


@pytest.mark.parametrize("lasting", [True, False])
def test_only_lasting_answers_are_kept(lasting: bool) -> None:
    """Case answers are made with ``lasting`` off."""
    cache = AnswerCache(10_000)

    cache.put(key_of("a"), Answer(200, "", b"x", lasting=lasting))

    assert len(cache) == lasting
