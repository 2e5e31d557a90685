"""Coded values as properties of a node or relationship, and back: no variable is named here, new ones are data.

A property's name is a part, an underscore and the variable's code, so that a record can be read without knowing its
variables, and a filter can name the property of any variable::

    codes_moc: ["debt-bondage", "restriction"]     edtf_dat: "2005/2013"       low_agv: 15    missing_civ: "not-known"
    source_moc: ["DebtBondage", "Locked in"]       earliest_dat: 1104537600000000 ...          derived_ccs: true

Neither engine stores a null, and each stores a list of texts, a text, a whole number and a flag alike.
Properties of the record's own (``id``, ``forms``, ``place``) have no part as their first word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.cases.model import Codes, Content, Missing, Moment, Number, Range, Reference, Text, Value, Values
from registry.errors import RowMalformed
from registry.identifiers import EntityId, Notation
from registry.storage.bolt import records

Properties = Mapping[str, object]

CODES: Final = "codes_"
MISSING: Final = "missing_"
_CONTENTS: Final = frozenset({"codes", "edtf", "low", "high", "number", "text", "entity", "missing"})
"""Parts that tell what the value is; the others stand beside it."""


def write_values(values: Values) -> dict[str, object]:
    """The properties of values."""
    properties: dict[str, object] = {}
    for variable, value in values.items():
        content = value.content
        if type(content) is Codes:  # most values, so asked first: an import spends its time here
            properties["codes_" + variable] = content.codes
        else:
            _add_parts(properties, variable, content)
        if value.source:
            properties["source_" + variable] = value.source
        if value.derived:
            properties["derived_" + variable] = True
        if value.unmapped:
            properties["unmapped_" + variable] = True
    return properties


def _add_parts(properties: dict[str, object], variable: str, content: Content | Missing) -> None:
    for part, told in _parts(content).items():
        if told is not None:
            properties[f"{part}_{variable}"] = told


def read_values(properties: Properties) -> dict[Notation, Value]:
    """The values among properties, by variable in order of code; other properties are left aside."""
    variables = sorted(
        {
            variable
            for part, _, variable in (name.partition("_") for name in properties)
            if part in _CONTENTS and variable
        }
    )
    return {Notation(variable): _read_value(properties, variable) for variable in variables}


def _parts(content: Content | Missing) -> dict[str, object]:
    """What the value is, by part; None where a part is not told."""
    match content:
        case Missing():
            return {"missing": content.value}
        case Codes(codes):
            return {"codes": codes}
        case Moment(edtf, earliest, latest, offset):
            return {"edtf": edtf, "earliest": earliest, "latest": latest, "offset": offset}
        case Range(low, high):
            return {"low": low, "high": high}
        case Number(number):
            return {"number": number}
        case Text(text):
            return {"text": text}
        case Reference(entity):
            return {"entity": entity}


def _read_value(properties: Properties, variable: str) -> Value:
    return Value(
        content=_read_content(properties, variable),
        source=records.texts(properties, f"source_{variable}") if f"source_{variable}" in properties else (),
        derived=f"derived_{variable}" in properties,
        unmapped=f"unmapped_{variable}" in properties,
    )


def _read_content(properties: Properties, variable: str) -> Content | Missing:
    if f"missing_{variable}" in properties:
        return Missing(records.text(properties, f"missing_{variable}"))
    if f"codes_{variable}" in properties:
        return Codes(tuple(Notation(code) for code in records.texts(properties, f"codes_{variable}")))
    if f"edtf_{variable}" in properties:
        return Moment(
            edtf=records.text(properties, f"edtf_{variable}"),
            earliest=records.whole(properties, f"earliest_{variable}"),
            latest=records.whole(properties, f"latest_{variable}"),
            offset_minutes=records.optional_whole(properties, f"offset_{variable}"),
        )
    return _read_single(properties, variable)


def _read_single(properties: Properties, variable: str) -> Content:
    if f"number_{variable}" in properties:
        return Number(records.whole(properties, f"number_{variable}"))
    if f"text_{variable}" in properties:
        return Text(records.text(properties, f"text_{variable}"))
    if f"entity_{variable}" in properties:
        return Reference(EntityId(records.text(properties, f"entity_{variable}")))
    low, high = (records.optional_whole(properties, f"{part}_{variable}") for part in ("low", "high"))
    if low is None and high is None:
        raise RowMalformed(expected="a value", column=variable)
    return Range(low, high)
