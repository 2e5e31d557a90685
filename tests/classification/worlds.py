"""A small invented scheme for the registry's tests.

::

    colours 1.0        levels: family, colour                 collection FLAG: R, B
      W  warm
        R  red (fr rouge, unofficial)   alt crimson
        Y  yellow
      C  cold
        B  blue                         other notation RAL "5005", note a
        V  violet  (withdrawn, replaced by B)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from registry.classification.model import (
    Collection,
    Concept,
    ConceptStatus,
    Label,
    LabelKind,
    LabelStatus,
    Level,
    Match,
    MatchKind,
    Note,
    NoteKind,
    OtherNotation,
    SchemeVersion,
)
from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from registry.storage.rdf.turtle import write_turtle

NS = "https://w3id.org/ictip"
EN, FR = LanguageTag("en"), LanguageTag("fr")


def colour(code: str, *labels: Label, parent: str | None = None) -> Concept:
    """A concept of the world, without the rarer facts."""
    return Concept(
        scheme=SchemeId("colours"),
        version=VersionTag("1.0"),
        code=Notation(code),
        uri=f"{NS}/colours/1.0/item/{code}",
        identity=f"{NS}/id/colour-{code.lower()}",
        parent=None if parent is None else Notation(parent),
        level=1 if parent is None else 2,
        labels=labels,
    )


COLOURS = SchemeVersion(
    scheme=SchemeId("colours"),
    version=VersionTag("1.0"),
    uri=f"{NS}/colours/1.0",
    titles=(Label("Colours", EN),),
    concepts=(
        colour("W", Label("warm", EN)),
        colour(
            "R",
            Label("red", EN),
            Label("rouge", FR, status=LabelStatus.UNOFFICIAL),
            Label("crimson", EN, LabelKind.ALTERNATIVE),
            parent="W",
        ),
        colour("Y", Label("yellow", EN), parent="W"),
        colour("C", Label("cold", EN)),
        replace(
            colour("B", Label("blue", EN), parent="C"),
            notes=(Note("Of the sky.", EN, NoteKind.SCOPE, mark="a"),),
            matches=(Match(MatchKind.EXACT, "http://example.org/blue"),),
            other_notations=(OtherNotation("ral", "5005"),),
        ),
        replace(
            colour("V", Label("violet", EN), parent="C"),
            status=ConceptStatus.WITHDRAWN,
            successors=(f"{NS}/colours/1.0/item/B",),
        ),
    ),
    levels=(Level(1, (Label("family", EN),)), Level(2, (Label("colour", EN),), "[A-Z]")),
    collections=(
        Collection(
            Notation("FLAG"), f"{NS}/colours/1.0/collection/FLAG", (Label("flag", EN),), (Notation("B"), Notation("R"))
        ),
    ),
    issued=date(2025, 1, 1),
    required_languages=(EN,),
)


def colours_turtle(scheme: str = "colours") -> str:
    """The world as Turtle, under another scheme's name if one is given."""
    return (
        write_turtle(COLOURS)
        .replace("colours/", f"{scheme}/")
        .replace("/colours>", f"/{scheme}>")
        .replace("id:colour-", f"id:{scheme}-")
    )
