"""A sample world as a stream of lines in the import format: memory grows with reuse (8 bytes a part), not with events.

Lives here: who takes part in which event, where, when, and what is told of it. Elsewhere: the laws (``draws``), values
(``menus``), planted patterns (``typologies``), files (``actions``).

Every agency knows people by keys of its own, ``p12`` first met as a perpetrator, ``v7`` as a victim: no names.
The event with number n has the key ``e`` and n, so the truth about planted events is known before any is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import orjson

from registry.errors import check_range
from registry.intake.events import FORMAT_NAME, FORMAT_VERSION
from registry.intake.sample.cast import VICTIMS_FROM, Agency, Cast, event_key, make_agencies, person_key
from registry.intake.sample.contacts import invented_address, invented_phones
from registry.intake.sample.draws import Integers, lasting_uniform, pick, power_law, uniforms, zipf_weights
from registry.intake.sample.menus import (
    BEFORE,
    DAYS,
    MAJORITY,
    NOT_KNOWN,
    Calendar,
    Menus,
    Told,
    make_calendar,
    make_menus,
)
from registry.intake.sample.palette import Palette
from registry.intake.sample.presets import SHAPES, Preset, Shape
from registry.intake.sample.typologies import RECRUITERS, Plan, Typology, plan_patterns

BLOCK: Final = 2_000
"""Events drawn together: large enough for numpy, small enough for flat memory (about 20 MB)."""
EVENTS_MOST: Final = 1_000_000
NO_PERPETRATOR: Final = 0.08
"""Share of events that tell of no perpetrator."""
GROUPS: Final = 0.03
"""Share of events whose last perpetrator stands for several unnamed ones."""
DETAILED: Final = 0.7
"""Share of events that have the variables of Step 2."""
REMARK: Final = "Invented data: a sample world. Nobody and nothing in it exists; only the codes are real."
AGENCY: Final = 1 << 40
"""People of one agency have numbers in a range of this size."""
RECRUITER: Final[Told] = ["recruiter"]
INVENTED_TEXT: Final = "Invented text: a form of exploitation that no unit names."
AGE_BANDS: Final = tuple(f"{age - age % 5}-{age - age % 5 + 4}" for age in range(80))
"""Five years around each age; those around 18 straddle it."""
SEX, CITIZENSHIP, AGE, LANGUAGE, EDUCATION = range(1, 6)
"""Salts of the facts that stay with a person."""


@dataclass(frozen=True, slots=True)
class World:
    """What makes a world: the same four make the same lines."""

    events: int
    preset: Preset
    seed: int
    palette: Palette

    @property
    def name(self) -> str:
        """``sparse-1000-1``: preset, events, seed."""
        return f"{self.preset}-{self.events}-{self.seed}"


@dataclass(frozen=True, slots=True)
class Extra:
    """What an event may have besides, drawn for each."""

    ssc: Told
    fls: Told
    ret: Told
    dem: Told
    sta: Told
    decided: bool
    transit: int | None
    link: str | None


class Setting:
    """What is drawn once a world: agencies, their people, menus, and the plan of planted patterns with its people."""

    def __init__(self, world: World) -> None:
        check_range("events", world.events, 1, EVENTS_MOST)
        rng = np.random.default_rng([world.seed, 0])
        self.world = world
        self.shape: Shape = SHAPES[world.preset]
        self.menus: Menus = make_menus(world.palette, rng)
        self.calendar: Calendar = make_calendar()
        countries = world.palette.countries
        self.countries = [countries[index] for index in rng.permutation(len(countries))]
        self.agencies: list[Agency] = make_agencies(world.palette, rng, events=world.events, world=world.name)
        self.agency_weights = zipf_weights(len(self.agencies), 0.8)
        self.area_weights = zipf_weights(len(countries), self.shape.areas_exponent)
        self.plan: Plan = plan_patterns(
            rng, events=world.events, entities=len(self.agencies), countries=min(40, len(countries)), days=DAYS
        )
        uniform = uniforms(rng)
        self.casts = [Cast(self.shape, uniform) for _ in self.agencies]
        self.perpetrators = [
            [self.casts[pattern.entity].urn.add() for _ in range(pattern.perpetrators)]
            for pattern in self.plan.patterns
        ]
        self.victims = [
            [self.casts[pattern.entity].new_victim() for _ in range(pattern.victims)] for pattern in self.plan.patterns
        ]
        for number, pattern in enumerate(self.plan.patterns):
            if pattern.typology is Typology.VICTIM_TURNED:
                turned = self.victims[number][0] - VICTIMS_FROM
                self.casts[pattern.entity].turned[self.perpetrators[number][0]] = turned

        self.recruiters = {
            self.casts[pattern.entity].identify(self.perpetrators[number][0]) + pattern.entity * AGENCY
            for number, pattern in enumerate(self.plan.patterns)
            if pattern.typology in RECRUITERS
        }
        """People of planted patterns who recruit wherever a role is told of them, by their numbers in the world."""

    def perpetrator_keys(self, pattern: int) -> list[str]:
        """The agency's keys of a pattern's perpetrators."""
        cast = self.casts[self.plan.patterns[pattern].entity]
        return [person_key(cast.identify(each)) for each in self.perpetrators[pattern]]

    def place(self, country: int, pattern: int) -> str:
        """The one place of a pattern in a country: a subdivision where it has any."""
        code = self.countries[country]
        inside: Sequence[str] = self.world.palette.subdivisions.get(code, (code,))
        return inside[pattern % len(inside)]


def header_line(setting: Setting) -> bytes:
    """The first line of the file."""
    return orjson.dumps(
        {
            "format": FORMAT_NAME,
            "version": FORMAT_VERSION,
            "remark": REMARK,
            "source_type": "synthetic",
            "invented": True,
            "releases": {str(key): str(tag) for key, tag in sorted(setting.world.palette.releases.items())},
            "entities": [
                {"id": each.id, "name": each.name, "type": each.type, "area": setting.countries[each.home]}
                for each in setting.agencies
            ],
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def event_lines(setting: Setting) -> Iterator[bytes]:
    """Every event as one line, in the order of their numbers."""
    for number, start in enumerate(range(0, setting.world.events, BLOCK), start=1):
        rng = np.random.default_rng([setting.world.seed, number])
        block = _Block(setting, rng, start, min(BLOCK, setting.world.events - start))
        for document in block.documents():
            yield orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


class _Block:
    """Some events drawn together. Arrays run over the block's events, or over all victims or perpetrators of them."""

    def __init__(self, setting: Setting, rng: np.random.Generator, start: int, count: int) -> None:
        self.setting = setting
        self.rng = rng
        self.start = start
        self.count = count
        self.planted = {
            number - start: setting.plan.planted[number]
            for number in range(start, start + count)
            if number in setting.plan.planted
        }
        self.agency = self._with_plan(pick(rng.random(count), setting.agency_weights), self._planted_agencies())
        self.day = self._with_plan(
            rng.integers(DAYS, size=count), {at: each.day for at, each in self.planted.items() if each.day is not None}
        )
        homes = np.array([agency.home for agency in setting.agencies])[self.agency]
        away = pick(rng.random(count), setting.area_weights)
        self.country = self._with_plan(
            np.where(rng.random(count) < 0.75, homes, away),
            {at: each.country for at, each in self.planted.items() if each.country is not None},
        )
        self.places = rng.random(count)
        self.victims, self.perpetrators = self._people()

    def _planted_agencies(self) -> dict[int, int]:
        patterns = self.setting.plan.patterns
        return {at: patterns[each.pattern].entity for at, each in self.planted.items()}

    @staticmethod
    def _with_plan(drawn: Integers, fixed: Mapping[int, int]) -> Integers:
        for at, value in fixed.items():
            drawn[at] = value
        return drawn

    def _people(self) -> tuple[list[list[int]], list[list[int]]]:
        """The victims and perpetrators of each event, as numbers within its agency."""
        shape, rng = self.setting.shape, self.rng
        victim_counts = power_law(rng, self.count, exponent=shape.victims_exponent, most=shape.victims_most)
        perpetrator_counts = power_law(
            rng, self.count, exponent=shape.perpetrators_exponent, most=shape.perpetrators_most
        )
        perpetrator_counts[rng.random(self.count) < NO_PERPETRATOR] = 0
        victims, perpetrators = [], []
        for at, agency in enumerate(self.agency.tolist()):
            cast, fixed = self.setting.casts[agency], self.planted.get(at)
            if fixed is not None:
                victims.append([self.setting.victims[fixed.pattern][each] for each in fixed.victims])
                known = self.setting.perpetrators[fixed.pattern]
                perpetrators.append([cast.identify(known[each]) for each in fixed.perpetrators])
                continue
            victims.append(cast.draw_victims(int(victim_counts[at])))
            perpetrators.append(cast.draw_perpetrators(int(perpetrator_counts[at])))
        return victims, perpetrators

    def documents(self) -> Iterator[dict[str, object]]:
        """The events as documents of the import format."""
        values, details = self._event_values()
        forms = self._forms()
        detailed = (self.rng.random(self.count) < DETAILED).tolist()
        shared = (self.rng.random(self.count) < 0.2).tolist()
        victims = iter(self._victim_parts(detailed))
        perpetrators = iter(self._perpetrator_parts(detailed))
        grouped = (self.rng.random(self.count) < GROUPS).tolist()
        extras = self._extras()
        addresses = self._addresses()
        for at in range(self.count):
            event_forms = forms[at]
            document: dict[str, object] = {
                "key": event_key(self.start + at),
                "entity": self.setting.agencies[self.agency[at]].id,
                "values": values[at] | details[at] | _sectors(event_forms, extras[at]) if detailed[at] else values[at],
            }
            told = [next(victims) for _ in self.victims[at]]
            if shared[at]:
                document["forms"] = event_forms
            else:
                for part in told:
                    part["forms"] = event_forms
            if "6.5" in event_forms:
                document["form_text"] = INVENTED_TEXT
            if addresses[at] is not None:
                document["identifiers"] = {"address": addresses[at]}
            document["victims"] = told
            involved = [next(perpetrators) for _ in self.perpetrators[at]]
            if involved and grouped[at] and at not in self.planted:
                involved[-1] = self._group(involved[-1])
            if involved:
                document["perpetrators"] = involved
            yield document | self._rest(at, extras[at], linked=_may_be_linked(told, involved))

    def _event_values(self) -> tuple[list[dict[str, Told]], list[dict[str, Told]]]:
        """Of each event the values of Step 1, and those of Step 2 but the sectors."""
        setting, rng, count = self.setting, self.rng, self.count
        menus = setting.menus
        days = (self.day + BEFORE).tolist()
        began = (self.day + BEFORE - rng.integers(20, 1500, size=count)).tolist()
        ended = (self.day + BEFORE - rng.integers(0, 20, size=count)).tolist()
        for at, each in self.planted.items():
            if each.lasted is not None:
                began[at], ended[at] = int(self.day[at]) + BEFORE - each.lasted, int(self.day[at]) + BEFORE
        agencies, countries = self.agency.tolist(), self.country.tolist()
        step_one: list[dict[str, Told]] = [
            {
                "rer": setting.agencies[agency].id,
                "sta": sta,
                "geo": self._place(at, country),
                "dat": self._moment(day, precision),
                "coe": setting.countries[country],
                "exp": exp,
            }
            for at, agency, country, sta, exp, day, precision in zip(
                range(count),
                agencies,
                countries,
                menus.sta.pick(rng.random(count)),
                menus.exp.pick(rng.random(count)),
                days,
                rng.random(count).tolist(),
                strict=True,
            )
        ]
        step_two: list[dict[str, Told]] = [
            {
                "moc": moc,
                "ccs": ccs,
                "cca": cca,
                "cyb": cyb,
                "dab": self._moment(first, fine),
                "dae": self._moment(last, fine),
            }
            for moc, ccs, cca, cyb, first, last, fine in zip(
                menus.moc.pick(rng.random(count)),
                menus.ccs.pick(rng.random(count)),
                menus.cca.pick(rng.random(count)),
                menus.cyb.pick(rng.random(count)),
                began,
                ended,
                rng.random(count).tolist(),
                strict=True,
            )
        ]
        return step_one, step_two

    def _moment(self, day: int, uniform: float) -> Told:
        """A date as exact as sources tell it."""
        calendar = self.setting.calendar
        if uniform < 0.7:
            return calendar.exact[day]
        if uniform < 0.8:
            return calendar.times[day]
        if uniform < 0.92:
            return calendar.months[day]
        return calendar.years[day] if uniform < 0.97 else NOT_KNOWN

    def _place(self, at: int, country: int) -> str:
        """Where it was recorded: a subdivision, the first ones more often, or the country; planted where planned."""
        fixed = self.planted.get(at)
        if fixed is not None and fixed.address:
            return self.setting.place(country, fixed.pattern)
        code = self.setting.countries[country]
        inside = self.setting.world.palette.subdivisions.get(code)
        uniform = float(self.places[at])
        return inside[int(uniform**2 * 1.25 * len(inside))] if inside and uniform < 0.89 else code

    def _forms(self) -> list[list[str]]:
        """The forms of each event: mostly one, some of two, some not recorded (7), some none at all."""
        palette, rng = self.setting.world.palette, self.rng
        first = pick(rng.random(self.count), palette.form_weights).tolist()
        second = pick(rng.random(self.count), palette.form_weights).tolist()
        forms: list[list[str]] = []
        for one, other, uniform in zip(first, second, rng.random(self.count).tolist(), strict=True):
            if uniform < 0.07:
                forms.append([])
            elif uniform < 0.12:
                forms.append(["7"])
            elif uniform < 0.22 and one != other:
                forms.append([palette.forms[one], palette.forms[other]])
            else:
                forms.append([palette.forms[one]])
        return forms

    def _numbers(self, people: list[list[int]]) -> tuple[Integers, Integers]:
        """The people of all events in a row, as numbers within the world; and the event of each."""
        counts = [len(each) for each in people]
        events = np.repeat(np.arange(self.count), counts)
        within = np.array([person for each in people for person in each], dtype=np.int64)
        return within + self.agency[events] * np.int64(AGENCY), events

    def _victim_parts(self, detailed: Sequence[bool]) -> Iterator[dict[str, object]]:
        """Every victim of the block, events in order."""
        numbers, events = self._numbers(self.victims)
        menus, rng, count = self.setting.menus, self.rng, len(numbers)
        ages = self._ages(numbers, events, youngest=4, span=45)
        civ = self._citizenships(numbers)
        lcv = self._citizenships(numbers, salt=LANGUAGE)
        columns = zip(
            events.tolist(),
            [person for each in self.victims for person in each],
            menus.sex.pick(lasting_uniform(numbers, salt=SEX)),
            *self._age_values(ages),
            civ,
            lcv,
            menus.msv.pick(rng.random(count)),
            menus.ncv.pick(rng.random(count)),
            menus.language.pick(lasting_uniform(numbers, salt=LANGUAGE)),
            menus.language.pick(rng.random(count)),
            menus.lev.pick(lasting_uniform(numbers, salt=EDUCATION)),
            menus.relationship.pick(rng.random(count)),
            menus.rmo.pick(rng.random(count)),
            menus.asg.pick(rng.random(count)),
            strict=True,
        )
        for at, person, svx, agv, stv, citizen, last, msv, ncv, lpv, lsv, lev, rtv, rmo, asg in columns:
            values: dict[str, Told] = {"svx": svx, "agv": agv, "stv": stv, "civ": citizen}
            if detailed[at]:
                values |= {"lcv": last, "msv": msv, "ncv": ncv, "lpv": lpv, "lsv": lsv, "lev": lev, "rtv": rtv}
                values |= {"rmo": rmo, "asg": asg}
            yield {"person": person_key(person), "values": values}

    def _perpetrator_parts(self, detailed: Sequence[bool]) -> Iterator[dict[str, object]]:
        """Every perpetrator of the block, events in order."""
        numbers, events = self._numbers(self.perpetrators)
        menus, rng, count = self.setting.menus, self.rng, len(numbers)
        ages = self._ages(numbers, events, youngest=MAJORITY, span=40)
        columns = zip(
            events.tolist(),
            [person for each in self.perpetrators for person in each],
            menus.sex.pick(lasting_uniform(numbers, salt=SEX)),
            *self._age_values(ages),
            self._citizenships(numbers),
            menus.rpp.pick(rng.random(count)),
            menus.relationship.pick(rng.random(count)),
            invented_phones(numbers),
            numbers.tolist(),
            strict=True,
        )
        for at, person, spx, agp, stp, cip, rpp, rvp, phone, number in columns:
            values: dict[str, Told] = {"spx": spx, "agp": agp, "stp": stp, "cip": cip}
            if detailed[at]:
                values |= {"rpp": RECRUITER if number in self.setting.recruiters else rpp, "rvp": rvp}
            part: dict[str, object] = {"person": person_key(person), "values": values}
            if phone is not None:
                part["identifiers"] = {"phone": phone}
            yield part

    def _ages(self, numbers: Integers, events: Integers, *, youngest: int, span: int) -> Integers:
        """Ages in whole years at the event: a person who comes again has grown older."""
        at_start = youngest + (span * lasting_uniform(numbers, salt=AGE) ** 1.3).astype(np.int64)
        ages: Integers = np.minimum(at_start + self.day[events] // 365, 79)
        return ages

    def _age_values(self, ages: Integers) -> tuple[list[Told], list[Told]]:
        """Age as a year, a band of five or a missing state; age status where it is known, also without the age."""
        uniform = self.rng.random(len(ages)).tolist()
        told: list[Told] = []
        statuses: list[Told] = []
        for age, chance in zip(ages.tolist(), uniform, strict=True):
            told.append(str(age) if chance < 0.6 else AGE_BANDS[age] if chance < 0.85 else NOT_KNOWN)
            statuses.append(("minor" if age < MAJORITY else "adult") if chance < 0.95 else NOT_KNOWN)
        return told, statuses

    def _citizenships(self, numbers: Integers, *, salt: int = CITIZENSHIP) -> list[Told]:
        """A country for each person by Zipf's law, or not known."""
        countries: list[Told] = [*self.setting.countries, NOT_KNOWN]
        weights = np.append(self.setting.area_weights, self.setting.area_weights.sum() * 0.06)
        return [countries[index] for index in pick(lasting_uniform(numbers, salt=salt), weights).tolist()]

    def _addresses(self) -> list[str | None]:
        """The address of each event where one is told."""
        rng = np.random.default_rng([self.setting.world.seed, self.start, 1])
        draws = rng.random((self.count, 2)).tolist()
        told: list[str | None] = []
        for at, (chance, which) in enumerate(draws):
            fixed = self.planted.get(at)
            planted = fixed.pattern if fixed is not None and fixed.address else None
            first = self.perpetrators[at][0] if self.perpetrators[at] else None
            agency = self.setting.agencies[self.agency[at]].id
            told.append(invented_address(agency, self.start + at, first, chance, which, planted=planted))
        return told

    def _group(self, part: dict[str, object]) -> dict[str, object]:
        """The part as several unnamed people, told of as sets."""
        sexes = [code for code in self.setting.world.palette.codes["svx"] if code != "other"]
        return {"group": True, "values": {"spx": sexes}}

    def _rest(self, at: int, extra: Extra, *, linked: bool) -> dict[str, object]:
        """Decisions, transits and links, where the event has them."""
        rest: dict[str, object] = {}
        if extra.decided:
            entity = self.setting.agencies[int(self.agency[at])].id
            values = {
                "ret": extra.ret,
                "dem": extra.dem,
                "sta": extra.sta,
                "dat": self._moment(int(self.day[at]) + BEFORE, 0.0),
            }
            rest["decisions"] = [{"entity": entity, "values": values}]
        if extra.transit is not None:
            rest["transits"] = [self.setting.countries[extra.transit]]
        if linked and extra.link is not None:
            rest["links"] = [{"source": "v1", "target": "p1", "relationship": extra.link}]
        return rest

    def _extras(self) -> list[Extra]:
        menus, rng, count = self.setting.menus, self.rng, self.count
        links = self.setting.world.palette.codes["rtv"]
        transits = pick(rng.random(count), self.setting.area_weights).tolist()
        return [
            Extra(
                ssc=ssc,
                fls=fls,
                ret=ret,
                dem=dem,
                sta=sta,
                decided=chances[0] < 0.5,
                transit=transit if chances[1] < 0.05 else None,
                link=links[int(chances[2] * 10 * len(links))] if chances[2] < 0.1 else None,
            )
            for ssc, fls, ret, dem, sta, transit, chances in zip(
                menus.ssc.pick(rng.random(count)),
                menus.fls.pick(rng.random(count)),
                menus.ret.pick(rng.random(count)),
                menus.dem.pick(rng.random(count)),
                menus.sta.pick(rng.random(count)),
                transits,
                rng.random((count, 3)).tolist(),
                strict=True,
            )
        ]


def _may_be_linked(victims: Sequence[Mapping[str, object]], perpetrators: Sequence[Mapping[str, object]]) -> bool:
    """Whether the first of each are two people: a victim who turned may be told as both in one event."""
    if not victims or not perpetrators or "group" in perpetrators[0]:
        return False
    return victims[0]["person"] != perpetrators[0]["person"]


def _sectors(forms: Sequence[str], extra: Extra) -> dict[str, Told]:
    """The sector that goes with the form, where it has one."""
    units = {form.partition(".")[0] for form in forms}
    sectors: dict[str, Told] = {}
    if "1" in units:
        sectors["ssc"] = extra.ssc
    if "2" in units:
        sectors["fls"] = extra.fls
    return sectors
