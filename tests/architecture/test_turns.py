"""The benchmarks' turns: no way of asking has a better place than another."""

from __future__ import annotations

from collections import Counter

from benchmarks.turns import ROUNDS, WARM_UP, in_turns


async def test_each_way_goes_first_as_often_as_any_other() -> None:
    """Whoever asks first after a start finds the store cold to it."""
    asked: list[tuple[str, str]] = []

    async def ours(start: str) -> None:
        asked.append((start, "ours"))

    async def raw(start: str) -> None:
        asked.append((start, "raw"))

    times = await in_turns((ours, raw), ["a", "b", "c", "d"])

    first = Counter(way for (start, way), before in zip(asked, [("", ""), *asked], strict=False) if start != before[0])
    assert len(times) == 2
    assert first["ours"] == first["raw"] == 2 * (ROUNDS + WARM_UP)
