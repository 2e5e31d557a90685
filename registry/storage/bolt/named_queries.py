"""Cypher files: parsed once, refused when they break a rule that one of the engines would only show at run time.

Lives here: the file's syntax and its rules. Elsewhere: the files (``cypher/*.cypher``) and running them (``driver``).

A file holds several named queries; comment lines that are no field explain the shape::

    // name: neighbours
    // what: one row of collected columns, a position a link
    // param ids: list of string - start nodes
    // returns: one
    // mode: read
    MATCH (p:Person)-[v:VICTIM_IN]->(e:Event) WHERE p.id IN $ids
    RETURN collect(p.id) AS persons, collect(e.id) AS events;

Parameters that may be null (``string or null``) are sent in one map, and the text that is sent asks for them there:
Neo4j makes a plan for each combination of types that a statement is given, and null is a type, but a map is a map.

``in_scope(e)`` stands for the predicate that says whether the actor may see the event ``e``
(``registry.access.scope``); it uses the parameter ``scope``. ``line_in_scope(u)`` is its part about a line of counts.

What several queries of a file ask alike of an event ``e`` (conditions joined by AND), or tell alike (columns), stands
once, before them::

    // fragment: event_matches
    // param entity: string or null
    in_scope(e) AND ($entity IS NULL OR e.entity = $entity)

``event_matches(e)`` stands for it, and its parameters are the query's too. One of other variables tells them with
its name: ``counts(r, p)``. It may hold fragments that stand below it. A file may use another's, which it names above
its own queries: ``// fragments of: network_slices``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from registry.access.scope import LINE_PREDICATE, PREDICATE
from registry.errors import QueryFileInvalid

Parameters = Mapping[str, object]
"""What a statement is given, by name."""
Row = Mapping[str, object]
"""What it answers, by column."""

RETURNS: Final = ("one", "many", "none")
MODES: Final = ("read", "write")

GIVEN: Final = "given"
"""The parameter that holds all those which may be null."""


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One statement: its parameters by name with their type in words; ``one`` says that it answers a single row.

    ``nullable`` parameters are sent in one map, as which ``text`` asks for them.
    """

    name: str
    text: str
    parameters: Mapping[str, str]
    writes: bool
    one: bool
    nullable: frozenset[str] = frozenset()

    def packed(self, values: Parameters) -> dict[str, object]:
        """The values of ``parameters`` as they are sent."""
        if not self.nullable:
            return dict(values)
        sent = {name: value for name, value in values.items() if name not in self.nullable}
        sent[GIVEN] = {name: value for name, value in values.items() if name in self.nullable}
        return sent


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of several statements, with its parameters."""

    text: str
    parameters: Mapping[str, str]


_FIELD = re.compile(r"//\s*(name|fragment|what|returns|mode|param\s+\w+)\s*:\s*(.*)")
_SHARED = re.compile(r"^//\s*fragments of:\s*(\w+)\s*$", re.MULTILINE)
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`|/\*.*?\*/|//[^\n]*", re.DOTALL)
_IN_SCOPE = re.compile(r"\bin_scope\((\w+)\)")
_LINE_IN_SCOPE = re.compile(r"\bline_in_scope\(u\)")
_EVENT = re.compile(r"\be\.")
_PARAMETER = re.compile(r"\$(\w+)")

_WRITES = re.compile(
    r"(?<![.:$\w])(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH|DROP|INSERT|LOAD\s+CSV)\b|\bCALL\s+[a-z]\w*\.",
    re.IGNORECASE,
)

# What one engine cannot do, or does otherwise (docs/architecture.md, "Cypher on both engines").
_FORBIDDEN: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (rule, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for rule, pattern in (
        ("holds more than one statement", r";"),
        ("gives a node a second label", r"\(\s*\w*\s*:\s*\w+\s*[:&]\s*\w+|\bSET\s+\w+\s*:\s*\w+"),
        ("uses SHORTEST k; shortestPath works on both", r"\bSHORTEST\b"),
        ("uses CALL ... IN TRANSACTIONS", r"\bIN\s+(\d+\s+CONCURRENT\s+)?TRANSACTIONS\b"),
        ("uses id(); keep ids as properties", r"(?<![.\w])id\s*\("),
        ("uses CALL { }; CALL (x) { } works on both", r"\bCALL\s*\{"),
        ("calls a procedure, which only one engine has", r"\bCALL\s+[a-z]\w*(\.\w+)+"),
        ("uses a full-text index", r"\bFULLTEXT\b"),
        (
            "uses a constraint other than uniqueness",
            r"\bREQUIRE\b(?!.*\bIS\s+UNIQUE\b)|\bIS\s+(NODE|RELATIONSHIP)\s+KEY\b",
        ),
        ("makes a zoned datetime; store microseconds since 1970 in UTC", r"(?<![.\w])datetime\s*\("),
        ("merges a relationship without a key property", r"\bMERGE\b[^\n]*-\[\s*\w*\s*:\s*\w+\s*\]-"),
        ("explains or profiles", r"^\s*(EXPLAIN|PROFILE)\b"),
    )
)


def load_queries(group: str) -> Mapping[str, NamedQuery]:
    """The queries of ``cypher/<group>.cypher`` by name. `QueryFileInvalid` names the first query and rule broken."""
    text = _text_of(group)
    shared = {
        name: fragment for other in _SHARED.findall(text) for name, fragment in parse_fragments(_text_of(other)).items()
    }
    return parse_queries(text, source=f"{group}.cypher", shared=shared)


def parse_fragments(text: str) -> Mapping[str, Fragment]:
    """The fragments of one file's text by the words that stand for them, which another file may use."""
    found = {}
    for block in _blocks(text):
        fields, body, parameters = _parse_block(block)
        if "fragment" in fields:
            call = fields["fragment"] if "(" in fields["fragment"] else f"{fields['fragment']}(e)"
            found[call] = Fragment(_with_scope(body), parameters)
    return found


def parse_queries(
    text: str, *, source: str, shared: Mapping[str, Fragment] = MappingProxyType({})
) -> Mapping[str, NamedQuery]:
    """The queries of one file's text by name; a name may stand once. ``shared`` are fragments of other files."""
    queries: dict[str, NamedQuery] = {}
    fragments = {**shared, **parse_fragments(text)}
    for block in _blocks(text):
        fields, body, parameters = _parse_block(block)
        if "fragment" in fields:
            continue
        query = _query_of(fields, body, parameters, fragments, source)
        if query.name in queries:
            raise QueryFileInvalid(source=source, query=query.name, rule="stands twice")
        queries[query.name] = query
    return MappingProxyType(queries)


def _text_of(group: str) -> str:
    return (files("registry.storage.bolt") / "cypher" / f"{group}.cypher").read_text(encoding="utf-8")


def bare(text: str) -> str:
    """Cypher without comments and quoted texts, so that rules see keywords only."""
    return _QUOTED.sub(lambda match: "" if match[0].startswith("/") else "''", text)


def check_statement(text: str, *, source: str, query: str) -> None:
    """Refuse a construct that does not work alike on both engines."""
    shown = bare(text)
    for rule, pattern in _FORBIDDEN:
        if pattern.search(shown):
            raise QueryFileInvalid(source=source, query=query, rule=rule)


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines from each name, of a query or fragment, up to the next; what is before the first is the file's own."""
    block: list[str] = []
    for line in text.splitlines():
        if re.match(r"//\s*(name|fragment)\s*:", line):
            if block:
                yield block
            block = [line]
        elif block:
            block.append(line)
    if block:
        yield block


def _parse_block(lines: list[str]) -> tuple[dict[str, str], str, dict[str, str]]:
    """A block's fields, its text, and its parameters."""
    fields: dict[str, str] = {}
    for line in lines:
        if match := _FIELD.match(line):
            fields.setdefault(match[1].strip(), match[2].strip())
    body = "\n".join(line for line in lines if not line.lstrip().startswith("//"))
    parameters = {key.split()[1]: words for key, words in fields.items() if key.startswith("param")}
    return fields, body.strip().removesuffix(";").strip(), parameters


def _query_of(
    fields: Mapping[str, str],
    body: str,
    parameters: Mapping[str, str],
    fragments: Mapping[str, Fragment],
    source: str,
) -> NamedQuery:
    """The query of a block, fragments and scope written out."""
    for call, fragment in fragments.items():
        if call in body:
            body = body.replace(call, fragment.text)
            parameters = {**parameters, **fragment.parameters}
    query = NamedQuery(
        name=fields["name"],
        text=_with_scope(body),
        parameters=MappingProxyType(dict(parameters)),
        writes=fields.get("mode") == "write",
        one=fields.get("returns") == "one",
        nullable=frozenset(name for name, words in parameters.items() if words.partition(" - ")[0].endswith("or null")),
    )
    _check(query, fields, source)
    return replace(query, text=_PARAMETER.sub(lambda match: _sent_as(match[1], query), query.text))


def _sent_as(name: str, query: NamedQuery) -> str:
    return f"${GIVEN}.{name}" if name in query.nullable else f"${name}"


def _with_scope(text: str) -> str:
    """The text with ``in_scope(e)`` written out: the scope's one predicate, about that variable."""
    events = _IN_SCOPE.sub(lambda match: _EVENT.sub(f"{match[1]}.", PREDICATE), text)
    return _LINE_IN_SCOPE.sub(lambda _: LINE_PREDICATE, events)


def _check(query: NamedQuery, fields: Mapping[str, str], source: str) -> None:
    used, declared = set(_PARAMETER.findall(bare(query.text))), set(query.parameters)
    broken = (
        ("has no text", not query.text),
        ("says not what a row holds (// what:)", not fields.get("what")),
        (f"has a mode other than {' or '.join(MODES)}", fields.get("mode") not in MODES),
        (f"returns something other than {', '.join(RETURNS)}", fields.get("returns") not in RETURNS),
        (f"uses undeclared parameters: {', '.join(sorted(used - declared))}", bool(used - declared)),
        (f"declares unused parameters: {', '.join(sorted(declared - used))}", bool(declared - used)),
        (f"has a parameter {GIVEN}, which holds those that may be null", GIVEN in declared),
        ("writes, but its mode is read", not query.writes and bool(_WRITES.search(bare(query.text)))),
    )
    for rule, is_broken in broken:
        if is_broken:
            raise QueryFileInvalid(source=source, query=query.name, rule=rule)
    check_statement(query.text, source=source, query=query.name)
