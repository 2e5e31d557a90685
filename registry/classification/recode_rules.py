"""By which rule each code of one version becomes one of another, and which codes need somebody to decide.

Lives here: the rules, with a digest that names them. Elsewhere: what they rest on (``impact``), applying them to stored
records (``registry.cases.recoding``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from registry.classification.catalogue import Catalogue, VersionChoice
from registry.classification.correspondence import VersionKey
from registry.classification.impact import content_impact
from registry.classification.model import SchemeVersion
from registry.classification.revision_queries import correspondence_between
from registry.identifiers import Notation


@dataclass(frozen=True)
class RecodeRules:
    """What each code of ``source`` becomes in ``target``; a code stands in exactly one of the two mappings.

    ``choices`` are the targets that a person may choose among; none says that any code of the target version will do.
    """

    source: VersionKey
    target: VersionKey
    by_rule: Mapping[Notation, Notation]
    choices: Mapping[Notation, tuple[Notation, ...]]
    offered: frozenset[Notation]
    """Every code of the target version."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rules in hexadecimal: the same rules, the same digest."""
        told = [self.source, self.target, sorted(self.by_rule.items()), sorted(self.choices.items())]
        return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()

    def allows(self, code: Notation, chosen: Notation) -> bool:
        """Whether a person may choose that for this code."""
        return chosen in (self.choices.get(code) or self.offered)


def recode_rules(catalogue: Catalogue, scheme: str, *, old: str, new: str) -> RecodeRules:
    """The rules between two released versions of a scheme. `SchemeUnknown`, `VersionUnknown`."""
    before = catalogue.resolve(scheme, VersionChoice(version=old))
    after = catalogue.resolve(scheme, VersionChoice(version=new))
    correspondence, _ = correspondence_between(catalogue, before, after)
    declared = correspondence.associations if correspondence is not None else ()
    impact = content_impact(catalogue, before.content, after.content, declared)
    by_rule = {each.code: each.rule for each in impact.codes if each.rule is not None}
    choices = {each.code: each.targets for each in impact.codes if each.rule is None}
    groupings = {collection.code for collection in after.content.collections}
    for collection in before.content.collections:
        if collection.code in groupings:
            by_rule.setdefault(collection.code, collection.code)
        elif collection.code not in by_rule:
            choices.setdefault(collection.code, ())
    return RecodeRules(
        source=(before.scheme, before.tag.version),
        target=(after.scheme, after.tag.version),
        by_rule=MappingProxyType(by_rule),
        choices=MappingProxyType(choices),
        offered=codes_of(after.content),
    )


def codes_of(content: SchemeVersion) -> frozenset[Notation]:
    """Every code that a record may hold: items and groupings."""
    items = frozenset(concept.code for concept in content.concepts)
    return items | {collection.code for collection in content.collections}
