"""The explorer in a real browser: the README's investigation walked on the page, and what is seen without a right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from registry.access.actor import Right, local_user
from registry.cases.codebook import CatalogueCodebook
from registry.cases.identity import KEY_BYTES
from registry.classification.catalogue import Catalogue
from registry.intake.actions import Delivery, import_batch
from registry.intake.mapping import load_mapping
from registry.intake.sample.actions import write_world
from registry.intake.sample.palette import palette_of
from registry.intake.sample.presets import Preset
from registry.intake.sample.world import World
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests.front.browser import PROGRAM, Page, Pipe, browsing, opened_page
from tests.front.conftest import served
from tests.universe import event_id, person_id

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="There is no Chromium here."),
    pytest.mark.parametrize("store_address", ["embedded"], indirect=True),  # a page shows the same on either engine
]

NUMBER = "+000 2199023255556"
"""The telephone number of the README's investigation."""
PICTURE = "document.querySelectorAll('#picture .node').length"
TOLD = "document.getElementById('told').textContent"
FOUND = "[...document.querySelectorAll('#found summary')].map((one) => one.textContent)"


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Pipe]:
    """A browser."""
    async with browsing(tmp_path / "profile") as pipe:
        yield pipe


def explorer(address: str, **asked: object) -> str:
    """The explorer's address with a question in it."""
    return address.replace("/graphql", "/explore#") + "&".join(f"{name}={value}" for name, value in asked.items())


async def click(page: Page, selector: str, text: str = "") -> None:
    """Click on the first of these that holds the text, once it is there."""
    chosen = f"[...document.querySelectorAll({selector!r})].find((one) => one.textContent.includes({text!r}))"
    await page.until(f"({chosen}.click(), true)")


async def sent(page: Page, operation: str) -> dict[str, Any]:
    """The query and the variables that the page shows of an operation, as one body to post."""
    texts = await page.until(
        f"(document.getElementById('sent').open = true, [...document.querySelectorAll('#sent-list > details')]"
        f".find((one) => one.firstChild.textContent === {operation!r}))"
        ".querySelectorAll('pre').values().map((one) => one.textContent).toArray()"
    )
    return {"query": texts[0], "operationName": operation, "variables": orjson.loads(texts[1])}


def bodies(page: Page) -> list[dict[str, Any]]:
    """What the page posted."""
    return [orjson.loads(each["postData"]) for each in page.requests() if each["method"] == "POST"]


async def test_an_investigation_is_walked_on_the_page(
    database: Database, catalogue: Catalogue, browser: Pipe, tmp_path: Path
) -> None:
    """From a number to a person, their network, the ring, and a path, with the figures that the README tells."""
    world = write_world(World(1000, Preset.SPARSE, 1, palette_of(catalogue)), tmp_path)
    delivery = Delivery(world.events_file, load_mapping("ictip"))
    await import_batch(
        BoltCaseStore(database), delivery, CatalogueCodebook(catalogue), actor=local_user(), fresh_key=bytes(KEY_BYTES)
    )
    async with served(catalogue, actor=local_user(), database=database) as address:
        page = await opened_page(browser, explorer(address))
        await page.until("document.getElementById('newest').children.length === 12")

        await page.run("document.getElementById('identifier').focus()")
        await page.call("Input.insertText", text=NUMBER)
        await page.press("Enter")
        told = await page.until("document.querySelector('#sightings p').textContent")
        assert told == "Told of 1 person, in 2 events."
        assert await page.run("document.activeElement.id") == "sightings"
        assert (await sent(page, "Identified"))["variables"] == {"kind": "PHONE", "text": "(not kept)"}
        await assert_not_kept(page)

        await page.run("document.getElementById('depth').value = 6")
        await click(page, "#sightings button", "start here")
        await page.until(f"{PICTURE} === 15")
        assert await page.run(TOLD) == (
            " Within 6 hops: 10 people, 5 events, 15 links.  Nothing that was found is left out. "
            " What else hangs on the outermost node was not read. "
        )
        await click(page, "#key-players")
        assert await page.until("document.querySelectorAll('#measured tbody tr').length") == 8
        assert len([one for one in bodies(page) if one["operationName"] == "Briefs"]) == 1

        await click(page, "#ask-patterns summary")
        pattern = "document.getElementById('pattern')"
        await page.until(f"({pattern}.value = 'RING', {pattern}.value === 'RING')")
        await page.run(f"{pattern}.dispatchEvent(new Event('change'))")
        await click(page, "#by-pattern button")
        await page.until(f"{PICTURE} === 10")
        assert await page.run(FOUND) == ["Match 1: 5 people, 5 events"]
        assert "1 match in 5 events that were read." in await page.run(TOLD)
        parts = "[...document.querySelectorAll('#found li')].filter((one) => one.textContent.startsWith('in the ring'))"
        members = await page.run(f"{parts}.map((one) => one.querySelector('code').textContent)")
        assert len(members) == 5
        async with httpx.AsyncClient() as http:
            shown = (await http.post(address, json=await sent(page, "Patterns"))).json()["data"]["patterns"]
        assert [each["person"] for each in shown["matches"][0]["members"]] == members

        await click(page, "#save-as button")
        assert (await sent(page, "MatchFiles"))["variables"]["pseudonyms"] is True
        (start,) = {body["variables"]["start"]["id"] for body in bodies(page) if body["operationName"] == "Network"}
        await click(page, "#found button", next(member for member in members if member != start))
        await click(page, "#facts button", "Paths to it")
        await page.until(f"{FOUND}.length === 2")
        names = [name.split(",")[0].split() for name in await page.run(FOUND)]
        assert [(first, number, last) for first, number, _, last in names] == [
            ("Path", "1:", "hops"),
            ("Path", "2:", "hops"),
        ]
        one, other = (int(name[2]) for name in names)  # either way round a ring of five
        assert (one + other, one < other) == (10, True)
        assert await page.run("document.querySelectorAll('#found details[open] > ol > li').length") == one
        assert await page.run("document.querySelectorAll('#picture .node.near').length") == one + 1
        assert "The search ended at a limit: 8 hops." in await page.run(TOLD)
        await click(page, "#found summary", "Path 2")
        await page.until(f"document.querySelectorAll('#picture .node.near').length === {other + 1}")
        await assert_not_kept(page)


async def assert_not_kept(page: Page) -> None:
    """The number is in the body of one request and nowhere else."""
    shown = "document.documentElement.outerHTML, document.getElementById('identifier').value"
    kept = f"[location.href, document.title, {shown}]"
    places = await page.run(f"{kept}.concat(Object.entries({{...localStorage, ...sessionStorage}}).flat()).join()")
    history = await page.call("Page.getNavigationHistory")
    digits = NUMBER.split()[1]
    assert digits not in places
    assert digits not in str(history)
    assert digits not in str([each["url"] for each in page.requests()])
    assert [body["operationName"] for body in bodies(page) if digits in str(body)] == ["Identified"]
    assert page.complaints() == []


@pytest.mark.parametrize(
    ("right", "asked", "query"),
    [
        (Right.READ_IDENTIFIED, {}, '{ identified(kind: PHONE, text: "1") { truncated } }'),
        (
            Right.EXPLORE_NETWORK,
            {"kind": "PERSON", "id": person_id("kofi"), "tokind": "PERSON", "to": person_id("ada")},
            '{ paths(from: {kind: PERSON, id: "a"}, to: {kind: PERSON, id: "b"}) { outcome } }',
        ),
        (Right.EXPLORE_NETWORK, {"pattern": "RING", "ground": "list"}, "{ patterns(kind: RING) { found } }"),
    ],
    ids=["identifier", "paths", "pattern"],
)
async def test_who_lacks_a_right_reads_the_servers_sentence(
    universe: Database, catalogue: Catalogue, browser: Pipe, right: Right, asked: dict[str, str], query: str
) -> None:
    """Its code, its message, its hint: the page adds nothing and shows no picture."""
    actor = local_user()
    actor = replace(actor, rights=actor.rights - {right})
    async with served(catalogue, actor=actor, database=universe) as address:
        page = await opened_page(browser, explorer(address, **asked))
        if not asked:
            await page.until("(document.getElementById('identifier').value = '1', true)")
            await page.until("document.getElementById('newest').children.length > 1")
            await click(page, "#by-identifier button")
        shown = await page.until("document.getElementById('problem').innerText")
        async with httpx.AsyncClient() as http:
            (error,) = (await http.post(address, json={"query": query})).json()["errors"]

    assert error["message"] in shown
    assert error["extensions"]["code"] in shown
    assert await page.run(PICTURE) == 0
    left = "document.getElementById('sightings').textContent + document.getElementById('identifier').value"
    assert await page.run(left) == ""


async def test_an_answer_without_a_path_says_what_it_is_worth(
    universe: Database, catalogue: Catalogue, browser: Pipe
) -> None:
    """None at all, none before a limit with its name, and none in order of time."""
    between = {"kind": "PERSON", "id": person_id("ada"), "tokind": "PERSON"}
    async with served(catalogue, actor=local_user(), database=universe) as address:
        for more, sentence in (
            ({"to": person_id("xia")}, "There is no path between the two in what you may see"),
            (
                {"to": person_id("cora"), "hops": 1},
                "No path was found, and there may be one: the search ended at a limit: 1 hop.",
            ),
            (
                {"to": person_id("cora"), "hubs": 1},
                "Not gone through, because of more than 1 link: ",
            ),
            (
                {"kind": "EVENT", "id": event_id("E4"), "to": person_id("cora"), "ordered": "yes"},
                "the search in order of time ended at",
            ),
        ):
            page = await opened_page(browser, explorer(address, **(between | more)))
            await page.until(f"{TOLD}.endsWith('looked at. ')")
            assert sentence in await page.run(TOLD)
            assert page.complaints() == []


async def test_two_ends_are_picked_in_the_picture_by_keyboard(
    universe: Database, catalogue: Catalogue, browser: Pipe
) -> None:
    """Enter for facts, then the two buttons: the second one asks."""
    async with served(catalogue, actor=local_user(), database=universe) as address:
        page = await opened_page(browser, explorer(address, kind="EVENT", id=event_id("E2")))
        for name, button in (("ada", "Paths from it"), ("lena", "Paths to it")):
            node = f"document.querySelector(`#picture .node[aria-label*='{person_id(name)}']`)"
            await page.until(f"({node}.focus(), document.activeElement === {node})")
            await page.press("Enter")
            await page.until(f"document.getElementById('facts-title').textContent.includes('{person_id(name)}')")
            await click(page, "#facts button", button)
        await page.until(f"{FOUND}.length")

        assert await page.run("document.activeElement !== document.body")
        address_told = await page.run("location.hash")
        assert f"kind=PERSON&id={person_id('ada')}" in address_told
        assert f"tokind=PERSON&to={person_id('lena')}" in address_told
        assert (await page.run(FOUND))[0].startswith("Path 1: 2 hops, ")
        marks = await page.run("[...document.querySelectorAll('#picture .node title')].map((one) => one.textContent)")
        assert [mark for mark in marks if mark.endswith((", first end", ", second end"))] == [
            f"person {person_id('ada')}, first end",
            f"person {person_id('lena')}, second end",
        ]


async def test_a_narrow_page_scrolls_past_the_picture(universe: Database, catalogue: Catalogue, browser: Pipe) -> None:
    """At 360 pixels nothing is wider than the page, and a finger on the picture moves the page."""
    question = {"kind": "PERSON", "id": person_id("ada"), "tokind": "PERSON", "to": person_id("cora")}
    async with served(catalogue, actor=local_user(), database=universe) as address:
        page = await opened_page(browser, explorer(address, **question), width=360, height=780)
        await page.until(f"{PICTURE} && document.querySelector('#facts-body h3, #facts-body details')")
        for details in ("ask-patterns", "ask-paths", "sent"):
            await page.run(f"document.getElementById('{details}').open = true")
        assert await page.run("document.documentElement.scrollWidth") == 360

        await page.run("document.getElementById('picture').scrollIntoView({block: 'center', behavior: 'instant'})")
        before = await page.run("scrollY")
        await page.swipe(180, 390, -200)
        assert await page.run("scrollY") > before + 100
