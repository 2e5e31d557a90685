"""Other servers over the same store, to be measured beside ours: never part of the product.

`neo4j_graphql` starts @neo4j/graphql with Apollo, the off-the-shelf GraphQL server for Neo4j, with the Node and in the
way that tests have packages of npm (``tests.front.node``), from the ``package-lock.json`` beside this.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from registry.storage.address import StoreAddress
from tests.front.node import installed, node

HERE: Final = Path(__file__).parent
PEER_QUERY: Final = (
    "query ($id: ID!) { people(where: {id: {eq: $id}}) { id entity "
    "victimIn { id entity victims { id entity } perpetrators { id entity } } "
    "perpetratorIn { id entity victims { id entity } perpetrators { id entity } } } }"
)
"""The same two hops: the person's events by role, and everybody in them by role."""


@contextlib.contextmanager
def neo4j_graphql(address: StoreAddress, port: int) -> Iterator[None]:
    """@neo4j/graphql on that loopback port until the end of the block. Raises `PackagesMissing`, `OSError`."""
    folder = installed(HERE)
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
            [node(), "server.mjs"],
            cwd=folder,
            env={**os.environ, **named},
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
