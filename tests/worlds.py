"""Random worlds for comparing the engines with the oracle: small, crowded, and the same for the same seed."""

from __future__ import annotations

import random

from registry.cases.model import EventRecord, Identifier, IdentifierKind, Link, Participation, Role
from registry.identifiers import EntityId, Notation
from tests.universe import IDS, POLICE, SHELTER, batch_of, codes, values, when

_DATES = ("2018", "2019-03", "2019-03-05", "2020/2021", "2020-06-15T10:30+03:00")
_AREAS = ("KE", "UG", "KE-30", "014", "XXA")
_FORMS = ("1", "2.1", "2.2", "5.4", "7")


def random_world(
    seed: int, *, events: int, people: int, entity: EntityId = POLICE, name: str = "w"
) -> list[EventRecord]:
    """Events of one entity among ``people`` people, the first few of them in most events (so that hubs arise)."""
    dice = random.Random(f"{seed}/{name}")
    return [_random_event(dice, entity, f"{name}{number}", people) for number in range(events)]


def two_agencies(seed: int) -> list[EventRecord]:
    """Worlds of both entities, apart."""
    return [
        *random_world(seed, events=25, people=14),
        *random_world(seed, events=12, people=8, entity=SHELTER, name="s"),
    ]


def _random_event(dice: random.Random, entity: EntityId, key: str, people: int) -> EventRecord:
    crowd = dice.choice((1, 1, 2, 2, 3, 6))
    chosen = [int(people * dice.random() ** 2) for _ in range(crowd + 1)]
    parts = [_random_part(dice, entity, f"{person}-{key[0]}", f"x{place}") for place, person in enumerate(chosen)]
    named = [part.person for part in parts if part.person is not None]
    links = [Link(named[0], named[-1], Notation("friend"))] if dice.random() < 0.3 and named[0] != named[-1] else []
    told = {"geo": codes(dice.choice(_AREAS)), "moc": codes(dice.choice(("threats", "debt-bondage")))}
    if dice.random() < 0.8:
        told["dat"] = when(dice.choice(_DATES))
    if dice.random() < 0.5:
        told["coe"] = codes(*dice.sample(_AREAS, 2))
    return EventRecord(
        id=IDS.event(entity, key),
        entity=entity,
        source_key=key,
        batch=batch_of(entity).id,
        values=values(**told),
        forms=tuple(Notation(form) for form in dice.sample(_FORMS, dice.choice((0, 1, 2)))),
        participations=tuple(parts),
        links=tuple(links),
        identifiers=(_random_identifier(dice, IdentifierKind.ADDRESS),) if dice.random() < 0.4 else (),
    )


def _random_identifier(dice: random.Random, kind: IdentifierKind) -> Identifier:
    found = IDS.identifier(kind, f"invented {dice.randint(1, 5)}")
    assert found is not None
    return found


def _random_part(dice: random.Random, entity: EntityId, person: str, key: str) -> Participation:
    role = dice.choice((Role.VICTIM, Role.PERPETRATOR))
    told = values(civ=codes("KE")) if role is Role.VICTIM else values(spx=codes(dice.choice(("male", "female"))))
    if role is Role.PERPETRATOR and dice.random() < 0.6:
        told = {**told, **values(rpp=codes(dice.choice(("recruiter", "transporter"))))}
    phones = (_random_identifier(dice, IdentifierKind.PHONE),) if dice.random() < 0.3 else ()
    return Participation(role, key, IDS.person(entity, person), told, identifiers=phones)
