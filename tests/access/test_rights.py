"""Roles add up and nobody may all; decisions name every rule; a scope is the same in Cypher's terms and in Python."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.access.actor import CASE_RIGHTS, STRANGER, Account, Actor, Right, Scope, Sensitivity, StatedPurpose
from registry.access.grants import Grant, GrantKind, Standing
from registry.access.policy import may, require
from registry.access.roles import RIGHTS, Role, rights_of
from registry.access.scope import Placed, conditions, kinds_of, marks_of, scope_parameter, seen_marks, sees
from registry.errors import NotAllowed, PurposeMissing
from registry.identifiers import EntityId, EventId, Notation
from tests.access.conftest import HOUR, NOW, actor

INVESTIGATOR = Account(
    name="asha",
    roles=("investigator",),
    entities=frozenset({EntityId("ke-police")}),
    countries=frozenset({Notation("KE")}),
    tiers=frozenset({Sensitivity.CHILD}),
    purposes=frozenset({StatedPurpose.INVESTIGATION}),
)


def test_no_role_brings_every_right() -> None:
    """There is no role to pass everything by; all together leave out one: nobody removes audit rows from afar."""
    assert all(rights != frozenset(Right) for rights in RIGHTS.values())
    assert frozenset().union(*RIGHTS.values()) == frozenset(Right) - {Right.REMOVE_AUDIT}


def test_who_gives_access_and_who_reads_its_traces_see_no_record() -> None:
    """Auditors, administrators of keys, reviewers, apps and the public hold no right over cases; custodians count."""
    for role in (Role.PUBLIC, Role.APP, Role.REVIEWER, Role.AUDITOR, Role.KEY_ADMINISTRATOR):
        assert not RIGHTS[role] & CASE_RIGHTS
    assert RIGHTS[Role.CUSTODIAN] & CASE_RIGHTS == {Right.COUNT_CASES}


def test_an_analyst_never_sees_identified_records() -> None:
    """Rows and counts, by pseudonym."""
    assert Right.READ_IDENTIFIED not in RIGHTS[Role.ANALYST]
    assert Right.EXPLORE_NETWORK not in RIGHTS[Role.ANALYST]


def test_unknown_roles_bring_nothing_beyond_the_public() -> None:
    """A provider's other groups are no roles here."""
    assert rights_of(["admin", "root", "*"]) == frozenset({Right.READ_REGISTRY})


def test_roles_add_up() -> None:
    """Two roles bring the rights of both and no other."""
    assert rights_of(["custodian", "auditor"]) == RIGHTS[Role.CUSTODIAN] | RIGHTS[Role.AUDITOR]


@pytest.mark.parametrize("right", sorted(CASE_RIGHTS))
def test_case_rights_need_a_stated_purpose(right: Right) -> None:
    """Without one the act is refused as such, so that the caller can state it."""
    nameless = Actor(name="asha", rights=frozenset({right}), scope=Scope.everything())

    with pytest.raises(PurposeMissing):
        require(nameless, right)
    assert not may(nameless, right).allowed


def test_a_stranger_is_told_of_the_missing_right_and_not_of_a_purpose() -> None:
    """The right comes first."""
    with pytest.raises(NotAllowed):
        require(STRANGER, Right.READ_CASES)


def test_a_purpose_that_the_account_may_not_act_for_counts_as_none() -> None:
    """The stated purpose must be one of the account's own."""
    standing = Standing(INVESTIGATOR)

    assert standing.actor(now=NOW, purpose="investigation").purpose is StatedPurpose.INVESTIGATION
    assert standing.actor(now=NOW, purpose="statistics").purpose is None
    assert standing.actor(now=NOW, purpose=None).purpose is None


def test_an_empty_scope_sees_nothing() -> None:
    """Each condition denies by default."""
    record = Placed("event-0001", "ke-police", "KE", 0)

    assert [held for _, held in conditions(Scope(), record)] == [False, False, True, False]
    assert not sees(Scope(), record)


@pytest.mark.parametrize(
    ("record", "failed"),
    [
        (Placed("event-0001", "ke-police", "KE", 1), None),
        (Placed("event-0001", "ug-police", "KE", 1), "agency"),
        (Placed("event-0001", "ke-police", "UG", 1), "country"),
        (Placed("event-0001", "ke-police", None, 1), "country"),
        (Placed("event-0001", "ke-police", "KE", 3), "sensitivity"),
        (Placed("event-0002", "ke-police", "KE", 1), "case grant"),
    ],
    ids=str,
)
def test_every_condition_must_hold_and_the_decision_names_each(record: Placed, failed: str | None) -> None:
    """Agency and country and sensitivity and case grant: one that fails is enough to deny."""
    granted = Grant("g", GrantKind.CASE, "asha", EventId("event-0001"), "chief", NOW, NOW + HOUR)
    who = Standing(INVESTIGATOR, (granted,)).actor(now=NOW, purpose="investigation")

    decision = may(who, Right.READ_CASES, record)

    assert decision.allowed == (failed is None)
    assert [reason.rule for reason in decision.reasons] == [
        "right", "purpose", "agency", "country", "sensitivity", "case grant"
    ]  # fmt: skip
    assert [reason.rule for reason in decision.reasons if not reason.held] == ([failed] if failed else [])


def test_a_case_grant_ends_at_its_moment() -> None:
    """At the moment of expiry it counts no more, and the standing says when that is."""
    granted = Grant("g", GrantKind.CASE, "asha", EventId("event-0001"), "chief", NOW, NOW + HOUR)
    standing = Standing(INVESTIGATOR, (granted,), until=NOW + 9 * HOUR)

    assert standing.actor(now=NOW + HOUR - 1, purpose=None).scope.cases == frozenset({EventId("event-0001")})
    assert standing.actor(now=NOW + HOUR, purpose=None).scope.cases == frozenset()
    assert standing.next_change(NOW) == NOW + HOUR
    assert standing.next_change(NOW + HOUR) == NOW + 9 * HOUR


@pytest.mark.parametrize(
    ("approved_by", "opened"), [(None, False), ("asha", False), ("omar", True)], ids=["nobody", "the asker", "another"]
)
def test_an_opening_counts_once_a_second_person_approved_it(approved_by: str | None, opened: bool) -> None:
    """Then it shows the one event whatever the scope says, and nothing else."""
    asked = Grant(
        "g", GrantKind.OPENING, "asha", EventId("event-0009"), "asha", NOW, NOW + HOUR, "court-order", approved_by, NOW
    )
    who = Standing(INVESTIGATOR, (asked,)).actor(now=NOW, purpose="investigation")

    assert sees(who.scope, Placed("event-0009", "ug-police", "UG", 7)) is opened
    assert not sees(who.scope, Placed("event-0008", "ug-police", "UG", 0))


def test_a_key_may_hold_less_than_its_roles() -> None:
    """And never more."""
    account = Account(name="k", roles=("data-entry",), only=frozenset({Right.IMPORT_RECORDS, Right.MANAGE_KEYS}))

    assert Standing(account).actor(now=NOW, purpose=None).rights == {Right.IMPORT_RECORDS}


KINDS = st.frozensets(st.sampled_from(Sensitivity))


@given(KINDS, KINDS)
def test_marks_are_seen_exactly_when_all_kinds_are_within_the_tiers(
    kinds: frozenset[Sensitivity], tiers: frozenset[Sensitivity]
) -> None:
    """The list of numbers says what the sets say."""
    seen = seen_marks(tiers)

    assert kinds_of(marks_of(kinds)) == kinds
    assert (seen is None or marks_of(kinds) in seen) == (kinds <= tiers)


def test_scope_parameter_are_sorted_and_null_where_nothing_binds() -> None:
    """What the store gets."""
    assert scope_parameter(Scope.everything()) == {
        "all": True, "entities": None, "countries": None, "marks": None, "cases": None, "opened": []
    }  # fmt: skip
    assert scope_parameter(Scope(entities=frozenset({EntityId("b"), EntityId("a")}))) == {
        "all": False, "entities": ["a", "b"], "countries": [], "marks": [0], "cases": [], "opened": []
    }  # fmt: skip


def test_keys_of_different_scopes_differ() -> None:
    """Nothing and everything, an agency and a country of the same letters, purposes: all apart."""
    scopes = [
        Scope(), Scope.everything(), Scope.of_entities("ke"), Scope(countries=frozenset({Notation("ke")})),
        Scope(cases=frozenset({EventId("event-0001")})), Scope(opened=frozenset({EventId("event-0001")})),
    ]  # fmt: skip

    assert len({actor("a", Right.READ_CASES, scope=scope).key for scope in scopes}) == len(scopes)
