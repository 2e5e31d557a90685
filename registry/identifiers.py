"""Names of things as frozen types, each with the pattern it must match.

Lives here: every identifier that crosses a room's border. Elsewhere: the IRIs of terms
(``ontology.namespaces``) and the models the identifiers belong to.

Each type is a ``str`` (so it sorts, hashes and serialises as its text) that cannot hold a wrong text:
``SchemeId("No such")`` raises `IdentifierMalformed`. Codes are always strings; leading zeros count.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final, Self

from registry.errors import IdentifierMalformed

NAMESPACE: Final = "https://w3id.org/ictip"
"""The one fixed namespace of all data, whatever host serves it; unofficial until registered."""


class Identifier(str):
    """A text that matches its class's pattern, for certain."""

    __slots__ = ()
    kind: ClassVar[str] = "identifier"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r".{1,200}")

    def __new__(cls, text: str) -> Self:
        if not cls.pattern.fullmatch(text):
            raise IdentifierMalformed(kind=cls.kind, expected=cls.pattern.pattern)
        return super().__new__(cls, text)


class SchemeId(Identifier):
    """A concept scheme whatever its version: ``units``, ``iccs``, ``isic``."""

    __slots__ = ()
    kind = "scheme"
    pattern = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class VersionTag(Identifier):
    """``major.minor`` of a scheme version, or ``major.minor.edition`` of one of its editions."""

    __slots__ = ()
    kind = "version"
    pattern = re.compile(r"(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})(\.[1-9]\d{0,3})?")

    @property
    def numbers(self) -> tuple[int, ...]:
        """The tag as numbers, so that 1.10 sorts after 1.9."""
        return tuple(int(part) for part in self.split("."))

    @property
    def version(self) -> VersionTag:
        """The tag without its edition: what URIs carry."""
        return VersionTag(".".join(self.split(".")[:2]))


class Notation(Identifier):
    """A code as printed, leading zeros kept: ``02041``, ``2.1``, ``KE-30``, ``A``."""

    __slots__ = ()
    kind = "code"
    pattern = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+-]{0,62}[A-Za-z0-9_+])?")


class LanguageTag(Identifier):
    """A BCP 47 tag: ``en``, ``zh-Hans``; never ``zh_CN``."""

    __slots__ = ()
    kind = "language"
    pattern = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-(?:[A-Z]{2}|\d{3}))?")


ENGLISH: Final = LanguageTag("en")
"""What labels are in where a scheme says nothing else."""
AREAS: Final = SchemeId("areas")
"""The scheme that countries, and regions above them, are coded in."""
UNITS: Final = SchemeId("units")
"""IC-TIP's units of classification."""


class EntityId(Identifier):
    """A reporting entity, by the slug its administrator gave it: ``ke-police``."""

    __slots__ = ()
    kind = "reporting entity"
    pattern = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class RecordId(Identifier):
    """An event's or a person's id in the store: opaque, random or hashed, never telling time or content."""

    __slots__ = ()
    kind = "record"
    pattern = re.compile(r"[A-Za-z0-9_-]{8,64}")


class EventId(RecordId):
    """An event as one reporting entity told it."""

    __slots__ = ()
    kind = "event"


class PersonId(RecordId):
    """A person as one reporting entity told of them."""

    __slots__ = ()
    kind = "person"


class BatchId(RecordId):
    """One delivery of records."""

    __slots__ = ()
    kind = "batch"
