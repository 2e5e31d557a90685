"""The predicate of the scope stands in every query that reads an event, word for word, beside each event it reaches."""

from __future__ import annotations

import re

import pytest

from registry.access.scope import LINE_PREDICATE, PREDICATE
from registry.storage.bolt.named_queries import NamedQuery, load_queries

GROUPS = (
    "cases",
    "network",
    "network_slices",
    "network_routes",
    "network_similar",
    "judgements",
    "access",
    "exchange",
    "code_use",
    "statistics",
    "recode",
    "exports",
    "analysis",
    "saved",
    "told_links",
)
WITHOUT_SCOPE = {
    "known_events",  # what a chunk's own writer compares with, in the same transaction
    "participants",  # likewise
    "identifiers_told",  # likewise
    "judged_events",  # run after both_events, in the same transaction
    "links_of_events",  # run after lock_events, in the same transaction
    "relations_of_events",  # likewise
    "placed_now",  # decides who may read an analysis, and is shown to nobody
    "places",  # what the table of counts is kept with, in the same transaction as the change
    "every_event_id",  # ids for a count of everything, each looked up in scope afterwards
}
QUERIES = [
    (group, query)
    for group in GROUPS
    for query in load_queries(group).values()
    if not query.writes and query.name not in WITHOUT_SCOPE
]

EVENT_OF_PART = r"-\[\w*:(?:VICTIM_IN|PERPETRATOR_IN)[^]]*\]->\((\w+)"
PART_OF_EVENT = r"\((\w+)[^()]*\)<-\[\w*:(?:VICTIM_IN|PERPETRATOR_IN)"
"""Where an event needs no label: participations lead to events, and to nothing else."""


def flat(text: str) -> str:
    """Without line breaks and repeated blanks."""
    return re.sub(r"\s+", " ", text)


def predicate_of(variable: str) -> str:
    """The predicate about an event of that name."""
    return re.sub(r"\be\.", f"{variable}.", PREDICATE)


@pytest.mark.parametrize(("group", "query"), QUERIES, ids=[f"{group}:{query.name}" for group, query in QUERIES])
def test_a_query_that_reads_events_asks_the_scope_of_each(group: str, query: NamedQuery) -> None:
    """Each event variable has its predicate; an event without a variable could not have one."""
    text = flat(query.text)
    matched = set(re.findall(r"\((\w+):Event\b", text)) | set(re.findall(EVENT_OF_PART, text))
    matched |= set(re.findall(PART_OF_EVENT, text))

    for variable in matched:
        assert predicate_of(variable) in text, f"{query.name} reads {variable} unasked"
    anonymous = re.sub(r"NOT EXISTS \{ \(e\)-\[[^]]*\]->\(:Concept\) \}", "", text)
    assert "(:Event" not in anonymous


JUDGEMENTS = [
    query
    for _, query in QUERIES
    if ":SAME_AS]" in query.text and query.name != "judged_people"  # run after both_people, in the same transaction
]


@pytest.mark.parametrize("query", JUDGEMENTS, ids=lambda query: query.name)
def test_a_judgement_is_read_with_the_scope_of_both_its_ends(query: NamedQuery) -> None:
    """An id that was given says nothing of whether its record may be seen; a person may be by an event in scope."""
    text = flat(query.text)
    ends = re.findall(r"\((\w+):(Person|Event)[^)]*\)-\[\w*:SAME_AS\]-\((\w+):\w+\)", text)

    assert ends
    for one, kind, other in ends:
        for end in (one, other):
            told = f"({end})-[:VICTIM_IN|PERPETRATOR_IN]->(e:Event) WHERE {PREDICATE}"
            assert (told if kind == "Person" else predicate_of(end)) in text, f"{query.name} reads {end} unasked"


@pytest.mark.parametrize(("group", "query"), QUERIES, ids=[f"{group}:{query.name}" for group, query in QUERIES])
def test_the_scope_is_never_used_otherwise(group: str, query: NamedQuery) -> None:
    """What is left of ``$scope`` beside whole predicates is the short cut for everything."""
    text = flat(query.text)
    for variable in "ens":
        text = text.replace(predicate_of(variable), "")
    text = text.replace("$scope.all OR EXISTS {", "").replace(LINE_PREDICATE, "")

    assert "$scope" not in text
    assert ("scope" in query.parameters) == ("$scope" in query.text)


LINE_QUERIES = [query for query in load_queries("code_use").values() if "(u:CodeUse" in query.text and not query.writes]


WHOLE_TABLE = {"every_line", "crowded_places", "ended_lines"}
"""Checking the table and adding it up, which go out through no door."""


@pytest.mark.parametrize("query", LINE_QUERIES, ids=[query.name for query in LINE_QUERIES])
def test_a_query_that_reads_lines_of_counts_asks_the_scope_of_each(query: NamedQuery) -> None:
    """But for those of the whole table."""
    assert (LINE_PREDICATE in flat(query.text)) == (query.name not in WHOLE_TABLE)


def test_these_are_the_queries_of_the_rooms() -> None:
    """Guards the list itself: it is not empty and its exceptions exist."""
    names = {query.name for group in GROUPS for query in load_queries(group).values()}

    assert len(QUERIES) > 15
    assert names >= WITHOUT_SCOPE
