"""Saved questions: kept, shared, asked anew with the asker's own scope; and what followers of one are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.access.actions import Act
from registry.access.actor import Actor, Right
from registry.access.appender import AuditAppender
from registry.access.audit import Circumstances
from registry.access.ports import AuditFilter
from registry.cases import actions
from registry.cases.model import EventRecord
from registry.errors import (
    ArgumentOutOfRange,
    ArgumentsConflicting,
    CodeUnknown,
    IctipError,
    NotAllowed,
    NothingToFollow,
    RecordUnknown,
    SavedQueriesFull,
    SavedQueryUnknown,
    SavedQueryUnreadable,
)
from registry.identifiers import EntityId, EventId, Notation
from registry.network import following, saved
from registry.network.following import NewLinks, followed_piece, new_links
from registry.network.gathering import Around, Extent, Ground
from registry.network.measures import KeyOrder
from registry.network.model import PARTICIPATION, EdgeKind, Judged, NodeKind, Piece, Start, Subgraph, Window, Within
from registry.network.pattern_queries import PatternQuestion
from registry.network.patterns.model import PatternKind
from registry.network.question_texts import read_question, write_question
from registry.network.questions import (
    KINDS,
    AnyQuestion,
    CommunitiesQuestion,
    ComponentsQuestion,
    EgoQuestion,
    KeyPlayersQuestion,
    PathsQuestion,
    kind_of,
)
from registry.network.route_queries import RouteQuestion
from registry.network.routes import AreaLevel, By, Origin
from registry.network.saved import Sharing
from registry.network.shared import Likeness, SharedKind
from registry.network.shared_queries import SharedQuestion
from registry.network.similar_queries import SimilarQuestion
from registry.outbox.model import NETWORK_CHANGED, START
from registry.storage.bolt.audit import BoltAuditStore
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from registry.storage.bolt.outbox import BoltOutbox
from registry.storage.bolt.saved import BoltSavedStore
from tests import universe
from tests.network.test_judgements import ADA_IS_XIA, judge
from tests.universe import CARER, CODEBOOK, EVERYONE, OFFICER, POLICE, SHELTER, batch_of, event_id, networks, person_id

AROUND_ADA = Piece(Start(NodeKind.PERSON, person_id("ada")))
ADA = EgoQuestion(AROUND_ADA)
ALONE = Sharing()
COLLEAGUE = replace(OFFICER, name="colleague", agency=POLICE)
OWNER = replace(OFFICER, name="owner", agency=POLICE)


class Desk:
    """Saving under one store; every act has a random id of its own in life, a counted one here."""

    def __init__(self, database: Database) -> None:
        self.store = BoltSavedStore(database)
        self.network = networks(database)
        self.rows = BoltAuditStore(database)
        self.audit = AuditAppender(self.rows)
        self.acts = 0

    def act(self, actor: Actor) -> Act:
        """The next act."""
        self.acts += 1
        return Act(actor, Circumstances("r", "o", self.acts), f"act-{self.acts}")

    async def save(
        self,
        id_: str,
        *,
        actor: Actor = OWNER,
        sharing: Sharing = ALONE,
        question: AnyQuestion = ADA,
    ) -> saved.SavedQuery:
        """Save a question under its id as name."""
        return await saved.save_query(
            self.store, CODEBOOK, self.audit, self.act(actor), id_=id_, name=id_, question=question, sharing=sharing
        )

    async def seen(self, actor: Actor) -> list[str]:
        """What an actor has to run, by name."""
        return [query.id for query in await saved.saved_queries(self.store, actor=actor)]


def test_a_question_is_written_and_read_back() -> None:
    """Every argument of it; a text that is none is refused."""
    within = Within(
        window=Window(1, 2),
        edge_kinds=(EdgeKind.VICTIM_IN, EdgeKind.RELATED_TO),
        only_people=frozenset({"b", "a"}),
        avoid=frozenset({"somebody"}),
        forms=("2.1",),
        areas=("KE",),
        min_links=2,
        hub_limit=7,
        judged=Judged.TOGETHER,
        ends=(NodeKind.AREA,),
    )
    piece = Piece(Start(NodeKind.AREA, "KE"), 3, 40, within)
    start = Start(NodeKind.EVENT, "somewhere")
    ground = Ground(
        window=Window(3, 4),
        entity=POLICE,
        area=Notation("KE"),
        form=Notation("2"),
        judged=Judged.TOGETHER,
        around=Around(start, 3, 9),
        budget=7,
    )
    asked: list[AnyQuestion] = [
        ADA,
        CommunitiesQuestion(piece, 2.0, 9),
        KeyPlayersQuestion(piece, KeyOrder.CUT_OFF, 4, 5),
        PathsQuestion(start, piece.start, 2, 5, True, 9, within),
        ComponentsQuestion(people=("a",), events=("e",), within=within),
        SharedQuestion(Likeness(SharedKind.SAME_VICTIM, 3, 4), frozenset({"b", "a"}), ground, 2, 3),
        RouteQuestion(ground, AreaLevel.REGION, Origin.CITIZENSHIP, (By.YEAR, By.SEX)),
        SimilarQuestion(EventId("some-event"), Extent(form=Notation("2")), 5, 6),
        PatternQuestion(PatternKind.RING, {"leastPeople": 4}, ground, 5, None, None, 6),
    ]

    assert {kind_of(question) for question in asked} == KINDS.keys()
    for question in asked:
        assert read_question(write_question(question)) == question
    with pytest.raises((KeyError, TypeError, ValueError)):
        read_question("{}")


async def test_the_life_of_a_saved_query(database: Database) -> None:
    """Saved, renamed, shared and taken back, deleted; each act leaves one row with what it was about."""
    desk = Desk(database)

    made = await desk.save("one")
    assert (made.owner, made.agency, made.created_at) == ("owner", POLICE, 1)
    assert await saved.saved_query(desk.store, "one", actor=OWNER) == made
    renamed = await saved.change_query(desk.store, desk.audit, desk.act(OWNER), "one", name="  Around Ada ")
    assert (renamed.name, renamed.question, renamed.changed_at) == ("Around Ada", ADA, 2)
    shared = await saved.change_query(desk.store, desk.audit, desk.act(OWNER), "one", sharing=Sharing(agency=True))
    assert (shared.name, shared.with_agency) == ("Around Ada", True)
    await saved.delete_query(desk.store, desk.audit, desk.act(OWNER), "one")

    assert await desk.seen(OWNER) == []
    with pytest.raises(SavedQueryUnknown):
        await saved.delete_query(desk.store, desk.audit, desk.act(OWNER), "one")
    rows = await desk.rows.search(AuditFilter(), after=None, limit=10)
    assert [(row.act, row.subject, row.allowed) for row in reversed(rows)] == [
        ("save query", "one", True),
        ("change saved query", "one", True),
        ("change saved query", "one", True),
        ("delete saved query", "one", True),
    ]


async def test_shared_is_seen_and_run_but_not_changed(database: Database) -> None:
    """With the agency or by name; whoever it is not shared with is told there is none."""
    await universe.build_universe(BoltCaseStore(database))
    desk = Desk(database)
    await desk.save("b-own")
    await desk.save("a-agency", sharing=Sharing(agency=True))
    await desk.save("c-named", sharing=Sharing(accounts=frozenset({CARER.name})))

    assert await desk.seen(OWNER) == ["a-agency", "b-own", "c-named"]
    assert await desk.seen(COLLEAGUE) == ["a-agency"]
    assert await desk.seen(CARER) == ["c-named"]
    assert await desk.seen(replace(COLLEAGUE, agency=EntityId("ke-court"))) == []
    assert await desk.seen(replace(COLLEAGUE, agency=None)) == []
    for act in (saved.change_query, saved.delete_query):
        with pytest.raises(NotAllowed):
            await act(desk.store, desk.audit, desk.act(COLLEAGUE), "a-agency")
        with pytest.raises(SavedQueryUnknown):
            await act(desk.store, desk.audit, desk.act(COLLEAGUE), "b-own")

    query = await saved.saved_query(desk.store, "c-named", actor=CARER)
    with pytest.raises(RecordUnknown):
        await query.question.ask(desk.network, actor=CARER)
    found = await query.question.ask(desk.network, actor=OWNER)
    assert isinstance(found, Subgraph)
    assert found.node_ids[0] == person_id("ada")
    with pytest.raises(NotAllowed):
        await desk.seen(replace(OWNER, rights=frozenset({Right.READ_CASES})))


async def test_a_saved_question_is_asked_anew(database: Database) -> None:
    """Of the records as they are now, whatever was asked."""
    cases = BoltCaseStore(database)
    await actions.store_events(cases, CODEBOOK, batch_of(POLICE), universe.police_events()[:1], actor=EVERYONE)
    desk = Desk(database)
    players = KeyPlayersQuestion(AROUND_ADA, order=KeyOrder.DEGREE)
    links = SharedQuestion(Likeness(SharedKind.CO_OFFENDING))
    for id_, question in (("players", players), ("links", links)):
        await desk.save(id_, question=question)
    assert (await players.ask(desk.network, actor=OWNER)).people == 2
    assert (await links.ask(desk.network, actor=OWNER)).links == ()

    await actions.store_events(cases, CODEBOOK, batch_of(POLICE), universe.police_events()[1:], actor=EVERYONE)

    kept = {name: await saved.saved_query(desk.store, name, actor=OWNER) for name in ("players", "links")}
    assert (kept["players"].question, kept["links"].question) == (players, links)
    assert (await players.ask(desk.network, actor=OWNER)).people == 4
    assert (event_id("E2"),) in {link.events for link in (await links.ask(desk.network, actor=OWNER)).links}


@pytest.mark.parametrize(
    "text", ["", "{}", '{"kind": "webs", "arguments": {}}', '{"kind": "ego network", "arguments": {"node": "ada"}}']
)
async def test_what_another_version_kept_is_listed_and_deleted(database: Database, text: str) -> None:
    """Beside those that can be read; renamed it keeps its text; asked or followed it is refused with one error."""
    desk = Desk(database)
    await desk.save("b-new")
    old = saved.SavedQuery("a-old", "a-old", OWNER.name, POLICE, saved.Unread(text))
    await desk.store.add_saved(old, most=9, audit=desk.act(OWNER).row("save query", subject="a-old"))

    assert await desk.seen(OWNER) == ["a-old", "b-new"]
    await saved.change_query(desk.store, desk.audit, desk.act(OWNER), "a-old", name="A old")
    kept = await saved.saved_query(desk.store, "a-old", actor=OWNER)
    assert (kept.name, kept.kept) == ("A old", saved.Unread(text))
    with pytest.raises(SavedQueryUnreadable):
        _ = kept.question
    with pytest.raises(SavedQueryUnreadable):
        await followed_piece(desk.store, "a-old", actor=OWNER)
    await saved.delete_query(desk.store, desk.audit, desk.act(OWNER), "a-old")
    assert await desk.seen(OWNER) == ["b-new"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines"])
async def test_a_name_is_one_line(database: Database, name: str) -> None:
    """Of 1 to 100 letters."""
    desk = Desk(database)
    with pytest.raises(ArgumentsConflicting):
        await saved.save_query(
            desk.store, CODEBOOK, desk.audit, desk.act(OWNER), id_="one", name=name, question=ADA, sharing=Sharing()
        )
    assert await desk.seen(OWNER) == []


async def test_what_cannot_be_asked_is_not_saved(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds out of range; sharing without an agency; more than an account may have."""
    desk = Desk(database)
    broken: list[tuple[type[IctipError], AnyQuestion, Sharing, Actor]] = [
        (ArgumentOutOfRange, EgoQuestion(replace(AROUND_ADA, depth=7)), Sharing(), OWNER),
        (ArgumentOutOfRange, EgoQuestion(replace(AROUND_ADA, budget=-1)), Sharing(), OWNER),
        (ArgumentOutOfRange, KeyPlayersQuestion(AROUND_ADA, first=0), Sharing(), OWNER),
        (ArgumentOutOfRange, CommunitiesQuestion(AROUND_ADA, resolution=-1.0), Sharing(), OWNER),
        (CodeUnknown, EgoQuestion(replace(AROUND_ADA, within=Within(areas=("ZZ",)))), Sharing(), OWNER),
        (ArgumentsConflicting, PathsQuestion(AROUND_ADA.start, AROUND_ADA.start), Sharing(), OWNER),
        (ArgumentsConflicting, ComponentsQuestion(), Sharing(), OWNER),
        (CodeUnknown, RouteQuestion(Ground(area=Notation("ZZ"))), Sharing(), OWNER),
        (ArgumentOutOfRange, SimilarQuestion(EventId("some-event"), candidates=0), Sharing(), OWNER),
        (ArgumentOutOfRange, PatternQuestion(PatternKind.RING, {"leastPeople": 99}), Sharing(), OWNER),
        (ArgumentsConflicting, PatternQuestion(PatternKind.RING, after="zzz"), Sharing(), OWNER),
        (ArgumentOutOfRange, SharedQuestion(Likeness(SharedKind.SAME_VICTIM, crowd=0)), Sharing(), OWNER),
        (ArgumentsConflicting, ADA, Sharing(agency=True), replace(OWNER, agency=None)),
        (ArgumentsConflicting, ADA, Sharing(accounts=frozenset({""})), OWNER),
        (NotAllowed, ADA, Sharing(), replace(OWNER, rights=frozenset({Right.READ_CASES}))),
    ]
    for error, question, sharing, actor in broken:
        with pytest.raises(error):
            await desk.save("one", question=question, sharing=sharing, actor=actor)
    monkeypatch.setattr(saved, "MAX_SAVED", 1)
    await desk.save("one")
    with pytest.raises(SavedQueriesFull):
        await desk.save("two")
    assert await desk.seen(OWNER) == ["one"]


# --- following -----------------------------------------------------------------------------------------------


async def told(desk: Desk, chunk: str, actor: Actor = OWNER) -> list[tuple[str, str, str]] | None:
    """The new links that a chunk told near the start of query one."""
    found = await new_links(desk.network, desk.store, "one", chunk, actor=actor)
    return None if found is None else list(found.links)


async def imports(database: Database) -> set[str]:
    """Ids of the rows that tell of chunks."""
    rows = await BoltAuditStore(database).search(AuditFilter(), after=None, limit=50)
    return {row.id for row in rows if row.act == "import records"}


async def stored(database: Database, entity: EntityId, records: list[EventRecord]) -> str:
    """Store records; the chunk that told them, by the row that tells of it."""
    before = await imports(database)
    await actions.store_events(BoltCaseStore(database), CODEBOOK, batch_of(entity), records, actor=EVERYONE)
    (chunk,) = (await imports(database)) - before or {"nothing was stored"}
    return chunk


async def test_followers_are_told_of_new_links_near_the_start_and_of_nothing_else(database: Database) -> None:
    """Links told for the first time, within two hops; a changed record tells of its new ones alone; and nobody hears
    of what lies outside their scope."""
    first, second, third, _ = universe.police_events()
    desk = Desk(database)
    chunk = await stored(database, POLICE, [first])
    await desk.save("one", sharing=Sharing(accounts=frozenset({CARER.name})))
    assert set(await told(desk, chunk) or ()) == {
        (person_id("ada"), event_id("E1"), "VICTIM_IN"),
        (person_id("kofi"), event_id("E1"), "PERPETRATOR_IN"),
    }

    away = await stored(database, POLICE, [third])
    assert await told(desk, away) is None
    near = await stored(database, POLICE, [second])
    links = await told(desk, near)
    assert links is not None
    assert {link[1] for link in links} == {event_id("E2")}
    assert len(links) == 4

    more = replace(first, participations=(*first.participations, universe.victim("lena", "v9")))
    changed = await stored(database, POLICE, [more])
    assert await told(desk, changed) == [(person_id("lena"), event_id("E1"), "VICTIM_IN")]
    reworded = await stored(database, POLICE, [replace(more, forms=(Notation("4"),))])
    assert await told(desk, reworded) is None
    assert await told(desk, changed) == [(person_id("lena"), event_id("E1"), "VICTIM_IN")]

    hidden = await stored(database, SHELTER, list(universe.shelter_events()))
    assert await told(desk, hidden) is None
    assert await told(desk, changed, CARER) is None
    assert await told(desk, changed, COLLEAGUE) is None


@pytest.mark.parametrize(
    "question",
    [
        ComponentsQuestion(people=("a", "b")),
        SharedQuestion(Likeness(SharedKind.SAME_VICTIM)),
        RouteQuestion(),
        PatternQuestion(PatternKind.RING),
    ],
    ids=kind_of,
)
async def test_a_question_without_a_start_is_not_followed(database: Database, question: AnyQuestion) -> None:
    """It is refused at once, instead of staying quiet for ever."""
    desk = Desk(database)
    await desk.save("one", question=question)

    with pytest.raises(NothingToFollow):
        await followed_piece(desk.store, "one", actor=OWNER)
    with pytest.raises(SavedQueryUnknown):
        await followed_piece(desk.store, "one", actor=COLLEAGUE)


async def test_each_question_is_followed_from_its_start(database: Database) -> None:
    """Within its own extent, as deep as it looks and never further than two hops; whatever budget it has."""
    start, window = Start(NodeKind.AREA, "KE"), Window(3, 4)
    one_hop = Ground(
        around=Around(start, 1, 9), area=Notation("KE"), form=Notation("2"), judged=Judged.TOGETHER, budget=7
    )
    within = Within(areas=("KE",), forms=("2",), hub_limit=9, judged=Judged.TOGETHER)
    ground = Ground(around=Around(start), window=window)
    desk = Desk(database)
    for id_, question, expected in (
        ("ego", EgoQuestion(Piece(start, 5, 40)), Piece(start, 2)),
        ("players", KeyPlayersQuestion(Piece(start, 1)), Piece(start, 1)),
        ("paths", PathsQuestion(AROUND_ADA.start, Start(NodeKind.EVENT, "some-event")), AROUND_ADA),
        ("components", ComponentsQuestion(around=start), Piece(start)),
        ("near", ComponentsQuestion(around=start, depth=1), Piece(start, 1)),
        ("routes", RouteQuestion(ground), Piece(start, within=Within(window=window, hub_limit=1_000))),
        ("links", SharedQuestion(Likeness(SharedKind.SAME_VICTIM), ground=one_hop), Piece(start, 1, within=within)),
        ("similar", SimilarQuestion(EventId("some-event")), Piece(Start(NodeKind.EVENT, "some-event"))),
    ):
        await desk.save(id_, question=question)
        followed = await followed_piece(desk.store, id_, actor=OWNER)
        assert followed == replace(expected, budget=following.FOLLOWED_BUDGET)


EVERY_KIND = (*PARTICIPATION, EdgeKind.RELATED_TO)
VIEWS = {
    "plain": Within(),
    "relations": Within(edge_kinds=EVERY_KIND),
    "victims": Within(edge_kinds=(EdgeKind.VICTIM_IN,)),
    "often": Within(min_links=2),
    "avoiding": Within(avoid=frozenset({person_id("lena"), event_id("E4")})),
    "hubs": Within(hub_limit=4),
    "form": Within(forms=("2",)),
    "these": Within(only_people=frozenset({person_id("kofi"), person_id("ben")})),
    "time": Within(window=Window(1_556_000_000_000_000, 1_580_000_000_000_000)),
    "together": Within(judged=Judged.TOGETHER, edge_kinds=EVERY_KIND),
}


@pytest.mark.parametrize("start", ["ada", pytest.param("E1", marks=pytest.mark.long)])
async def test_a_new_link_near_the_start_is_told_however_much_lies_there(
    database: Database, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    """Whatever budget was saved; of more than is looked through the same links, but for those over judgements about
    others than the start, and that it is so much."""
    first, *others = universe.police_events()
    desk = Desk(database)
    await stored(database, POLICE, [first])
    shelter = await stored(database, SHELTER, list(universe.shelter_events()))
    await judge(database, EVERYONE, ADA_IS_XIA)
    police = await stored(database, POLICE, others)
    at = Start(NodeKind.EVENT, event_id(start)) if start == "E1" else Start(NodeKind.PERSON, person_id(start))
    for name, within in VIEWS.items():
        for depth in (1, 2):
            question = EgoQuestion(Piece(at, depth, 3, within))
            await desk.save(f"{name}-{depth}", question=question, actor=EVERYONE)

    async def answers(budget: int) -> dict[str, NewLinks | None]:
        monkeypatch.setattr(following, "FOLLOWED_BUDGET", budget)
        return {
            f"{name}-{depth}-{chunk}": await new_links(
                desk.network, desk.store, f"{name}-{depth}", chunk, actor=EVERYONE
            )
            for name in VIEWS
            for depth in (1, 2)
            for chunk in (police, shelter)
        }

    whole, small = await answers(5_000), await answers(2)

    beyond = f"together-2-{shelter}" if start == "E1" else None  # over a judgement about another than the start
    assert {name: found.links for name, found in small.items() if found} == {
        name: found.links for name, found in whole.items() if found and name != beyond
    }
    assert not any(found.truncated for found in whole.values() if found)
    assert all(found.truncated for name, found in small.items() if found and "plain" in name)
    plain = whole[f"plain-2-{police}"]
    assert plain is not None
    assert {link[1] for link in plain.links} == {event_id("E2"), *([event_id("E4")] if start == "E1" else [])}
    assert whole[f"together-2-{shelter}"] is not None


async def test_new_relations_are_told(database: Database) -> None:
    """Once, as long as their event is in view, whatever else of the record changes; by kind alone and beside others."""
    first = universe.police_events()[0]
    desk = Desk(database)
    relations = Within(edge_kinds=(EdgeKind.RELATED_TO,))
    earlier = replace(relations, window=Window(0, 1))
    await desk.save("one", question=EgoQuestion(replace(AROUND_ADA, within=relations)))
    await desk.save("all", question=EgoQuestion(replace(AROUND_ADA, within=Within(edge_kinds=EVERY_KIND))))
    await desk.save("before", question=EgoQuestion(replace(AROUND_ADA, within=earlier)))

    chunk = await stored(database, POLICE, [first])
    again = await stored(database, POLICE, [replace(first, forms=(Notation("4"),))])

    assert await told(desk, chunk) == [(person_id("ada"), person_id("kofi"), "RELATED_TO")]
    assert await told(desk, again) is None
    every = await new_links(desk.network, desk.store, "all", chunk, actor=OWNER)
    assert every is not None
    assert sorted(kind for _, _, kind in every.links) == ["PERPETRATOR_IN", "RELATED_TO", "VICTIM_IN"]
    assert await new_links(desk.network, desk.store, "before", chunk, actor=OWNER) is None


async def test_new_events_of_a_place_are_told_though_it_has_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an area as start no event's links were read where its events filled the network."""
    monkeypatch.setattr(following, "FOLLOWED_BUDGET", 5)
    desk = Desk(database)
    await desk.save("one", question=EgoQuestion(Piece(Start(NodeKind.AREA, "KE"))))
    await stored(database, POLICE, list(universe.police_events()[:3]))

    fourth = await stored(database, POLICE, [universe.police_events()[3]])

    assert len(await told(desk, fourth) or ()) == 7


async def test_a_delivery_is_told_in_the_outbox_with_its_change(database: Database) -> None:
    """One happening a chunk that changes something; a second run of the same tells nothing."""
    chunk = await stored(database, POLICE, list(universe.police_events()))
    await stored(database, POLICE, list(universe.police_events()))

    happened = await BoltOutbox(database).after({NETWORK_CHANGED: START}, most=10)
    assert [each.subject for each in happened] == [chunk]
