"""Turtle, N-Triples and the model say the same, both ways, for everything packaged and for whatever may be written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology.files import PackagedFile
from registry.classification.model import (
    Association,
    AssociationKind,
    Binding,
    Collection,
    Concept,
    ConceptStatus,
    Correspondence,
    Label,
    LabelKind,
    LabelStatus,
    Level,
    Match,
    MatchKind,
    Note,
    NoteKind,
    OtherNotation,
    ReleaseStatus,
    SchemeVersion,
    Standing,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.classification.skos_conditions import check_conditions
from registry.errors import ReleaseDamaged, VocabularyUnreadable
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from registry.storage.rdf.assertions import collect_assertions
from registry.storage.rdf.canonical import canonical_release, read_canonical
from registry.storage.rdf.ntriples import read_ntriples, text_digest, write_ntriples
from registry.storage.rdf.parse import parse_statements
from registry.storage.rdf.reader import read_bindings, read_correspondence, read_version
from registry.storage.rdf.terms import Literal, Statements
from registry.storage.rdf.turtle import write_turtle
from registry.storage.rdf.vocabulary import packaged_files, read_releases
from registry.storage.rdf.writer import sort_labels, sort_notes, write_release
from tests.classification.worlds import COLOURS, NS

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
LANGUAGES = st.sampled_from([LanguageTag(tag) for tag in ("en", "fr", "zh-Hans", "es-419")])
IRIS = st.from_regex(r"http://example\.org/[a-z0-9%()+.-]{1,8}", fullmatch=True)
DAYS = st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
CODES = [Notation(code) for code in ("02041", "2.1", "KE-30", "A", "60+", "_x", "0")]


def unique_labels(kinds: list[LabelKind]) -> st.SearchStrategy[tuple[Label, ...]]:
    """Labels that differ in text or language, canonically ordered."""
    label = st.builds(Label, TEXT, LANGUAGES, st.sampled_from(kinds), st.sampled_from(LabelStatus))
    lists = st.lists(label, max_size=4, unique_by=lambda each: (each.text, each.language))
    return lists.map(lambda labels: tuple(sort_labels(labels)))


LABELS = unique_labels(list(LabelKind))
TITLES = unique_labels([LabelKind.PREFERRED])
NOTES = st.lists(
    st.builds(Note, TEXT, LANGUAGES, st.sampled_from(NoteKind), st.one_of(st.none(), st.sampled_from("abc"))),
    max_size=4,
    unique_by=lambda each: each.mark or (each.kind, each.text, each.language),
).map(lambda notes: tuple(sort_notes(notes)))
SORTED_TEXTS = st.lists(TEXT, max_size=3, unique=True).map(lambda texts: tuple(sorted(texts)))
SORTED_IRIS = st.lists(IRIS, max_size=3, unique=True).map(lambda iris: tuple(sorted(iris)))
MATCHES = st.lists(st.tuples(st.sampled_from(list(enumerate(MatchKind))), IRIS), max_size=3, unique=True).map(
    lambda rows: tuple(Match(kind, target) for (_, kind), target in sorted(rows))
)
OTHERS = st.lists(st.tuples(st.sampled_from(["iso-a", "ral"]), TEXT), max_size=2, unique=True).map(
    lambda rows: tuple(OtherNotation(*row) for row in sorted(rows))
)


@st.composite
def versions(draw: st.DrawFn) -> SchemeVersion:
    """A version of up to six concepts in two levels, with any of the rarer facts."""
    scheme, tag = SchemeId("made-up"), VersionTag(draw(st.sampled_from(["1.0", "0.1", "2.0.3"])))
    base = f"{NS}/made-up/{tag.version}"
    codes = draw(st.lists(st.sampled_from(CODES), max_size=6, unique=True))
    concepts: list[Concept] = []
    for code in codes:
        tops = [each.code for each in concepts if each.level == 1]
        parents = draw(st.lists(st.sampled_from(tops), max_size=2, unique=True)) if tops else []
        concepts.append(draw(concept_at(scheme, tag, code, parents)))
    facts = st.builds(
        VariableFacts,
        st.just(Notation("0")),
        st.sampled_from(VariableKind),
        st.sampled_from(UnitOfDescription),
        st.one_of(st.none(), st.integers(1, 3)),
        st.booleans(),
        st.one_of(st.none(), TEXT),
        st.one_of(st.none(), TEXT),
    )
    has_levels = draw(st.booleans())
    optional_text = st.one_of(st.none(), TEXT)
    return SchemeVersion(
        scheme=scheme,
        version=tag,
        uri=base,
        titles=draw(TITLES),
        concepts=tuple(concepts),
        levels=tuple(Level(depth, draw(LABELS), draw(optional_text)) for depth in (1, 2)) if has_levels else (),
        collections=tuple(
            Collection(code, f"{base}/collection/{code}", draw(LABELS), tuple(sorted(codes[:2])), draw(NOTES))
            for code in draw(st.sampled_from([(), (Notation("AU"),), (Notation("AU"), Notation("EU"))]))
        ),
        variables=(draw(facts),) if "0" in codes and draw(st.booleans()) else (),
        standing=draw(st.sampled_from(Standing)),
        status=draw(st.sampled_from(ReleaseStatus)),
        printed_version=draw(optional_text),
        sources=draw(SORTED_TEXTS),
        publisher=draw(optional_text) or "",
        rights=draw(optional_text) or "",
        notes=draw(NOTES),
        covers=draw(SORTED_IRIS),
        follows=draw(st.one_of(st.none(), IRIS)),
        issued=draw(DAYS),
        in_force_from=draw(DAYS),
        in_force_to=draw(DAYS),
        required_languages=tuple(sorted(draw(st.lists(LANGUAGES, max_size=2, unique=True)))),
    )


def concept_at(
    scheme: SchemeId, tag: VersionTag, code: Notation, parents: list[Notation]
) -> st.SearchStrategy[Concept]:
    return st.builds(
        Concept,
        scheme=st.just(scheme),
        version=st.just(tag),
        code=st.just(code),
        uri=st.just(f"{NS}/made-up/{tag.version}/item/{code.replace('+', '%2B')}"),
        identity=st.one_of(st.none(), IRIS),
        parent=st.just(parents[0] if parents else None),
        level=st.just(2 if parents else 1),
        labels=LABELS,
        notes=NOTES,
        matches=MATCHES,
        other_notations=OTHERS,
        printed_references=SORTED_TEXTS,
        residual=st.booleans(),
        derived=st.booleans(),
        status=st.sampled_from(ConceptStatus),
        in_force_from=DAYS,
        in_force_to=DAYS,
        successors=SORTED_IRIS,
        other_parents=st.just(tuple(sorted(parents[1:]))),
    )


ROUND_TRIP = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ROUND_TRIP
@given(versions())
def test_a_version_written_and_read_is_the_same(version: SchemeVersion) -> None:
    """Through canonical N-Triples by our reader, and through Turtle by rdflib, without a finding."""
    canonical = canonical_release(version)
    from_turtle = read_version(parse_statements(write_turtle(version).encode(), source="made up"))

    assert read_canonical(canonical.text, key=canonical.key, digest=canonical.digest) == with_digest(
        version, canonical.digest
    )
    assert from_turtle.findings == ()
    assert from_turtle.found == version


def with_digest(version: SchemeVersion, digest: str) -> SchemeVersion:
    values = {name: getattr(version, name) for name in SchemeVersion.__dataclass_fields__}
    return SchemeVersion(**{**values, "digest": digest})


@ROUND_TRIP
@given(
    TITLES,
    st.lists(
        st.builds(
            Association,
            st.lists(st.sampled_from(CODES), max_size=3, unique=True).map(lambda codes: tuple(sorted(codes))),
            st.lists(st.sampled_from(CODES), max_size=3, unique=True).map(lambda codes: tuple(sorted(codes))),
            st.sampled_from(AssociationKind),
            st.booleans(),
            st.one_of(st.none(), TEXT),
        ),
        max_size=12,
    ),
)
def test_a_correspondence_written_and_read_is_the_same(titles: tuple[Label, ...], rows: list[Association]) -> None:
    """Each association whole and in its place, past the tenth too."""
    correspondence = Correspondence(
        f"{NS}/correspondence/a-1.0--a-2.0",
        (SchemeId("a"), VersionTag("1.0")),
        (SchemeId("a"), VersionTag("2.0")),
        titles,
        tuple(rows),
        "a table",
    )

    read = read_correspondence(parse_statements(write_turtle(correspondence).encode(), source="made up"))

    assert read.findings == ()
    assert read.found == correspondence


@given(st.dates(), st.one_of(st.none(), st.integers(0, 400)))
def test_a_binding_written_and_read_is_the_same(first: date, days: int | None) -> None:
    """With or without a last day."""
    last = None if days is None or first > date(9000, 1, 1) else first + timedelta(days)
    binding = Binding(
        Notation("fls"),
        SchemeId("variables"),
        SchemeId("isic"),
        VersionTag("5.0"),
        first,
        last,
        f"{NS}/binding/fls/1",
        VersionTag("1.0"),
    )

    assert read_bindings(Statements(write_release(binding))).found == (binding,)


LITERALS = st.builds(Literal, TEXT, LANGUAGES, st.none()) | st.builds(
    Literal, TEXT, st.none(), st.one_of(st.none(), IRIS)
)


@given(st.lists(st.tuples(IRIS, IRIS, IRIS | LITERALS), max_size=8))
def test_canonical_text_is_read_back_and_does_not_depend_on_order(
    triples: list[tuple[str, str, str | Literal]],
) -> None:
    """Same statements, same bytes, same digest; rdflib reads the same from them."""
    text = write_ntriples(triples)

    assert set(read_ntriples(text)) == set(triples)
    assert write_ntriples(reversed(triples)) == text
    assert write_ntriples(read_ntriples(text)) == text
    assert set(parse_statements(text.encode(), source="text", text_format="ntriples")) == set(triples)


def test_the_digest_is_that_of_sorted_escaped_lines() -> None:
    """A small text by hand, so that other programs can compute the same digest."""
    text = write_ntriples([("urn:b", "urn:p", Literal('a"\\\n\t\x01é', "fr")), ("urn:a", "urn:p", "urn:o")])

    assert text == '<urn:a> <urn:p> <urn:o> .\n<urn:b> <urn:p> "a\\"\\\\\\n\\t\\u0001é"@fr .\n'
    assert text_digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    "text", ["junk\n", "<urn:a> <urn:b> <urn:c> .", '<urn:a> <urn:b> "x\n" .\n', "<urn:a> <urn:b> <urn:c> .\n\n"]
)
def test_a_text_that_is_not_canonical_is_refused(text: str) -> None:
    """Our reader takes our own form only."""
    with pytest.raises(VocabularyUnreadable):
        list(read_ntriples(text))


def test_another_text_or_name_is_damage() -> None:
    """What is read must have its digest and its name."""
    stored = canonical_release(COLOURS)

    with pytest.raises(ReleaseDamaged):
        read_canonical(stored.text.replace("yellow", "yelloW"), key=stored.key, digest=stored.digest)
    with pytest.raises(ReleaseDamaged):
        read_canonical(stored.text, key="colours/2.0", digest=stored.digest)


@pytest.mark.parametrize("file", packaged_files(), ids=lambda file: file.path)
def test_packaged_files_and_the_model_say_the_same(file: PackagedFile) -> None:
    """Every statement has its place in the model, and the model says no other; no error, no unmapped statement."""
    statements = parse_statements(file.read(), source=file.path)

    releases, findings = read_releases(statements)

    assert (*findings, *check_conditions(collect_assertions(statements))) == ()
    assert {triple for release in releases for triple in write_release(release)} == set(statements)
