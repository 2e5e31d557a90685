"""What may be asked of the registry: synchronous, over a catalogue in memory, each for an actor.

Lives here: the questions. Elsewhere: what they read (``catalogue``), the list's shape (``codelist``), the matching
(``search``), how the catalogue keeps up with the store (``current``).

Every answer holds the `CompiledVersion` it was resolved to (scheme, tag, digest, revision), every label its language
and status. The policy is asked first, so a caller without the right learns nothing, not even which arguments are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.access import policy
from registry.access.actor import Actor, Right
from registry.classification.catalogue import (
    LATEST,
    Catalogue,
    CompiledVersion,
    Item,
    VersionChoice,
    split_uri,
)
from registry.classification.codelist import Codelist, Shape, shape_codelist
from registry.classification.model import (
    Binding,
    Collection,
    Correspondence,
    Label,
    UnitOfDescription,
    VariableFacts,
)
from registry.classification.paging import FIRST_PAGE, Page, PageRequest, cut_page, question_fingerprint
from registry.classification.search import Found, MatchedOn, Span, find_concepts, find_spans, fold_words
from registry.errors import (
    ArgumentOutOfRange,
    ArgumentsConflicting,
    CodeUnknown,
    LanguageUnknown,
    ListNotBound,
    UriUnknown,
    VariableUnknown,
    check_range,
)
from registry.identifiers import NAMESPACE, LanguageTag, SchemeId
from registry.outbox.model import Happening

LONGEST_SEARCH: Final = 200
"""Code points of a search text: longer than any label's useful part, short enough to fold at once."""
STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class ToldVersion:
    """A version that came into the registry, and the happening that tells of it."""

    version: CompiledVersion
    happening: Happening


@dataclass(frozen=True, slots=True)
class SchemeAnswer:
    """A scheme with its latest version and all there are, newest first."""

    scheme: SchemeId
    uri: str
    latest: CompiledVersion
    versions: tuple[CompiledVersion, ...]

    @property
    def titles(self) -> tuple[Label, ...]:
        """Those of the latest version."""
        return self.latest.content.titles


@dataclass(frozen=True, slots=True)
class BoundList:
    """A binding and the version of the list it resolves to."""

    binding: Binding
    version: CompiledVersion


@dataclass(frozen=True, slots=True)
class VariableAnswer:
    """A variable: its item (labels, notes, place among its kind), its facts and the list it takes its codes from."""

    item: Item
    facts: VariableFacts
    bound: BoundList | None


@dataclass(frozen=True, slots=True)
class CollectionAnswer:
    """A grouping and the version it stands in."""

    version: CompiledVersion
    collection: Collection


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A concept found, and by what: ``code`` (with ``system`` when it is that of another system) or ``label``."""

    item: Item
    matched: MatchedOn
    code: str | None
    system: str | None
    label: Label | None
    spans: tuple[Span, ...]
    """Where the words stand in the code or label that matched, in code points."""


Published = SchemeAnswer | CompiledVersion | Item | CollectionAnswer | Correspondence


def schemes(catalogue: Catalogue, *, actor: Actor, valid_on: date | None = None) -> tuple[SchemeAnswer, ...]:
    """Every scheme, by id; of a day those that have a version in force then."""
    policy.require(actor, Right.READ_REGISTRY)
    choice = VersionChoice(valid_on=valid_on)
    wanted = sorted(catalogue.versions) if valid_on is None else catalogue.fitting(choice)
    return tuple(answer_scheme(catalogue, scheme, choice) for scheme in wanted)


def scheme(catalogue: Catalogue, scheme_id: str, *, actor: Actor, valid_on: date | None = None) -> SchemeAnswer:
    """One scheme, its latest version that in force on the day; `SchemeUnknown`, `VersionUnknown`."""
    policy.require(actor, Right.READ_REGISTRY)
    return answer_scheme(catalogue, scheme_id, VersionChoice(valid_on=valid_on))


def version(catalogue: Catalogue, scheme_id: str, *, actor: Actor, choice: VersionChoice = LATEST) -> CompiledVersion:
    """One version by tag, edition or day, or the latest; `SchemeUnknown`, `VersionUnknown`, `ArgumentsConflicting`."""
    policy.require(actor, Right.READ_REGISTRY)
    return catalogue.resolve(scheme_id, choice)


def concept(catalogue: Catalogue, scheme_id: str, code: str, *, actor: Actor, choice: VersionChoice = LATEST) -> Item:
    """One concept by its code in a version; also a withdrawn one, which says so. `CodeUnknown` besides."""
    policy.require(actor, Right.READ_REGISTRY)
    return catalogue.resolve(scheme_id, choice).item(code)


def concept_by_uri(catalogue: Catalogue, uri: str, *, actor: Actor) -> Item:
    """One concept by its own URI or by that of a label or note of it, or by its identity (then in the newest version).

    `UriUnknown` also for the URI of something that is no concept: `resource` answers those.
    """
    policy.require(actor, Right.READ_REGISTRY)
    found = find_resource(catalogue, uri)
    if not isinstance(found, Item):
        raise UriUnknown()
    return found


def resource(catalogue: Catalogue, uri: str, *, actor: Actor) -> Published:
    """Whatever is published at the URI: scheme, version, item, collection, identity or correspondence; `UriUnknown`."""
    policy.require(actor, Right.READ_REGISTRY)
    return find_resource(catalogue, uri)


def same_identity(catalogue: Catalogue, item: Item, *, actor: Actor) -> tuple[Item, ...]:
    """The items of every version with the same meaning, newest first, this one among them (alone without identity).

    As known when the item was asked for: a past answer tells of nothing that came later.
    """
    policy.require(actor, Right.READ_REGISTRY)
    known_at = item.version.known_at
    known = catalogue if known_at is None else catalogue.past(known_at)
    return known.identities.get(item.concept.identity or "", (item,))


def codelist(
    catalogue: Catalogue,
    scheme_id: str | None = None,
    *,
    actor: Actor,
    variable: str | None = None,
    choice: VersionChoice = LATEST,
    level: int | None = None,
    shape: Shape = Shape.FLAT,
    languages: Sequence[str] = (),
) -> Codelist:
    """A whole list, by scheme, or by variable through its binding (of the day ``choice.valid_on``, else the newest).

    Besides the errors of `version`: `VariableUnknown`, `ListNotBound`, `LanguageUnknown` when none of the languages
    has labels, `ArgumentOutOfRange` when there is no such level, `ArgumentsConflicting` unless one of scheme and
    variable is given, or when a version is given for a variable (its binding names one).
    """
    policy.require(actor, Right.READ_REGISTRY)
    if (scheme_id is None) == (variable is None):
        raise ArgumentsConflicting(arguments="scheme, variable", rule="give one of them")
    if scheme_id is not None:
        return shape_codelist(catalogue.resolve(scheme_id, choice), languages, shape=shape, level=level)
    if choice.version is not None:
        raise ArgumentsConflicting(arguments="variable, version", rule="the variable's binding names the version")
    bound = find_list(catalogue, variable or "", choice.valid_on)
    return shape_codelist(bound.version, languages, shape=shape, level=level, binding=bound.binding)


def variables(
    catalogue: Catalogue,
    *,
    actor: Actor,
    step: int | None = None,
    describes: UnitOfDescription | None = None,
    valid_on: date | None = None,
) -> tuple[VariableAnswer, ...]:
    """The variables by step (those without one last), then in their scheme's order; `ArgumentOutOfRange` for a step.

    Of a day those in force then, with the lists bound then.
    """
    policy.require(actor, Right.READ_REGISTRY)
    if step is not None:
        check_range("step", step, 1, STEPS)
    found = [
        answer_variable(catalogue, each, facts, valid_on)
        for each in variable_versions(catalogue, valid_on)
        for facts in each.content.variables
        if step in (None, facts.step) and describes in (None, facts.describes)
    ]
    return tuple(sorted(found, key=lambda answer: answer.facts.step or STEPS + 1))


def variable(catalogue: Catalogue, code: str, *, actor: Actor, valid_on: date | None = None) -> VariableAnswer:
    """One variable by its code; `VariableUnknown`."""
    policy.require(actor, Right.READ_REGISTRY)
    item = find_variable(catalogue, code)
    facts = next(facts for facts in item.version.content.variables if facts.code == code)
    return answer_variable(catalogue, item.version, facts, valid_on)


def correspondences(catalogue: Catalogue, *, actor: Actor) -> tuple[Correspondence, ...]:
    """Every correspondence, by URI."""
    policy.require(actor, Right.READ_REGISTRY)
    return catalogue.correspondences


def search_concepts(
    catalogue: Catalogue,
    text: str,
    *,
    actor: Actor,
    schemes: Sequence[str] = (),
    choice: VersionChoice = LATEST,
    languages: Sequence[str] = (),
    page: PageRequest = FIRST_PAGE,
) -> Page[SearchHit]:
    """Concepts whose code begins with the text, or whose label holds words that begin with all of its words.

    Ranked: exact code, code prefix, exact label, label words; preferred before alternative before hidden labels; then
    by scheme and order. Without schemes all are searched, in their latest versions; a version needs its one scheme.
    Without languages labels of all are searched, else of those alone.

    `ArgumentOutOfRange` for a text over 200 code points or a page over 100, `ArgumentsConflicting` for a text without
    a letter or digit, `LanguageUnknown` when no searched version has a language, `CursorForeign` for another's cursor.
    """
    policy.require(actor, Right.READ_REGISTRY)
    check_search(text, schemes, choice)
    searched = [catalogue.resolve(each, choice) for each in dict.fromkeys(schemes or catalogue.fitting(choice))]
    spoken = search_languages(searched, languages)
    rows = [
        (found, each)
        for each in searched
        for found in find_concepts(each.index, text, spoken.get(each.scheme, each.languages))
    ]
    rows.sort(key=rank_row)
    asked = (text, tuple(schemes), tuple(languages))
    fingerprint = question_fingerprint("searchConcepts", asked, [each.digest for each in searched])
    return cut_page(rows, rank_row, lambda row: answer_hit(row, text), page, fingerprint)


# --- what the questions have in common -----------------------------------------------------------------


def told_version(
    catalogue: Catalogue, happening: Happening, schemes: Sequence[str], *, actor: Actor
) -> ToldVersion | None:
    """The version whose release happened, if it is one of these schemes'; any scheme's without a name.

    A scheme may be named before its first version is there. Raises `NotAllowed`.
    """
    policy.require(actor, Right.READ_REGISTRY)
    scheme, _, tag = happening.subject.partition("/")
    if schemes and scheme not in schemes:
        return None
    released = next((each for each in catalogue.versions.get(scheme, ()) if each.tag == tag), None)
    return None if released is None else ToldVersion(released, happening)


def answer_scheme(catalogue: Catalogue, scheme_id: str, choice: VersionChoice = LATEST) -> SchemeAnswer:
    versions = catalogue.scheme_versions(scheme_id)
    return SchemeAnswer(
        scheme=versions[-1].scheme,
        uri=f"{NAMESPACE}/{versions[-1].scheme}",
        latest=latest_or_last(catalogue, scheme_id, choice),
        versions=tuple(reversed(versions)),
    )


def variable_versions(catalogue: Catalogue, valid_on: date | None) -> Iterator[CompiledVersion]:
    """The versions of the schemes of variables that are in force on the day, those of IC-TIP first."""
    choice = VersionChoice(valid_on=valid_on)
    in_force = catalogue.fitting(choice)
    for scheme_id in catalogue.variable_schemes():
        if scheme_id in in_force:
            yield catalogue.resolve(scheme_id, choice)


def latest_or_last(catalogue: Catalogue, scheme_id: str, choice: VersionChoice) -> CompiledVersion:
    """The version meant; of a scheme whose every version was withdrawn the last, which says so."""
    versions = catalogue.scheme_versions(scheme_id)
    if choice == LATEST and scheme_id not in catalogue.fitting(choice):
        return versions[-1]
    return catalogue.resolve(scheme_id, choice)


def answer_variable(
    catalogue: Catalogue, compiled: CompiledVersion, facts: VariableFacts, valid_on: date | None
) -> VariableAnswer:
    binding = catalogue.binding(compiled.scheme, facts.code, valid_on)
    bound = None if binding is None else resolve_binding(catalogue, binding)
    return VariableAnswer(item=compiled.item(facts.code), facts=facts, bound=bound)


def resolve_binding(catalogue: Catalogue, binding: Binding) -> BoundList:
    choice = VersionChoice(version=binding.list_version)
    return BoundList(binding, catalogue.resolve(binding.list_scheme, choice))


def find_variable(catalogue: Catalogue, code: str) -> Item:
    item = catalogue.variable(code)
    if item is None:
        raise VariableUnknown(variable=code)
    return item


def find_list(catalogue: Catalogue, code: str, valid_on: date | None) -> BoundList:
    """The list of a variable; `VariableUnknown`, `ListNotBound`."""
    item = find_variable(catalogue, code)
    binding = catalogue.binding(item.version.scheme, item.concept.code, valid_on)
    if binding is None:
        when = "at all" if valid_on is None else f"on {valid_on.isoformat()}"
        raise ListNotBound(variable=code, when=when)
    return resolve_binding(catalogue, binding)


def find_resource(catalogue: Catalogue, uri: str) -> Published:
    """What is published there, by the URI's shape (see ``docs/adr/0004-uri-design.md``); `UriUnknown`."""
    parts = split_uri(uri) or ("",)
    if parts[0] == "id":
        return next(iter(catalogue.identities.get(uri, ())), None) or raise_unknown()
    if parts[0] == "correspondence":
        return next((each for each in catalogue.correspondences if each.uri == uri), None) or raise_unknown()
    if parts[0] not in catalogue.versions:
        raise UriUnknown()
    if len(parts) == 1:
        return answer_scheme(catalogue, parts[0])
    compiled = next((each for each in catalogue.newest_editions(parts[0]) if each.tag.version == parts[1]), None)
    if compiled is None:
        raise UriUnknown()
    return find_part(compiled, parts[2:])


def find_part(compiled: CompiledVersion, parts: Sequence[str]) -> Published:
    """What a version publishes under its own URI; `UriUnknown`."""
    match parts:
        case [] | ["level" | "levels" | "label" | "note", *_]:
            return compiled
        case ["item", code] | ["item", code, "label" | "note", *_]:
            try:
                return compiled.item(code)
            except CodeUnknown as error:
                raise UriUnknown() from error
        case ["collection", code, *_]:
            found = next((each for each in compiled.content.collections if each.code == code), None)
            return CollectionAnswer(compiled, found) if found is not None else raise_unknown()
        case _:
            raise UriUnknown()


def raise_unknown() -> Published:
    raise UriUnknown()


def check_search(text: str, asked: Sequence[str], choice: VersionChoice) -> None:
    if len(text) > LONGEST_SEARCH:
        raise ArgumentOutOfRange(argument="length of text", actual=len(text), lowest=1, highest=LONGEST_SEARCH)
    if not fold_words(text):
        raise ArgumentsConflicting(arguments="text", rule="it needs a letter or a digit")
    if choice.version is not None and len(asked) != 1:
        raise ArgumentsConflicting(arguments="version, schemes", rule="a version needs its one scheme")


def search_languages(
    searched: Sequence[CompiledVersion], languages: Sequence[str]
) -> dict[SchemeId, Sequence[LanguageTag]]:
    """By scheme the languages to search; empty when all are. `LanguageUnknown` when no version has any of them."""
    if not languages:
        return {}
    spoken: dict[SchemeId, Sequence[LanguageTag]] = {}
    for each in searched:
        try:
            spoken[each.scheme] = each.resolve_languages(languages)
        except LanguageUnknown:
            if len(searched) == 1:
                raise
            spoken[each.scheme] = ()
    if not any(spoken.values()):
        available = ", ".join(sorted({language for each in searched for language in each.languages}))
        raise LanguageUnknown(
            scheme="the registry", version="as searched", language=", ".join(languages), available=available
        )
    return spoken


def rank_row(row: tuple[Found, CompiledVersion]) -> tuple[int | str, ...]:
    """What matched, kind of label, scheme, position: unique, for a version is searched once."""
    (matched, kind, position), compiled = row[0].rank, row[1]
    return (int(matched), kind, compiled.scheme, position)


def answer_hit(row: tuple[Found, CompiledVersion], text: str) -> SearchHit:
    found, compiled = row
    item, matched = Item(compiled, found.rank[-1]), MatchedOn(found.rank[0])
    if found.code is not None:
        start = (Span(0, min(len(text.strip()), len(found.code.code))),)
        return SearchHit(item, matched, found.code.code, found.code.system, None, start)
    spans = () if found.label is None else find_spans(found.label.text, text)
    return SearchHit(item, matched, None, None, found.label, spans)
