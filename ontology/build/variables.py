"""The disaggregating variables: IC-TIP's 33, and the sample national ones.

Lives here: from ``tables/variables.toml`` and ``tables/national-variables.toml`` to schemes.
Elsewhere: the lists they take codes from (`lists`), which version of them (`bindings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ontology import namespaces as ns
from ontology.build.scheme import Item, LevelName, Name, Remark, Scheme, VariableFacts
from ontology.build.tables import read_toml
from ontology.build.units import ADOPTED, PUBLISHER, RIGHTS, UN_REPORT, translated


def variables() -> Scheme:
    """IC-TIP 1.0, the variables of steps 1 and 2."""
    table = read_toml("variables.toml")
    return Scheme(
        id="variables",
        version="1.0",
        titles=translated(table["title"]),
        levels=(LevelName((Name("Variable"),), "[a-z]{3}"),),
        items=tuple(_item(row) for row in table["variable"]),
        sources=(f"{UN_REPORT}, paras 10 to 15; tables/variables.toml of this project's build.",),
        publisher=PUBLISHER,
        rights=RIGHTS,
        official=True,
        printed_version="IC-TIP 2025",
        issued=ADOPTED,
        in_force_from=ADOPTED,
        remarks=(Remark("Step 1 is core, step 2 enhanced. The variables of step 3 are not printed in the source."),),
    )


def national_variables() -> Scheme:
    """Sample national variables, to show that new ones are data."""
    return Scheme(
        id="national-variables",
        version="0.1",
        titles=(Name("Sample national variables"),),
        levels=(LevelName((Name("Variable"),), "[a-z]{3}"),),
        items=tuple(_item(row) for row in read_toml("national-variables.toml")["variable"]),
        sources=("tables/national-variables.toml of this project's build, after HTCDS v2.0 and CTDC.",),
        publisher="ictip",
        rights="Apache-2.0",
        official=False,
    )


def _item(row: Mapping[str, Any]) -> Item:
    also = (Name(row["also"], predicate=ns.ALT_LABEL, official=False),) if "also" in row else ()
    return Item(
        code=row["code"],
        names=(*translated(row), *also),
        remarks=(Remark(row["note"]),) if "note" in row else (),
        variable=VariableFacts(
            kind=row["kind"],
            describes=row["of"],
            step=row.get("step"),
            repeated=row.get("repeated", False),
            unit=row.get("unit"),
            attribution=row.get("attribution"),
        ),
    )
