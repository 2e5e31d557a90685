"""Log lines say who asked where and how it went, and never what was asked or found."""

from __future__ import annotations

import io
import logging
import re

import orjson
import pytest

from graphql_api.observability import configure_logging
from graphql_api.settings import Settings
from registry.classification.catalogue import Catalogue
from tests.api.conftest import Doors, opened, rooms_of

CANARY = "Canary-Wilhelmina"
pytestmark = pytest.mark.usefixtures("own_logging")


@pytest.mark.parametrize("level", ["debug", "info"])
async def test_no_line_holds_what_was_asked(
    catalogue: Catalogue, capfd: pytest.CaptureFixture[str], level: str
) -> None:
    """Query text, variables, ids, unknown fields, malformed bodies, defects: none of it is logged."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, settings=Settings(log_level=level)) as doors:
        for query in (
            f'{{ searchConcepts(text: "{CANARY}") {{ totalCount }} }}',
            f'{{ scheme(id: "{CANARY}") {{ id }} }}',
            f"{{ {CANARY.replace('-', '')} }}",
            f'{{ person(id: "{CANARY}") {{ id }} }}',
            f"{{ {CANARY}",
        ):
            await doors.ask(query)
        await doors.ask("query ($t: String!) { searchConcepts(text: $t) { totalCount } }", t=CANARY)
        await doors.http.get("/graphql", params={"query": f"{{ {CANARY} }}"}, headers={"accept": "application/json"})
        await doors.http.post("/graphql", content=f'{{"{CANARY}'.encode())
    out, err = capfd.readouterr()

    assert "request" in err
    assert CANARY not in out + err
    assert CANARY.replace("-", "") not in out + err


async def test_a_defect_is_masked_and_logged_by_its_place(doors: Doors, capfd: pytest.CaptureFixture[str]) -> None:
    """The caller gets the request id, the log the class and the place."""
    configure_logging("info")
    error = await doors.error('{ person(id: "abcdefgh") { id } }')  # there is no store behind these doors

    request_id = error["facts"]["request_id"]
    assert error["code"] == "unexpected"
    assert error["message"] == f"Something went wrong on our side (request {request_id})."
    line = next(
        line for line in map(orjson.loads, capfd.readouterr().err.splitlines()) if line["event"] == "unexpected"
    )
    assert (line["error"], line["request_id"]) == ("AttributeError", request_id)
    assert any(place.startswith("registry.cases.queries:") for place in line["places"])


async def test_a_request_line_has_its_facts(catalogue: Catalogue, capfd: pytest.CaptureFixture[str]) -> None:
    """One line a request; the second is answered from memory."""
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, settings=Settings(log_level="info")) as doors:
        for _ in range(2):
            await doors.ask('{ scheme(id: "sex") { id } }')
    first, second = map(orjson.loads, capfd.readouterr().err.splitlines())

    assert (first["method"], first["path"], first["status"], first["actor"]) == ("POST", "/graphql", 200, "local")
    assert (first["source"], second["source"]) == ("made", "cache")
    assert first["bytes"] == second["bytes"] == 32
    ids = first["request_id"], second["request_id"]
    assert ids[0] != ids[1]
    assert all(re.fullmatch("[0-9a-f]{16}", id_) for id_ in ids)  # chance: no number of others' requests


def test_libraries_that_quote_values_are_silenced() -> None:
    """Only that they complained is kept."""
    stream = io.StringIO()
    configure_logging("info", stream)
    logging.getLogger("neo4j.pool").error("Node(0) already exists with name = %s", CANARY)
    logging.getLogger("uvicorn.error").info("Started")

    lines = [orjson.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["library_message", "Started"]
