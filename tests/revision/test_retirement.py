"""The end of a released version's time: it answers for ever, says what it is, and stood before as it stood."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from graphql_api.rooms import opened_over
from registry.access.actor import local_user
from registry.classification.draft_actions import Stamp, Stores, open_draft
from registry.classification.model import Binding, Decision, ReleaseStatus
from registry.classification.ports import VocabularyText
from registry.classification.retirement import Retirement, standings
from registry.classification.retirement_actions import retire_version
from registry.errors import IctipError, MoveRefused, NotAllowed, RetirementRefused, VersionUnknown
from registry.identifiers import NAMESPACE, Notation, SchemeId, VersionTag
from registry.storage.bolt.classification import BoltReleaseStore
from registry.storage.bolt.drafts import BoltDraftStore
from registry.storage.bolt.driver import Database
from tests.api.conftest import opened
from tests.revision.families import small
from tests.revision.test_drafts import CUSTODIAN, EDITOR

SMALL, OTHER = SchemeId("small"), SchemeId("other")
FAR = datetime(2126, 3, 1, 12, tzinfo=UTC)
"""Later than any clock under which the tests load the first versions."""
WITHDRAWN, SUPERSEDED, RELEASED = ReleaseStatus.WITHDRAWN, ReleaseStatus.SUPERSEDED, ReleaseStatus.RELEASED


def ended(version: str, to: ReleaseStatus, *successors: str, revision: int = 9) -> Retirement:
    return Retirement(SMALL, VersionTag(version), to, successors, "Because.", "custodian", FAR, revision=revision)


@pytest.mark.parametrize(
    ("retirements", "expected"),
    [
        ([], ["superseded small/1.1", "superseded small/1.1", "released"]),
        ([ended("1.1", WITHDRAWN)], ["superseded small/1.0.1", "released", "withdrawn"]),
        ([ended("1.0", WITHDRAWN)], ["withdrawn small/1.1", "withdrawn small/1.1", "released"]),
        ([ended("1.0.1", WITHDRAWN)], ["superseded small/1.1", "withdrawn small/1.1", "released"]),
        (
            [ended("1.1", SUPERSEDED, "other/1.0")],
            ["superseded small/1.1", "superseded small/1.1", "superseded other/1.0"],
        ),
        (
            [ended("1.1", SUPERSEDED, "other/1.0"), ended("1.1", WITHDRAWN, revision=10)],
            ["superseded small/1.0.1", "released", "withdrawn"],
        ),
    ],
)
def test_a_version_stands_as_recorded_else_by_what_came_after(
    retirements: list[Retirement], expected: list[str]
) -> None:
    """Of 1.0, 1.0.1 and 1.1; a withdrawn version succeeds nothing."""
    tags = [VersionTag(tag) for tag in ("1.0", "1.0.1", "1.1")]

    found = standings(SMALL, tags, retirements)

    told = [" ".join([found[tag].status, *found[tag].successors]) for tag in tags]
    assert told == expected


@pytest.fixture
async def stores(database: Database) -> Stores:
    """Small 1.0, 1.1 and other 1.0."""
    releases = BoltReleaseStore(database)
    await releases.add([VocabularyText("first", "", (small("1.0"), small("1.0", scheme="other")))])
    await releases.add([VocabularyText("second", "", (small("1.1"),))])
    return Stores(BoltDraftStore(database), releases)


def stamp(number: int) -> Stamp:
    return Stamp(FAR + timedelta(seconds=number), f"end{number:07d}")


ASKED = """
query ($at: Instant, $day: Date) {
  version(scheme: "small", version: "1.1", asKnownAt: $at) { status successors }
  latest: version(scheme: "small", asKnownAt: $at) { version status }
  inForce: version(scheme: "small", validOn: $day, asKnownAt: $at) { version }
  concept(scheme: "small", code: "1", version: "1.1", asKnownAt: $at) { code release { status } }
  schemes(validOn: $day, asKnownAt: $at) { id latest { version } }
}
"""


async def test_a_withdrawn_version_answers_who_names_it_and_stood_until_then(
    stores: Stores, database: Database
) -> None:
    """Latest and in force are the one before again; asked as of the instant before, nothing had ended."""
    before = (FAR - timedelta(microseconds=1)).isoformat()
    decision = Decision("Statistical Commission", date(2126, 2, 28), "E/CN.3/2126/1")
    retired = await retire_version(
        stores,
        SMALL,
        VersionTag("1.1"),
        WITHDRAWN,
        successors=[f"{NAMESPACE}/other/1.0"],
        reason="Printed wrongly.",
        decisions=[decision],
        actor=CUSTODIAN,
        stamp=Stamp(FAR, "end0000000"),
    )
    async with opened_over(database) as rooms, opened(rooms, actor=local_user()) as doors:
        now = await doors.data(ASKED, day="2126-03-02")
        then = await doors.data(ASKED, at=before, day="2126-03-02")
        told = await doors.data(
            '{ history(scheme: "small") { version event actor reason successors decisions { body symbol } } }'
        )
        download = await doors.http.get("/small/1.1.ttl")
        earlier = await doors.http.get("/small/latest.ttl", params={"asKnownAt": before, "validOn": "2126-03-02"})
        latest = await doors.http.get("/small/latest.ttl")
        wrong = await doors.http.get("/small/latest.ttl", params={"validOn": "soon"})

    assert retired.revision == 3 == await stores.releases.revision()
    assert now == {
        "version": {"status": "WITHDRAWN", "successors": [f"{NAMESPACE}/other/1.0"]},
        "latest": {"version": "1.0", "status": "RELEASED"},
        "inForce": {"version": "1.0"},
        "concept": {"code": "1", "release": {"status": "WITHDRAWN"}},
        "schemes": [{"id": "other", "latest": {"version": "1.0"}}, {"id": "small", "latest": {"version": "1.0"}}],
    }
    assert then["version"] == {"status": "RELEASED", "successors": []}
    assert (then["latest"], then["inForce"]) == ({"version": "1.1", "status": "RELEASED"}, {"version": "1.1"})
    assert then["concept"]["release"] == {"status": "RELEASED"}
    assert [(each["version"], each["event"]) for each in told["history"]] == [
        ("1.0", "RELEASED"),
        ("1.1", "RELEASED"),
        ("1.1", "WITHDRAWN"),
    ]
    assert told["history"][2]["decisions"] == [{"body": "Statistical Commission", "symbol": "E/CN.3/2126/1"}]
    assert (told["history"][2]["actor"], told["history"][2]["successors"]) == ("custodian", ["other/1.0"])
    assert (download.status_code, download.headers["ictip-version-status"]) == (200, "withdrawn")
    assert download.headers["link"] == f'<{NAMESPACE}/other/1.0>; rel="successor-version"'
    names = [answer.headers["content-disposition"].partition("=")[2] for answer in (earlier, latest)]
    assert names == ['"small-1.1.ttl"', '"small-1.0.ttl"']
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "arguments_conflicting")
    head = await open_draft(stores, SMALL, VersionTag("1.2"), actor=EDITOR, stamp=stamp(1))
    assert head.base == "1.0"


async def test_what_cannot_end_so_stays_as_it_is(stores: Stores) -> None:
    """No such version, no right, twice, back again, successors that are not there or end themselves, a bound list."""
    binding = Binding(
        Notation("x"), SchemeId("variables"), OTHER, VersionTag("1.0"), date(2025, 1, 1), uri=f"{NAMESPACE}/binding/x/1"
    )
    await stores.releases.add([VocabularyText("binding", "", (binding,))])

    async def refuse(
        kind: type[IctipError], scheme: SchemeId, tag: str, to: ReleaseStatus, *successors: str, by: object = CUSTODIAN
    ) -> None:
        revision = await stores.releases.revision()
        with pytest.raises(kind):
            await retire_version(
                stores,
                scheme,
                VersionTag(tag),
                to,
                successors=successors,
                reason="No.",
                actor=by,  # type: ignore[arg-type]
                stamp=stamp(5),
            )
        assert await stores.releases.revision() == revision

    await refuse(NotAllowed, SMALL, "1.1", WITHDRAWN, by=EDITOR)
    await refuse(VersionUnknown, SMALL, "9.0", WITHDRAWN)
    await refuse(RetirementRefused, SMALL, "1.1", WITHDRAWN, "small/7.0")
    await refuse(RetirementRefused, OTHER, "1.0", WITHDRAWN)
    await retire_version(stores, SMALL, VersionTag("1.1"), WITHDRAWN, reason="Wrong.", actor=CUSTODIAN, stamp=stamp(6))
    await refuse(MoveRefused, SMALL, "1.1", WITHDRAWN)
    await refuse(MoveRefused, SMALL, "1.1", SUPERSEDED)
    await refuse(RetirementRefused, SMALL, "1.0", SUPERSEDED, "small/1.1")
    await retire_version(
        stores,
        OTHER,
        VersionTag("1.0"),
        SUPERSEDED,
        successors=["small/1.0"],
        reason="x",
        actor=CUSTODIAN,
        stamp=stamp(7),
    )
    assert (await stores.releases.listing()).retirements[-1].successors == ("small/1.0",)


RETIRE = """
mutation ($version: VersionTag!, $successors: [String!]) {
  retireVersion(scheme: "small", version: $version, to: WITHDRAWN, reason: "Wrong.", successors: $successors) {
    event { version event revision } faults { rule place message }
  }
}
"""


async def test_a_version_is_withdrawn_by_graphql_and_a_refusal_is_data(stores: Stores, database: Database) -> None:
    """The process that withdrew answers so at once."""
    async with opened_over(database) as rooms, opened(rooms, actor=local_user("custodian")) as doors:
        refused = (await doors.data(RETIRE, version="1.1", successors=["small/3.0"]))["retireVersion"]
        done = (await doors.data(RETIRE, version="1.1", successors=["small/1.0"]))["retireVersion"]
        latest = await doors.data('{ version(scheme: "small") { version } }')

    assert (refused["event"], [fault["rule"] for fault in refused["faults"]]) == (None, ["retirement_refused"])
    assert done == {"event": {"version": "1.1", "event": "WITHDRAWN", "revision": 3}, "faults": []}
    assert latest["version"] == {"version": "1.0"}
