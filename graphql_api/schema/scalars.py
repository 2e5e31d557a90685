"""Our own scalars: codes and names are texts of their kind, never enums, so that a new code breaks no client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from registry.identifiers import LanguageTag, Notation, SchemeId, VersionTag
from registry.instants import datetime_of, instant_of

CodeText = NewType("CodeText", str)
SchemeName = NewType("SchemeName", str)
VersionText = NewType("VersionText", str)
LanguageText = NewType("LanguageText", str)
Uri = NewType("Uri", str)
Instant = NewType("Instant", int)

FIRST: Final = -62_135_596_800_000_000
"""Year 1 in microseconds since 1970: what an ISO 8601 text of four digits can say."""
LAST: Final = 253_402_300_799_999_999


def same(value: str) -> str:
    """The text itself."""
    return value


def only_text(value: Any) -> str:
    """The value, if it is a text; codes are never numbers (leading zeros)."""
    if not isinstance(value, str):
        raise ValueError("a text is needed, in quotation marks")
    return value


def parser(kind: Callable[[str], str]) -> Callable[[Any], str]:
    """Reads a text of that kind; what does not match its pattern is `IdentifierMalformed`."""
    return lambda value: kind(only_text(value))


def read_instant(value: Any) -> int:
    """Microseconds since 1970 of an ISO 8601 date or time; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(only_text(value))
    except ValueError:
        raise ValueError("an ISO 8601 date or time is needed, such as 2024-05-01T00:00:00Z") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return instant_of(moment)


def write_instant(value: int) -> str:
    """The ISO 8601 text in UTC; an instant outside the years 1 to 9999 is told as the end of them."""
    moment = datetime_of(min(max(value, FIRST), LAST))
    return moment.replace(tzinfo=None).isoformat() + "Z"


def text_scalar(name: str, description: str, kind: Callable[[str], str]) -> ScalarDefinition:
    """A scalar that goes out as it is and comes in through its pattern."""
    return strawberry.scalar(name=name, description=description, serialize=same, parse_value=parser(kind))


TEXTS: Final = frozenset({"Code", "SchemeId", "VersionTag", "LanguageTag", "Uri"})
"""Scalars whose values are texts already and need nothing done when they go out."""

SCALARS: Final[dict[object, ScalarDefinition]] = {
    CodeText: text_scalar("Code", "A code as printed, with its leading zeros: 02041, 2.1, KE-30.", Notation),
    SchemeName: text_scalar("SchemeId", "A scheme by its id: units, iccs, isic.", SchemeId),
    VersionText: text_scalar(
        "VersionTag", "major.minor of a version, or major.minor.edition: 1.0, 5.0, 1.0.1.", VersionTag
    ),
    LanguageText: text_scalar("LanguageTag", "A BCP 47 language tag: en, es, zh-Hans.", LanguageTag),
    Uri: text_scalar("Uri", "A URI. Those of this registry are the same on every server.", str),
    Instant: strawberry.scalar(
        name="Instant",
        description="A point in time in UTC, as ISO 8601 text: 2024-05-01T00:00:00Z.",
        serialize=write_instant,
        parse_value=read_instant,
    ),
}
