"""Generated code and graphql-core give the same answer to any selection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api.context import RequestContext
from graphql_api.schema.documents import Documents
from graphql_api.schema.execution import Executor
from graphql_api.schema.query import CLASSES, build_schema
from graphql_api.schema.shaping import DEFINITION
from graphql_api.settings import Limits
from registry.access.actor import local_user
from registry.classification.catalogue import Catalogue
from tests.api.conftest import Doors, Json, opened, rooms_of
from tests.universe import event_id, person_id

ROOTS = (
    "schemes",
    'scheme(id: "isic")',
    'scheme(id: "none")',
    'version(scheme: "units")',
    'version(scheme: "isic", version: "9.9")',
    'concept(scheme: "units", code: "2.1")',
    'concept(uri: "https://w3id.org/ictip/iccs/1.0/item/02041")',
    'codelist(scheme: "units", shape: TREE, languages: ["es", "en"])',
    'codelist(scheme: "iccs", level: 2, languages: $languages)',
    'codelist(variable: "svx")',
    "variables(step: 1)",
    'searchConcepts(text: "forced", schemes: ["units"], first: 3)',
)
LANGUAGES = ("", '(languages: ["fr"])', '(languages: ["xx"])', "(languages: $languages)")
SCHEMA = build_schema()._schema
DIRECTIVES = ("", "", "", " @include(if: $yes)", " @skip(if: $yes)", " @include(if: $no)", " @skip(if: $no)")


@dataclass
class Writer:
    """Writes a random selection; fragments are collected aside."""

    draw: st.DrawFn
    fragments: list[str]
    used: int = 0

    def selection(self, type_: GraphQLObjectType, depth: int) -> str:
        """A selection set for the type: fields, aliases, directives, fragments, ``__typename``."""
        parts = [self.part(type_, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join(parts) + " }"

    def part(self, type_: GraphQLObjectType, depth: int) -> str:
        """One selection."""
        kind = self.draw(st.sampled_from(("field",) * 6 + ("typename", "inline", "spread")))
        directive = self.draw(st.sampled_from(DIRECTIVES))
        if kind == "typename":
            return f"__typename{directive}"
        if kind == "inline" and depth:
            on = self.draw(st.sampled_from(("", f" on {type_.name}")))
            return f"...{on}{directive} {self.selection(type_, depth - 1)}"
        if kind == "spread" and depth:
            body = self.selection(type_, depth - 1)
            self.fragments.append(f"fragment F{len(self.fragments)} on {type_.name} {body}")
            return f"...F{len(self.fragments) - 1}{directive}"
        return self.field(type_, depth, directive)

    def field(self, type_: GraphQLObjectType, depth: int, directive: str) -> str:
        """One field under a name of its own, so that no two selections conflict."""
        fields = {name: field for name, field in type_.fields.items() if depth or is_leaf_type(named(field))}
        if not fields:
            return "__typename"
        name = self.draw(st.sampled_from(sorted(fields)))
        inner = named(fields[name])
        arguments = self.draw(st.sampled_from(LANGUAGES)) if "languages" in fields[name].args else ""
        self.used += 1
        key = self.draw(
            st.sampled_from((f"a{self.used}: ", ""))
            if not arguments and is_leaf_type(inner)
            else st.just(f"a{self.used}: ")
        )
        below = f" {self.selection(inner, depth - 1)}" if isinstance(inner, GraphQLObjectType) else ""
        return f"{key}{name}{arguments}{directive}{below}"


def named(field: GraphQLField) -> GraphQLNamedType:
    """The field's type without lists and nulls."""
    return get_named_type(field.type)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A query over some root fields of the registry."""
    assert SCHEMA.query_type is not None
    writer = Writer(draw, [])
    roots = []
    for number, root in enumerate(draw(st.lists(st.sampled_from(ROOTS), min_size=1, max_size=3))):
        type_ = named(SCHEMA.query_type.fields[root.partition("(")[0]])
        assert isinstance(type_, GraphQLObjectType)
        roots.append(f"r{number}: {root} {writer.selection(type_, 4)}")
    text = " ".join(roots)
    declared = "($yes: Boolean!, $no: Boolean!, $languages: [LanguageTag!])"
    return f"query Q{declared} {{ {text} }} " + " ".join(writer.fragments)


@pytest.fixture(scope="module")
def executors() -> tuple[Executor, Executor]:
    """One that shapes by generated code, and one that leaves everything to graphql-core."""
    return Executor(build_schema(), CLASSES), Executor(build_schema(), CLASSES, shaping=False)


async def run(executor: Executor, text: str, variables: Json, catalogue: Catalogue) -> Json:
    """The answer to a document."""
    prepared = Documents(
        executor.schema, Limits(document_tokens=10_000, document_directives=500, document_aliases=500)
    ).prepare(text)
    context = RequestContext(local_user(), "test", date(2025, 1, 1), rooms_of(catalogue))
    return await executor.run(prepared, prepared.operation(None), variables, context)


@pytest.mark.parametrize("variables", [{"yes": True, "no": False, "languages": ["es", "en"]}])
@given(text=documents())
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
async def test_both_ways_agree(
    catalogue: Catalogue, executors: tuple[Executor, Executor], variables: Json, text: str
) -> None:
    """Aliases, fragments, directives, ``__typename``, nulls, errors, and the order of keys."""
    used = {name: value for name, value in variables.items() if f"${name}" in text.partition("{")[2]}
    declared = {"yes": "Boolean!", "no": "Boolean!", "languages": "[LanguageTag!]"}
    head = ", ".join(f"${name}: {declared[name]}" for name in used)
    body = text.partition("{")[2]
    text = f"query Q{f'({head})' if head else ''} {{{body}"

    shaped, plain = [await run(executor, text, used, catalogue) for executor in executors]

    assert shaped == plain
    assert list(shaped["data"] or ()) == list(plain["data"] or ())


COVERED = (
    '{ codelist(scheme: "isic") { version { version title(languages: ["en"]) { text } } '
    "entries { code label { text } } } }",
    '{ concept(scheme: "units", code: "2.1") { code labels { text } '
    "parent { code label { text } } sameIdentity { code } } }",
    '{ searchConcepts(text: "forced") { pageInfo { endCursor } edges { cursor node { matched spans { start } } } } }',
    "{ schemes { id versions { version issued } } variables { code kind list { binding { validFrom } } } }",
)


@pytest.mark.parametrize("text", COVERED)
async def test_plain_questions_are_shaped_by_generated_code(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """They never reach graphql-core's executor."""

    async def forbidden(*_: object) -> Json:
        raise AssertionError("left to graphql-core")

    executor = Executor(build_schema(), CLASSES)
    monkeypatch.setattr(executor, "_by_library", forbidden)

    assert "data" in await run(executor, text, {}, catalogue)


async def test_introspection_is_left_to_the_library(catalogue: Catalogue) -> None:
    """Generated code covers no such field, and says so by leaving it."""
    answer = await run(
        Executor(build_schema(), CLASSES), '{ __type(name: "Label") { name } __typename }', {}, catalogue
    )

    assert answer == {"data": {"__type": {"name": "Label"}, "__typename": "Query"}}


async def test_a_root_is_resolved_once_even_when_shaping_fails(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """graphql-core is given the value found: no store is asked twice."""
    executor = Executor(build_schema(), CLASSES)
    assert executor.schema.query_type is not None
    resolver = executor.schema.query_type.fields["codelist"].extensions[DEFINITION].base_resolver
    asked, resolve = [], resolver.wrapped_func

    def counting(**arguments: object) -> object:
        asked.append(1)
        return resolve(**arguments)

    monkeypatch.setattr(resolver, "wrapped_func", counting)
    text = '{ codelist(scheme: "units") { version { title(languages: ["en"]) { text } } entries { code } } }'
    assert "errors" not in await run(executor, text, {}, catalogue)
    wrong = (
        '{ concept(scheme: "units", code: "1") { label(languages: ["xx"]) { text } } '
        'codelist(scheme: "units") { total } }'
    )
    answer = await run(executor, wrong, {}, catalogue)

    assert answer["data"] == {"concept": {"label": None}, "codelist": {"total": 20}}
    assert answer["errors"][0]["extensions"]["code"] == "language_unknown"
    assert answer["errors"][0]["path"] == ["concept", "label"]
    assert len(asked) == 2


CASES = (
    """{ events(count: true) { totalCount edges { cursor node {
      id forms { code label { text } } coding { variable version } mixedVictims
      values { variable kind codes { code scheme version label(languages: ["fr"]) { text } } edtf earliest latest low }
      participations {
        role key person isGroup forms { code } values { variable missing number text source } stages { edtf }
      }
      decisions { entity values { variable } } relations { source target relationship { code } }
    } } } }""",
    "{ reportingEntities { nodes { id name type area eventCount } pageInfo { hasNextPage startCursor } } }",
    "{ installation { purpose schemes records { kind count } } }",
    """{ person(id: "%ada") {
      id entity parts { event role values { variable codes { code version } } } relations { event }
    } }""",
    """{ egoNetwork(start: { kind: PERSON, id: "%kofi" }, depth: 3) {
      truncated visited hidden countsByType { kind count } skippedHubs { id }
      n: nodes { __typename i: id kind entity distance } edges { kind source target } e: edges { to: target }
    } }""",
    '{ egoNetwork(start: { kind: EVENT, id: "%E4" }) { nodes { __typename } edges { __typename } } }',
    '{ person(id: "nobody-at-all") { id } event(id: "%E1") { id formText transits { code } } }',
)


@pytest.mark.parametrize("text", CASES)
async def test_both_ways_agree_on_cases(case_doors: Doors, catalogue: Catalogue, text: str) -> None:
    """On either engine, with columns and values of every kind."""
    for name in ("ada", "kofi"):
        text = text.replace(f"%{name}", person_id(name))
    for name in ("E1", "E4"):
        text = text.replace(f"%{name}", event_id(name))
    rooms = case_doors.app._rooms
    assert rooms is not None

    async with opened(rooms, shaping=False) as plain_doors:
        plain = await plain_doors.ask(text)
    shaped = await case_doors.ask(text)

    for body in (plain, shaped):
        assert body["data"] is not None
    assert shaped == plain
