"""Which rights each role brings. Roles add up; what no role brings is denied; no role brings everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from registry.access.actor import Right


class Role(StrEnum):
    """What somebody does here. An account may have several."""

    PUBLIC = "public"
    APP = "app"
    ANALYST = "analyst"
    DATA_ENTRY = "data-entry"
    INVESTIGATOR = "investigator"
    CUSTODIAN = "custodian"
    REVIEWER = "reviewer"
    CONSULTED = "consulted"
    FOCAL_POINT = "focal-point"
    AUDITOR = "auditor"
    KEY_ADMINISTRATOR = "key-administrator"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = MappingProxyType(
    {
        Role.PUBLIC: frozenset({Right.READ_REGISTRY}),
        Role.APP: frozenset({Right.READ_REGISTRY}),
        # pseudonymised rows and counts: never an identified record
        Role.ANALYST: frozenset({Right.READ_REGISTRY, Right.READ_CASES, Right.COUNT_CASES}),
        Role.DATA_ENTRY: frozenset(
            {Right.READ_REGISTRY, Right.READ_CASES, Right.READ_IDENTIFIED, Right.IMPORT_RECORDS}
        ),
        Role.INVESTIGATOR: frozenset(
            {
                Right.READ_REGISTRY,
                Right.READ_CASES,
                Right.READ_IDENTIFIED,
                Right.COUNT_CASES,
                Right.EXPLORE_NETWORK,
                Right.JUDGE_RECORDS,
                Right.REFER_CASES,
                Right.REQUEST_CONTACT,
                Right.OPEN_IN_EMERGENCY,
            }
        ),
        # counts alone, protected, to see what a revision touches: no record
        Role.CUSTODIAN: frozenset(
            {
                Right.READ_REGISTRY,
                Right.COUNT_CASES,
                Right.LOAD_VOCABULARY,
                Right.EDIT_VOCABULARY,
                Right.COMMENT_VOCABULARY,
                Right.RELEASE_VOCABULARY,
            }
        ),
        # the second person: of a release, and of an emergency opening
        Role.REVIEWER: frozenset(
            {Right.READ_REGISTRY, Right.COMMENT_VOCABULARY, Right.REVIEW_VOCABULARY, Right.APPROVE_EMERGENCY}
        ),
        # speaks for its own organisation, in a consultation
        Role.CONSULTED: frozenset({Right.READ_REGISTRY, Right.COMMENT_VOCABULARY}),
        # speaks for every organisation of its countries
        Role.FOCAL_POINT: frozenset({Right.READ_REGISTRY, Right.COMMENT_VOCABULARY, Right.GATHER_ANSWERS}),
        # sees who read what, and no record
        Role.AUDITOR: frozenset({Right.READ_REGISTRY, Right.READ_AUDIT, Right.CHECK_STORE, Right.ASK_WHY}),
        # gives access, and has none to records
        Role.KEY_ADMINISTRATOR: frozenset({Right.READ_REGISTRY, Right.MANAGE_KEYS, Right.GRANT_CASES, Right.ASK_WHY}),
    }
)


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """All that the roles bring together, at least what the public may; names that are no role bring nothing."""
    known = {Role(role) for role in roles if role in Role._value2member_map_}
    return RIGHTS[Role.PUBLIC].union(*(RIGHTS[role] for role in known))
