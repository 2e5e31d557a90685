"""How GraphQL types read the rooms' models: by the path of an attribute, told once for both ways of execution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import strawberry

PATH: Final = "path"
"""Under this key a field's metadata holds its attribute path, which generated code reads (``shaping``)."""
COLUMNS: Final = "columns"
"""Under this key: by field of the items, which column of the parent holds it."""
ROWS: Final = "rows"
"""Under this key: the path of the parent's rows, and the items' fields in a row's order."""


def told(path: str, description: str) -> Any:
    """A field that is an attribute of the model, or of one inside it: ``concept.code``."""
    get = attrgetter(path)

    def read(root: Any) -> Any:
        return get(root)

    return strawberry.field(resolver=read, description=description, metadata={PATH: path})


def computed(resolver: Callable[..., object], description: str) -> Any:
    """A field that a function computes from the model.

    The function's own return type is the model's; the GraphQL type is the one the class declares.
    """
    return strawberry.field(resolver=resolver, description=description)


def columns(resolver: Callable[..., object], names: Mapping[str, str], description: str) -> Any:
    """A list whose items stand in columns of the model: field of the item to column.

    The function gives the same items one by one; generated code zips the columns instead.
    """
    return strawberry.field(resolver=resolver, description=description, metadata={COLUMNS: names})


def rows(resolver: Callable[..., object], path: str, names: Sequence[str], description: str) -> Any:
    """A list whose items stand as tuples in an attribute of the model; ``names`` are the item's fields in their order.

    The function gives the same items one by one; generated code reads the tuples instead.
    """
    return strawberry.field(resolver=resolver, description=description, metadata={ROWS: (path, names)})
