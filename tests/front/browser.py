"""A real browser for tests: Chromium without a window, told what to do over a pair of pipes (DevTools protocol)."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

Json = dict[str, Any]
PROGRAM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""Where it is; None where there is none."""
MODES: Final = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--remote-debugging-pipe",
)  # fmt: skip
PATIENCE: Final = 30.0
"""Seconds for what a page does on a slow machine."""


class PageFailed(Exception):
    """A script of the test was wrong on the page, or what it waited for never came."""


@dataclass
class Pipe:
    """Calls and their answers, by number; what happened in between is kept."""

    reader: asyncio.StreamReader
    writer: int
    happened: list[Json] = field(default_factory=list)
    _waiting: dict[int, asyncio.Future[Json]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def listen(self) -> None:
        """Hand each answer to who waits for it, until the browser ends."""
        while message := await self.reader.readuntil(b"\0"):
            told = orjson.loads(message[:-1])
            if "id" in told:
                self._waiting.pop(told["id"]).set_result(told)
            else:
                self.happened.append(told)

    async def call(self, method: str, *, session: str | None = None, **parameters: object) -> Json:
        """One command and its answer."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        self._waiting[number] = asyncio.get_running_loop().create_future()
        os.write(self.writer, orjson.dumps(command) + b"\0")
        told = await asyncio.wait_for(self._waiting[number], PATIENCE)
        if "error" in told:
            raise PageFailed(f"{method}: {told['error']['message']}")
        result: Json = told["result"]
        return result


@dataclass
class Page:
    """One page of the browser."""

    pipe: Pipe
    session: str

    async def call(self, method: str, **parameters: object) -> Json:
        """One command to this page."""
        return await self.pipe.call(method, session=self.session, **parameters)

    async def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        told = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise PageFailed(told["exceptionDetails"].get("exception", {}).get("description", str(told)))
        return told["result"].get("value")

    async def until(self, script: str) -> Any:
        """The value of an expression, once it is true; what it needs may not be there yet."""
        last = asyncio.get_running_loop().time() + PATIENCE
        while not (
            value := await self.run(
                f"(() => {{ try {{ const v = {script}; return v instanceof Node || v }} catch {{ return null }} }})()"
            )
        ):
            if asyncio.get_running_loop().time() > last:
                shown = await self.run("document.querySelector('main').innerText")
                raise PageFailed(f"never true: {script}\n{shown}")
            await asyncio.sleep(0.05)
        return value

    async def press(self, key: str) -> None:
        """Press a key where the focus is."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        code = {"Enter": 13, "Tab": 9, " ": 32}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            told = {"text": text} if text and kind == "keyDown" else {}
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **told)

    async def swipe(self, x: int, y: int, down: int) -> None:
        """Move a finger from here."""
        for kind, step in (("touchStart", 0), *(("touchMove", step) for step in range(1, 11))):
            points = [{"x": x, "y": y + down * step / 10}]
            await self.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        await self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    async def widen(self, width: int, height: int) -> None:
        """Give the page another size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        await self.call("Emulation.setTouchEmulationEnabled", enabled=width < 500)

    def requests(self) -> list[Json]:
        """What the page sent, in order."""
        return [each["request"] for each in self._of("Network.requestWillBeSent")]

    def complaints(self) -> list[Json]:
        """What the page wrote to its console, or failed with."""
        return self._of("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")

    def _of(self, *methods: str) -> list[Json]:
        happened = (each for each in self.pipe.happened if each.get("sessionId") == self.session)
        return [each["params"] for each in happened if each["method"] in methods]


@asynccontextmanager
async def browsing(profile: Path) -> AsyncIterator[Pipe]:
    """A browser with a profile of its own, ended with the block."""
    assert PROGRAM is not None
    (commands, write), (read, answers) = os.pipe(), os.pipe()
    starting = f'exec "$@" 3<&{commands} 4>&{answers}'  # the browser reads 3 and writes 4
    arguments = ("bash", "-c", starting, "bash", PROGRAM, *MODES, f"--user-data-dir={profile}", "about:blank")
    silent = asyncio.subprocess.DEVNULL
    program = await asyncio.create_subprocess_exec(
        *arguments, pass_fds=(commands, answers), stdout=silent, stderr=silent
    )
    os.close(commands)
    os.close(answers)
    reader = asyncio.StreamReader(limit=2**27)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read, "rb")
    )
    pipe = Pipe(reader, write)
    listening = asyncio.create_task(pipe.listen())
    try:
        yield pipe
    finally:
        await pipe.call("Browser.close")
        await program.wait()
        listening.cancel()
        transport.close()
        os.close(write)


async def opened_page(pipe: Pipe, address: str, *, width: int = 1400, height: int = 900) -> Page:
    """A page of that address and size."""
    target = await pipe.call("Target.createTarget", url="about:blank")
    attached = await pipe.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
    page = Page(pipe, attached["sessionId"])
    for domain in ("Page", "Runtime", "Network", "Log"):
        await page.call(f"{domain}.enable")
    await page.widen(width, height)
    await page.call("Page.navigate", url=address)
    return page
