"""Spec and generative tests of the typed diff and of the rules of severity."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.classification.changes import ChangeKind, Severity, Step, fits, least_version
from registry.classification.diff import apply_diff, diff_versions, longest_rising
from registry.classification.diff_page import diff_to_html
from registry.classification.model import (
    Association,
    AssociationKind,
    Collection,
    Concept,
    ConceptStatus,
    Label,
    LabelKind,
    Level,
    Match,
    MatchKind,
    Note,
    NoteKind,
    SchemeVersion,
    UnitOfDescription,
    VariableFacts,
    VariableKind,
)
from registry.classification.report import diff_to_markdown, diff_to_plain
from registry.errors import ArgumentsConflicting, DiffForeign, VocabularyInvalid
from registry.identifiers import NAMESPACE, LanguageTag, Notation, SchemeId, VersionTag
from tests.revision.families import (
    EN,
    codes,
    concept,
    concordances,
    correspondence,
    family,
    small,
    version_of,
)


def changed(version: SchemeVersion, code: str, **facts: object) -> SchemeVersion:
    """The version with facts of one item replaced."""
    make: dict[str, object] = facts
    return replace(
        version,
        concepts=tuple(
            replace(each, **make) if each.code == code else each  # type: ignore[arg-type]
            for each in version.concepts
        ),
    )


def kinds(old: SchemeVersion, new: SchemeVersion) -> list[str]:
    return [change.kind for change in diff_versions(old, new).changes]


def test_a_version_only_renumbered_has_an_empty_diff() -> None:
    """URIs and tags follow the number, and are no change of their own."""
    diff = diff_versions(small("1.0"), small("1.1"))

    assert diff.changes == ()
    assert diff.least_version == "1.0"
    assert apply_diff(diff, small("1.0")) == small("1.1")


@pytest.mark.parametrize(
    ("facts", "kind", "severity", "step"),
    [
        ({"labels": (Label("Other", EN),)}, ChangeKind.RELABELLED, Severity.CAUTION, Step.EDITION),
        (
            {"labels": (Label("Item 1.1", EN), Label("Poste 1.1", LanguageTag("fr")))},
            ChangeKind.RELABELLED,
            Severity.SAFE,
            Step.EDITION,
        ),
        ({"notes": (Note("A remark.", EN),)}, ChangeKind.NOTE_CHANGED, Severity.SAFE, Step.EDITION),
        (
            {"notes": (Note("It is not 3.", EN, NoteKind.EXCLUSION),)},
            ChangeKind.NOTE_CHANGED,
            Severity.SAFE,
            Step.EDITION,
        ),
        ({"parent": Notation("2")}, ChangeKind.MOVED, Severity.CAUTION, Step.MINOR),
        ({"status": ConceptStatus.DEPRECATED}, ChangeKind.STATUS_CHANGED, Severity.CAUTION, Step.MINOR),
        ({"status": ConceptStatus.WITHDRAWN}, ChangeKind.STATUS_CHANGED, Severity.BREAKING, Step.MAJOR),
        ({"residual": True}, ChangeKind.FACT_CHANGED, Severity.CAUTION, Step.MINOR),
        ({"printed_references": ("02041",)}, ChangeKind.FACT_CHANGED, Severity.SAFE, Step.EDITION),
        (
            {"matches": (Match(MatchKind.EXACT, f"{NAMESPACE}/iccs/1.0/item/02041"),)},
            ChangeKind.LINK_CHANGED,
            Severity.CAUTION,
            Step.EDITION,
        ),
    ],
)
def test_each_changed_field_has_its_kind_severity_and_step(
    facts: dict[str, object], kind: ChangeKind, severity: Severity, step: Step
) -> None:
    """One change of one field is one change, weighed by the table."""
    [change] = diff_versions(small("1.0"), changed(small("1.1"), "1.1", **facts)).changes

    assert (change.kind, change.severity, change.step) == (kind, severity, step)
    assert (change.old, change.new) == (("1.1",), ("1.1",))


def test_a_definition_that_changed_asks_for_a_minor_number() -> None:
    """What belongs to an item is its meaning; a note in a language that had none before is a translation."""
    was = changed(small("1.0"), "3", notes=(Note("All of it.", EN, NoteKind.DEFINITION),))
    now = changed(small("1.1"), "3", notes=(Note("Most of it.", EN, NoteKind.DEFINITION),))
    french = Note("Tout.", LanguageTag("fr"), NoteKind.DEFINITION)
    translated = changed(small("1.1"), "3", notes=(Note("All of it.", EN, NoteKind.DEFINITION), french))

    assert diff_versions(was, now).step is Step.MINOR
    assert diff_versions(was, translated).step is Step.EDITION


def test_one_identity_under_another_code_is_recoded_and_its_children_stay() -> None:
    """Children of a recoded parent do not move."""
    old = small("1.0")
    new = replace(
        small("1.1"),
        concepts=tuple(
            concept("9", title="Item 2", version="1.1", identity="small3")
            if each.code == "2"
            else replace(each, parent=Notation("9"))
            if each.parent == "2"
            else each
            for each in small("1.1").concepts
        ),
    )

    diff = diff_versions(old, new)

    assert [(change.kind, change.old, change.new) for change in diff.changes] == [
        (ChangeKind.RECODED, ("2",), ("9",)),
    ]
    assert diff.least_version == "2.0"
    assert apply_diff(diff, old) == new


def test_one_code_with_another_identity_is_reused() -> None:
    """The code stays and the meaning does not: gone, new, and said to be reused."""
    old = small("1.0")
    new = changed(small("1.1"), "3", identity=f"{NAMESPACE}/id/another", labels=(Label("Something else", EN),))

    diff = diff_versions(old, new)

    assert [change.kind for change in diff.changes] == [ChangeKind.REMOVED, ChangeKind.CODE_REUSED, ChangeKind.ADDED]
    reused = diff.of(ChangeKind.CODE_REUSED)[0]
    assert (reused.old_labels, reused.new_labels) == (("Item 3",), ("Something else",))
    assert apply_diff(diff, old) == new


def test_a_split_that_keeps_its_whole_asks_for_a_minor_number_only() -> None:
    """Records coded with the whole still hold; a split that drops its code does not spare them."""
    parts = [concept(code, parent="3", version="1.1", identity=code) for code in ("3.1", "3.2")]
    kept = replace(small("1.1"), concepts=(*small("1.1").concepts, *parts))
    dropped = replace(
        kept,
        concepts=tuple(
            replace(each, parent=None, level=1) if each.parent == "3" else each
            for each in kept.concepts
            if each.code != "3"
        ),
    )
    split = Association(sources=codes("3"), targets=codes("3.1", "3.2"), kind=AssociationKind.SPLIT, reason="Two ways.")
    same = Association(sources=codes("3"), targets=codes("3"), kind=AssociationKind.SAME)

    subdivided = diff_versions(small("1.0"), kept, correspondence(same, split))
    torn = diff_versions(small("1.0"), dropped, correspondence(split))

    [change] = subdivided.of(ChangeKind.SPLIT)
    assert (change.severity, change.old, change.new) == (Severity.CAUTION, ("3",), ("3.1", "3.2"))
    assert subdivided.least_version == "1.1"
    assert torn.of(ChangeKind.SPLIT)[0].severity is Severity.BREAKING
    assert torn.of(ChangeKind.SPLIT)[0].reason == "Two ways."
    assert torn.least_version == "2.0"


def test_a_merge_names_every_source() -> None:
    """Two old codes, one new code."""
    new = replace(
        small("2.0"),
        concepts=(
            *(each for each in small("2.0").concepts if each.code not in {"1.1", "1.2"}),
            concept("1.3", parent="1", version="2.0", identity="merged"),
        ),
    )
    merged = Association(sources=codes("1.1", "1.2"), targets=codes("1.3"), kind=AssociationKind.MERGED)

    diff = diff_versions(small("1.0"), new, correspondence(merged, target="2.0"))

    assert [(each.old, each.new) for each in diff.of(ChangeKind.MERGED)] == [(("1.1", "1.2"), ("1.3",))]
    assert apply_diff(diff, small("1.0")) == new


def test_two_schemes_have_no_diff() -> None:
    """Between schemes there are correspondences, not revisions."""
    with pytest.raises(ArgumentsConflicting):
        diff_versions(small(), small(scheme="other"))


def test_a_code_that_stands_twice_is_refused() -> None:
    """Nothing can be said of it."""
    twice = version_of([concept("1"), concept("1")])

    with pytest.raises(VocabularyInvalid) as caught:
        diff_versions(twice, small())

    assert caught.value.facts["place"] == "1"


def test_a_diff_is_not_applied_to_another_version() -> None:
    """The digest tells them apart even where the number does not."""
    diff = diff_versions(replace(small("1.0"), digest="a"), small("1.1"))

    with pytest.raises(DiffForeign):
        apply_diff(diff, replace(small("1.0"), digest="b"))


def test_isic_4_to_5_finds_every_code_that_means_something_else() -> None:
    """11 classes, 7 groups and, since letters shift from J on, 11 sections. How long it takes says `make bench`."""
    old, new, table = family("ISIC4_to_ISIC5")

    diff = diff_versions(old, new, table)

    reused = [change.old[0] for change in diff.of(ChangeKind.CODE_REUSED)]
    assert [code for code in reused if len(code) == 4] == [
        "1104", "4661", "4662", "4663", "4762", "4763", "4781", "4782", "5520", "5812", "8413",
    ]  # fmt: skip
    assert [code for code in reused if len(code) == 3] == ["466", "478", "552", "852", "853", "854", "855"]
    assert [code for code in reused if len(code) == 1] == ["K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U"]
    recoded = {str(change.old[0]): change.new[0] for change in diff.of(ChangeKind.RECODED)}
    assert (recoded["K"], recoded["T"]) == ("L", "U")
    assert diff.least_version == "5.0"
    assert apply_diff(diff, old) == new


@pytest.mark.parametrize("name", concordances())
def test_every_published_concordance_round_trips(name: str) -> None:
    """The diff of any two published classifications, made with and without their concordance, is total."""
    old, new, table = family(name)

    assert apply_diff(diff_versions(old, new, table), old) == new
    assert apply_diff(diff_versions(old, new), old) == new


def test_the_html_page_tells_each_side_in_its_own_words_and_runs_nothing() -> None:
    """Labels of both versions, the words that changed marked, hostile texts as texts."""
    old = version_of([concept("1", title="Fraud by phone", identity="a"), concept("2", title="Gone", identity="b")])
    hostile = "<script>alert(1)</script>"
    new = version_of(
        [concept("1", title="Fraud by wire", version="1.1", identity="a"),
         concept("3", title=hostile, version="1.1", identity="c")],
        version="1.1",
    )  # fmt: skip

    page = diff_to_html(diff_versions(old, new))

    assert "<title>small 1.0 to 1.1</title>" in page
    assert "Fraud by <del>phone</del> <ins>wire" in page.replace("(en, preferred)", "").replace(" </", "</")
    assert '<code>2</code> <span dir="auto">Gone</span>' in page
    assert hostile not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<script") == 0
    assert 'href="#breaking-removed"' in page
    assert 'id="breaking-removed"' in page


def test_the_readable_page_and_the_plain_form_tell_every_change() -> None:
    """Each side's labels; JSON holds the plain form."""
    new = changed(small("1.1"), "3", identity=f"{NAMESPACE}/id/another", labels=(Label("Something else", EN),))
    diff = diff_versions(small("1.0"), new)

    page = diff_to_markdown(diff)
    plain = json.loads(json.dumps(diff_to_plain(diff)))

    assert "- 3 Item 3 → 3 Something else" in page
    assert "### Code reused" in page
    assert plain["leastVersion"] == "2.0"
    assert [each["kind"] for each in plain["changes"]] == ["removed", "code reused", "added"]


@pytest.mark.parametrize(
    ("old", "step", "least"),
    [
        ("1.0", Step.NONE, "1.0"),
        ("1.0", Step.EDITION, "1.0.1"),
        ("1.0.3", Step.EDITION, "1.0.4"),
        ("1.9", Step.MINOR, "1.10"),
        ("1.2", Step.MAJOR, "2.0"),
        ("0.3", Step.MAJOR, "0.4"),
    ],
)
def test_the_least_number_grows_by_the_step(old: str, step: Step, least: str) -> None:
    """Before 1.0 a breaking change asks for a minor number."""
    assert least_version(VersionTag(old), step) == least


@pytest.mark.parametrize(
    ("tag", "step", "is_fit"),
    [
        ("1.1", Step.MINOR, True),
        ("2.0", Step.MINOR, True),
        ("1.0.1", Step.MINOR, False),
        ("1.0.1", Step.EDITION, True),
        ("1.1.1", Step.EDITION, False),
        ("1.0", Step.NONE, False),
        ("0.9", Step.NONE, False),
        ("1.5", Step.MAJOR, False),
    ],
)
def test_a_number_fits_when_it_is_later_and_large_enough(tag: str, step: Step, is_fit: bool) -> None:
    """An edition needs its version to exist already."""
    assert fits(VersionTag(tag), VersionTag("1.0"), step) is is_fit


# --- generated versions ----------------------------------------------------------------------------------

LABELS = st.lists(
    st.builds(
        Label,
        st.sampled_from(("Alpha", "Beta", "Gamma")),
        st.sampled_from((EN, LanguageTag("fr"))),
        st.sampled_from(LabelKind),
    ),
    max_size=2,
).map(tuple)
NOTES = st.lists(
    st.builds(Note, st.sampled_from(("One.", "Two.")), st.just(EN), st.sampled_from(NoteKind)), max_size=2
).map(tuple)
CODES = tuple(Notation(text) for text in ("1", "2", "3", "4", "a+b", "6"))


@st.composite
def versions(draw: st.DrawFn, tag: str) -> SchemeVersion:
    """A version over six codes with every field liable to differ; not always one that may be released."""
    chosen = draw(st.lists(st.sampled_from(CODES), unique=True, max_size=6))
    uri = f"{NAMESPACE}/small/{tag}"
    concepts = tuple(draw(items(tag, code, tuple(chosen))) for code in chosen)
    return SchemeVersion(
        scheme=SchemeId("small"),
        version=VersionTag(tag),
        uri=uri,
        titles=draw(LABELS),
        concepts=concepts,
        levels=tuple(Level(depth, draw(LABELS)) for depth in draw(st.lists(st.integers(1, 3), max_size=3))),
        collections=tuple(
            Collection(code, f"{uri}/collection/{code}", draw(LABELS), tuple(draw(st.lists(st.sampled_from(CODES)))))
            for code in draw(st.lists(st.sampled_from(CODES[:3]), max_size=3))
        ),
        variables=tuple(
            VariableFacts(
                code, draw(st.sampled_from(VariableKind)), UnitOfDescription.EVENT, draw(st.none() | st.just(1))
            )
            for code in draw(st.lists(st.sampled_from(CODES[:3]), unique=True))
        ),
        sources=draw(st.sampled_from(((), ("UN",)))),
        digest=draw(st.sampled_from(("", "d"))),
    )


@st.composite
def items(draw: st.DrawFn, tag: str, code: Notation, siblings: tuple[Notation, ...]) -> Concept:
    """One item; its URI need not follow the rule, its parents need not exist."""
    base = f"{NAMESPACE}/small/{tag}/item/"
    return Concept(
        scheme=SchemeId("small"),
        version=VersionTag(tag),
        code=code,
        uri=base + draw(st.sampled_from((code, "odd", f"x/{code}"))),
        identity=draw(st.none() | st.sampled_from(("id/1", "id/2", "id/3", "id/4"))),
        parent=draw(st.none() | st.sampled_from(siblings)),
        level=draw(st.integers(1, 2)),
        labels=draw(LABELS),
        notes=draw(NOTES),
        residual=draw(st.booleans()),
        status=draw(st.sampled_from(ConceptStatus)),
        successors=tuple(base + each for each in draw(st.lists(st.sampled_from(CODES), max_size=2))),
        other_parents=tuple(draw(st.lists(st.sampled_from(CODES), max_size=1))),
    )


ASSOCIATIONS = st.lists(
    st.builds(
        Association,
        st.lists(st.sampled_from(CODES), max_size=2, unique=True).map(tuple),
        st.lists(st.sampled_from(CODES), max_size=2, unique=True).map(tuple),
        st.sampled_from(AssociationKind),
        st.booleans(),
    ),
    max_size=4,
)


@given(old=versions("1.0"), new=versions("1.1"), associations=ASSOCIATIONS)
def test_applying_the_diff_to_the_old_gives_the_new(
    old: SchemeVersion, new: SchemeVersion, associations: list[Association]
) -> None:
    """Total: nothing is lost, whatever the two versions hold and whatever a correspondence claims."""
    diff = diff_versions(old, new, correspondence(*associations))

    assert apply_diff(diff, old) == new
    assert isinstance(diff_to_markdown(diff), str)


@given(version=versions("1.0"))
def test_a_version_does_not_differ_from_itself(version: SchemeVersion) -> None:
    """No change without a difference, unless an item's parent is missing from both."""
    codes_held = {each.code for each in version.concepts}
    has_parents = all(each.parent is None or each.parent in codes_held for each in version.concepts)

    assert not has_parents or diff_versions(version, version).changes == ()


@given(st.permutations(range(9)))
def test_the_longest_rising_run_rises_and_none_is_longer(numbers: list[int]) -> None:
    """Compared with trying every length by brute force over a table."""
    best = [1] * len(numbers)
    for end in range(len(numbers)):
        for start in range(end):
            if numbers[start] < numbers[end]:
                best[end] = max(best[end], best[start] + 1)

    found = longest_rising(numbers)

    assert found == sorted(found)
    assert len(found) == max(best)
    assert [each for each in numbers if each in found] == found
