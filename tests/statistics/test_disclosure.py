"""What may be told of small numbers: thresholds, steps, and what subtraction would give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cases.code_use import counts_of
from registry.cases.model import EventRecord, Missing, StoredEvent, Value
from registry.identifiers import BatchId, EntityId, EventId, Notation
from registry.statistics.disclosure import Share, protected_share, stepped
from registry.statistics.emerging import EmergingTerm, ResidualText, emerging_terms
from registry.statistics.indicators import LIST, indicator_uses, read_counts, shares_of
from registry.statistics.terms import terms_of
from tests.universe import CODING, codes, values, when

K = 11
KE = EntityId("ke")
OTHER = Notation("6.5")


@pytest.mark.parametrize(
    ("part", "base", "told"),
    [
        (0, 10, None),
        (0, 11, Share(11, 0)),
        (10, 100, Share(99, None)),
        (11, 100, Share(99, 11)),
        (90, 100, Share(99, None)),
        (89, 100, Share(99, 89)),
        (100, 100, Share(99, 100)),
        (0, 100, Share(99, 0)),
    ],
)
def test_few_are_told_neither_by_themselves_nor_by_the_rest(part: int, base: int, told: Share | None) -> None:
    """Below the threshold on either side there is no per cent; a base below it is not there at all."""
    assert protected_share(part, base, K) == told


@given(st.integers(0, 400), st.integers(0, 400), st.integers(3, 20))
def test_one_record_more_shows_only_at_a_step(part: int, rest: int, threshold: int) -> None:
    """What is told of a cell with one record more is the same unless a count crosses a multiple of the threshold."""
    before, after = (protected_share(part, base, threshold) for base in (part + rest, part + rest + 1))

    crossed = stepped(part + rest, threshold) != stepped(part + rest + 1, threshold)
    few = 0 < rest < threshold <= rest + 1 or rest == 0
    assert before == after or crossed or few


def texts(
    count: int, text: str, *, start: int = 0, period: str = "2019", people: tuple[str, ...] = ()
) -> list[ResidualText]:
    """So many records with that text."""
    return [
        ResidualText(EventId(f"event-{number:05d}"), OTHER, period, KE, text, people)
        for number in range(start, start + count)
    ]


def test_a_term_is_told_from_the_threshold_on_in_steps() -> None:
    """Eleven cases of 25 have it: told as 11 of 22; ten do not show."""
    told = emerging_terms([*texts(11, "forced to sell blood"), *texts(14, "begging with an infant", start=50)], K)
    few = emerging_terms(texts(10, "forced to sell blood"), K)

    assert few == ()
    assert EmergingTerm(OTHER, "2019", KE, "sell blood", 11, 22) in told
    assert EmergingTerm(OTHER, "2019", KE, "infant", 11, 22) in told
    assert {each.cases for each in told} == {11}


def test_one_person_told_of_many_times_is_one_case() -> None:
    """Thirty records of one victim, also by way of another person, carry no term over the threshold."""
    by_way = [
        *texts(15, "taken to farm nine", people=("a", "b")),
        *texts(15, "taken to farm nine", start=20, people=("b", "c")),
    ]

    assert emerging_terms(by_way, K) == ()
    assert emerging_terms(texts(30, "taken to a farm"), K) != ()


def test_cells_of_one_table_never_overlap_and_have_no_sum() -> None:
    """Two periods of 20 and 5: the second is not told, and no line holds both."""
    told = emerging_terms([*texts(20, "organ trade"), *texts(5, "organ trade", start=50, period="2020")], K)

    assert {(each.period, each.term, each.cases) for each in told} == {
        ("2019", "organ", 11),
        ("2019", "trade", 11),
        ("2019", "organ trade", 11),
    }


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Forced to sell blood.", {"forced", "sell", "blood", "sell blood"}),
        ("victim of Maria Otieno, phone 0712345678", {"victim", "phone"}),
        ("Contraint à vendre l'organe", {"contraint", "vendre", "organe"}),
        ("La obligaron a mendigar", {"obligaron", "mendigar"}),
        ("Принуждение к сдаче крови", {"принуждение", "сдаче", "крови", "сдаче крови"}),
        ("إجبار على بيع الأعضاء", {"اجبار", "بيع", "الاعضاء", "بيع الاعضاء"}),
        ("被迫卖血", {"被迫", "迫卖", "卖血"}),
        ("ALL IN CAPITALS MARIA", set()),
        ("", set()),
    ],
)
def test_terms_are_found_in_six_languages_and_names_are_not(text: str, terms: set[str]) -> None:
    """Folded words without function words, numbers or names; pairs of neighbours; pairs of Chinese characters."""
    assert terms_of(text) == terms


def test_a_hostile_text_gives_few_terms() -> None:
    """Ten thousand characters: at most two hundred words and two hundred pairs."""
    assert len(terms_of(" ".join(f"w{'x' * (n % 30)}a{chr(97 + n % 26)}" for n in range(900)))) <= 200
    assert len(terms_of("漢字" * 5000)) <= 400


def record(*, forms: tuple[str, ...] = (), **told: Value) -> StoredEvent:
    """One record."""
    event = EventRecord(
        id=EventId("event-00001"),
        entity=KE,
        source_key="1",
        batch=BatchId("batch-0001"),
        values=values(**told),
        forms=tuple(Notation(form) for form in forms),
    )
    return StoredEvent(event, CODING)


def shown(stored: StoredEvent) -> set[tuple[str, str]]:
    """Variable and indicator with period."""
    return {(variable, code) for _, variable, code, _ in indicator_uses(stored)}


def test_a_record_shows_what_it_lacks() -> None:
    """Residual forms, 7 alone, a bare 8, no form; unknown and unmapped values; by the year of recording."""
    assert shown(record(forms=("5.5", "6.5"), dat=when("2019-05"))) == {
        ("form", "events 2019"),
        ("form", "form-5.5 2019"),
        ("form", "form-6.5 2019"),
        ("dat", "told 2019"),
    }
    assert shown(record(forms=("7",))) == {("form", "events undated"), ("form", "form-7 undated")}
    assert shown(record(forms=("7", "1"))) == {("form", "events undated")}
    assert shown(record(forms=("8",))) == {("form", "events undated"), ("form", "form-8-bare undated")}
    assert shown(record(forms=("8", "1", "2.1"))) == {("form", "events undated")}
    unmapped = Value(Missing.NOT_KNOWN, ("ZZ",), unmapped=True)
    assert shown(record(sta=unmapped, moc=Value(Missing.NOT_KNOWN), coe=codes("KE"), dat=when("2005/2013"))) == {
        ("form", "events 2005/2013"),
        ("form", "form-missing 2005/2013"),
        ("sta", "told 2005/2013"),
        ("sta", "unmapped 2005/2013"),
        ("moc", "told 2005/2013"),
        ("moc", "not-known 2005/2013"),
        ("coe", "told 2005/2013"),
        ("dat", "told 2005/2013"),
    }


def test_shares_are_of_what_was_told() -> None:
    """20 of 60 with 6.5; a variable's unknowns of those that tell it; a base of ten gives nothing."""
    told = [record(forms=("1",), dat=when("2019"))] * 60
    told += [record(forms=("6.5",), dat=when("2019"))] * 20
    told += [record(forms=("6.5",), dat=when("2020"))] * 10

    found = shares_of(read_counts(counts_of([(KE, indicator_uses(each)) for each in told], [LIST], None)), K)

    assert {each.period for each in found} == {"2019"}
    by_name = {(each.variable, each.indicator.value): (each.events, each.percent) for each in found}
    assert by_name["form", "form-6.5"] == (77, 14)
    assert by_name["form", "form-7"] == (77, 0)
    assert by_name["dat", "not-known"] == (77, 0)
    assert ("dat", "form-7") not in by_name
