"""Declared mappings: what the columns of a source mean, written as data, checked when loaded.

Lives here: the mapping as frozen values, and the reading of its TOML file. Elsewhere: applying it to rows
(``table``), checking its codes against releases (there too, once a batch), what each key means
(docs/import-mappings.md).

A crosswalk says of each text of the source which code, or which range or date, it is. Its kind of match is declared,
exact or approximation. A text that it does not name is a fault.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, TypeVar

from registry.cases.model import Missing, ReportingEntity, SourceType
from registry.classification.model import UnitOfDescription
from registry.errors import IdentifierMalformed, MappingInvalid, MappingUnknown
from registry.identifiers import EntityId, Notation, SchemeId, VersionTag
from registry.intake.formats import Format
from registry.intake.rows import open_file

Choice = TypeVar("Choice", bound=StrEnum)

MAPPING_LIMIT: Final = 1024 * 1024
"""Bytes of a mapping file: a crosswalk of every country in ten columns is a tenth of it."""
ROW_KEY: Final = "row"
"""The key of a source without ids: file digest and row number."""


class MatchKind(StrEnum):
    """How well the source's texts fit the codes they become."""

    EXACT = "exact"
    APPROXIMATION = "approximation"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column's value goes; without a variable it is a form (a unit of classification), or the text with one."""

    of: UnitOfDescription
    variable: Notation | None
    is_form_text: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``values`` maps a text of the source to codes (or ranges, dates); None takes the text as it is.

    ``otherwise`` is where the value goes in rows that tell of no victim (or perpetrator) to bear it. ``keeps_unmapped``
    lets texts that the crosswalk does not name in, as local codes that no code stands for; otherwise they are faults.
    """

    name: str
    target: Target
    match: MatchKind
    why: str = ""
    is_set: bool = False
    values: Mapping[str, tuple[str, ...]] | None = None
    missing: Mapping[str, Missing] = field(default_factory=dict)
    otherwise: Target | None = None
    keeps_unmapped: bool = False


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """What a source's file means. Only one of format CSV has columns, an entity and a source type of its own.

    ``key`` is `ROW_KEY` or the name of the column that holds the source's own key of the record.
    ``releases`` names versions of lists; a list that is not named is taken in the version bound today.
    """

    name: str
    title: str
    format: Format
    source: str
    source_type: SourceType | None = None
    entity: ReportingEntity | None = None
    key: str = ROW_KEY
    set_separator: str = ";"
    releases: Mapping[SchemeId, VersionTag] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    victim_shown_by: tuple[str, ...] = ()
    perpetrator_shown_by: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The names the file's header must hold, each once, in any order."""
        names = [column.name for column in self.columns]
        return tuple(names if self.key == ROW_KEY or self.key in names else [self.key, *names])


def mapping_names() -> list[str]:
    """The mappings that ship, sorted."""
    return sorted(entry.name.removesuffix(".toml") for entry in _shipped().iterdir() if entry.name.endswith(".toml"))


def load_mapping(name: str) -> ImportMapping:
    """A shipped mapping by its name, or one's own by the path of its ``.toml`` file.

    Raises `MappingUnknown`, `FileUnreadable` and `MappingInvalid`.
    """
    if name.endswith(".toml"):
        return parse_mapping(_read_own(Path(name)), name=Path(name).name)
    if name not in mapping_names():
        raise MappingUnknown(mapping=name, available=", ".join(mapping_names()))
    return parse_mapping((_shipped() / f"{name}.toml").read_text(encoding="utf-8"), name=name)


def parse_mapping(text: str, *, name: str) -> ImportMapping:
    """The mapping written in a TOML text. Raises `MappingInvalid` with the place of the first thing wrong."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise MappingInvalid(mapping=name, place="the file", expected=f"TOML 1.0 ({problem})") from None
    table = Table(content, name=name)
    format = table.choice("format", Format)
    header = _Header(name=table.text("name"), title=table.text("title"), format=format, source=table.text("source"))
    mapping = _read_events(header) if format is Format.NDJSON else _read_columns(header, table)
    table.close()
    return mapping


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    title: str
    format: Format
    source: str


def _read_events(header: _Header) -> ImportMapping:
    return ImportMapping(name=header.name, title=header.title, format=header.format, source=header.source)


def _read_columns(header: _Header, table: Table) -> ImportMapping:
    columns = tuple(_read_column(column) for column in table.tables("column"))
    mapping = ImportMapping(
        name=header.name,
        title=header.title,
        format=header.format,
        source=header.source,
        source_type=table.choice("source_type", SourceType),
        entity=_read_entity(table.table("entity")),
        key=table.text("key"),
        set_separator=table.text("set_separator", default=";"),
        releases=_read_releases(table.table("releases", optional=True)),
        columns=columns,
        victim_shown_by=_read_shown_by(table.table("victim", optional=True)),
        perpetrator_shown_by=_read_shown_by(table.table("perpetrator", optional=True)),
    )
    _check_columns(mapping, table)
    return mapping


def _read_entity(table: Table) -> ReportingEntity:
    with table:
        type_, area = table.text("type", default=""), table.text("area", default="")
        return ReportingEntity(
            id=EntityId(table.text("id")),
            name=table.text("name"),
            type=Notation(type_) if type_ else None,
            area=Notation(area) if area else None,
        )


def _read_releases(table: Table) -> Mapping[SchemeId, VersionTag]:
    with table:
        return {SchemeId(scheme): VersionTag(table.text(scheme)) for scheme in table.names()}


def _read_shown_by(table: Table) -> tuple[str, ...]:
    with table:
        return tuple(table.texts("shown_by")) if table.names() else ()


def _read_column(table: Table) -> Column:
    with table:
        return Column(
            name=table.text("name"),
            target=_read_target(table),
            match=table.choice("match", MatchKind),
            why=table.text("why", default=""),
            is_set=table.flag("set"),
            values=_read_crosswalk(table),
            missing=table.table("missing", optional=True).choices(Missing),
            otherwise=_read_otherwise(table),
            keeps_unmapped=_read_unmapped(table),
        )


def _read_target(table: Table) -> Target:
    of = table.choice("of", UnitOfDescription)
    if of is UnitOfDescription.REPORTING_ENTITY:
        raise table.wrong("of", "event, victim or perpetrator")
    if [table.has(key) for key in ("variable", "form", "form_text")].count(True) != 1:
        raise table.wrong("variable", "one of a variable, form = true, form_text = true")
    if table.has("form_text"):
        if not table.flag("form_text") or of is not UnitOfDescription.EVENT or table.has("values"):
            raise table.wrong("form_text", "true, on a column of the event without a crosswalk")
        return Target(of, None, is_form_text=True)
    if table.has("variable"):
        return Target(of, Notation(table.text("variable")))
    if not table.flag("form") or of is UnitOfDescription.PERPETRATOR:
        raise table.wrong("form", "true, on a column of the event or the victim")
    return Target(of, None)


def _read_unmapped(table: Table) -> bool:
    if not table.has("unmapped"):
        return False
    if table.choice("unmapped", Missing) is not Missing.NOT_KNOWN or not table.has("values") or table.has("form"):
        raise table.wrong("unmapped", "not-known, on a column of a variable with a crosswalk")
    return True


def _read_crosswalk(table: Table) -> Mapping[str, tuple[str, ...]] | None:
    if not table.has("values"):
        return None
    crosswalk = table.table("values")
    return {text: tuple(crosswalk.texts(text)) for text in crosswalk.names()}


def _read_otherwise(table: Table) -> Target | None:
    if not table.has("otherwise"):
        return None
    with table.table("otherwise") as otherwise:
        return _read_target(otherwise)


def _check_columns(mapping: ImportMapping, table: Table) -> None:
    """What only shows over several columns: names doubled, names of no column, forms and variables without a text."""
    names = [column.name for column in mapping.columns]
    if not names:
        raise table.wrong("column", "at least one column")
    for name in names:
        if names.count(name) > 1:
            raise table.wrong(f"column {name}", "each column once")
    for column in mapping.columns:
        if column.missing and column.target.variable is None:
            raise table.wrong(f"column {column.name}.missing", "a variable: forms have no missing states")
    for place, shown_by in (("victim", mapping.victim_shown_by), ("perpetrator", mapping.perpetrator_shown_by)):
        for name in shown_by:
            if name not in names:
                raise table.wrong(f"{place}.shown_by", "names of columns of the mapping")


class Table:
    """One TOML table, read key by key; what was not read by its end is a key that there is not.

    ``with table:`` turns a malformed identifier inside into `MappingInvalid` and closes the table at the end.
    """

    def __init__(self, content: Mapping[str, object], *, name: str, place: str = "") -> None:
        self._content = dict(content)
        self._left = set(content)
        self._name = name
        self._place = place

    def __enter__(self) -> Table:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, IdentifierMalformed):
            raise self.wrong("", f"a {problem.facts['kind']} that matches {problem.facts['expected']}") from None
        if problem is None:
            self.close()

    def close(self) -> None:
        """Raise `MappingInvalid` for the first key that nobody asked for."""
        for key in sorted(self._left):
            raise self.wrong(key, "no such key")

    def wrong(self, key: str, expected: str) -> MappingInvalid:
        """The error that says what was expected at a key."""
        place = ".".join(part for part in (self._place, key) if part)
        return MappingInvalid(mapping=self._name, place=place or "the top", expected=expected)

    def names(self) -> Sequence[str]:
        """Every key, in the file's order."""
        return list(self._content)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._content

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._take(key, default)
        if value == default is not None:
            return default
        if not isinstance(value, str) or not value:
            raise self.wrong(key, "a text")
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts, or one text as a list of itself."""
        value = self._take(key, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
            raise self.wrong(key, "a text or a list of texts")
        return texts

    def flag(self, key: str) -> bool:
        """True or false; false when left out."""
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        """One of a closed list of words."""
        value = self._take(key, None)
        for choice in choices:
            if choice.value == value:
                return choice
        raise self.wrong(key, "one of " + ", ".join(choice.value for choice in choices))

    def choices(self, choices: type[Choice]) -> dict[str, Choice]:
        """Every key of the table with its word of a closed list."""
        return {key: self.choice(key, choices) for key in self._content}

    def table(self, key: str, *, optional: bool = False) -> Table:
        """A table within; an empty one where it may be left out."""
        value = self._take(key, {} if optional else None)
        if not isinstance(value, dict):
            raise self.wrong(key, "a table")
        return Table(value, name=self._name, place=".".join(part for part in (self._place, key) if part))

    def tables(self, key: str) -> list[Table]:
        """An array of tables; each is placed by its number or, once read, by its name."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.wrong(key, f"tables, each under [[{key}]]")
        return [
            Table(each, name=self._name, place=f"{key} {each.get('name', number)}")
            for number, each in enumerate(value, start=1)
        ]

    def _take(self, key: str, default: object) -> object:
        self._left.discard(key)
        return self._content.get(key, default)


def _shipped() -> Traversable:
    return resources.files("registry.intake") / "mappings"


def _read_own(path: Path) -> str:
    with open_file(path) as stream:
        content = stream.read(MAPPING_LIMIT + 1)
    if len(content) > MAPPING_LIMIT:
        raise MappingInvalid(mapping=path.name, place="the file", expected=f"at most {MAPPING_LIMIT} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise MappingInvalid(mapping=path.name, place="the file", expected="UTF-8 text") from None
