"""Where each node of a picture stands: the same network, the same places, on every machine.

Lives here: places in pixels, from links and boxes. Elsewhere: what is drawn there (``svg``).

Each part that hangs together is laid out so that distances in the picture are near those in the network (stress
majorisation: Gansner, Koren and North 2005), then boxes are pushed apart until none covers another, then the parts
are set side by side. There is no chance in it, and only +, -, *, / and square root, added up in one order: these are
exact to the last bit everywhere (IEEE 754), where sine, powers and a library's own sums are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

LINK: Final = 76.0
"""Pixels that a link would like to be long."""
ROUNDS: Final = 160
"""Of moving nodes towards their distances; more change a pixel or two."""
PUSHES: Final = 400
GAP: Final = 7.0
"""Pixels kept free between boxes."""
BETWEEN_PARTS: Final = 46.0
_TURN: Final = (-0.7373688780783197, 0.6754902942615238)
"""Cosine and sine of the golden angle: where the next node starts, seen from the one before."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a node covers around its place, in pixels: half its width, and how far it reaches up and down."""

    half_width: float
    up: float
    down: float


def lay_out(pairs: Sequence[tuple[int, int]], boxes: Sequence[Box]) -> list[tuple[float, float]]:
    """A place for each node, from about 0 rightward and downward, to a tenth of a pixel."""
    neighbours: list[list[int]] = [[] for _ in boxes]
    for one, other in sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}):
        neighbours[one].append(other)
        neighbours[other].append(one)
    places: list[tuple[float, float]] = [(0.0, 0.0)] * len(boxes)
    parts = [(part, _lay_out_part(part, neighbours, boxes)) for part in _parts(neighbours)]
    for part, placed in _side_by_side(parts, boxes):
        for node, x, y in zip(part, placed[0].tolist(), placed[1].tolist(), strict=True):
            places[node] = (round(x, 1), round(y, 1))
    return places


def _parts(neighbours: Sequence[Sequence[int]]) -> list[list[int]]:
    """Nodes that hang together, each part in the order a walk in breadth meets them, the largest part first."""
    parts, seen = [], [False] * len(neighbours)
    for root in range(len(neighbours)):
        if seen[root]:
            continue
        seen[root] = True
        part = [root]
        for node in part:
            for near in neighbours[node]:
                if not seen[near]:
                    seen[near] = True
                    part.append(near)
        parts.append(part)
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _lay_out_part(part: Sequence[int], neighbours: Sequence[Sequence[int]], boxes: Sequence[Box]) -> Numbers:
    """Rows x and y, a column a node of the part."""
    at = _spiral(len(part))
    if len(part) > 1:
        at = _near_their_distances(at, _distances(part, neighbours) * LINK)
    return _pushed_apart(at, [boxes[node] for node in part])


def _spiral(count: int) -> Numbers:
    at = np.zeros((2, count))
    cosine, sine = 1.0, 0.0
    for number in range(count):
        radius = float(np.sqrt(number)) * LINK * 0.6
        at[0, number], at[1, number] = radius * cosine, radius * sine
        cosine, sine = cosine * _TURN[0] - sine * _TURN[1], cosine * _TURN[1] + sine * _TURN[0]
    return at


def _distances(part: Sequence[int], neighbours: Sequence[Sequence[int]]) -> Numbers:
    """Links between each two nodes of the part."""
    number = {node: place for place, node in enumerate(part)}
    found = np.zeros((len(part), len(part)))
    for place, root in enumerate(part):
        reached = {root: 0}
        waiting = [root]
        for node in waiting:
            for near in neighbours[node]:
                if near not in reached:
                    reached[near] = reached[node] + 1
                    waiting.append(near)
        for node, far in reached.items():
            found[place, number[node]] = far
    return found


def _near_their_distances(at: Numbers, wanted: Numbers) -> Numbers:
    apart = wanted + np.eye(len(wanted))
    weights = 1.0 / (apart * apart)
    np.fill_diagonal(weights, 0.0)
    whole = np.add.reduce(weights, axis=0)
    for _ in range(ROUNDS):
        dx, dy = at[0][None, :] - at[0][:, None], at[1][None, :] - at[1][:, None]
        ratio = wanted / np.maximum(np.sqrt(dx * dx + dy * dy), 0.01)
        to_x = np.add.reduce(weights * (at[0][:, None] + ratio * dx), axis=0) / whole
        to_y = np.add.reduce(weights * (at[1][:, None] + ratio * dy), axis=0) / whole
        at = at * 0.35 + np.stack((to_x, to_y)) * 0.65
    return at


def _pushed_apart(at: Numbers, boxes: Sequence[Box]) -> Numbers:
    """The places after boxes that cover each other were moved apart, the shorter way, until none do (or nearly)."""
    wide = np.array([box.half_width for box in boxes]) + GAP / 2
    high = np.array([(box.up + box.down) / 2 for box in boxes]) + GAP / 2
    middle = np.array([(box.down - box.up) / 2 for box in boxes])
    reach_x, reach_y = wide[None, :] + wide[:, None], high[None, :] + high[:, None]
    # Two at the very same place go apart by their order.
    order = np.arange(len(boxes), dtype=np.float64)
    first = np.where(order[None, :] > order[:, None], 1.0, -1.0)
    for _ in range(PUSHES):
        dx = at[0][None, :] - at[0][:, None]
        dy = (at[1] + middle)[None, :] - (at[1] + middle)[:, None]
        over_x, over_y = reach_x - np.abs(dx), reach_y - np.abs(dy)
        covers = (over_x > 0) & (over_y > 0)
        np.fill_diagonal(covers, val=False)
        if not covers.any():
            break
        sideways = covers & (over_x <= over_y)
        upward = covers & ~sideways
        sign_x, sign_y = np.where(dx == 0, first, np.sign(dx)), np.where(dy == 0, first, np.sign(dy))
        move_x = np.add.reduce(np.where(sideways, sign_x * (over_x + 0.5), 0.0), axis=0)
        move_y = np.add.reduce(np.where(upward, sign_y * (over_y + 0.5), 0.0), axis=0)
        at = at + np.stack((np.clip(move_x * 0.5, -30, 30), np.clip(move_y * 0.5, -30, 30)))
    return at


def _side_by_side(
    parts: Sequence[tuple[Sequence[int], Numbers]], boxes: Sequence[Box]
) -> list[tuple[Sequence[int], Numbers]]:
    """The parts in rows of about a page's shape, from the upper left."""
    sizes = []
    for part, at in parts:
        wide = np.array([boxes[node].half_width for node in part])
        up = np.array([boxes[node].up for node in part])
        down = np.array([boxes[node].down for node in part])
        left, top = float((at[0] - wide).min()), float((at[1] - up).min())
        sizes.append((left, top, float((at[0] + wide).max()) - left, float((at[1] + down).max()) - top))
    area = sum((width + BETWEEN_PARTS) * (height + BETWEEN_PARTS) for _, _, width, height in sizes)
    widest = max([float(np.sqrt(area * 1.5)), *(width for _, _, width, _ in sizes)], default=0.0)
    placed, x, y, row = [], 0.0, 0.0, 0.0
    for (part, at), (left, top, width, height) in zip(parts, sizes, strict=True):
        if x and x + width > widest:
            x, y, row = 0.0, y + row + BETWEEN_PARTS, 0.0
        placed.append((part, at + np.array([[x - left], [y - top]])))
        x, row = x + width + BETWEEN_PARTS, max(row, height)
    return placed
