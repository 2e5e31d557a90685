"""What is wrong with a caller's words, field by field, as data of a mutation's payload.

Lives here: reading arguments into identifiers and counts, collecting every fault on the way. Elsewhere: refusals about
the act itself (no right, no such record, a state that passed), which are errors and the same for absent and hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import strawberry

from graphql_api.schema.reading import told
from registry.errors import ArgumentOutOfRange, FieldFault, IctipError, IdentifierMalformed

T = TypeVar("T")

LONGEST_NAME: Final = 200
"""Characters of an account's name."""


@strawberry.type(description="What is wrong with one argument of what you sent; nothing was done.")
class ArgumentFault:
    """`errors.FieldFault`."""

    path: str = told("path", "The argument, with the field inside it where there is one.")
    rule: str = told("rule", "The rule, by name, as in the list of errors.")
    message: str = told("message", "What is wrong.")


class Words:
    """Reads a call's words; ``faults`` are those met so far."""

    def __init__(self) -> None:
        self._faults: list[FieldFault] = []

    @property
    def faults(self) -> tuple[FieldFault, ...]:
        """What is wrong, in the order read."""
        return tuple(self._faults)

    def identifier(self, field: str, text: str, kind: Callable[[str], T]) -> T | None:
        """The text as an identifier of that kind; None with a fault."""
        try:
            return kind(text)
        except IdentifierMalformed as error:
            self.add(field, error)
            return None

    def identifiers(self, field: str, texts: Iterable[str], kind: Callable[[str], T]) -> tuple[T, ...]:
        """Each text as an identifier."""
        found = (self.identifier(f"{field}[{at}]", text, kind) for at, text in enumerate(texts))
        return tuple(each for each in found if each is not None)

    def within(self, field: str, number: int, lowest: int, highest: int) -> int:
        """The number; a fault outside its range."""
        if not lowest <= number <= highest:
            self.add(field, ArgumentOutOfRange(argument=field, actual=number, lowest=lowest, highest=highest))
        return number

    def name(self, field: str, text: str) -> str:
        """The text as the name of an account or office: printable, not blank, `LONGEST_NAME` characters at most."""
        name = text.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            self.add(field, IdentifierMalformed(kind="name", expected=f"1 to {LONGEST_NAME} printable characters"))
        return name

    def one_of(self, field: str, text: str, known: Iterable[str]) -> str:
        """The text; a fault if it is none of those known."""
        expected = tuple(known)
        if text not in expected:
            self.add(field, IdentifierMalformed(kind=field, expected=" | ".join(expected)))
        return text

    def add(self, field: str, error: IctipError) -> None:
        """One more fault."""
        self._faults.append(FieldFault(field, error.code, "", error.message))
