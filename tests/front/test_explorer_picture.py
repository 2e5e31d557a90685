"""The explorer's picture as its script lays it out, run by Node.js."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from math import dist, hypot
from typing import Any

from tests.front.node import node

PICTURE = files("graphql_api.web") / "explore_picture.js"
CAPTIONS = """
const { captionsOf } = await import(process.argv[1]);
const nodes = JSON.parse(process.argv[2]);
const places = new Map(nodes.map((node) => [node.id, node]));
const sizes = new Map(nodes.map((node) => [node.id, 5]));
const captionOf = (node) => node.caption;
const found = captionsOf(nodes, { places, sizes, captionOf, font: 10, reach: 100 });
console.log(JSON.stringify(Object.fromEntries([...found].map(([id, { y, anchor }]) => [id, [anchor, Math.sign(y)]]))));
"""


PLACES = """
const { layoutOf } = await import(process.argv[1]);
const links = JSON.parse(process.argv[2]);
const ids = [...new Set(links.flat())];
const near = (id) => links.some((ends) => ends.includes(id) && ends.includes(ids[0]));
const nodes = ids.map((id) => ({ id, distance: id === ids[0] ? 0 : near(id) ? 1 : 2 }));
const { places } = layoutOf({ nodes, edges: links.map(([source, target]) => ({ source, target })) });
console.log(JSON.stringify(Object.fromEntries([...places].map(([id, { x, y }]) => [id, [x, y]]))));
"""


def told_by(script: str, given: object) -> Any:
    """What a script prints of this."""
    command = [node(), "--input-type=module", "--eval", script, str(PICTURE), json.dumps(given)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)


def captions(*nodes: tuple[str, int, int, str]) -> dict[str, list[object]]:
    """Of nodes (id, x, y, caption) those with room for it: its anchor, and whether it stands below or above."""
    found: dict[str, list[object]] = told_by(
        CAPTIONS, [{"id": id_, "x": x, "y": y, "caption": text} for id_, x, y, text in nodes]
    )
    return found


def test_captions_do_not_hide_each_other() -> None:
    """Below where there is room, else above, right or left; none where none of these is free, or outside."""
    assert captions(("a", 0, 0, "abcdef"), ("b", 20, 0, "abcdef")) == {"a": ["middle", 1], "b": ["middle", -1]}
    row = [(f"n{place}", 12 * place, 0, "abcdefghij") for place in range(-3, 4)]
    assert captions(*row) == {
        "n-3": ["middle", 1], "n-2": ["middle", -1], "n2": ["middle", 1], "n3": ["middle", -1],
    }  # fmt: skip
    assert captions(("edge", 95, 0, "abcdef")) == {"edge": ["end", 1]}
    assert captions(("alone", 0, 0, "")) == {}


def test_a_ring_looks_like_one_and_a_star_has_its_start_in_the_middle() -> None:
    """A path lies level with its first node to the left; what does not hang together keeps apart."""
    ring = told_by(PLACES, [["a", "b"], ["b", "c"], ["c", "d"], ["d", "e"], ["e", "a"]])
    radii = [hypot(*place) for place in ring.values()]
    assert max(radii) < 1.2 * min(radii)

    star = told_by(PLACES, [["x", "a"], ["x", "b"], ["x", "c"], ["x", "d"], ["d", "e"]])
    assert hypot(*star["x"]) < 1e-9

    path = told_by(PLACES, [["a", "b"], ["b", "c"]])
    assert path["a"][0] < path["b"][0] < path["c"][0]
    assert max(abs(y) for _, y in path.values()) < 0.1 * (path["c"][0] - path["a"][0])

    parts = told_by(PLACES, [["a", "b"], ["c", "d"]])
    assert dist(parts["a"], parts["b"]) < min(dist(parts["a"], parts["c"]), dist(parts["b"], parts["d"]))
