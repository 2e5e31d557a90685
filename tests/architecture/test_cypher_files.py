"""Every Cypher file: explained on Neo4j without a notification; merged relationships keyed; no statement built."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from registry.storage.address import StoreAddress
from registry.storage.bolt.driver import Database
from registry.storage.bolt.migrate import Purpose, migrate, schema_statements
from registry.storage.bolt.named_queries import NamedQuery, bare, load_queries

ROOT = Path(__file__).parents[2]
FOLDER = Path(str(files("registry.storage.bolt") / "cypher"))
GROUPS = sorted(path.stem for path in FOLDER.glob("*.cypher") if path.stem != "schema")
QUERIES = [pytest.param(query, id=f"{group}.{name}") for group in GROUPS for name, query in load_queries(group).items()]

EXPECTED = (
    "00000",  # done
    "00001",  # done, no result
    "02000",  # done, no data
    "03N95",  # a property named by a parameter uses no index: meant, neither engine indexes inside lists of codes
)


@pytest.mark.parametrize("store_address", ["neo4j"], indirect=True)
@pytest.mark.parametrize("query", QUERIES)
async def test_a_query_is_explained_with_its_declared_parameters(
    store_address: StoreAddress, query: NamedQuery
) -> None:
    """No notification: nothing deprecated, no unknown token, no cartesian product, no missing parameter."""
    async with Database(store_address) as database:
        await migrate(database, purpose=Purpose.TEST)
    parameters = {name: sample_of(kind) for name, kind in query.parameters.items()}

    with (
        GraphDatabase.driver(store_address.uri, auth=(store_address.user, store_address.password)) as driver,
        driver.session(database=store_address.database) as session,
    ):
        summary = session.run(f"EXPLAIN {query.text}", query.packed(parameters)).consume()

    told = [f"{status.gql_status} {status.status_description}" for status in summary.gql_status_objects]
    assert [line for line in told if not line.startswith(EXPECTED)] == []


@pytest.mark.parametrize("group", GROUPS)
def test_a_merged_relationship_has_a_unique_key(group: str) -> None:
    """Each type that a query merges has its uniqueness constraint in schema.cypher."""
    merged = {kind for query in load_queries(group).values() for kind in merged_types(query.text)}
    constrained = {
        match[1]
        for statement in schema_statements()
        if (
            match := re.search(
                r"FOR\s*\(\)-\[\s*\w*\s*:\s*(\w+)\s*\]-\(\)\s*REQUIRE.*IS\s+UNIQUE", statement.text, re.S
            )
        )
    }

    assert merged - constrained == set()


def test_no_cypher_is_built_from_texts() -> None:
    """No f-string, format or + makes a statement: names of queries select them, input never does."""
    assert list(built_statements()) == []


def merged_types(text: str) -> Iterator[str]:
    """The relationship types that MERGE clauses make."""
    for clause in re.findall(
        r"\bMERGE\b(.*?)(?=\b(?:MERGE|MATCH|SET|ON|WITH|RETURN|CREATE|DELETE)\b|$)", bare(text), re.S
    ):
        yield from re.findall(r"-\[\s*\w*\s*:\s*(\w+)", clause)


def built_statements() -> Iterator[str]:
    """Places in the product where a NamedQuery's text, or a text with clauses in it, is put together at run time."""
    clauses = re.compile(r"\b(MATCH|MERGE|UNWIND|CREATE|DETACH)\s*[\s(]")
    for path in sorted((ROOT / "registry").rglob("*.py")) + sorted((ROOT / "graphql_api").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and clauses.search(ast.unparse(node)):
                yield f"{path.relative_to(ROOT)}:{node.lineno}"


def sample_of(kind: str) -> object:
    """A value of the declared type, so that the planner sees what it will get."""
    words = kind.lower()
    for start, value in (
        ("list of map", [{}]),
        ("list of {", [{}]),
        ("list of int", [1]),
        ("list", ["a"]),
        ("map", {}),
        ("{", {}),
        ("int", 1),
        ("float", 0.5),
        ("bool", True),
    ):
        if words.startswith(start):
            return value
    return "a"
