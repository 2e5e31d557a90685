"""A pair of CSV files (RFC 4180) and Cytoscape's JSON (js.cytoscape.org, elements and data).

No cell starts like a formula (``registry.classification.cells``).
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final

from registry.classification.cells import safe_cell, safe_row
from registry.network.exports.material import EDGE_COLUMNS, NODE_COLUMNS, WHOLE_COLUMNS, ExportedNetwork, columns

_MARK: Final = "\ufeff"
"""Without it spreadsheets do not take a file for UTF-8."""
_GUARDED: Final = (
    "An apostrophe leads what a spreadsheet would run as a formula, ids too: what begins with =, +, - or @ here begins"
    " with '=, '+, '- or '@. Other files of this network have no such apostrophe."
)
_SAME_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every member: the same network is the same archive."""


def csv_pair(network: ExportedNetwork) -> dict[str, str]:
    """``nodes.csv``, ``edges.csv``, and ``readme.txt``: what is not in them, and whether cells are guarded."""
    nodes = columns(network.nodes)
    edges = [(edge.source, edge.target, edge.kind) for edge in network.edges]
    guarded = any(safe_cell(cell) != cell for row in (*nodes, *edges) for cell in row)
    said = (f"{network.title}.", *network.left_out, *([_GUARDED] if guarded else []))
    return {
        "nodes.csv": _table(NODE_COLUMNS, nodes),
        "edges.csv": _table(EDGE_COLUMNS, edges),
        "readme.txt": "\r\n".join((*said, "")),
    }


def csv_archive(network: ExportedNetwork) -> bytes:
    """The pair in one ZIP archive; the same network gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in csv_pair(network).items():
            archive.writestr(zipfile.ZipInfo(name, _SAME_MOMENT), text.encode())
    return out.getvalue()


def cytoscape_text(network: ExportedNetwork) -> str:
    """Cytoscape JSON: what Cytoscape and cytoscape.js open, and networkx reads."""
    nodes = [{"data": _cytoscape_node(cells)} for cells in columns(network.nodes)]
    edges = [
        {"data": {"id": f"l{number}", **dict(zip(EDGE_COLUMNS, ends, strict=True)), "key": ends[2]}}
        for number, ends in enumerate((edge.source, edge.target, edge.kind) for edge in network.edges)
    ]
    told = {
        "data": {"name": network.title, "left_out": list(network.left_out)},
        "directed": True,
        "multigraph": True,
        "elements": {"nodes": nodes, "edges": edges},
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _cytoscape_node(cells: Sequence[str]) -> dict[str, str | int]:
    """Attributes that are told; ``name`` is what Cytoscape shows, ``value`` what networkx takes for the node."""
    told = {
        name: int(cell) if name in WHOLE_COLUMNS else cell
        for name, cell in zip(NODE_COLUMNS, cells, strict=True)
        if cell
    }
    return told | {"name": cells[0], "value": cells[0]}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(safe_row(row) for row in rows)
    return _MARK + out.getvalue()
