"""What follows from a record's values: forms, bands, dates, links; and what cannot be."""

from __future__ import annotations

import pytest

from registry.cases.derivation import (
    Cut,
    age_band,
    age_cut,
    complete,
    furthest_stage,
    summarise_forms,
)
from registry.cases.model import Codes, EventRecord, Link, Missing, Moment, Participation, Range, Role, Stage, Value
from registry.identifiers import Notation
from tests import universe
from tests.universe import CODEBOOK, codes, event, event_id, perpetrator, person_id, values, victim, when


def raw(*parts: Participation, forms: tuple[str, ...] = (), form_text: str | None = None, **told: Value) -> EventRecord:
    """A record as delivered, nothing derived."""
    return EventRecord(
        id=event_id("E1"),
        entity=universe.POLICE,
        source_key="E1",
        batch=universe.batch_of(universe.POLICE).id,
        values=values(**told),
        forms=tuple(Notation(form) for form in forms),
        form_text=form_text,
        participations=parts,
    )


def rules(record: EventRecord) -> list[tuple[str, str]]:
    """The findings of a record: place and rule."""
    return [(finding.place, finding.rule) for finding in complete(record, CODEBOOK).findings]


def test_the_event_has_its_own_and_its_victims_forms() -> None:
    """The union, each once."""
    summary = summarise_forms(raw(victim("ada", "v1", forms=["2.1"]), victim("ben", "v2", forms=["4"]), forms=("1",)))

    assert (summary.forms, summary.mixed, summary.is_derivable) == (("1", "2.1", "4"), (), True)


@pytest.mark.parametrize(
    ("forms", "mixed"),
    [
        (("1", "2.1"), True),
        (("2.1", "2.2"), False),
        (("1", "7"), False),
        (("1",), False),
        (("5.4", "6.5"), True),
        ((), False),
    ],
)
def test_eight_is_derived_a_victim_from_two_units(forms: tuple[str, ...], mixed: bool) -> None:
    """Two sub-units of one unit are one unit; 7 adds nothing."""
    assert summarise_forms(raw(victim("ada", "v1", forms=forms))).mixed == (("v1",) if mixed else ())


def test_eight_is_derived_for_the_only_victim_from_the_event() -> None:
    """With one victim the event's forms are theirs."""
    summary = summarise_forms(raw(victim("ada", "v1"), forms=("1", "2.1")))

    assert (summary.mixed, summary.stored) == (("v1",), ("1", "2.1", "8"))


def test_eight_is_not_derivable_for_several_victims_of_the_event() -> None:
    """Who suffered which is not known, and that is said; a group of victims is several."""
    several = raw(victim("ada", "v1"), victim("ben", "v2"), forms=("1", "2.1"))
    group = raw(Participation(Role.VICTIM, "v1", None), forms=("1", "2.1"))

    assert not summarise_forms(several).is_derivable
    assert rules(several) == [("forms", "mixed_not_derivable")]
    assert rules(group) == [("forms", "mixed_not_derivable")]


def test_seven_yields_and_no_form_is_not_seven() -> None:
    """7 stays only alone."""
    assert summarise_forms(raw(forms=("7", "3"))).forms == ("3",)
    assert summarise_forms(raw(forms=("7",))).forms == ("7",)
    assert summarise_forms(raw()).forms == ()


def test_a_bare_eight_is_taken_with_a_warning() -> None:
    """Its parts were not recorded; with its parts it is no matter."""
    assert rules(raw(victim("ada", "v1", forms=["8"]))) == [("v1/forms", "parts_not_recorded")]
    assert rules(raw(victim("ada", "v1", forms=["8", "1", "2"]))) == []


def test_a_sector_without_its_unit_is_doubtful() -> None:
    """fls asks for 2, ssc for 1; with 8 neither does; a sub-unit will do."""
    assert rules(raw(forms=("1",), fls=codes("A"))) == [("values/fls", "fls_without_unit")]
    assert rules(raw(forms=("2.1",), ssc=codes("prostitution"))) == [("values/ssc", "ssc_without_unit")]
    assert rules(raw(forms=("2.2",), fls=codes("A"))) == []
    assert rules(raw(victim("ada", "v1"), forms=("1", "3"), fls=codes("A"))) == []
    assert rules(raw(forms=("8",), fls=codes("A"))) == [("forms", "parts_not_recorded")]


def test_an_end_before_the_beginning_is_a_fault_only_for_certain() -> None:
    """On the event and on each victim."""
    assert rules(raw(dab=when("2020"), dae=when("2019-12-31"))) == [("values/dae", "dates_reversed")]
    assert rules(raw(dab=when("2019-06"), dae=when("2019"))) == []
    assert ("v1/dae", "dates_reversed") in rules(raw(victim("ada", "v1", dab=when("2020"), dae=when("2019"))))


@pytest.mark.parametrize(
    ("age", "status", "fault"),
    [
        (Range(18, None), "minor", True),
        (Range(0, 17), "adult", True),
        (Range(15, 29), "minor", False),
        (Range(17, 17), "minor", False),
    ],
)
def test_age_and_status_fault_only_when_impossible(age: Range, status: str, fault: bool) -> None:
    """A range that crosses 18 fits both."""
    found = rules(raw(victim("ada", "v1", agv=Value(age), stv=codes(status))))

    assert found == ([("v1/stv", "age_status_impossible")] if fault else [])


@pytest.mark.parametrize(
    ("age", "band", "cut"),
    [
        (Range(0, 14), (0, 14), Cut.MINOR),
        (Range(15, 17), (15, 29), Cut.MINOR),
        (Range(0, 29), None, Cut.STRADDLES),
        (Range(48, None), None, Cut.ADULT),
        (Range(60, None), (60, None), Cut.ADULT),
        (Range(None, 17), None, Cut.MINOR),
        (Range(18, 18), (15, 29), Cut.ADULT),
        (Range(62, 70), (60, None), Cut.ADULT),
    ],
)
def test_bands_are_derived_and_straddling_is_never_assigned(
    age: Range, band: tuple[int, int | None] | None, cut: Cut
) -> None:
    """ICCS bands, and the cut at 18."""
    assert (age_band(age), age_cut(age)) == (band, cut)


def test_event_variables_told_of_victims_are_derived_and_stay() -> None:
    """Codes are joined, marked, and left where they were; what the event tells itself is not touched."""
    record = complete(
        raw(victim("ada", "v1", moc=codes("threats")), victim("ben", "v2", moc=codes("debt-bondage", "threats"))),
        CODEBOOK,
    ).record

    assert record.values == values(moc=codes("threats", "debt-bondage", derived=True))
    assert record.participations[0].values == values(moc=codes("threats"))
    told = complete(raw(victim("ada", "v1", moc=codes("threats")), moc=codes("debt-bondage")), CODEBOOK).record
    assert told.values == values(moc=codes("debt-bondage"))


def test_victims_who_differ_leave_the_event_open() -> None:
    """A single-valued variable told differently is a warning, and nothing is made up; a shared missing state holds."""
    differing = raw(victim("ada", "v1", sta=codes("actual")), victim("ben", "v2", sta=codes("possible")))
    missing = Value(Missing.NOT_KNOWN)

    assert rules(differing) == [("values/sta", "victims_differ")]
    assert complete(differing, CODEBOOK).record.values == {}
    shared = complete(raw(victim("ada", "v1", sta=missing), victim("ben", "v2", sta=missing)), CODEBOOK).record
    assert shared.values == values(sta=Value(Missing.NOT_KNOWN, derived=True))


def test_an_event_lasts_from_the_first_beginning_to_the_last_end() -> None:
    """Over its victims; uncertain days keep their readings."""
    record = complete(
        raw(
            victim("ada", "v1", dab=when("2019"), dae=when("2020-01")),
            victim("ben", "v2", dab=when("2018-05-05"), dae=when("2020-03-01")),
        ),
        CODEBOOK,
    ).record
    began, ended = (record.values[Notation(code)].content for code in ("dab", "dae"))

    assert isinstance(began, Moment)
    assert isinstance(ended, Moment)
    assert (began.edtf, ended.edtf) == ("2018-05-05", "2020-03-01")


def test_the_case_status_is_the_furthest_stage() -> None:
    """As delivered, or derived and marked so."""
    tried = perpetrator("kofi", "p1", stages=[Stage(Notation("convicted")), Stage(Notation("prosecuted"))])
    record = raw(tried, perpetrator("lena", "p2", stages=[Stage(Notation("acquitted"))]))

    assert furthest_stage(record) == "convicted"
    assert complete(record, CODEBOOK).record.values == values(ccs=codes("convicted", derived=True))


def test_a_relation_is_made_when_both_ends_are_identified() -> None:
    """From victim to perpetrator, one fact however often told; not with several people, not with a group."""
    friends = raw(victim("ada", "v1", rtv=codes("friend")), perpetrator("kofi", "p1", rvp=codes("friend")))
    several = raw(victim("ada", "v1", rtv=codes("friend")), perpetrator("kofi", "p1"), perpetrator("lena", "p2"))
    group = raw(victim("ada", "v1", rtv=codes("friend")), Participation(Role.PERPETRATOR, "p1", None))
    unlike = raw(victim("ada", "v1", rtv=codes("friend")), perpetrator("kofi", "p1", rvp=codes("relative")))

    assert complete(friends, CODEBOOK).record.links == (Link(person_id("ada"), person_id("kofi"), Notation("friend")),)
    assert complete(several, CODEBOOK).record.links == ()
    assert complete(group, CODEBOOK).record.links == ()
    assert rules(unlike) == [("links", "relationships_differ")]


def test_text_of_a_new_form_belongs_to_six_point_five() -> None:
    """Note d asks for it there."""
    assert rules(raw(forms=("6.5",), form_text="something new")) == []
    assert rules(raw(forms=("1",), form_text="something new")) == [("form_text", "form_text_without_other")]


def test_completing_twice_changes_nothing() -> None:
    """Derived values are not derived from again."""
    first = event("E2", victim("ada", "v1", moc=codes("threats"), rtv=codes("friend")), perpetrator("kofi", "p1"))

    assert complete(first, CODEBOOK).record == first


def test_wrong_states_cannot_be_written() -> None:
    """No value of no codes, no range without an end, none that runs backwards."""
    for make in (lambda: Codes(()), lambda: Range(None, None), lambda: Range(5, 4), lambda: Range(-1, None)):
        with pytest.raises(ValueError, match=r"a (value|range)"):
            make()
