"""The universe's units in a second version, for tests of re-coding.

::

    units 1.0 ──► 1.1     2.1 ──► 1.1           (re-coded below unit 1, so that 8 of E6 falls away)
                          5.4 ──► 5.6 | 5.7     (split: a person decides)
                          4   ──► 4             everything else as it is
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from registry.classification.catalogue import Catalogue, compile_catalogue, compile_version
from registry.classification.draft_content import open_state
from registry.classification.editing import apply_edits
from registry.classification.edits import Edit, NewItem, Recode, Split
from registry.classification.lifecycle import whole_correspondence
from registry.classification.model import Correspondence, Label, ReleaseStatus, SchemeVersion
from registry.identifiers import NAMESPACE, Notation, SchemeId, VersionTag
from tests.revision.families import EN, concept, version_of
from tests.universe import CODEBOOK, PlainCodebook

UNITS: Final = SchemeId("units")
V1, V2 = VersionTag("1.0"), VersionTag("1.1")
C = Notation


def units_1() -> SchemeVersion:
    """The units that the universe knows."""
    parents = CODEBOOK.lists["units"]
    items = [
        concept(code, parent=parent, scheme="units", identity=f"unit{code}") for code, parent in sorted(parents.items())
    ]
    return version_of(items, scheme="units")


def revised() -> tuple[SchemeVersion, SchemeVersion, Correspondence]:
    """Both versions and what joins them."""
    new = [NewItem(C(code), f"{NAMESPACE}/id/new{code}", (Label(f"Item {code}", EN),)) for code in ("5.6", "5.7")]
    edits: list[Edit] = [Recode(C("2.1"), C("1.1")), Split(C("5.4"), (new[0], new[1]))]
    state = apply_edits(open_state(units_1(), V2), edits)
    joined = whole_correspondence(state.base, state.version, state.declared)
    return state.base, replace(state.version, status=ReleaseStatus.RELEASED), joined


def two_versions() -> Catalogue:
    """A catalogue of both."""
    old, new, joined = revised()
    return compile_catalogue(1, [compile_version(old, 1), compile_version(new, 1)], [joined])


@dataclass(frozen=True, slots=True)
class RevisedCodebook(PlainCodebook):
    """The universe's codebook, in which the units have a second version."""

    def find(self, scheme: SchemeId, version: VersionTag | None, text: str) -> Notation | None:
        """The code itself, in either version."""
        if scheme == UNITS and version == V2:
            known = {*self.lists["units"], "1.1", "5.6", "5.7"} - {"2.1", "5.4"}
            return Notation(text) if text in known else None
        return PlainCodebook.find(self, scheme, version, text)


REVISED: Final = RevisedCodebook(CODEBOOK.lists, CODEBOOK.bound, CODEBOOK.facts)
