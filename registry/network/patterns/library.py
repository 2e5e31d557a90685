"""The library itself: every pattern by kind, and the parameters of a question against their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from registry.errors import ArgumentsConflicting, check_range
from registry.network.patterns.address import SHARED_ADDRESS
from registry.network.patterns.model import Definition, PatternKind, Settings
from registry.network.patterns.movement import CYCLE, RELAY
from registry.network.patterns.ring import RING
from registry.network.patterns.star import STAR
from registry.network.patterns.turned import TURNED

LIBRARY: Final[Mapping[PatternKind, Definition]] = MappingProxyType(
    {each.kind: each for each in (STAR, RING, RELAY, SHARED_ADDRESS, TURNED, CYCLE)}
)


def settle(definition: Definition, asked: Mapping[str, int]) -> Settings:
    """Every parameter: as asked for, else its default. Raises `ArgumentsConflicting`, `ArgumentOutOfRange`."""
    known = {parameter.name: parameter for parameter in definition.parameters}
    foreign = sorted(asked.keys() - known.keys())
    if foreign:
        raise ArgumentsConflicting(
            arguments=", ".join(foreign), rule=f"{definition.kind.value} takes {', '.join(known)} and no others"
        )
    for name, value in asked.items():
        parameter = known[name]
        check_range(name, value, parameter.lowest, parameter.highest)
    settings = {name: asked.get(name, parameter.default) for name, parameter in known.items()}
    if "leastPeople" in settings and settings["leastPeople"] > settings["mostPeople"]:
        raise ArgumentsConflicting(arguments="leastPeople, mostPeople", rule="the least is not above the most")
    return settings
