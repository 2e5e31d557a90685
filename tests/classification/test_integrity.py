"""Each rule broken once: the finding names rule, place and severity, and nothing else is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from registry.classification.integrity import Finding, Severity, check_correspondence, check_version
from registry.classification.model import (
    Association,
    AssociationKind,
    Collection,
    Concept,
    Correspondence,
    Label,
    LabelKind,
    Level,
    Match,
    MatchKind,
    SchemeVersion,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.classification.skos_conditions import check_conditions
from registry.classification.written import compile_pattern
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from registry.storage.rdf.assertions import collect_assertions
from registry.storage.rdf.parse import parse_statements
from registry.storage.rdf.vocabulary import read_vocabulary
from tests.classification.worlds import COLOURS, EN, NS, colour, colours_turtle

ITEM = f"{NS}/colours/1.0/item"
FR = LanguageTag("fr")


def with_concept(code: str, **changes: object) -> SchemeVersion:
    """The colours with one concept changed."""
    changed = tuple(
        replace(each, **changes) if each.code == code else each  # type: ignore[arg-type]  # fields by name
        for each in COLOURS.concepts
    )
    return replace(COLOURS, concepts=changed)


def faults(version: SchemeVersion) -> list[tuple[str, str]]:
    """Errors and warnings by rule and place."""
    return [(each.rule, each.place) for each in check_version(version) if each.severity is not Severity.NOTICE]


def test_the_sound_world_has_no_finding() -> None:
    """Not even a notice."""
    assert check_version(COLOURS) == ()


def concept(code: str, parent: str) -> Concept:
    return colour(code, Label(code.lower(), EN), parent=parent)


BROKEN: list[tuple[SchemeVersion, list[tuple[str, str]]]] = [
    (
        replace(COLOURS, concepts=(*COLOURS.concepts, replace(concept("Y", "C"), identity=None))),
        [("code_repeated", f"{NS}/colours/1.0 code Y")],
    ),
    (with_concept("Y", uri="http://example.org/y"), [("uri_unexpected", "http://example.org/y")]),
    (with_concept("Y", matches=(Match(MatchKind.EXACT, "no uri"),)), [("uri_malformed", f"{ITEM}/Y")]),
    (with_concept("Y", identity=f"{NS}/id/colour-r"), [("identity_repeated", f"{NS}/id/colour-r")]),
    (with_concept("Y", parent=Notation("Q")), [("orphan", f"{ITEM}/Y")]),
    (
        with_concept("W", parent=Notation("R"), level=2),
        [
            ("cycle", f"{NS}/colours/1.0 code R"),
            ("level_not_below_parent", f"{ITEM}/R"),
            ("level_not_below_parent", f"{ITEM}/W"),
            ("level_not_below_parent", f"{ITEM}/Y"),
            ("order_not_hierarchical", f"{ITEM}/W"),
        ],
    ),
    (with_concept("Y", labels=(Label("yellow", EN), Label("gold", EN))), [("skos_s14", f"{ITEM}/Y")]),
    (
        with_concept("Y", labels=(Label("yellow", EN), Label("yellow", EN, LabelKind.HIDDEN))),
        [("skos_s13", f"{ITEM}/Y")],
    ),
    (with_concept("Y", labels=(Label("jaune", FR),)), [("label_missing", f"{ITEM}/Y")]),
    (with_concept("Y", labels=(Label("yellow ", EN),)), [("label_unprintable", f"{ITEM}/Y")]),
    (with_concept("Y", labels=(Label("Red", EN),)), [("siblings_alike", f"{ITEM}/Y")]),
    (with_concept("Y", level=1), [("level_not_below_parent", f"{ITEM}/Y")]),
    (with_concept("Y", level=3), [("level_unknown", f"{ITEM}/Y")]),
    (
        replace(COLOURS, levels=(COLOURS.levels[0], Level(3, COLOURS.levels[1].labels))),
        [
            *[("level_unknown", f"{ITEM}/{code}") for code in "BRVY"],
            ("levels_not_numbered", f"{NS}/colours/1.0"),
            ("level_empty", f"{NS}/colours/1.0/level/3"),
        ],
    ),
    (
        replace(COLOURS, levels=(COLOURS.levels[0], replace(COLOURS.levels[1], notation_pattern="[A-X]"))),
        [("code_unlike_level", f"{ITEM}/Y")],
    ),
    (
        replace(COLOURS, levels=(COLOURS.levels[0], replace(COLOURS.levels[1], notation_pattern="("))),
        [("pattern_malformed", f"{NS}/colours/1.0/level/2")],
    ),
    (
        replace(COLOURS, collections=(replace(COLOURS.collections[0], members=(Notation("Q"),)),)),
        [("member_unknown", f"{NS}/colours/1.0/collection/FLAG")],
    ),
    (
        replace(
            COLOURS, collections=(Collection(Notation("W"), f"{NS}/colours/1.0/collection/W", (Label("w", EN),), ()),)
        ),
        [("code_repeated", f"{NS}/colours/1.0/collection/W")],
    ),
    (
        replace(COLOURS, variables=(VariableFacts(Notation("Q"), VariableKind.DATE, UnitOfDescription.EVENT, step=4),)),
        [("step_unknown", f"{ITEM}/Q"), ("variable_unknown", f"{ITEM}/Q")],
    ),
    (replace(COLOURS, titles=()), [("title_missing", f"{NS}/colours/1.0")]),
    (replace(COLOURS, titles=(Label("Couleurs", FR),)), [("title_not_in_english", f"{NS}/colours/1.0")]),
    (
        replace(COLOURS, levels=(*COLOURS.levels, Level(3, (Label("shade", EN),)))),
        [("level_empty", f"{NS}/colours/1.0/level/3")],
    ),
    (
        with_concept("Y", in_force_from=date(2002, 1, 1), in_force_to=date(2001, 1, 1)),
        [("days_reversed", f"{ITEM}/Y")],
    ),
]


@pytest.mark.parametrize(("version", "expected"), BROKEN, ids=[expected[0][0] for _, expected in BROKEN])
def test_a_broken_rule_is_found_at_its_place(version: SchemeVersion, expected: list[tuple[str, str]]) -> None:
    """Exactly the rules broken, errors first."""
    assert faults(version) == expected


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        (r"\d{2}", True),
        (r"[A-Z]{2}-[A-Z0-9]{1,3}", True),
        (r"[A-Z]{2,4}|\d{3}", True),
        (r"[1-8]\.[1-9]", True),
        (r"(?:A|B)?\d+", True),
        ("(a+)+b", False),
        ("(a|a)*b", False),
        ("(a|a){1,60}b", False),
        ("a?" * 30 + "a" * 30, False),
        ("a*" * 5 + "b", False),
        (r"(a)\1", False),
        ("(?=a)", False),
        ("[z-a]", False),
        ("a" * 201, False),
    ],
)
def test_only_simple_patterns_are_matched(text: str, simple: bool) -> None:
    """A pattern that could make matching hang is no pattern."""
    assert (compile_pattern(text) is not None) == simple


def test_single_children_and_gaps_are_noticed() -> None:
    """Notices: C has one child; the numbers 1, 2, 5 and 9 lack 3 and 4 (9 means "other")."""
    codes = ["1", "2", "5", "9"]
    concepts = (
        *(colour(code, Label(f"n{code}", EN)) for code in codes),
        colour("5.1", Label("only", EN), parent="5"),
    )

    found = check_version(replace(COLOURS, concepts=concepts, levels=(), collections=()))

    assert found == (
        Finding(Severity.NOTICE, "levels_missing", f"{NS}/colours/1.0", "it has no levels; a flat list has one"),
        Finding(Severity.NOTICE, "numbering_gap", f"{NS}/colours/1.0 under the top", "no number 3, 4 among siblings"),
        Finding(Severity.NOTICE, "single_child", f"{ITEM}/5.1", "the only concept under 5"),
    )


EXTRA: list[tuple[str, str, str]] = [
    ("skos_s9", "s:1.0 a skos:Concept .", f"{NS}/colours/1.0"),
    ("skos_s9", "<urn:x> skos:inScheme i:Y .", f"{ITEM}/Y"),
    ("skos_s9", "s:1.0 skos:narrowMatch <urn:x> .", f"{NS}/colours/1.0"),
    ("skos_s37", "i:Y a skos:OrderedCollection .", f"{ITEM}/Y"),
    ("skos_s13", 'i:Y skos:hiddenLabel "yellow"@en .', f"{ITEM}/Y"),
    ("skos_s14", 'i:Y skos:prefLabel "gold"@en .', f"{ITEM}/Y"),
    ("skos_s14", 'i:Y skosxl:prefLabel <urn:l> . <urn:l> skosxl:literalForm "gold"@en .', f"{ITEM}/Y"),
    ("skos_s13", 'i:Y skosxl:altLabel <urn:l> . <urn:l> skosxl:literalForm "yellow"@en .', f"{ITEM}/Y"),
    ("skosxl_s52", "i:Y skosxl:altLabel <urn:l> .", "urn:l"),
    (
        "skosxl_s52",
        'i:Y skosxl:altLabel <urn:l> . <urn:l> skosxl:literalForm "gold"@en, "or"@fr .',
        "urn:l",
    ),
    ("skosxl_s48", 'i:Y skosxl:altLabel i:B . i:B skosxl:literalForm "gold"@en .', f"{ITEM}/B"),
    ("skos_s27", "i:R skos:related i:W .", f"{ITEM}/R"),
    (
        "skos_s27",
        "i:R skos:relatedMatch <urn:x> . <urn:x> skos:narrowMatch <urn:y> . <urn:y> skos:narrower i:R .",
        f"{ITEM}/R",
    ),
    (
        "skos_s46",
        "i:R skos:exactMatch <urn:x> . <urn:y> skos:exactMatch <urn:x> . <urn:y> skos:relatedMatch i:R .",
        "urn:y",
    ),
    ("skos_s46", "i:R skos:exactMatch <urn:x> . <urn:x> skos:narrowMatch i:R .", "urn:x"),
]


@pytest.mark.parametrize(("rule", "added", "place"), EXTRA, ids=[f"{rule}: {added[:40]}" for rule, added, _ in EXTRA])
def test_a_skos_condition_is_checked_with_what_statements_entail(rule: str, added: str, place: str) -> None:
    """The sound world and a few statements that break one condition, some only by entailment."""
    statements = parse_statements((colours_turtle() + added).encode(), source="extra.ttl")

    found = check_conditions(collect_assertions(statements))

    assert (rule, place) in [(each.rule, each.place) for each in found]
    assert {each.rule for each in found} == {rule}


def test_the_sound_world_meets_every_skos_condition() -> None:
    """No condition is broken by what the writer writes."""
    statements = parse_statements(colours_turtle().encode(), source="colours.ttl")

    assert check_conditions(collect_assertions(statements)) == ()


BAD_TURTLE: list[tuple[str, Callable[[str], str], str]] = [
    ("cycle", lambda text: text + "i:W skos:broader i:R .", f"{NS}/colours/1.0 code R"),
    (
        "cycle",
        lambda text: text.replace("skos:broader i:W", "skos:broader i:Y").replace(
            "i:Y\n", "i:Y skos:broader i:R . i:Y\n"
        ),
        f"{NS}/colours/1.0 code R",
    ),
    (
        "code_repeated",
        lambda text: text + 'i:Z a skos:Concept ; skos:notation "Y" ; skos:prefLabel "z"@en ; skos:inScheme s:1.0 .',
        f"{NS}/colours/1.0 code Y",
    ),
    ("skos_s14", lambda text: text + 'i:Y skos:prefLabel "gold"@en .', f"{ITEM}/Y"),
    ("code_missing", lambda text: text + "i:Z a skos:Concept .", f"{ITEM}/Z"),
    ("code_malformed", lambda text: text + 'i:Z a skos:Concept ; skos:notation "a b" .', f"{ITEM}/Z"),
    ("language_missing", lambda text: text + 'i:Y skos:altLabel "gold" .', f"{ITEM}/Y"),
    ("language_missing", lambda text: text + 'i:Y skos:altLabel "gold"@en-x-mine .', f"{ITEM}/Y"),
    (
        "value_malformed",
        lambda text: text.replace('"2025-01-01"^^xsd:date', '"soon"'),
        f"{NS}/colours/1.0 http://purl.org/dc/terms/issued",
    ),
    ("blank_node", lambda text: text + 'i:Y skos:note [ skos:altLabel "x"@en ] .', "the text"),
    ("not_one_subject", lambda text: text + "<urn:other> a skos:ConceptScheme .", "urn:other"),
    ("no_release", lambda text: "<urn:a> <urn:b> <urn:c> .", "the text"),
]


@pytest.mark.parametrize(
    ("rule", "spoil", "place"), BAD_TURTLE, ids=[f"{at}-{row[0]}" for at, row in enumerate(BAD_TURTLE)]
)
def test_bad_turtle_is_told_by_rule_and_place(rule: str, spoil: Callable[[str], str], place: str) -> None:
    """Reading and checking together find the rule broken where it is broken."""
    text = read_vocabulary(spoil(colours_turtle()).encode(), source="bad.ttl")

    versions = [release for release in text.releases if isinstance(release, SchemeVersion)]
    found = [*text.findings, *(finding for version in versions for finding in check_version(version))]

    assert (rule, place) in [(each.rule, each.place) for each in found if each.severity is Severity.ERROR]


def test_statements_without_a_place_in_the_model_are_told() -> None:
    """Nothing is dropped in silence."""
    text = read_vocabulary((colours_turtle() + 'i:Y <urn:shade> "light" .').encode(), source="more.ttl")

    assert text.findings == (
        Finding(Severity.WARNING, "statement_unmapped", f"{ITEM}/Y urn:shade", "the model has no place for it"),
    )


# --- XKOS --------------------------------------------------------------------------------------------------

URI = f"{NS}/colours/1.0"
TO = f"{NS}/correspondence/colours-1.0--colours-1.1"
CORRESPONDENCE = f"""
@prefix xkos: <http://rdf-vocabulary.ddialliance.org/xkos#> .
@prefix ictip: <https://w3id.org/ictip/def#> .
<{TO}> a xkos:Correspondence ;
    xkos:compares <{URI}>, <{NS}/colours/1.1> ; ictip:from <{URI}> ; ictip:to <{NS}/colours/1.1> ;
    <http://purl.org/dc/terms/title> "From 1.0 to 1.1"@en ; xkos:madeOf <{TO}/1> .
<{TO}/1> a xkos:ConceptAssociation ; ictip:kind "same" ; ictip:order 1 ;
    xkos:sourceConcept <{URI}/item/Y> ; xkos:targetConcept <{NS}/colours/1.1/item/Y> .
"""
XKOS_BROKEN: list[tuple[str, str, str, str, str]] = [
    ("xkos_number_of_levels", URI, colours_turtle(), "xkos:numberOfLevels 2", "xkos:numberOfLevels 3"),
    ("xkos_levels_list", URI, colours_turtle(), f"xkos:levels <{URI}/levels/1> ;", ""),
    ("xkos_levels_list", URI, colours_turtle(), f"rdf:rest <{URI}/levels/2>", f"rdf:rest <{URI}/levels/1>"),
    ("xkos_levels_list", f"{URI}/level/2", colours_turtle(), f"rdf:rest <{URI}/levels/2>", "rdf:rest rdf:nil"),
    ("xkos_levels_list", URI, colours_turtle(), "rdf:first l:2", "rdf:first i:Y"),
    (
        "xkos_levels_order",
        URI,
        colours_turtle().replace("rdf:first l:2", "rdf:first l:1"),
        "rdf:first l:1 ",
        "rdf:first l:2 ",
    ),
    ("xkos_level_missing", f"{ITEM}/Y", colours_turtle(), "        i:V,\n        i:Y .", "        i:V ."),
    ("xkos_follows", URI, colours_turtle(), "xkos:numberOfLevels", f"xkos:follows <{URI}> ; xkos:numberOfLevels"),
    (
        "xkos_follows",
        URI,
        colours_turtle(),
        "xkos:numberOfLevels",
        f"xkos:supersedes <{NS}/x/0.9> ; xkos:numberOfLevels",
    ),
    ("xkos_covers", URI, colours_turtle(), "xkos:numberOfLevels", 'xkos:covers "light" ; xkos:numberOfLevels'),
    (
        "xkos_covers",
        f"{ITEM}/Y",
        colours_turtle(),
        'skos:notation "Y"',
        'xkos:coversExhaustively <urn:light> ; skos:notation "Y"',
    ),
    ("xkos_compares", TO, CORRESPONDENCE, f"<{URI}>, <{NS}/colours/1.1>", f"<{URI}>"),
    ("xkos_compares", TO, CORRESPONDENCE, f"<{URI}>, <{NS}/colours/1.1>", f"<{URI}>, <{NS}/shapes/1.1>"),
    ("xkos_association_foreign", f"{TO}/1", CORRESPONDENCE, f"<{URI}/item/Y>", f"<{NS}/shapes/1.0/item/Y>"),
    ("xkos_association_loose", f"{TO}/1", CORRESPONDENCE, f"xkos:madeOf <{TO}/1>", f"xkos:madeOf <{TO}/2>"),
]


@pytest.mark.parametrize(
    ("rule", "place", "sound", "old", "new"), XKOS_BROKEN, ids=[f"{row[0]}: {row[4][:30]}" for row in XKOS_BROKEN]
)
def test_a_rule_of_xkos_is_found_broken_at_its_place(rule: str, place: str, sound: str, old: str, new: str) -> None:
    """In the statements themselves: what the model would have read past."""
    assert old in sound

    text = read_vocabulary(sound.replace(old, new, 1).encode(), source="bad.ttl")

    assert (rule, place) in [(each.rule, each.place) for each in text.findings if each.severity is Severity.ERROR]


def test_the_sound_texts_break_no_rule_of_xkos() -> None:
    """Neither the version's nor the correspondence's."""
    for text in (colours_turtle(), CORRESPONDENCE):
        assert read_vocabulary(text.encode(), source="sound.ttl").findings == ()


Y, R = (Notation("Y"),), (Notation("R"),)
SAME = Association(Y, Y, AssociationKind.SAME)
ASSOCIATIONS: list[tuple[tuple[Association, ...], list[tuple[str, str]]]] = [
    ((SAME,), []),
    ((SAME, replace(SAME, reason="Again.")), [("association_repeated", f"{TO}/2")]),
    ((Association(Y, R, AssociationKind.ADDED),), [("association_kind", f"{TO}/1")]),
    ((Association(Y, R, AssociationKind.REMOVED),), [("association_kind", f"{TO}/1")]),
    ((Association(Y, (), AssociationKind.SPLIT),), [("association_kind", f"{TO}/1")]),
    ((Association(Y, (*Y, *R), AssociationKind.SAME),), [("association_kind", f"{TO}/1")]),
    ((Association((), (), AssociationKind.SAME),), [("association_empty", f"{TO}/1")]),
    (
        (Association(Y, Y, AssociationKind.SPLIT), Association(Y, R, AssociationKind.SPLIT)),
        [("split_scattered", f"{TO}/2")],
    ),
]


@pytest.mark.parametrize(("associations", "expected"), ASSOCIATIONS)
def test_an_association_says_one_thing_once(
    associations: tuple[Association, ...], expected: list[tuple[str, str]]
) -> None:
    """Ends fit the kind, nothing comes twice, a split stands together."""
    ends = [(SchemeId("colours"), VersionTag(tag)) for tag in ("1.0", "1.1")]
    told = Correspondence(TO, ends[0], ends[1], (Label("From 1.0 to 1.1", EN),), associations)

    found = check_correspondence(told, dict.fromkeys(ends, frozenset("YR")))

    assert [(each.rule, each.place) for each in found] == expected


def test_a_correspondence_has_a_title_and_leads_forwards() -> None:
    """One a language; from the former to the later version of a scheme."""
    ends = [(SchemeId("colours"), VersionTag(tag)) for tag in ("1.1", "1.0")]
    two = (Label("Back", EN), Label("Backwards", EN))
    codes = dict.fromkeys(ends, frozenset("YR"))

    untitled, doubled = (
        check_correspondence(Correspondence(TO, ends[0], ends[1], titles, (SAME,)), codes) for titles in ((), two)
    )

    assert [each.rule for each in untitled] == ["title_missing", "correspondence_not_forwards"]
    assert [each.rule for each in doubled] == ["skos_s14", "correspondence_not_forwards"]
