"""Rows hold no more than identifiers, codes and counts; whatever is done to a sealed row shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.access.actor import Right, Scope, StatedPurpose
from registry.access.audit import (
    AuditRow,
    Block,
    Circumstances,
    Head,
    audit_row,
    beginning,
    canonical,
    check_texts,
    compare_heads,
    follow,
    row_of,
    seal,
)
from registry.access.pseudonyms import Pseudonyms
from registry.errors import AuditBroken
from registry.identifiers import EventId
from tests.access.conftest import NOW, actor

KEY = b"k" * 32
ROWS = [("row-1", '{"id":"row-1"}'), ("row-2", '{"id":"row-2"}')]


def row(records: list[str], opened: frozenset[EventId] = frozenset()) -> AuditRow:
    who = actor("asha", Right.READ_CASES, scope=Scope(opened=opened))
    return audit_row(id="r", actor=who, act="read event", circumstances=Circumstances("q", "d", NOW), records=records)


def chain() -> list[Block]:
    first = seal(beginning(KEY), ROWS[:1], KEY)
    return [first, seal(first.head, ROWS[1:], KEY)]


def test_a_row_reads_back_from_its_canonical_text() -> None:
    """Nothing is lost, and the text is one line of sorted keys."""
    written = row(["e2", "e1", "e1"], frozenset({EventId("event-0001")}))

    assert row_of(canonical(written)) == written
    assert written.records == ("e1", "e2")
    assert written.count == 2
    assert canonical(written) == (
        f'{{"act":"read event","actor":"asha","allowed":true,"at":{NOW},"count":2,"digest":null,"facts":[],"id":"r",'
        '"opened":[],"operation":"d","purpose":"investigation","records":["e1","e2"],"request":"q","roles":"tested",'
        '"subject":null}'
    )


def test_a_row_of_many_records_keeps_their_count_and_digest() -> None:
    """A hundred ids are written out, the rest are bound by the digest."""
    ids = [f"e{number:05}" for number in range(5000)]

    written, other = row(ids), row([*ids[:-1], "e99999"])

    assert (len(written.records), written.count) == (100, 5000)
    assert written.digest is not None
    assert written.digest != other.digest
    assert written.records == other.records


def test_records_that_only_an_opening_shows_are_named() -> None:
    """An emergency leaves its mark on each row that used it."""
    assert row(["event-0001", "event-0002"], frozenset({EventId("event-0001")})).opened == ("event-0001",)


def test_a_sound_chain_is_followed_to_its_head() -> None:
    """Each block follows the one before."""
    first, second = chain()

    assert follow(follow(beginning(KEY), first, KEY), second, KEY) == second.head


@pytest.mark.parametrize(
    "break_it",
    [
        lambda block: replace(block, digests=(block.digests[0][::-1],)),
        lambda block: replace(block, rows=("row-9",)),
        lambda block: replace(block, rows=(), digests=()),
        lambda block: replace(block, mac="00" * 32),
        lambda block: replace(block, number=3),
    ],
    ids=["digest", "id", "emptied", "mac", "number"],
)
def test_a_changed_block_does_not_follow(break_it: object) -> None:
    """Digest, id, number of rows, mac and place are all bound."""
    first, second = chain()
    assert callable(break_it)

    with pytest.raises(AuditBroken):
        follow(first.head, break_it(second), KEY)


def test_a_chain_under_another_key_does_not_follow() -> None:
    """Who holds the database without the key cannot make a chain."""
    with pytest.raises(AuditBroken):
        follow(beginning(b"x" * 32), chain()[0], b"x" * 32)


def test_a_changed_text_is_found_and_a_missing_one_told() -> None:
    """Texts are bound by the block's digests."""
    block = seal(beginning(KEY), ROWS, KEY)

    assert check_texts(block, dict(ROWS)) == ()
    assert check_texts(block, dict(ROWS[:1])) == ("row-2",)
    with pytest.raises(AuditBroken):
        check_texts(block, {"row-1": "{}", "row-2": ROWS[1][1]})


def test_heads_kept_outside_show_a_chain_cut_off_or_written_anew() -> None:
    """Even by somebody with the key."""
    first, second = chain()
    inside = {1: first.mac, 2: second.mac}

    assert compare_heads([first.head, second.head], inside, 2) == 2
    with pytest.raises(AuditBroken, match="gone"):
        compare_heads([second.head], {1: first.mac}, 1)
    with pytest.raises(AuditBroken, match="differs"):
        compare_heads([Head(1, "00" * 32)], inside, 2)


def test_pseudonyms_hold_for_one_role_purpose_and_period() -> None:
    """The same record has the same name there, and another anywhere else."""

    def name(
        roles: tuple[str, ...] = ("analyst",),
        purpose: StatedPurpose = StatedPurpose.STATISTICS,
        period: int = 1,
        kind: str = "person",
    ) -> str:
        return Pseudonyms.derive(KEY, roles=roles, purpose=purpose, period=period).of(kind, "person-0001")

    others = {name(roles=("investigator",)), name(purpose=StatedPurpose.ASSISTANCE), name(period=2), name(kind="event")}

    assert name() == name()
    assert name() not in others
    assert len(others) == 4
    assert len(name()) == 22
