"""One small invented world, built only through actions. Nobody in it exists.

::

    ke-police                                              ug-shelter
    ─────────                                              ──────────
    E1 2019-03-01  ada ─victim─┐                           E5 2020-07    xia ─victim─┐
                   kofi ─perp──┴─ E1 (1, KE)                             kurt ─perp──┴─ E5 (5.4, UG)
    E2 2019-05     ada, ben ─victims, each own forms
                   kofi, lena ─perps       (E2: 2.1 / 1)   E6 undated    yan ─victim (1 and 2.1, so 8) ─ E6
    E3 2020        cora ─victim (4)
                   ben ─perp   (a victim in E2)
                   lena ─perp, and a group of men
    E4 2020-06-15  dan-1 … dan-6 ─victims, kofi ─perp   (the star: seven links)
                   forms on the event only: 1 and 2.1, so 8 cannot be derived

    areas: 001 ⊃ 002 ⊃ 014 ⊃ KE ⊃ KE-30, 014 ⊃ UG; XXA stateless; a collection EAC
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from registry.access.actor import Actor, Right, Scope, StatedPurpose, local_user
from registry.access.scope import scope_parameter
from registry.cases import actions
from registry.cases.derivation import complete
from registry.cases.identity import Identities
from registry.cases.model import (
    FORM,
    Batch,
    Codes,
    Decision,
    EventRecord,
    Missing,
    Number,
    Participation,
    Range,
    ReportingEntity,
    Role,
    SourceType,
    Stage,
    StoreCounts,
    Text,
    Value,
    Values,
)
from registry.cases.moments import read_moment
from registry.cases.ports import CaseStore
from registry.classification.model import UnitOfDescription, VariableFacts, VariableKind
from registry.identifiers import EntityId, EventId, Notation, PersonId, SchemeId, VersionTag
from registry.network.stores import Stores
from registry.storage.bolt.driver import Database
from registry.storage.bolt.networks import network_stores

V1: Final = VersionTag("1.0")
POLICE: Final = EntityId("ke-police")
SHELTER: Final = EntityId("ug-shelter")
IDS: Final = Identities(bytes(range(32)))

PARENTS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "areas": {
        "001": None,
        "002": "001",
        "014": "002",
        "KE": "014",
        "UG": "014",
        "KE-30": "KE",
        "XXA": None,
        "EAC": None,
    },
    "units": {
        **dict.fromkeys("12345678"),
        "2.1": "2",
        "2.2": "2",
        "5.4": "5",
        "6.5": "6",
    },
    "sex": {"male": None, "female": None, "other": None},
    "age-status": {"minor": None, "adult": None},
    "event-status": {"possible": None, "actual": None, "not-trafficking": None},
    "means-of-control": {"debt-bondage": None, "restriction-of-movement": None, "threats": None},
    "case-status": {"reported": None, "prosecuted": None, "convicted": None},
    "relationship": {"friend": None, "relative": None},
    "role": {"recruiter": None, "transporter": None},
    "isic": {"A": None, "01": "A", "I": None},
    "sexual-sector": {"prostitution": None},
    "assistance": {"shelter": None, "legal": None},
}
_EVENT, _VICTIM = UnitOfDescription.EVENT, UnitOfDescription.VICTIM
_PERPETRATOR = UnitOfDescription.PERPETRATOR
_VARIABLES: Final = (
    ("sta", "event-status", _EVENT, False),
    ("geo", "areas", _EVENT, False),
    ("coe", "areas", _EVENT, True),
    ("moc", "means-of-control", _EVENT, True),
    ("ccs", "case-status", _EVENT, False),
    ("fls", "isic", _EVENT, True),
    ("ssc", "sexual-sector", _EVENT, True),
    ("asg", "assistance", _VICTIM, True),
    ("svx", "sex", _VICTIM, False),
    ("stv", "age-status", _VICTIM, False),
    ("civ", "areas", _VICTIM, True),
    ("lcv", "areas", _VICTIM, False),
    ("rtv", "relationship", _VICTIM, True),
    ("spx", "sex", _PERPETRATOR, False),
    ("stp", "age-status", _PERPETRATOR, False),
    ("cip", "areas", _PERPETRATOR, True),
    ("rpp", "role", _PERPETRATOR, True),
    ("rvp", "relationship", _PERPETRATOR, True),
)
_PLAIN: Final = (
    ("dat", VariableKind.DATETIME, _EVENT),
    ("dab", VariableKind.DATE, _EVENT),
    ("dae", VariableKind.DATE, _EVENT),
    ("cca", VariableKind.TEXT, _EVENT),
    ("agv", VariableKind.RANGE, _VICTIM),
    ("ncv", VariableKind.INTEGER, _VICTIM),
    ("agp", VariableKind.RANGE, _PERPETRATOR),
    ("rer", VariableKind.REFERENCE, UnitOfDescription.REPORTING_ENTITY),
)


@dataclass(frozen=True, slots=True)
class PlainCodebook:
    """A codebook of literals: lists by scheme as ``{code: parent}``, every list in version 1.0."""

    lists: Mapping[str, Mapping[str, str | None]]
    bound: Mapping[str, str]
    facts: Mapping[str, VariableFacts] = field(default_factory=dict)

    def variable(self, code: str) -> VariableFacts | None:
        """The variable of that code."""
        return self.facts.get(code)

    def bound_list(self, variable: str) -> tuple[SchemeId, VersionTag] | None:
        """The list of a variable of codes."""
        return (SchemeId(self.bound[variable]), V1) if variable in self.bound else None

    def find(self, scheme: SchemeId, version: VersionTag | None, text: str) -> Notation | None:
        """The code itself."""
        known = version in (None, V1) and text in self.lists.get(scheme, {})
        return Notation(text) if known else None

    def parent(self, scheme: SchemeId, version: VersionTag | None, code: Notation) -> Notation | None:
        """The next broader code."""
        parent = self.lists.get(scheme, {}).get(code)
        return Notation(parent) if parent is not None else None


CODEBOOK: Final = PlainCodebook(
    lists=PARENTS,
    bound={FORM: "units", **{code: scheme for code, scheme, _, _ in _VARIABLES}},
    facts={
        **{
            code: VariableFacts(Notation(code), VariableKind.CODE, describes, None, repeated=repeated)
            for code, _, describes, repeated in _VARIABLES
        },
        **{code: VariableFacts(Notation(code), kind, describes, None) for code, kind, describes in _PLAIN},
    },
)
CODING: Final = {variable: (SchemeId(scheme), V1) for variable, scheme in CODEBOOK.bound.items()}

EVERYONE: Final = local_user()
EVERYTHING: Final = scope_parameter(Scope.everything())
"""The scope as stores take it: every record."""
OFFICER: Final = Actor("officer", frozenset(Right), Scope.of_entities(POLICE), StatedPurpose.INVESTIGATION)
CARER: Final = Actor("carer", frozenset(Right), Scope.of_entities(SHELTER), StatedPurpose.ASSISTANCE)

ENTITIES: Final = (
    ReportingEntity(POLICE, "Police of Kenya", area=Notation("KE")),
    ReportingEntity(SHELTER, "Shelter of Uganda", area=Notation("UG")),
)


def batch_of(entity: EntityId) -> Batch:
    """The one batch an entity sent."""
    return Batch(IDS.batch(entity, "0" * 64, "ictip"), entity, "ictip", "0" * 64, SourceType.SYNTHETIC, CODING)


def event_id(name: str) -> EventId:
    """The id of an event by its name in the drawing."""
    return IDS.event(SHELTER if name in ("E5", "E6") else POLICE, name)


def person_id(name: str) -> PersonId:
    """The id of a person by their name in the drawing."""
    return IDS.person(SHELTER if name in ("xia", "kurt", "yan") else POLICE, name)


def codes(*texts: str, source: Sequence[str] = (), derived: bool = False) -> Value:
    """A value of codes."""
    return Value(Codes(tuple(Notation(text) for text in texts)), tuple(source), derived)


def when(text: str) -> Value:
    """A value of a moment, with the text as its source."""
    moment = read_moment(text)
    assert moment is not None
    return Value(moment, (text,))


def values(**told: Value) -> Values:
    """Values by variable."""
    return {Notation(variable): value for variable, value in told.items()}


def victim(name: str, key: str, *, forms: Sequence[str] = (), **told: Value) -> Participation:
    """A victim's part."""
    return Participation(Role.VICTIM, key, person_id(name), values(**told), tuple(Notation(form) for form in forms))


def perpetrator(name: str, key: str, *, stages: Sequence[Stage] = (), **told: Value) -> Participation:
    """A perpetrator's part."""
    return Participation(Role.PERPETRATOR, key, person_id(name), values(**told), stages=tuple(stages))


def event(name: str, *parts: Participation, forms: Sequence[str] = (), **told: Value) -> EventRecord:
    """An event of the drawing, with its derived values."""
    entity = SHELTER if name in ("E5", "E6") else POLICE
    record = EventRecord(
        id=event_id(name),
        entity=entity,
        source_key=name,
        batch=batch_of(entity).id,
        values=values(**told),
        forms=tuple(Notation(form) for form in forms),
        participations=parts,
    )
    return complete(record, CODEBOOK).record


def police_events() -> tuple[EventRecord, ...]:
    """E1 to E4."""
    men = Participation(Role.PERPETRATOR, "p3", None, values(spx=codes("male"), agp=Value(Range(30, 38))))
    prosecuted = Stage(Notation("prosecuted"), read_moment("2019-09"), POLICE)
    first = event(
        "E1",
        perpetrator("kofi", "p1", spx=codes("male", source=["M"]), rvp=codes("friend"), stages=[prosecuted]),
        victim("ada", "v1", svx=codes("female"), agv=Value(Range(15, 17)), stv=codes("minor"), civ=codes("KE", "UG")),
        forms=["1"],
        dat=when("2019-03-01"),
        geo=codes("KE-30"),
        coe=codes("KE"),
        ssc=codes("prostitution"),
    )
    second = event(
        "E2",
        perpetrator("kofi", "p1", rpp=codes("recruiter", "transporter")),
        perpetrator("lena", "p2", cip=codes("KE")),
        victim("ada", "v1", forms=["1"], moc=codes("threats"), civ=codes("KE")),
        victim("ben", "v2", forms=["2.1"], moc=codes("debt-bondage"), ncv=Value(Number(2)), lcv=codes("UG")),
        dat=when("2019-05"),
        geo=codes("KE"),
        fls=codes("01"),
    )
    third = event(
        "E3",
        perpetrator("ben", "p1"),
        perpetrator("lena", "p2", stp=codes("adult")),
        men,
        victim("cora", "v1", civ=Value(Missing.NOT_KNOWN, ("?",)), svx=Value(Missing.WITHHELD)),
        forms=["4"],
        dat=when("2020"),
        coe=codes("UG"),
        cca=Value(Text("Act 8, § 3")),
    )
    star = [victim(f"dan-{number}", f"v{number}", svx=codes("male")) for number in range(1, 7)]
    fourth = event(
        "E4",
        perpetrator("kofi", "p1"),
        *star,
        forms=["1", "2.1"],
        dat=when("2020-06-15T10:30+03:00"),
        coe=codes("KE", "UG"),
        sta=codes("actual"),
    )
    return first, second, third, fourth


def shelter_events() -> tuple[EventRecord, ...]:
    """E5 and E6."""
    decided = Decision(POLICE, values(sta=codes("actual"), dat=when("2020-08-01")))
    fifth = event(
        "E5",
        perpetrator("kurt", "p1", spx=codes("male")),
        victim("xia", "v1", svx=codes("female"), asg=codes("shelter", "legal")),
        forms=["5.4"],
        dat=when("2020-07"),
        coe=codes("UG"),
        dab=when("2019"),
        dae=when("2020-05/2020-06"),
    )
    sixth = event("E6", victim("yan", "v1", forms=["1", "2.1"], svx=codes("male")), sta=Value(Missing.NOT_COLLECTED))
    fifth = replace(fifth, decisions=(decided,), transits=(Notation("KE"), Notation("014")))
    return fifth, sixth


def all_events() -> tuple[EventRecord, ...]:
    """E1 to E6."""
    return (*police_events(), *shelter_events())


async def build_universe(store: CaseStore) -> StoreCounts:
    """Store the whole world, its ids under its own key; what that did."""
    await store.identity_key(IDS.key)
    await actions.register_entities(store, ENTITIES, actor=EVERYONE)
    counts = StoreCounts()
    for entity, events in ((POLICE, police_events()), (SHELTER, shelter_events())):
        counts += await actions.store_events(store, CODEBOOK, batch_of(entity), events, actor=EVERYONE)
    return counts


def networks(database: Database) -> Stores:
    """Where questions of networks are asked of a database, with the codes of this world."""
    return network_stores(database, CODEBOOK)
