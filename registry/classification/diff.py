"""The typed, total difference between two versions of a scheme: ``apply_diff(diff_versions(a, b), a) == b``.

Lives here: which items continue which, what changed of each, and applying it. Elsewhere: the words and weights of
changes (``changes``), readable and machine-readable forms (``report``).

An old item and a new one are *the same item* when, in this order: both carry the same identity; a correspondence
links them 1:1 with the same meaning; or both bear the same code and nothing says that it changed its meaning. A code
that is on both sides of different items is *reused*. Where no identity and no correspondence speaks, equal codes are
taken to mean the same: say otherwise by either.

Values are compared after the old item is *carried* into the new version: version, own URIs, and codes of recoded
parents are what they would be if nothing else had changed. So an unchanged version renamed has an empty diff.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Final, TypeVar
from urllib.parse import quote

from registry.classification.changes import (
    BOOKKEEPING,
    GRAVITY,
    RULES,
    SUBDIVIDED,
    Change,
    ChangeKind,
    FieldEdit,
    SchemeDiff,
    Step,
    Value,
    weigh,
)
from registry.classification.correspondence import Link, LinkTable, Relation, index_links, roll_up
from registry.classification.model import (
    Collection,
    Concept,
    Correspondence,
    LabelKind,
    Level,
    SchemeVersion,
    VariableFacts,
)
from registry.errors import ArgumentsConflicting, DiffForeign, VocabularyInvalid
from registry.identifiers import Notation, VersionTag

KIND_OF_FIELD: Final[Mapping[str, ChangeKind]] = MappingProxyType(
    {
        "parent": ChangeKind.MOVED,
        "other_parents": ChangeKind.MOVED,
        "level": ChangeKind.MOVED,
        "status": ChangeKind.STATUS_CHANGED,
        "successors": ChangeKind.STATUS_CHANGED,
        "in_force_from": ChangeKind.STATUS_CHANGED,
        "in_force_to": ChangeKind.STATUS_CHANGED,
        "labels": ChangeKind.RELABELLED,
        "notes": ChangeKind.NOTE_CHANGED,
        "matches": ChangeKind.LINK_CHANGED,
    }
)
"""Every other field of a concept is a fact."""

KIND_OF_PART: Final[Mapping[str, ChangeKind]] = MappingProxyType(
    {
        "levels": ChangeKind.LEVEL_CHANGED,
        "collections": ChangeKind.COLLECTION_CHANGED,
        "variables": ChangeKind.VARIABLE_CHANGED,
    }
)

COMPARED: Final = tuple(each.name for each in fields(Concept) if each.name != "code")
SCHEME_FIELDS: Final = tuple(
    each.name
    for each in fields(SchemeVersion)
    if each.name not in {"scheme", "version", "uri", "concepts", *KIND_OF_PART}
)

Part = Level | Collection | VariableFacts
T = TypeVar("T")


def diff_versions(old: SchemeVersion, new: SchemeVersion, correspondence: Correspondence | None = None) -> SchemeDiff:
    """Everything that differs, gravest first. Raises `ArgumentsConflicting` for two schemes.

    With a correspondence, splits, merges and reuse of codes are known; levels above the linked ones are rolled up and
    marked derived. `VocabularyInvalid` when a side has a code twice: nothing can be said of such a code.
    """
    if old.scheme != new.scheme:
        raise ArgumentsConflicting(arguments="old, new", rule=f"{old.scheme} and {new.scheme} are two schemes")
    sides = _Sides(_by_code(old), _by_code(new))
    table = roll_up(index_links(correspondence), old, new) if correspondence else None
    pairs = pair_concepts(old, new, table)
    carrier = Carrier(old, new.uri, new.version, pairs)
    changes = [
        *_scheme_changes(old, new),
        *_part_changes(carrier, new),
        *_leaving_and_coming(sides, pairs, new),
        *_reused(sides, pairs),
        *_recoded(sides, pairs),
        *_field_changes(sides, carrier),
        *_order_changes(sides, pairs),
        *(_meaning_changes(sides, table) if table else ()),
    ]
    return SchemeDiff(
        scheme=old.scheme,
        old=old.version,
        new=new.version,
        old_uri=old.uri,
        new_uri=new.uri,
        old_digest=old.digest,
        changes=_sorted(changes, sides),
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    old: Mapping[Notation, Concept]
    new: Mapping[Notation, Concept]

    def change(
        self,
        kind: ChangeKind,
        old: Iterable[Notation] = (),
        new: Iterable[Notation] = (),
        *,
        edits: tuple[FieldEdit, ...] = (),
        concept: Concept | None = None,
        after: Notation | None = None,
        derived: bool = False,
        subdivided: bool = False,
        reason: str | None = None,
    ) -> Change:
        """A weighed change with the labels of its codes, each from its own version."""
        before, later = tuple(old), tuple(new)
        severity, step = SUBDIVIDED if subdivided else weigh(kind, edits) if edits else RULES[kind]
        return Change(
            kind=kind,
            severity=severity,
            step=step,
            old=before,
            new=later,
            old_labels=tuple(title_of(self.old.get(code)) for code in before),
            new_labels=tuple(title_of(self.new.get(code)) for code in later),
            edits=edits,
            concept=concept,
            after=after,
            derived=derived,
            reason=reason,
        )


def title_of(concept: Concept | None) -> str:
    """The preferred label, English first, else the first there is; empty without one."""
    if concept is None:
        return ""
    names = [each for each in concept.labels if each.kind is LabelKind.PREFERRED]
    return next((each.text for each in names if each.language == "en"), names[0].text if names else "")


def _by_code(version: SchemeVersion) -> dict[Notation, Concept]:
    found = {concept.code: concept for concept in version.concepts}
    if len(found) < len(version.concepts):
        twice = [code for code, count in Counter(each.code for each in version.concepts).items() if count > 1]
        raise VocabularyInvalid(
            source=f"{version.scheme} {version.version}", count=len(twice), rule="one item a code", place=twice[0]
        )
    return found


def _sorted(changes: Sequence[Change], sides: _Sides) -> tuple[Change, ...]:
    new_place = {code: place for place, code in enumerate(sides.new)}
    old_place = {code: place for place, code in enumerate(sides.old)}
    kind_place = {kind: place for place, kind in enumerate(ChangeKind)}

    def key(change: Change) -> tuple[int, int, int, int]:
        at_new = new_place.get(change.new[0], -1) if change.new else -1
        at_old = old_place.get(change.old[0], -1) if change.old else -1
        return GRAVITY[change.severity], kind_place[change.kind], max(at_new, at_old), at_old

    return tuple(sorted(changes, key=key))


# --- which items continue which --------------------------------------------------------------------------


def pair_concepts(old: SchemeVersion, new: SchemeVersion, table: LinkTable | None) -> dict[Notation, Notation]:
    """Old code to the new code of the same item, in old order; at most one each way."""
    new_codes = {concept.code: concept for concept in new.concepts}
    pairs: dict[Notation, Notation] = {}
    taken: set[Notation] = set()
    for source, target in (
        *_same_identity(old, new),
        *_exact_links(table),
        *((each.code, each.code) for each in old.concepts if _keeps_code(each, new_codes.get(each.code), table)),
    ):
        if source not in pairs and target not in taken and target in new_codes:
            pairs[source] = target
            taken.add(target)
    return {concept.code: pairs[concept.code] for concept in old.concepts if concept.code in pairs}


def _same_identity(old: SchemeVersion, new: SchemeVersion) -> Iterator[tuple[Notation, Notation]]:
    later = _unique_identities(new)
    for identity, code in _unique_identities(old).items():
        if identity in later:
            yield code, later[identity]


def _unique_identities(version: SchemeVersion) -> dict[str, Notation]:
    counts = Counter(each.identity for each in version.concepts)
    return {each.identity: each.code for each in version.concepts if each.identity and counts[each.identity] == 1}


def _exact_links(table: LinkTable | None) -> Iterator[tuple[Notation, Notation]]:
    for link in table.links() if table else ():
        if link.relation is Relation.EXACT:
            yield link.source, link.target


def _keeps_code(concept: Concept, later: Concept | None, table: LinkTable | None) -> bool:
    """Whether the new item of the same code may be the same one."""
    if later is None:
        return False
    code = concept.code
    if table and any(link.target == code for link in table.targets.get(code, ())):
        return True
    if table and (code in table.targets or code in table.removed or code in table.origins or code in table.added):
        return False
    return concept.identity is None or later.identity is None or concept.identity == later.identity


# --- the old version carried into the new one ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carrier:
    """Says what the old version's items and parts would be in the new version if nothing but the codes had changed."""

    old: SchemeVersion
    new_uri: str
    new_tag: VersionTag
    pairs: Mapping[Notation, Notation]

    def carry(self, concept: Concept) -> Concept:
        """The item under its new code."""
        code = self.pairs[concept.code]
        return replace(
            concept,
            version=self.tag(concept.version),
            code=code,
            uri=self.uri(concept.uri, "item", concept.code, code),
            parent=self.pairs.get(concept.parent) if concept.parent is not None else None,
            other_parents=tuple(self.pairs.get(each, each) for each in concept.other_parents),
            successors=tuple(self.item_uri(each) for each in concept.successors),
        )

    def tag(self, own: VersionTag) -> VersionTag:
        """An item's own version: that of its scheme version, with or without the edition."""
        if own == self.old.version:
            return self.new_tag
        return self.new_tag.version if own == self.old.version.version else own

    def uri(self, uri: str, kind: str, old_code: Notation, new_code: Notation) -> str:
        """An own URI in the new version; one that does not follow the rule keeps all after the version."""
        if uri == f"{self.old.uri}/{kind}/{quote(old_code, safe='')}":
            return f"{self.new_uri}/{kind}/{quote(new_code, safe='')}"
        own = f"{self.old.uri}/"
        return f"{self.new_uri}/{uri.removeprefix(own)}" if uri.startswith(own) else uri

    def item_uri(self, uri: str) -> str:
        """The URI of whatever item of the old version that was; foreign URIs stay."""
        own = f"{self.old.uri}/item/"
        if not uri.startswith(own):
            return uri
        for old_code, new_code in self.pairs.items():
            if old_code != new_code and uri == own + quote(old_code, safe=""):
                return f"{self.new_uri}/item/{quote(new_code, safe='')}"
        return f"{self.new_uri}/item/{uri.removeprefix(own)}"

    def carry_part(self, part: Part) -> Part:
        """A level, collection or variable with its codes and URI in the new version."""
        if isinstance(part, Collection):
            return replace(
                part,
                uri=self.uri(part.uri, "collection", part.code, part.code),
                members=tuple(self.pairs.get(each, each) for each in part.members),
            )
        if isinstance(part, VariableFacts):
            return replace(part, code=self.pairs.get(part.code, part.code))
        return part


# --- what changed ----------------------------------------------------------------------------------------


def _scheme_changes(old: SchemeVersion, new: SchemeVersion) -> Iterator[Change]:
    edits = list(_edits(SCHEME_FIELDS, old, old, new))
    for group in (
        [edit for edit in edits if edit.field in BOOKKEEPING],
        [edit for edit in edits if edit.field == "digest"],
        [edit for edit in edits if edit.field not in BOOKKEEPING and edit.field != "digest"],
    ):
        if group:
            severity, step = weigh(ChangeKind.SCHEME_CHANGED, group)
            if group[0].field == "digest" and not new.digest:
                step = Step.NONE  # a draft has no digest yet: that is no change to release
            yield Change(ChangeKind.SCHEME_CHANGED, severity, step, edits=tuple(group))


def _edits(names: Iterable[str], old: object, carried: object, new: object) -> Iterator[FieldEdit]:
    for name in names:
        after: Value = getattr(new, name)
        if getattr(carried, name) != after:
            yield FieldEdit(name, getattr(old, name), after)


def _field_changes(sides: _Sides, carrier: Carrier) -> Iterator[Change]:
    for code, new_code in carrier.pairs.items():
        concept, new = sides.old[code], sides.new[new_code]
        carried = carrier.carry(concept)
        if carried == new and not _lost_parent(concept, carrier.pairs):
            continue
        by_kind: defaultdict[ChangeKind, list[FieldEdit]] = defaultdict(list)
        for edit in _edits(COMPARED, concept, carried, new):
            by_kind[KIND_OF_FIELD.get(edit.field, ChangeKind.FACT_CHANGED)].append(edit)
        if _lost_parent(concept, carrier.pairs) and carried.parent == new.parent:
            by_kind[ChangeKind.MOVED].insert(0, FieldEdit("parent", concept.parent, new.parent))
        for kind, edits in by_kind.items():
            yield sides.change(kind, [code], [new_code], edits=tuple(edits))


def _lost_parent(concept: Concept, pairs: Mapping[Notation, Notation]) -> bool:
    """Whether its parent has no continuation: the item moves even where the new parent bears the same code."""
    return concept.parent is not None and concept.parent not in pairs


def _leaving_and_coming(sides: _Sides, pairs: Mapping[Notation, Notation], new: SchemeVersion) -> Iterator[Change]:
    for code, concept in sides.old.items():
        if code not in pairs:
            yield sides.change(ChangeKind.REMOVED, [code], concept=concept)
    continued = set(pairs.values())
    before: Notation | None = None
    for concept in new.concepts:
        if concept.code not in continued:
            yield sides.change(ChangeKind.ADDED, [], [concept.code], concept=concept, after=before)
        before = concept.code


def _recoded(sides: _Sides, pairs: Mapping[Notation, Notation]) -> Iterator[Change]:
    for old_code, new_code in pairs.items():
        if old_code != new_code:
            yield sides.change(ChangeKind.RECODED, [old_code], [new_code])


def _reused(sides: _Sides, pairs: Mapping[Notation, Notation]) -> Iterator[Change]:
    for code in sides.old:
        if code in sides.new and pairs.get(code) != code:
            yield sides.change(ChangeKind.CODE_REUSED, [code], [code])


def _order_changes(sides: _Sides, pairs: Mapping[Notation, Notation]) -> Iterator[Change]:
    """Items that must move so that the others keep their order: as few as can be."""
    place = {code: number for number, code in enumerate(sides.new)}
    old_of = {new_code: code for code, new_code in pairs.items()}
    kept = list(pairs.values())
    staying = set(longest_rising([place[code] for code in kept]))
    before: Notation | None = None
    for number, code in enumerate(sides.new):
        if code in old_of and number not in staying:
            yield sides.change(ChangeKind.REORDERED, [old_of[code]], [code], after=before)
        before = code


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """A longest strictly rising subsequence, in O(n log n) (Fredman, 1975)."""
    lowest_end: list[int] = []
    end_at: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(lowest_end, number)
        before.append(end_at[length - 1] if length else -1)
        if length == len(lowest_end):
            lowest_end.append(number)
            end_at.append(place)
        else:
            lowest_end[length] = number
            end_at[length] = place
    found = []
    place = end_at[-1] if end_at else -1
    while place >= 0:
        found.append(numbers[place])
        place = before[place]
    return found[::-1]


def _part_changes(carrier: Carrier, new: SchemeVersion) -> Iterator[Change]:
    for name, kind in KIND_OF_PART.items():
        olds: tuple[Part, ...] = getattr(carrier.old, name)
        news: tuple[Part, ...] = getattr(new, name)
        parts = tuple(map(carrier.carry_part, olds))
        if parts == news:
            continue
        if not _has_unique_keys(parts) or not _has_unique_keys(news):
            yield _part_change(kind, (FieldEdit(name, getattr(carrier.old, name), getattr(new, name)),))
            continue
        carried = {part_key(part): part for part in parts}
        originals = dict(zip(carried, olds, strict=True))
        later = {part_key(part): part for part in news}
        for key in (*carried, *(key for key in later if key not in carried)):
            if carried.get(key) != later.get(key):
                yield _part_change(kind, (FieldEdit(key, originals.get(key), later.get(key)),))
        settled = [key for key in carried if key in later] + [key for key in later if key not in carried]
        if settled != list(later):
            yield _part_change(kind, (FieldEdit(ORDER, tuple(originals), tuple(later)),))


ORDER: Final = "order"
"""The field of an edit that says only in which order parts stand."""


def _has_unique_keys(parts: Sequence[Part]) -> bool:
    return len({part_key(part) for part in parts}) == len(parts)


def _part_change(kind: ChangeKind, edits: tuple[FieldEdit, ...]) -> Change:
    severity, step = weigh(kind, edits)
    return Change(kind, severity, step, edits=edits)


def part_key(part: Part) -> str:
    """What tells parts of one kind apart: a level's depth, another's code."""
    return str(part.depth) if isinstance(part, Level) else part.code


# --- what became of meanings -----------------------------------------------------------------------------


def _meaning_changes(sides: _Sides, table: LinkTable) -> Iterator[Change]:
    """One change a set of old and new items that hang together by inexact links."""
    exact_sources = {link.source for link in table.links() if link.relation is Relation.EXACT}
    exact_targets = {link.target for link in table.links() if link.relation is Relation.EXACT}
    inexact = [link for link in table.links() if link.relation is not Relation.EXACT and _is_known(sides, link)]
    refining = [link for link in inexact if link.source in exact_sources]
    folding = [link for link in inexact if link.target in exact_targets and link.source not in exact_sources]
    others = [link for link in inexact if link.source not in exact_sources and link.target not in exact_targets]
    for links in _grouped(refining, lambda link: link.source):
        yield _meaning_change(sides, ChangeKind.SPLIT, links, subdivided=True)
    for links in _grouped(folding, lambda link: link.target):
        yield _meaning_change(sides, ChangeKind.MERGED, links)
    for links in connected(others):
        yield _meaning_change(sides, _kind_of_set(links), links)


def _is_known(sides: _Sides, link: Link) -> bool:
    return link.source in sides.old and link.target in sides.new


def _grouped(links: Iterable[Link], key: Callable[[Link], Notation]) -> Iterable[list[Link]]:
    found: defaultdict[Notation, list[Link]] = defaultdict(list)
    for link in links:
        found[key(link)].append(link)
    return found.values()


def _meaning_change(sides: _Sides, kind: ChangeKind, links: Sequence[Link], *, subdivided: bool = False) -> Change:
    reasons = dict.fromkeys(link.reason for link in links if link.reason)
    return sides.change(
        kind,
        dict.fromkeys(link.source for link in links),
        dict.fromkeys(link.target for link in links),
        derived=any(link.derived for link in links),
        subdivided=subdivided,
        reason="; ".join(reasons) or None,
    )


def _kind_of_set(links: Sequence[Link]) -> ChangeKind:
    sources, targets = {link.source for link in links}, {link.target for link in links}
    if len(sources) > 1:
        return ChangeKind.MERGED if len(targets) == 1 else ChangeKind.REARRANGED
    if len(targets) > 1:
        return ChangeKind.SPLIT
    return {Relation.BROADER: ChangeKind.WIDENED, Relation.NARROWER: ChangeKind.NARROWED}.get(
        links[0].relation, ChangeKind.REARRANGED
    )


def connected(links: Iterable[Link]) -> list[list[Link]]:
    """The links in sets that share no code with each other, in order of their first link."""
    by_source: dict[Notation, list[Link]] = {}
    by_target: defaultdict[Notation, list[Link]] = defaultdict(list)
    for link in links:
        by_source.setdefault(link.source, []).append(link)
        by_target[link.target].append(link)
    found: list[list[Link]] = []
    seen: set[Notation] = set()
    for start in by_source:
        if start in seen:
            continue
        seen.add(start)
        reached: list[Link] = []
        queue = [start]
        for source in queue:  # grows while it is walked
            reached += by_source[source]
            for link in by_source[source]:
                queue += [each.source for each in by_target[link.target] if each.source not in seen]
                seen.update(each.source for each in by_target[link.target])
        found.append(reached)
    return found


# --- applying --------------------------------------------------------------------------------------------


def apply_diff(diff: SchemeDiff, old: SchemeVersion) -> SchemeVersion:
    """The new version, exactly. Raises `DiffForeign` when the diff was not made from this old version."""
    if (diff.scheme, diff.old, diff.old_digest) != (old.scheme, old.version, old.digest):
        raise DiffForeign(scheme=diff.scheme, expected=diff.old, actual=old.version)
    removed = {change.old[0] for change in diff.of(ChangeKind.REMOVED)}
    recoded = {change.old[0]: change.new[0] for change in diff.of(ChangeKind.RECODED)}
    pairs = {
        concept.code: recoded.get(concept.code, concept.code) for concept in old.concepts if concept.code not in removed
    }
    carrier = Carrier(old, diff.new_uri, diff.new, pairs)
    edits: defaultdict[Notation, list[FieldEdit]] = defaultdict(list)
    for change in diff.changes:
        if change.edits and change.new:
            edits[change.new[0]] += change.edits
    kept = {pairs[each.code]: _edited(carrier.carry(each), edits) for each in old.concepts if each.code in pairs}
    return _rebuilt(
        SchemeVersion,
        old,
        {
            "version": diff.new,
            "uri": diff.new_uri,
            "concepts": tuple(_in_new_order(kept, diff)),
            **{name: _apply_parts(carrier, name, diff) for name in KIND_OF_PART},
            **{edit.field: edit.after for change in diff.of(ChangeKind.SCHEME_CHANGED) for edit in change.edits},
        },
    )


def _edited(concept: Concept, edits: Mapping[Notation, Sequence[FieldEdit]]) -> Concept:
    own = edits.get(concept.code)
    return _rebuilt(Concept, concept, {edit.field: edit.after for edit in own}) if own else concept


def _rebuilt(make: Callable[..., T], value: T, changed: Mapping[str, object]) -> T:
    """The value with fields that only the diff names; ``dataclasses.replace`` cannot take names unseen by types."""
    names = [each.name for each in fields(value)]  # type: ignore[arg-type]
    return make(**{name: changed.get(name, getattr(value, name)) for name in names})


def _in_new_order(kept: Mapping[Notation, Concept], diff: SchemeDiff) -> Iterator[Concept]:
    """Kept items in their old order, with moved and new ones each placed after the item before it."""
    placed = {change.new[0]: change for change in diff.of(ChangeKind.ADDED, ChangeKind.REORDERED)}
    following: defaultdict[Notation | None, list[Notation]] = defaultdict(list)
    for code, change in placed.items():
        following[change.after].append(code)
    stack: list[Notation] = [code for code in reversed(list(kept)) if code not in placed]
    stack += reversed(following[None])
    while stack:
        code = stack.pop()
        coming = placed[code].concept if code in placed else None
        yield kept[code] if coming is None else coming
        stack += reversed(following[code])


def _apply_parts(carrier: Carrier, name: str, diff: SchemeDiff) -> tuple[object, ...]:
    parts: tuple[Part, ...] = getattr(carrier.old, name)
    edits = [edit for change in diff.of(KIND_OF_PART[name]) for edit in change.edits]
    whole = next((edit for edit in edits if edit.field == name), None)
    if whole is not None:
        return whole.after if isinstance(whole.after, tuple) else ()
    carried = tuple(map(carrier.carry_part, parts))
    if not edits:
        return carried
    found: dict[str, Value] = {part_key(part): part for part in carried}
    order: tuple[object, ...] | None = None
    for edit in edits:
        if edit.field == ORDER and isinstance(edit.after, tuple):
            order = edit.after
        elif edit.after is None:
            del found[edit.field]
        else:
            found[edit.field] = edit.after
    return tuple(found[str(key)] for key in order) if order is not None else tuple(found.values())
