"""The schema itself: written down, described, and open to new codes."""

from __future__ import annotations

from graphql import GraphQLEnumType, GraphQLObjectType, get_named_type

from graphql_api.schema.query import REGISTRY_FIELDS, build_schema, committed_schema, written_schema
from registry.classification.catalogue import Catalogue

SCHEMA = build_schema()._schema


def test_the_committed_sdl_is_up_to_date() -> None:
    """`make schema` writes it."""
    assert written_schema() == committed_schema()


def test_everything_is_described() -> None:
    """Types, fields, arguments and inputs say what they are for."""
    silent = []
    for name, type_ in SCHEMA.type_map.items():
        if name.startswith("__") or name in {"String", "Int", "Boolean", "ID", "Float", "Date"}:
            continue
        if not type_.description:
            silent.append(name)
        for field, definition in getattr(type_, "fields", {}).items():
            if not definition.description:
                silent.append(f"{name}.{field}")
            silent += [
                f"{name}.{field}({key})"
                for key, each in getattr(definition, "args", {}).items()
                if not each.description and key != "shape"
            ]

    assert silent == []


def test_codes_are_never_enums(catalogue: Catalogue) -> None:
    """A new code, scheme or variable breaks no client: no enum has the codes of a list for its members."""
    members = {
        frozenset(name.lower() for name in type_.values)
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLEnumType)
    }
    lists = {
        frozenset(concept.code.lower().replace("-", "_") for concept in versions[-1].content.concepts)
        for scheme, versions in catalogue.versions.items()
        if scheme != "missing"  # the states of missing are ours, beside values
    }

    assert members & lists == set()


def test_fields_that_may_be_remembered_hold_no_cases() -> None:
    """From a registry root no type of the cases can be reached."""
    assert isinstance(SCHEMA.query_type, GraphQLObjectType)
    waiting = [get_named_type(SCHEMA.query_type.fields[name].type) for name in REGISTRY_FIELDS - {"__typename"}]
    reached: set[str] = set()
    while waiting:
        type_ = waiting.pop()
        if type_.name in reached:
            continue
        reached.add(type_.name)
        waiting += [get_named_type(field.type) for field in getattr(type_, "fields", {}).values()]

    assert (
        reached & {"Event", "Person", "ReportingEntity", "Participation", "Value", "Network", "Installation"} == set()
    )
