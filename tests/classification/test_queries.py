"""What callers rely on when they ask the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from registry.access.actor import STRANGER, Actor
from registry.classification import queries
from registry.classification.catalogue import (
    Catalogue,
    CompiledVersion,
    Item,
    VersionChoice,
    compile_catalogue,
    compile_version,
)
from registry.classification.codelist import CodelistEntry, Shape
from registry.classification.model import (
    Binding,
    ConceptStatus,
    Label,
    LabelStatus,
    ReleaseStatus,
    SchemeVersion,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.classification.paging import PageRequest
from registry.classification.retirement import Standing
from registry.classification.search import MatchedOn, Span
from registry.errors import (
    ArgumentOutOfRange,
    ArgumentsConflicting,
    CodeUnknown,
    CursorForeign,
    IctipError,
    LanguageUnknown,
    ListNotBound,
    NotAllowed,
    SchemeUnknown,
    UriUnknown,
    VariableUnknown,
    VersionUnknown,
)
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from tests.classification.worlds import COLOURS, EN, NS, colour

NOBODY = Actor(name="nobody", rights=frozenset())


def at_version(tag: str, **changes: object) -> SchemeVersion:
    """The colours under another tag, with changes to the version."""
    version = VersionTag(tag)
    base = f"{NS}/colours/{version.version}"
    concepts = tuple(replace(each, version=version, uri=f"{base}/item/{each.code}") for each in COLOURS.concepts)
    changed: SchemeVersion = replace(COLOURS, version=version, uri=base, concepts=concepts, digest=tag)
    return replace(changed, **changes)  # type: ignore[arg-type]  # fields by name


def variables_version() -> SchemeVersion:
    """Two variables: ``hue`` of an event takes codes, ``day`` of a victim a date."""
    concepts = tuple(
        replace(colour(code, Label(code, EN)), scheme=SchemeId("variables"), uri=f"{NS}/variables/1.0/item/{code}")
        for code in ("day", "hue")
    )
    facts = (
        VariableFacts(Notation("day"), VariableKind.DATE, UnitOfDescription.VICTIM, step=2),
        VariableFacts(Notation("hue"), VariableKind.CODE, UnitOfDescription.EVENT, step=1),
    )
    return replace(
        COLOURS,
        scheme=SchemeId("variables"),
        uri=f"{NS}/variables/1.0",
        concepts=concepts,
        levels=(),
        collections=(),
        variables=facts,
        digest="variables",
    )


def binding(tag: str, first: date, last: date | None = None) -> Binding:
    return Binding(Notation("hue"), SchemeId("variables"), SchemeId("colours"), VersionTag(tag), first, last)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Colours 1.0 (2001 to 2010), its edition 1.0.1, 2.0 (from 2011, a renamed title); variables bound to each."""
    versions = [
        compile_version(at_version("1.0", in_force_from=date(2001, 1, 1), in_force_to=date(2010, 12, 31)), 1),
        compile_version(at_version("1.0.1", in_force_from=date(2001, 1, 1), in_force_to=date(2010, 12, 31)), 2),
        compile_version(at_version("2.0", in_force_from=date(2011, 1, 1)), 3),
        compile_version(variables_version(), 1),
    ]
    bindings = [binding("1.0", date(2001, 1, 1), date(2010, 12, 31)), binding("2.0", date(2011, 1, 1))]
    return compile_catalogue(3, versions, (), bindings)


def test_schemes_are_told_with_their_versions_newest_first(catalogue: Catalogue) -> None:
    """Each scheme by id, its latest version and all there are."""
    colours, variables = queries.schemes(catalogue, actor=STRANGER)

    assert (colours.scheme, colours.uri, colours.latest.tag) == ("colours", f"{NS}/colours", "2.0")
    assert [each.tag for each in colours.versions] == ["2.0", "1.0.1", "1.0"]
    assert variables.titles == (Label("Colours", EN),)


@pytest.mark.parametrize(
    ("choice", "tag"),
    [
        (VersionChoice(), "2.0"),
        (VersionChoice(version="1.0"), "1.0.1"),
        (VersionChoice(version="1.0", edition=0), "1.0"),
        (VersionChoice(version="1.0", edition=1), "1.0.1"),
        (VersionChoice(version="1.0.1"), "1.0.1"),
        (VersionChoice(valid_on=date(2010, 12, 31)), "1.0.1"),
        (VersionChoice(valid_on=date(2011, 1, 1)), "2.0"),
    ],
)
def test_a_version_is_found_by_tag_edition_or_day(catalogue: Catalogue, choice: VersionChoice, tag: str) -> None:
    """Nothing said means the latest; a bare version means its newest edition."""
    found = queries.version(catalogue, "colours", actor=STRANGER, choice=choice)

    assert (found.tag, found.digest) == (tag, tag)


@pytest.mark.parametrize(
    ("choice", "version"),
    [
        (VersionChoice(version="3.0"), "3.0"),
        (VersionChoice(version="1.0", edition=7), "1.0 edition 7"),
        (VersionChoice(valid_on=date(2000, 1, 1)), "in force on 2000-01-01"),
    ],
)
def test_an_unknown_version_names_those_there_are(catalogue: Catalogue, choice: VersionChoice, version: str) -> None:
    """The error lists every version of the scheme."""
    with pytest.raises(VersionUnknown) as unknown:
        queries.version(catalogue, "colours", actor=STRANGER, choice=choice)

    assert unknown.value.facts == {"scheme": "colours", "version": version, "available": "1.0, 1.0.1, 2.0"}


def test_a_past_catalogue_knows_nothing_of_what_came_later(catalogue: Catalogue) -> None:
    """Latest, standing and identity as of a revision; two past states are kept apart from the present."""
    first, second = catalogue.past(1), catalogue.past(2)

    assert [each.tag for each in first.scheme_versions("colours")] == ["1.0"]
    assert (first.resolve("colours").tag, second.resolve("colours").tag) == ("1.0", "1.0.1")
    assert first.resolve("colours").standing == Standing(ReleaseStatus.RELEASED)
    assert catalogue.resolve("colours", VersionChoice(version="1.0", edition=0)).standing == Standing(
        ReleaseStatus.SUPERSEDED, ("colours/2.0",)
    )
    assert catalogue.past(3) is catalogue
    assert catalogue.past(1) is first
    red = second.resolve("colours").item("R")
    assert [each.version.tag for each in queries.same_identity(catalogue, red, actor=STRANGER)] == ["1.0.1"]


def test_conflicting_choices_are_refused(catalogue: Catalogue) -> None:
    """A version and a day, or an edition of nothing."""
    for choice in (
        VersionChoice(version="1.0", valid_on=date(2001, 1, 1)),
        VersionChoice(edition=1),
        VersionChoice(version="1.0.1", edition=1),
    ):
        with pytest.raises(ArgumentsConflicting):
            queries.version(catalogue, "colours", actor=STRANGER, choice=choice)


def test_a_concept_knows_its_neighbours_and_its_version(catalogue: Catalogue) -> None:
    """R of 1.0: the label in the language asked for, the parent, the version it was resolved to."""
    item = queries.concept(catalogue, "colours", "R", actor=STRANGER, choice=VersionChoice(version="1.0", edition=0))

    parent = item.parent()
    label = item.label(["fr"])
    assert label is not None
    assert (label.text, label.language, label.status) == ("rouge", "fr", LabelStatus.UNOFFICIAL)
    assert parent is not None
    assert (parent.concept.code, [each.concept.code for each in parent.children()]) == ("W", ["R", "Y"])
    assert (item.version.scheme, item.version.tag, item.version.digest) == ("colours", "1.0", "1.0")


def test_a_withdrawn_concept_still_answers(catalogue: Catalogue) -> None:
    """With its status and what replaces it."""
    item = queries.concept(catalogue, "colours", "V", actor=STRANGER)

    assert item.concept.status is ConceptStatus.WITHDRAWN
    assert item.concept.successors == (f"{NS}/colours/1.0/item/B",)


@pytest.mark.parametrize(
    ("path", "code", "tag"),
    [
        ("colours/1.0/item/R", "R", "1.0.1"),
        ("colours/2.0/item/R", "R", "2.0"),
        ("colours/2.0/item/R/label/fr", "R", "2.0"),
        ("id/colour-b", "B", "2.0"),
    ],
)
def test_a_concept_answers_to_its_uris(catalogue: Catalogue, path: str, code: str, tag: str) -> None:
    """Its own, that of a label of it, and its identity in the newest version."""
    item = queries.concept_by_uri(catalogue, f"{NS}/{path}", actor=STRANGER)

    assert (item.concept.code, item.version.tag) == (code, tag)


def test_other_things_answer_to_their_uris(catalogue: Catalogue) -> None:
    """Scheme, version and collection; an identity's items newest first."""
    scheme = queries.resource(catalogue, f"{NS}/colours", actor=STRANGER)
    version = queries.resource(catalogue, f"{NS}/colours/1.0", actor=STRANGER)
    collection = queries.resource(catalogue, f"{NS}/colours/2.0/collection/FLAG", actor=STRANGER)
    item = queries.concept(catalogue, "colours", "B", actor=STRANGER)

    assert isinstance(scheme, queries.SchemeAnswer)
    assert isinstance(version, CompiledVersion)
    assert version.tag == "1.0.1"
    assert isinstance(collection, queries.CollectionAnswer)
    assert collection.collection.members == ("B", "R")
    same = queries.same_identity(catalogue, item, actor=STRANGER)
    assert [each.version.tag for each in same] == ["2.0", "1.0.1"]


@pytest.mark.parametrize(
    "uri",
    [
        "http://example.org/x",
        f"{NS}/nothing",
        f"{NS}/colours/9.0",
        f"{NS}/colours/1.0/item/nope",
        f"{NS}/colours/1.0/item/%2F..%2F",
        f"{NS}/colours/1.0/collection/nope",
        f"{NS}/colours/1.0/other/x",
        f"{NS}/id/none",
        f"{NS}/correspondence/none",
        "",
    ],
)
def test_an_unknown_uri_is_told_so(catalogue: Catalogue, uri: str) -> None:
    """Nothing published there: one error, whatever the shape."""
    with pytest.raises(UriUnknown):
        queries.resource(catalogue, uri, actor=STRANGER)


def test_a_flat_list_is_whole_and_in_order(catalogue: Catalogue) -> None:
    """All six codes; where French is missing the label says that it is English."""
    found = queries.codelist(catalogue, "colours", actor=STRANGER, languages=["fr", "de"])

    assert [entry.concept.code for entry in found.entries] == ["W", "R", "Y", "C", "B", "V"]
    assert [entry.label and (entry.label.text, entry.label.language) for entry in found.entries][:3] == [
        ("warm", "en"),
        ("rouge", "fr"),
        ("yellow", "en"),
    ]
    assert (found.total, found.languages, found.version.tag) == (6, ("fr",), "2.0")


def test_a_tree_holds_the_same_codes(catalogue: Catalogue) -> None:
    """Two families with their colours; a level cuts the tree below it."""

    def drawn(entries: tuple[CodelistEntry, ...]) -> list[object]:
        return [(str(entry.concept.code), drawn(entry.children)) for entry in entries]

    whole = queries.codelist(catalogue, "colours", actor=STRANGER, shape=Shape.TREE)
    top = queries.codelist(catalogue, "colours", actor=STRANGER, shape=Shape.TREE, level=1)
    second = queries.codelist(catalogue, "colours", actor=STRANGER, level=2)

    assert drawn(whole.entries) == [("W", [("R", []), ("Y", [])]), ("C", [("B", []), ("V", [])])]
    assert (whole.total, top.total, second.total) == (6, 2, 4)
    assert drawn(top.entries) == [("W", []), ("C", [])]
    assert [entry.concept.code for entry in second.entries] == ["R", "Y", "B", "V"]


def test_a_list_is_found_by_its_variable_on_a_day(catalogue: Catalogue) -> None:
    """The binding of the day decides the version, and is told."""
    newest = queries.codelist(catalogue, actor=STRANGER, variable="hue")
    old = queries.codelist(catalogue, actor=STRANGER, variable="hue", choice=VersionChoice(valid_on=date(2005, 5, 5)))

    assert (newest.version.tag, newest.binding and newest.binding.list_version) == ("2.0", "2.0")
    assert old.version.tag == "1.0.1"


@pytest.mark.parametrize(
    ("ask", "error", "facts"),
    [
        (lambda c: queries.scheme(c, "no", actor=STRANGER), SchemeUnknown, {"scheme": "no"}),
        (
            lambda c: queries.concept(c, "colours", "X", actor=STRANGER),
            CodeUnknown,
            {"scheme": "colours", "version": "2.0", "item": "X"},
        ),
        (
            lambda c: queries.codelist(c, "colours", actor=STRANGER, languages=["de"]),
            LanguageUnknown,
            {"scheme": "colours", "version": "2.0", "language": "de", "available": "en, fr"},
        ),
        (
            lambda c: queries.codelist(c, "colours", actor=STRANGER, level=3),
            ArgumentOutOfRange,
            {"argument": "level", "actual": 3, "lowest": 1, "highest": 2},
        ),
        (lambda c: queries.codelist(c, actor=STRANGER, variable="no"), VariableUnknown, {"variable": "no"}),
        (
            lambda c: queries.codelist(c, actor=STRANGER, variable="day"),
            ListNotBound,
            {"variable": "day", "when": "at all"},
        ),
        (
            lambda c: queries.variables(c, actor=STRANGER, step=4),
            ArgumentOutOfRange,
            {"argument": "step", "actual": 4, "lowest": 1, "highest": 3},
        ),
        (
            lambda c: queries.search_concepts(c, "r", actor=STRANGER, page=PageRequest(first=101)),
            ArgumentOutOfRange,
            {"argument": "first", "actual": 101, "lowest": 1, "highest": 100},
        ),
        (
            lambda c: queries.search_concepts(c, "r", actor=STRANGER, page=PageRequest(after="nonsense")),
            CursorForeign,
            {"argument": "after"},
        ),
        (
            lambda c: queries.search_concepts(c, " ! ", actor=STRANGER),
            ArgumentsConflicting,
            {"arguments": "text", "rule": "it needs a letter or a digit"},
        ),
        (
            lambda c: queries.search_concepts(c, "x" * 201, actor=STRANGER),
            ArgumentOutOfRange,
            {"argument": "length of text", "actual": 201, "lowest": 1, "highest": 200},
        ),
        (
            lambda c: queries.codelist(c, "colours", actor=STRANGER, variable="hue"),
            ArgumentsConflicting,
            {"arguments": "scheme, variable", "rule": "give one of them"},
        ),
        (
            lambda c: queries.codelist(c, actor=STRANGER),
            ArgumentsConflicting,
            {"arguments": "scheme, variable", "rule": "give one of them"},
        ),
    ],
)
def test_wrong_arguments_are_told_by_facts(
    catalogue: Catalogue, ask: Callable[[Catalogue], object], error: type[IctipError], facts: dict[str, object]
) -> None:
    """One clear error each, with what was asked and what there is."""
    with pytest.raises(error) as told:
        ask(catalogue)

    assert told.value.facts == facts


def test_variables_come_by_step_with_their_lists(catalogue: Catalogue) -> None:
    """Step 1 first; filtered by unit of description; the list resolved to its version."""
    hue, day = queries.variables(catalogue, actor=STRANGER)
    (of_victim,) = queries.variables(catalogue, actor=STRANGER, describes=UnitOfDescription.VICTIM)

    assert (hue.facts.code, day.facts.code, of_victim.facts.code) == ("hue", "day", "day")
    assert hue.bound is not None
    assert (hue.bound.version.scheme, hue.bound.version.tag) == ("colours", "2.0")
    assert day.bound is None
    assert queries.variables(catalogue, actor=STRANGER, step=3) == ()


def test_a_search_says_what_matched_and_pages_by_key(catalogue: Catalogue) -> None:
    """Every match in one order; pages of one join to the whole, both ways; the total is of all."""
    whole = queries.search_concepts(catalogue, "v", actor=STRANGER, schemes=["colours"])
    (found,) = whole.nodes
    assert (found.item.concept.code, found.matched, found.code, found.spans) == (
        "V",
        MatchedOn.EXACT_CODE,
        "V",
        (Span(0, 1),),
    )

    everything = queries.search_concepts(catalogue, "c", actor=STRANGER)
    codes = [(hit.item.version.scheme, hit.item.concept.code, hit.matched) for hit in everything.nodes]
    assert codes == [("colours", "C", MatchedOn.EXACT_CODE), ("colours", "R", MatchedOn.LABEL_WORDS)]
    first = queries.search_concepts(catalogue, "c", actor=STRANGER, page=PageRequest(first=1))
    second = queries.search_concepts(catalogue, "c", actor=STRANGER, page=PageRequest(first=1, after=first.end_cursor))
    back = queries.search_concepts(catalogue, "c", actor=STRANGER, page=PageRequest(last=1, before=second.end_cursor))
    assert (first.nodes + second.nodes, first.total) == (everything.nodes, 2)
    assert (first.has_next, first.has_previous, second.has_next, second.has_previous) == (True, False, False, True)
    assert back == first


def test_a_cursor_belongs_to_its_question_and_releases(catalogue: Catalogue) -> None:
    """Another text, other languages, another version: foreign each."""
    cursor = queries.search_concepts(catalogue, "c", actor=STRANGER, page=PageRequest(first=1)).end_cursor
    page = PageRequest(after=cursor)

    others: list[Callable[[], object]] = [
        lambda: queries.search_concepts(catalogue, "b", actor=STRANGER, page=page),
        lambda: queries.search_concepts(catalogue, "c", actor=STRANGER, languages=["en"], page=page),
        lambda: queries.search_concepts(
            catalogue, "c", actor=STRANGER, schemes=["colours"], choice=VersionChoice(version="1.0"), page=page
        ),
    ]
    for ask in others:
        with pytest.raises(CursorForeign):
            ask()


def test_languages_are_answered_by_longer_and_shorter_tags(catalogue: Catalogue) -> None:
    """``fr-CA`` by French; RFC 4647."""
    version = catalogue.resolve("colours")

    assert version.resolve_languages(["fr-CA", "en"]) == ("fr", "en")
    chinese = replace(COLOURS.concepts[0], labels=(Label("暖", LanguageTag("zh-Hans")),))
    compiled = compile_version(replace(COLOURS, concepts=(chinese,)), 1)
    assert compiled.resolve_languages(["zh"]) == ("zh-Hans",)
    label = Item(compiled, 0).label(["zh"])
    assert label is not None
    assert label.language == "zh-Hans"


QUESTIONS: list[Callable[[Catalogue, Actor], object]] = [
    lambda c, a: queries.schemes(c, actor=a),
    lambda c, a: queries.scheme(c, "no", actor=a),
    lambda c, a: queries.version(c, "no", actor=a),
    lambda c, a: queries.concept(c, "no", "R", actor=a),
    lambda c, a: queries.concept_by_uri(c, "no", actor=a),
    lambda c, a: queries.resource(c, "no", actor=a),
    lambda c, a: queries.codelist(c, "no", actor=a),
    lambda c, a: queries.variables(c, actor=a, step=9),
    lambda c, a: queries.variable(c, "no", actor=a),
    lambda c, a: queries.correspondences(c, actor=a),
    lambda c, a: queries.search_concepts(c, "", actor=a),
]


@pytest.mark.parametrize("ask", QUESTIONS)
def test_without_the_right_nothing_is_told(catalogue: Catalogue, ask: Callable[[Catalogue, Actor], object]) -> None:
    """The policy is asked before any argument is looked at."""
    with pytest.raises(NotAllowed):
        ask(catalogue, NOBODY)
