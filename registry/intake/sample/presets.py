"""How a sample world is shaped: three presets, each a row of one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Preset(StrEnum):
    """The names of the shapes."""

    SPARSE = "sparse"
    """Small cases and few perpetrators met again: a network of many small islands."""
    DENSE = "dense"
    """Larger cases, perpetrators met again and again: one large component."""
    HUB = "hub"
    """A few perpetrators and places in very many events: what breaks naive expansions."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers of a preset.

    Victims and perpetrators a case follow a power law k^-exponent cut off at the most. Perpetrators are reused by a
    Pitman-Yor process (Pitman and Yor 1997): after n draws of K people a new one has probability
    (strength + discount K) / (n + strength), a known one of c draws (c - discount) / (n + strength).
    """

    victims_exponent: float
    victims_most: int
    perpetrators_exponent: float
    perpetrators_most: int
    discount: float
    strength: float
    areas_exponent: float
    """Of the Zipf law over areas by rank."""
    returning: float
    """Share of victims who were a victim of an earlier event of the same agency."""
    turned: float
    """Share of new perpetrators who were a victim before."""


SHAPES: Final[Mapping[Preset, Shape]] = {
    #              victims a case  perpetrators    reuse         areas  victims again
    Preset.SPARSE: Shape(2.6, 40, 2.8, 8, 0.80, 500.0, 1.0, 0.01, 0.005),
    Preset.DENSE: Shape(2.1, 80, 2.0, 15, 0.50, 50.0, 1.1, 0.05, 0.02),
    Preset.HUB: Shape(2.3, 200, 2.2, 20, 0.15, 5.0, 1.6, 0.02, 0.01),
}
