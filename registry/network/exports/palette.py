"""Colours that people with any common colour blindness tell apart (Okabe and Ito 2008), and who gets which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from registry.network.exports.material import ExportedNetwork, ExportedNode
from registry.network.model import NodeKind

COLOURS: Final = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
"""Okabe and Ito's without black, which stands for perpetrators and texts."""
OTHER: Final = "#B8B8B8"
NOT_TOLD: Final = "#FFFFFF"


class ColourBy(StrEnum):
    """What the colour of an event says."""

    FORM = "form"
    AGENCY = "agency"


def colour_keys(network: ExportedNetwork, by: ColourBy) -> Mapping[str, str]:
    """Colour by what it stands for, as the legend lists it: the most frequent seven by name, others share one."""
    counts = Counter(key for node in network.nodes if (key := key_of(node, by)))
    frequent = sorted(counts, key=lambda key: (-counts[key], key))
    chosen = sorted(frequent[: len(COLOURS)])
    keys = dict(zip(chosen, COLOURS, strict=False))
    if len(frequent) > len(COLOURS):
        keys["others"] = OTHER
    return keys


def key_of(node: ExportedNode, by: ColourBy) -> str | None:
    """What colours a node: the first form of an event at the top of the units, or the agency that told of it."""
    if node.kind is not NodeKind.EVENT:
        return None
    if by is ColourBy.AGENCY:
        return node.entity
    return node.forms[0].partition(".")[0] if node.forms else None


def colour_of(node: ExportedNode, by: ColourBy, keys: Mapping[str, str]) -> str:
    """The node's colour; white where nothing is told."""
    key = key_of(node, by)
    return NOT_TOLD if key is None else keys.get(key, OTHER)
