"""Each rule broken once: the finding names rule, place and severity, and nothing else is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from registry.classification.integrity import Finding, Severity, check_version, compile_pattern
from registry.classification.model import (
    Collection,
    Concept,
    Label,
    LabelKind,
    Level,
    SchemeVersion,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.classification.skos_conditions import check_conditions
from registry.identifiers import LanguageTag, Notation
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
        [*[("level_unknown", f"{ITEM}/{code}") for code in "BRVY"], ("levels_not_numbered", f"{NS}/colours/1.0")],
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
        lambda text: text + 's:1.0 dcterms:issued "soon" .',
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
