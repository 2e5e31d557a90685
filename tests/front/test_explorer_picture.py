"""The explorer's picture as its script lays it out, run by Node.js."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files

from tests.front.node import node

PICTURE = files("graphql_api.web") / "explore_picture.js"
SCRIPT = """
const { captionsOf } = await import(process.argv[1]);
const nodes = JSON.parse(process.argv[2]);
const places = new Map(nodes.map((node) => [node.id, node]));
const sizes = new Map(nodes.map((node) => [node.id, 5]));
const captionOf = (node) => node.caption;
const found = captionsOf(nodes, { places, sizes, captionOf, font: 10, reach: 100 });
console.log(JSON.stringify(Object.fromEntries([...found].map(([id, { y, anchor }]) => [id, [anchor, Math.sign(y)]]))));
"""


def captions(*nodes: tuple[str, int, int, str]) -> dict[str, list[object]]:
    """Of nodes (id, x, y, caption) those with room for it: its anchor, and whether it stands below or above."""
    told = json.dumps([{"id": id_, "x": x, "y": y, "caption": text} for id_, x, y, text in nodes])
    command = [node(), "--input-type=module", "--eval", SCRIPT, str(PICTURE), told]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    found: dict[str, list[object]] = json.loads(answer.stdout)
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
