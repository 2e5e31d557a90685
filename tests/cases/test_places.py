"""Stretches of the list of events: together they are the list, without gap or overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.storage.bolt.case_places import key_of, place_at, stretches, stretches_backward

PLACES = st.builds(
    lambda rank, id_: f"{rank:018d}|{id_}",
    st.integers(0, 315_537_897_600_000_000),
    st.from_regex(r"[A-Za-z0-9_-]{8,12}", fullmatch=True),
)
LISTS = st.lists(PLACES, unique=True, max_size=30).map(sorted)


@given(LISTS, st.data())
def test_stretches_hold_the_list_in_order(places: list[str], data: st.DataObject) -> None:
    """Forward and backward, from any place to any other."""
    after = data.draw(st.sampled_from(["", *places]))
    before = data.draw(st.sampled_from([*places, "~"]))
    newest = data.draw(st.sampled_from(["", *places[:1]]))
    expected = [place for place in places if after < place < before]

    forward = [p for low, high in stretches(after, before, newest) for p in places if low < p < high]
    backward = [p for low, high in stretches_backward(after, before) for p in reversed(places) if low < p < high]

    assert forward == expected
    assert backward == expected[::-1]


@given(PLACES)
def test_a_key_begins_at_or_below_its_places(place: str) -> None:
    """The text of a key is below every place of that key and above those of the key before."""
    assert place_at(key_of(place)) < place < place_at(key_of(place) + 1)


def test_a_page_of_a_long_list_is_few_stretches() -> None:
    """Twenty at the most, and the first is narrow."""
    found = list(stretches("", "~", ""))

    assert len(found) <= 20
    assert found[0] == ("", "000000000000000000|0-")
