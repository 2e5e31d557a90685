"""A network as a picture (SVG 1.1): shapes by kind, fills by role, colours by form or agency, a title and a legend.

Lives here: what is drawn, and in which words. Elsewhere: where nodes stand (``layout``), colours (``palette``).

The same network gives the same bytes. Nothing in it runs or is fetched: no script, no link, no font. Each node holds
its full id and facts as a title, which a browser shows when it is pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from registry.network.exports.layout import Box, lay_out
from registry.network.exports.markup import escaped
from registry.network.exports.material import ExportedEdge, ExportedNetwork, ExportedNode, counted, role_words, short
from registry.network.exports.palette import ColourBy, colour_keys, colour_of
from registry.network.model import NodeKind

MOST_DRAWN: Final = 500
"""Nodes of a picture: of more nobody could tell one from another."""
EVERY_LABEL: Final = 70
"""Nodes up to which all are labelled; in larger pictures the start, hubs, and people of both roles are."""
HUBS_LABELLED: Final = 28
INK, SOFT, PALE, PAPER = "#1A1A1A", "#5A5A5A", "#8C8C8C", "#FFFFFF"
FONT: Final = "'DejaVu Sans',Verdana,Arial,sans-serif"
LONGEST_LABEL: Final = 24
LETTER: Final = 0.6
"""Width of a letter on average, in its size: on the wide side, so that boxes hold their texts."""
MARGIN: Final = 32.0
LEGEND: Final = 330.0
LEGEND_LETTERS: Final = 42
"""Letters of a line of the legend."""
ROW: Final = 22.0
LEAST: Final = (560.0, 420.0)
"""Width and height of the drawing beside the legend, at least."""
_LINKS: Final[Mapping[str, tuple[str, str]]] = {
    "VICTIM_IN": ("victim in", f'stroke="{PALE}" stroke-width="1.6"'),
    "PERPETRATOR_IN": ("perpetrator in", f'stroke="{INK}" stroke-width="2.6"'),
    "RELATED_TO": ("related to", f'stroke="{INK}" stroke-width="1.6" stroke-dasharray="1 5" stroke-linecap="round"'),
    "SAME_AS": ("judged to tell of the same", f'stroke="{INK}" stroke-width="1.4" stroke-dasharray="7 3"'),
    "": ("an event of the start", f'stroke="{PALE}" stroke-width="1" stroke-dasharray="6 4"'),
}
_TO_HUB: Final = ("where, what, or told by whom", f'stroke="{PALE}" stroke-width="0.9" stroke-dasharray="2 3"')
"""Every link of an event with a hub at the end: the hub's shape says which it is."""
_HEXAGON: Final = ((1, 0), (0.5, 0.866), (-0.5, 0.866), (-1, 0), (-0.5, -0.866), (0.5, -0.866))
_POLYGONS: Final = {
    NodeKind.ENTITY: _HEXAGON,
    NodeKind.AREA: ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
    NodeKind.CONCEPT: ((0, -1.15), (1.1, 0.8), (-1.1, 0.8)),
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One node with its place, size and caption."""

    node: ExportedNode
    x: float
    y: float
    radius: float
    caption: str
    is_start: bool


def svg_text(network: ExportedNetwork, *, colour_by: ColourBy = ColourBy.FORM) -> str:
    """The picture. `MOST_DRAWN` is the caller's to mind: more nodes take minutes and tell nothing."""
    keys = colour_keys(network, colour_by)
    drawn = _placed(network)
    wide, high = _extent(drawn)
    head = _head(network, wide + LEGEND)
    top = MARGIN + 26 + 17.0 * len(head) + 20
    legend = list(_legend(network, colour_by, keys))
    height = max(top + high, top + ROW * len(legend)) + MARGIN
    width = MARGIN * 2 + wide + LEGEND
    shift_x = MARGIN + (wide - _used(drawn)) / 2
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-labelledby="title told" font-family="{FONT}">',
        f'<title id="title">{escaped(network.title)}</title>',
        f'<desc id="told">{escaped(" ".join(network.left_out))}</desc>',
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        _text(MARGIN, MARGIN + 14, network.title, 18, weight=700),
        *(_text(MARGIN, MARGIN + 40 + 17 * row, line, 12, fill=SOFT) for row, line in enumerate(head)),
        f'<g transform="translate({_n(shift_x)} {_n(top)})">',
        *_links(network.edges, drawn),
        *(line for each in drawn for line in _shape(each, colour_of(each.node, colour_by, keys))),
        *(line for each in drawn for line in _caption(each)),
        "</g>",
        f'<g transform="translate({_n(MARGIN * 2 + wide)} {_n(top)})">',
        *(line.format(y=_n(ROW * row + 8), t=_n(ROW * row + 12)) for row, line in enumerate(legend)),
        "</g>",
        "</svg>",
        "",
    ]
    return "\n".join(lines)


# --- where ---------------------------------------------------------------------------------------------------


def _placed(network: ExportedNetwork) -> list[_Drawn]:
    number = {node.id: place for place, node in enumerate(network.nodes)}
    captioned = _captioned(network)
    captions = [_caption_of(node) if node.id in captioned else "" for node in network.nodes]
    radii = [_radius(node) for node in network.nodes]
    boxes = [_box(radius, caption) for radius, caption in zip(radii, captions, strict=True)]
    pairs = [(number[edge.source], number[edge.target]) for edge in network.edges]
    return [
        _Drawn(node, x, y, radius, caption, node.id == network.start)
        for node, (x, y), radius, caption in zip(network.nodes, lay_out(pairs, boxes), radii, captions, strict=True)
    ]


def _captioned(network: ExportedNetwork) -> frozenset[str]:
    """Which nodes have their caption beside them: all of few; of many those that somebody looks for."""
    if len(network.nodes) <= EVERY_LABEL:
        return frozenset(node.id for node in network.nodes)
    hubs = sorted(network.nodes, key=lambda node: (-node.links, node.id))[:HUBS_LABELLED]
    told = {node.id for node in hubs if node.links > 2}
    told |= {node.id for node in network.nodes if node.all_links or (node.is_victim and node.is_perpetrator)}
    return frozenset(told | {network.start or ""})


def _radius(node: ExportedNode) -> float:
    return round(min(20.0, 6.5 + 2.2 * sqrt(node.links)), 1)


def _box(radius: float, caption: str) -> Box:
    rim = radius + 3
    if not caption:
        return Box(rim, rim, rim)
    lines = caption.split("\n")
    text = max(len(line) for line in lines) * 10 * LETTER / 2 + 2
    return Box(max(rim, text), rim, rim + 13.0 * len(lines) + 1)


def _caption_of(node: ExportedNode) -> str:
    """What stands under a node: of an event the day and forms, of the rest the beginning of the id."""
    told = " · ".join(part for part in (node.date or "", ", ".join(node.forms)) if part)
    caption = told if node.kind is NodeKind.EVENT and told else cut(node.label or short(node.id))
    return "\n".join(filter(None, (caption, node.all_in_words)))


def cut(label: str) -> str:
    """A hub's label, shortened where it is long: the whole is in the node's title."""
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _extent(drawn: Sequence[_Drawn]) -> tuple[float, float]:
    down = [each.y + _box(each.radius, each.caption).down for each in drawn]
    return max(LEAST[0], _used(drawn)), max([LEAST[1], *down])


def _used(drawn: Sequence[_Drawn]) -> float:
    return max((each.x + _box(each.radius, each.caption).half_width for each in drawn), default=0.0)


# --- what ----------------------------------------------------------------------------------------------------


def _links(edges: Sequence[ExportedEdge], drawn: Sequence[_Drawn]) -> Iterator[str]:
    """Lines under everything else; two of the same ends run side by side, a link to oneself is a ring."""
    at = {each.node.id: each for each in drawn}
    beside: dict[tuple[str, str], int] = {}
    for edge in edges:
        one, other = at[edge.source], at[edge.target]
        style = _LINKS.get(edge.kind, _TO_HUB)[1]
        if one is other:
            yield f'<circle cx="{_n(one.x + one.radius)}" cy="{_n(one.y - one.radius)}" r="8" fill="none" {style}/>'
            continue
        ends = (min(edge.source, edge.target), max(edge.source, edge.target))
        number = beside[ends] = beside.get(ends, -1) + 1
        dx, dy = other.x - one.x, other.y - one.y
        length = sqrt(dx * dx + dy * dy) or 1.0
        aside = (0, 4, -4, 8, -8)[min(number, 4)]
        ox, oy = -dy / length * aside, dx / length * aside
        points = f'x1="{_n(one.x + ox)}" y1="{_n(one.y + oy)}" x2="{_n(other.x + ox)}" y2="{_n(other.y + oy)}"'
        yield f"<line {points} {style}/>"


def _shape(each: _Drawn, colour: str) -> Iterator[str]:
    node, x, y, r = each.node, each.x, each.y, each.radius
    yield f"<g><title>{escaped(_facts(node))}</title>"
    if each.is_start:
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r + 5)}" fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
    dash = ' stroke-dasharray="3 2.5"' if node.all_links is not None else ""
    rim = f'stroke="{INK}" stroke-width="1.8"{dash}'
    if node.kind is NodeKind.EVENT:
        side = r * 0.92
        yield (
            f'<rect x="{_n(x - side)}" y="{_n(y - side)}" width="{_n(side * 2)}" height="{_n(side * 2)}" '
            f'rx="3" fill="{colour}" {rim}/>'
        )
    elif node.kind is NodeKind.PERSON:
        yield from _person(x, y, r, rim, is_victim=node.is_victim, is_perpetrator=node.is_perpetrator)
    else:
        points = " ".join(f"{_n(x + dx * r)},{_n(y + dy * r)}" for dx, dy in _POLYGONS[node.kind])
        yield f'<polygon points="{points}" fill="{PALE}" {rim}/>'
    yield "</g>"


def _person(x: float, y: float, r: float, rim: str, *, is_victim: bool, is_perpetrator: bool) -> Iterator[str]:
    """White a victim, black a perpetrator, half and half who is told of as both, grey who is told of as neither."""
    fill = PAPER if is_victim else INK if is_perpetrator else PALE
    yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{fill}" {rim}/>'
    if is_victim and is_perpetrator:
        yield f'<path d="M{_n(x)} {_n(y - r)}A{_n(r)} {_n(r)} 0 0 1 {_n(x)} {_n(y + r)}Z" fill="{INK}"/>'


def _caption(each: _Drawn) -> Iterator[str]:
    """Over everything, on paper that lets little through, so that no link crosses letters."""
    if not each.caption:
        return
    weight = 700 if each.is_start or each.node.links >= 6 else 400
    for row, line in enumerate(each.caption.split("\n")):
        y = each.y + each.radius + 12 + 13 * row + (5 if each.is_start else 0)
        half = len(line) * 10 * LETTER / 2
        yield (
            f'<rect x="{_n(each.x - half)}" y="{_n(y - 9)}" width="{_n(half * 2)}" height="12" rx="3" '
            f'fill="{PAPER}" fill-opacity="0.85"/>'
        )
        yield _text(each.x, y, line, 10, weight=weight, anchor="middle")


def _facts(node: ExportedNode) -> str:
    parts = [
        f"{node.kind.word} {node.id}",
        node.label or "",
        " and ".join(role_words(node)),
        f"recorded {node.date}" if node.date else "",
        f"forms {', '.join(node.forms)}" if node.forms else "",
        f"told by {node.entity}" if node.entity else "",
        counted(node.links, "link") + " here",
        f"{node.all_in_words}, not followed" if node.all_links is not None else "",
    ]
    return "; ".join(part for part in parts if part)


# --- words ---------------------------------------------------------------------------------------------------


def _head(network: ExportedNetwork, width: float) -> list[str]:
    names = (
        "Pseudonyms stand for people and events; dates are years."
        if network.is_pseudonymised
        else "Identified case records: handle as such."
    )
    unlabelled = len(network.nodes) - len(_captioned(network))
    few = f"{counted(unlabelled, 'node')} without a caption; point at one to read its facts." if unlabelled > 0 else ""
    return [line for said in (*network.left_out, few, names) if said for line in _wrapped(said, int(width / 7.4))]


def _legend(network: ExportedNetwork, by: ColourBy, keys: Mapping[str, str]) -> Iterator[str]:
    """A row each, places to be filled in: {y} of a mark's middle, {t} of a text's foot."""
    kinds = {node.kind for node in network.nodes}
    if NodeKind.PERSON in kinds:
        yield from _people(network)
    if NodeKind.EVENT in kinds:
        yield from _events(network, by, keys)
    yield _title("Links and marks")
    for kind in (kind for kind in _POLYGONS if kind in kinds):
        points = " ".join(f"{_n(9 + dx * 8)},{_n(dy * 8)}" for dx, dy in _POLYGONS[kind])
        shape = f'<polygon points="{points}" fill="{PALE}" stroke="{INK}" stroke-width="1.5"/>'
        yield from _entry(f'<g transform="translate(0 {{y}})">{shape}</g>', kind.word)
    linked = {_LINKS.get(edge.kind, _TO_HUB) for edge in network.edges}
    for word, style in (each for each in (*_LINKS.values(), _TO_HUB) if each in linked):
        yield from _entry(f'<line x1="0" y1="{{y}}" x2="20" y2="{{y}}" {style}/>', word)
    ring = f'<circle cx="9" cy="{{y}}" r="8" fill="none" stroke="{INK}" stroke-width="2"/>'
    yield from _entry(ring, "ring around it: the start")
    if any(node.all_links is not None for node in network.nodes):
        dashed = f'<circle cx="9" cy="{{y}}" r="8" fill="none" stroke="{INK}" stroke-dasharray="3 2.5"/>'
        yield from _entry(dashed, "broken rim: not followed")
    sizes = f'<circle cx="5" cy="{{y}}" r="4" fill="none" stroke="{INK}"/>'
    yield from _entry(
        f'{sizes}<circle cx="17" cy="{{y}}" r="7" fill="none" stroke="{INK}"/>', "the larger, the more links"
    )


def _people(network: ExportedNetwork) -> Iterator[str]:
    yield _title("People")
    told = {(node.is_victim, node.is_perpetrator) for node in network.nodes if node.kind is NodeKind.PERSON}
    for word, victim, perpetrator in (
        ("victim", True, False),
        ("perpetrator", False, True),
        ("both perpetrator and victim", True, True),
        ("told of as neither here", False, False),
    ):
        if (victim, perpetrator) in told:
            yield from _entry("".join(_person_mark(victim=victim, perpetrator=perpetrator)), word)
    yield ""


def _events(network: ExportedNetwork, by: ColourBy, keys: Mapping[str, str]) -> Iterator[str]:
    yield _title("Events, by first form of exploitation" if by is ColourBy.FORM else "Events, by agency")
    for key, colour in keys.items():
        label = network.labels.get(key, "") if by is ColourBy.FORM else ""
        word = f"{key} {label}" if label else f"form {key}" if by is ColourBy.FORM and key != "others" else key
        yield from _entry(_square(colour), word)
    if any(colour_of(node, by, keys) == PAPER for node in network.nodes if node.kind is NodeKind.EVENT):
        yield from _entry(_square(PAPER), "none told")
    yield ""


def _square(colour: str) -> str:
    return (
        f'<g transform="translate(0 {{y}})"><rect x="1" y="-8" width="16" height="16" rx="3" fill="{colour}" '
        f'stroke="{INK}" stroke-width="1.5"/></g>'
    )


def _person_mark(*, victim: bool, perpetrator: bool) -> Iterator[str]:
    yield '<g transform="translate(0 {y})">'
    yield from _person(9, 0, 8, f'stroke="{INK}" stroke-width="1.5"', is_victim=victim, is_perpetrator=perpetrator)
    yield "</g>"


def _title(text: str) -> str:
    return f'<text x="0" y="{{t}}" font-size="12" font-weight="700" fill="{INK}">{_braced(text)}</text>'


def _entry(mark: str, text: str) -> Iterator[str]:
    """The mark with its words, in as many rows as they need."""
    for line in _wrapped(text, LEGEND_LETTERS):
        yield f'{mark}<text x="32" y="{{t}}" font-size="11.5" fill="{INK}">{_braced(line)}</text>'
        mark = ""


def _braced(text: str) -> str:
    """Escaped for markup, and for the filling in of places."""
    return escaped(text).replace("{", "{{").replace("}", "}}")


def _text(
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    weight: int = 400,
    fill: str = INK,
    anchor: str = "start",
) -> str:
    where = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"'
    return f'<text {where} font-weight="{weight}" fill="{fill}" text-anchor="{anchor}">{escaped(text)}</text>'


def _wrapped(text: str, most: int) -> list[str]:
    """Lines of at most so many letters, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _n(number: float) -> str:
    """A number of the picture, to a tenth, without a needless nought."""
    return f"{number:.1f}".removesuffix(".0")
