"""The queries of docs/network.md answer as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.conftest import Doors
from tests.universe import event_id, person_id

PAGE = (Path(__file__).parents[2] / "docs" / "network.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(QUERIES)))
async def test_each_query_of_the_page_answers(case_doors: Doors, number: int) -> None:
    """No error, and something in every root field."""
    query = QUERIES[number].replace("EVENT_ID", event_id("E1"))
    data = await case_doors.data(query, **({"id": person_id("kofi")} if "$id" in query else {}))

    assert all(data.values())


async def test_the_reasons_of_the_page_are_as_printed(case_doors: Doors) -> None:
    """The first row of each question around Kofi says why it counts in just these sentences."""
    (printed,) = re.findall(r"```text\n(keyPlayers .*?)```", PAGE, re.DOTALL)
    (query,) = [each for each in QUERIES if "keyPlayers" in each]

    told = await case_doors.data(query, id=person_id("kofi"))

    first = {
        "keyPlayers": told["keyPlayers"]["players"][0],
        "communities": told["communities"]["communities"][0],
        "components": told["components"]["components"][0],
        "sharedLinks": told["sharedLinks"]["links"]["nodes"][0],
    }
    lines = [
        (f"{name if not at else '':<14}{sentence}")
        for name, row in first.items()
        for at, sentence in enumerate(row["because"])
    ]
    assert printed.splitlines() == lines


def test_the_page_has_a_query_for_each_question() -> None:
    """Guards the list itself."""
    fields = ("paths", "patternLibrary", "patterns", "sharedLinks", "routes", "similarEvents")

    assert all(any(re.search(rf"^  {field}\b", query, re.MULTILINE) for query in QUERIES) for field in fields)
