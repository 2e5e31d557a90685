"""Documents that an operator lists: asked for by their digest, and nothing else is answered."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from graphql_api.app import build_app
from graphql_api.schema.door import JSON
from registry.classification.catalogue import Catalogue
from registry.errors import FileUnreadable
from tests.api.conftest import QUIET, Doors, opened, rooms_of

UNITS = "query Units($id: SchemeId!) { scheme(id: $id) { id } }"
DIGEST = hashlib.sha256(UNITS.encode()).hexdigest()
VARIABLES = {"id": "units"}
DATA = {"data": {"scheme": {"id": "units"}}}
PERSISTED = {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}


@pytest.fixture
async def listed(catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Doors]:
    """Doors that answer one document; its file ends with a line end, as files do."""
    (tmp_path / "units.graphql").write_text(UNITS + "\n")
    rooms = rooms_of(catalogue)
    async with opened(lambda: rooms, settings=replace(QUIET, documents=tmp_path)) as doors:
        yield doors


async def post(doors: Doors, **fields: Any) -> httpx.Response:
    """The answer to a POST of these fields."""
    return await doors.http.post("/graphql", json={"variables": VARIABLES, **fields})


def code_of(answer: httpx.Response) -> str:
    """The code of the only error."""
    (error,) = answer.json()["errors"]
    code: str = error["extensions"]["code"]
    return code


@pytest.mark.parametrize(
    "named",
    [
        {"documentId": f"sha256:{DIGEST}"},
        {"documentId": DIGEST},
        {"extensions": PERSISTED},
        {"query": UNITS},
        {"query": UNITS + "\n"},
        {"query": UNITS, "extensions": PERSISTED},
    ],
)
async def test_a_listed_document_is_answered_by_text_and_by_digest(listed: Doors, named: dict[str, Any]) -> None:
    """By POST as a field or an extension, twice (made and from memory), and by GET in the same words."""
    for _ in range(2):
        assert (await post(listed, **named)).json() == DATA
    told = {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in named.items()}
    params = {"variables": orjson.dumps(VARIABLES).decode(), **told}
    assert (await listed.http.get("/graphql", params=params, headers={"accept": JSON})).json() == DATA


@pytest.mark.parametrize(
    "query",
    ['{ scheme(id: "iccs") { id } }', "{ __schema { types { name } } }", "{ nonsense", UNITS.replace(" ", "  ")],
)
async def test_no_other_document_is_answered(listed: Doors, query: str) -> None:
    """Whatever it is, before it is parsed."""
    assert code_of(await post(listed, query=query)) == "document_not_listed"


async def test_an_unknown_digest_is_not_found(listed: Doors, doors: Doors) -> None:
    """Also where nothing is listed at all."""
    for where in (listed, doors):
        answer = await post(where, documentId="0" * 64)
        assert code_of(answer) == "document_unknown"


@pytest.mark.parametrize(
    "named",
    [
        {"documentId": "sha1:abc"},
        {"documentId": 7},
        {"documentId": ""},
        {"extensions": {"persistedQuery": "abc"}},
        {"extensions": {"persistedQuery": {"sha256Hash": DIGEST.upper()}}},
        {"query": "{ __typename }", "documentId": DIGEST},
        {"query": "", "documentId": DIGEST},
        {"extensions": {"persistedQuery": {"version": 1}}},
    ],
)
async def test_a_malformed_digest_is_400(listed: Doors, named: dict[str, Any]) -> None:
    """No SHA-256, or another document's."""
    answer = await post(listed, **named)

    assert (answer.status_code, code_of(answer)) == (400, "request_malformed")


def test_a_missing_folder_is_told_at_the_start(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(FileUnreadable):
        build_app(replace(QUIET, documents=tmp_path / "none"), lambda: None)  # type: ignore[arg-type, return-value]
