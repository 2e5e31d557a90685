"""The 61 audits that npm's graphql-http has for servers: GraphQL over HTTP as its specification says."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from registry.classification.catalogue import Catalogue
from tests.front.conftest import served
from tests.front.node import PackagesMissing, installed, node

SOURCE = Path(__file__).parent / "graphql_http"


@pytest.fixture(scope="module")
def audits() -> Path:
    """The audits' folder; where their packages cannot be had a failure in CI and a skip elsewhere."""
    try:
        return installed(SOURCE)
    except PackagesMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


async def test_every_audit_passes(audits: Path, catalogue: Catalogue) -> None:
    """61 of 61, warnings counted as failures."""
    async with served(catalogue) as address:
        running = await asyncio.create_subprocess_exec(
            node(), str(audits / "audit.mjs"), address, stdout=asyncio.subprocess.PIPE, cwd=audits
        )
        out, _ = await asyncio.wait_for(running.communicate(), 120)

    found = [json.loads(line) for line in out.splitlines()]
    assert running.returncode == 0
    assert [each for each in found if each["status"] != "ok"] == []
    assert len(found) == 61
