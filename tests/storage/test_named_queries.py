"""The loader refuses what would only fail, or differ, on one of the engines."""

from __future__ import annotations

import pytest

from registry.errors import QueryFileInvalid
from registry.storage.bolt.named_queries import NamedQuery, load_queries, parse_fragments, parse_queries

GOOD = """
// A file's own comment.

// name: neighbours
// what: one row of collected columns
// Why collected: a row a link is seven times slower.
// param ids: list of string - start nodes
// returns: one
// mode: read
MATCH (p:Person)-[:VICTIM_IN]->(e:Event) // not $this
WHERE p.id IN $ids AND p.note <> 'costs $100; SET'
RETURN collect(e.id) AS events;

// name: forget
// what: nothing
// returns: none
// mode: write
MATCH (t:Thing) DETACH DELETE t;
"""


def parse_one(body: str, *, mode: str = "read", returns: str = "many", fields: str = "// what: rows") -> NamedQuery:
    """The query ``q`` of that body."""
    text = f"// name: q\n{fields}\n// returns: {returns}\n// mode: {mode}\n{body}"
    return parse_queries(text, source="q.cypher")["q"]


def test_a_file_holds_several_queries() -> None:
    """Each with its text, parameters and mode."""
    queries = parse_queries(GOOD, source="good.cypher")

    assert list(queries) == ["neighbours", "forget"]
    assert dict(queries["neighbours"].parameters) == {"ids": "list of string - start nodes"}
    assert (queries["neighbours"].one, queries["neighbours"].writes) == (True, False)
    assert (queries["forget"].one, queries["forget"].writes) == (False, True)
    assert queries["forget"].text == "MATCH (t:Thing) DETACH DELETE t"


def test_a_fragment_stands_in_each_query_that_names_it() -> None:
    """With its parameters; a query that does not name it has neither, and the fragment is no query."""
    text = """
// fragment: wanted
// param kind: string
e.kind = $kind
  AND e.size > 1

// name: some
// what: ids
// returns: many
// mode: read
MATCH (e:Thing) WHERE wanted(e) RETURN e.id AS id;

// name: every
// what: ids
// returns: many
// mode: read
MATCH (e:Thing) RETURN e.id AS id;
"""
    queries = parse_queries(text, source="q.cypher")

    assert list(queries) == ["some", "every"]
    assert queries["some"].text == "MATCH (e:Thing) WHERE e.kind = $kind\n  AND e.size > 1 RETURN e.id AS id"
    assert (dict(queries["some"].parameters), dict(queries["every"].parameters)) == ({"kind": "string"}, {})


def test_what_may_be_null_travels_in_one_map() -> None:
    """By its declared type, wherever it stands; the rest is sent as it is, and what is told of it changes nothing."""
    text = """
// name: some
// what: ids
// param kind: string or null - the kind
// param size: integer - or null
// returns: many
// mode: read
MATCH (e:Thing) WHERE ($kind IS NULL OR e.kind = $kind) AND e.size = $size RETURN e.id AS id;
"""
    query = parse_queries(text, source="q.cypher")["some"]

    assert "($given.kind IS NULL OR e.kind = $given.kind) AND e.size = $size" in query.text
    assert query.packed({"kind": None, "size": 3}) == {"given": {"kind": None}, "size": 3}


def test_no_parameter_is_called_as_the_map_of_those_that_may_be_null() -> None:
    """It would be another's."""
    fields = "// name: some\n// what: ids\n// param given: string\n// returns: many\n// mode: read\n"
    with pytest.raises(QueryFileInvalid):
        parse_queries(f"{fields}MATCH (e:Thing) WHERE e.id = $given RETURN e.id AS id", source="q.cypher")


def test_a_file_uses_the_fragments_of_another() -> None:
    """Written out as if it were its own; what the other file asks with it is not there."""
    shared = parse_fragments("// fragment: wanted\n// param kind: string\ne.kind = $kind\n")
    fields = "// name: some\n// what: ids\n// returns: many\n// mode: read\n"
    queries = parse_queries(
        f"{fields}MATCH (e:Thing) WHERE wanted(e) RETURN e.id AS id", source="q.cypher", shared=shared
    )

    assert queries["some"].text == "MATCH (e:Thing) WHERE e.kind = $kind RETURN e.id AS id"
    assert dict(queries["some"].parameters) == {"kind": "string"}
    journeys, scan = load_queries("network_routes")["journeys"], load_queries("network_slices")["scan"]
    assert "e.until >= $given.since" in journeys.text
    assert journeys.parameters["areas"] == scan.parameters["areas"]
    assert "scan" not in load_queries("network_routes")


def test_our_own_files_load() -> None:
    """The installation's queries are there by name."""
    assert "take_lease" in load_queries("installation")


@pytest.mark.parametrize(
    "clause",
    [
        "CREATE (t:Thing)",
        "MERGE (t:Thing {key: 1})",
        "MATCH (t:Thing) SET t.key = 1",
        "MATCH (t:Thing) DELETE t",
        "MATCH (t:Thing) DETACH DELETE t",
        "MATCH (t:Thing) REMOVE t.key",
        "MATCH (t:Thing) FOREACH (x IN [1] | set t.key = x)",
        "MATCH (t:Thing) /* hidden */ set t.key = 1",
        "CALL (x) { CREATE (t:Thing) }",
        "DROP CONSTRAINT thing_key",
        "LOAD CSV FROM 'file' AS line RETURN line",
    ],
)
def test_a_write_in_a_read_query_is_refused(clause: str) -> None:
    """Embedded would perform it even in a read transaction."""
    with pytest.raises(QueryFileInvalid, match="mode is read"):
        parse_one(f"{clause} RETURN 1 AS one")


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("MATCH (e:Event:Closed) RETURN e.id AS id", "second label"),
        ("MATCH (e:Event&Closed) RETURN e.id AS id", "second label"),
        ("MATCH p = SHORTEST 2 (a:Person)--+(b:Person) RETURN p", "SHORTEST k"),
        ("MATCH (e) CALL (e) { RETURN 1 AS x } IN TRANSACTIONS RETURN x", "IN TRANSACTIONS"),
        ("MATCH (e) CALL (e) { RETURN 1 AS x } IN 4 CONCURRENT TRANSACTIONS RETURN x", "IN TRANSACTIONS"),
        ("MATCH (e) RETURN id(e) AS id", "id()"),
        ("MATCH (e) CALL { WITH e RETURN 1 AS x } RETURN x", "CALL { }"),
        ("CALL db.index.fulltext.queryNodes('a', 'b') YIELD node RETURN node", "procedure"),
        ("RETURN datetime('2024-01-01T00:00:00Z') AS at", "zoned datetime"),
        ("EXPLAIN MATCH (n) RETURN n", "explains"),
        ("MATCH (n) RETURN n; MATCH (m) RETURN m", "more than one statement"),
    ],
)
def test_a_construct_of_one_engine_is_refused(body: str, rule: str) -> None:
    """Each by its rule's name, in a writing query too."""
    with pytest.raises(QueryFileInvalid) as caught:
        parse_one(body, mode="write")

    assert rule in str(caught.value.facts["rule"])


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("MATCH (a:A), (b:B) MERGE (a)-[:KNOWS]->(b)", "key property"),
        ("MATCH (a:A), (b:B) MERGE (a)-[k:KNOWS]->(b)", "key property"),
        ("MATCH (a:A) SET a:B", "second label"),
        ("CREATE FULLTEXT INDEX x FOR (n:A) ON EACH [n.b]", "full-text"),
        ("CREATE CONSTRAINT x FOR (n:A) REQUIRE n.b IS NOT NULL", "uniqueness"),
        ("CREATE CONSTRAINT x FOR (n:A) REQUIRE (n.b) IS NODE KEY", "uniqueness"),
        ("CREATE CONSTRAINT x FOR (n:A) REQUIRE n.b IS :: STRING", "uniqueness"),
    ],
)
def test_a_write_of_one_engine_is_refused(body: str, rule: str) -> None:
    """Presence and type are checked by code; merged relationships have keys."""
    with pytest.raises(QueryFileInvalid) as caught:
        parse_one(body, mode="write")

    assert rule in str(caught.value.facts["rule"])


@pytest.mark.parametrize(
    "body",
    [
        "MATCH (e:Event) WHERE e.created > 1 RETURN e.set AS set_at",
        "MATCH (e:Event {id: $id}) RETURN e.valid AS valid",
        "MATCH p = shortestPath((a:Person {id: $id})-[*..4]-(b:Person)) RETURN length(p) AS hops",
        "MATCH (e:Event) WHERE e.id = $id CALL (e) { RETURN 1 AS x } RETURN x",
        "MATCH (e:Event|Person) WHERE e.id = $id RETURN e.text CONTAINS 'MERGE; DELETE' AS found",
    ],
)
def test_what_only_looks_like_it_is_let_through(body: str) -> None:
    """Properties, quoted texts and functions are no clauses."""
    fields = "// what: rows\n// param id: string" if "$id" in body else "// what: rows"

    assert parse_one(body, fields=fields).text == body


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("// name: q\n// what: x\n// returns: many\n// mode: read\nRETURN $a AS a", "undeclared parameters: a"),
        (
            "// name: q\n// what: x\n// param a: string\n// returns: many\n// mode: read\nRETURN '$a' AS a",
            "unused parameters: a",
        ),
        ("// name: q\n// what: x\n// returns: many\n// mode: append\nRETURN 1 AS a", "mode"),
        ("// name: q\n// what: x\n// returns: many\nRETURN 1 AS a", "mode"),
        ("// name: q\n// what: x\n// returns: some\n// mode: read\nRETURN 1 AS a", "returns"),
        ("// name: q\n// returns: many\n// mode: read\nRETURN 1 AS a", "what a row holds"),
        ("// name: q\n// what: x\n// returns: many\n// mode: read\n", "no text"),
        (GOOD + GOOD, "stands twice"),
    ],
)
def test_a_careless_header_is_refused(text: str, rule: str) -> None:
    """Used and declared parameters agree, mode and result are said, names are unique."""
    with pytest.raises(QueryFileInvalid) as caught:
        parse_queries(text, source="q.cypher")

    assert rule in str(caught.value.facts["rule"])
