"""GraphML (graphml.graphdrawing.org, 2002) and GEXF 1.2 (gexf.net): networks for Gephi, yEd, networkx, igraph.

Links keep their direction (a person towards an event); two links of the same two ends stay two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.network.exports.markup import escaped, quoted
from registry.network.exports.material import NODE_COLUMNS, WHOLE_COLUMNS, ExportedNetwork, columns

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ATTRIBUTES: Final = NODE_COLUMNS[1:]


def graphml_text(network: ExportedNetwork) -> str:
    """GraphML, a data element an attribute; what is not told has none."""
    lines = [_HEAD + '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    for name in _ATTRIBUTES:
        kind = "int" if name in WHOLE_COLUMNS else "string"
        lines.append(f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>')
    lines += [
        '<key id="link" for="edge" attr.name="kind" attr.type="string"/>',
        '<key id="title" for="graph" attr.name="title" attr.type="string"/>',
        '<key id="left_out" for="graph" attr.name="left_out" attr.type="string"/>',
        '<graph id="network" edgedefault="directed">',
        f'<data key="title">{escaped(network.title)}</data>',
        f'<data key="left_out">{escaped(" ".join(network.left_out))}</data>',
        *_graphml_nodes(network),
    ]
    for number, edge in enumerate(network.edges):
        ends = f"source={quoted(edge.source)} target={quoted(edge.target)}"
        lines.append(f'<edge id="l{number}" {ends}><data key="link">{escaped(edge.kind)}</data></edge>')
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _graphml_nodes(network: ExportedNetwork) -> Iterator[str]:
    for id_, *cells in columns(network.nodes):
        told = "".join(
            f'<data key="{name}">{escaped(cell)}</data>' for name, cell in zip(_ATTRIBUTES, cells, strict=True) if cell
        )
        yield f"<node id={quoted(id_)}>{told}</node>"


def gexf_text(network: ExportedNetwork) -> str:
    """GEXF 1.2 draft, the version that both Gephi and networkx read."""
    lines = [
        _HEAD + '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">',
        f"<meta><creator>ictip</creator><description>{escaped(_described(network))}</description></meta>",
        '<graph defaultedgetype="directed" mode="static">',
        '<attributes class="node" mode="static">',
    ]
    for name in _ATTRIBUTES:
        kind = "integer" if name in WHOLE_COLUMNS else "string"
        lines.append(f'<attribute id="{name}" title="{name}" type="{kind}"/>')
    lines += [
        "</attributes>",
        '<attributes class="edge" mode="static"><attribute id="link" title="kind" type="string"/></attributes>',
        "<nodes>",
        *_gexf_nodes(network),
        "</nodes>",
        "<edges>",
    ]
    for number, edge in enumerate(network.edges):
        ends = f"source={quoted(edge.source)} target={quoted(edge.target)}"
        value = f'<attvalues><attvalue for="link" value={quoted(edge.kind)}/></attvalues>'
        lines.append(f'<edge id="{number}" {ends}>{value}</edge>')
    return "\n".join([*lines, "</edges>", "</graph>", "</gexf>", ""])


def _gexf_nodes(network: ExportedNetwork) -> Iterator[str]:
    for id_, *cells in columns(network.nodes):
        told = "".join(
            f'<attvalue for="{name}" value={quoted(cell)}/>'
            for name, cell in zip(_ATTRIBUTES, cells, strict=True)
            if cell
        )
        yield f"<node id={quoted(id_)} label={quoted(id_)}><attvalues>{told}</attvalues></node>"


def _described(network: ExportedNetwork) -> str:
    return " ".join((f"{network.title}.", *network.left_out))
