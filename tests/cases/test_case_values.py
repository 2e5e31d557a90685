"""Values of every kind survive both engines, under codes of variables that nobody has thought of yet."""

from __future__ import annotations

import random
import string
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from registry.cases import actions, queries
from registry.cases.model import (
    Codes,
    Missing,
    Moment,
    Number,
    Participation,
    Range,
    Reference,
    Role,
    Text,
    Value,
    Values,
)
from registry.cases.moments import EARLIEST, LATEST
from registry.identifiers import EntityId, Notation
from registry.storage.bolt.case_rows import decode_coding, encode_coding
from registry.storage.bolt.case_values import read_values, write_values
from registry.storage.bolt.cases import BoltCaseStore
from registry.storage.bolt.driver import Database
from tests.universe import CODEBOOK, CODING, EVERYONE, POLICE, batch_of, event, person_id, when

NOTATIONS = st.from_regex(Notation.pattern, fullmatch=True).map(Notation)
INSTANTS = st.integers(EARLIEST, LATEST)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)


def moments() -> st.SearchStrategy[Moment]:
    """Any two instants in order, with or without an offset."""
    bounds = st.tuples(INSTANTS, INSTANTS).map(sorted)
    return st.builds(
        lambda text, pair, offset: Moment(text, pair[0], pair[1], offset),
        TEXTS,
        bounds,
        st.none() | st.integers(-840, 840),
    )


def ranges() -> st.SearchStrategy[Range]:
    """Ranges with one end or two."""
    ages = st.integers(0, 150)
    closed = st.tuples(ages, ages).map(lambda pair: Range(min(pair), max(pair)))
    return closed | ages.map(lambda low: Range(low, None)) | ages.map(lambda high: Range(None, high))


CONTENTS = st.one_of(
    st.lists(NOTATIONS, min_size=1, max_size=4).map(lambda codes: Codes(tuple(codes))),
    moments(),
    ranges(),
    st.integers(0, 2**62).map(Number),
    TEXTS.map(Text),
    st.from_regex(EntityId.pattern, fullmatch=True).map(lambda text: Reference(EntityId(text))),
    st.sampled_from(Missing),
)
VALUES = st.dictionaries(
    NOTATIONS, st.builds(Value, CONTENTS, st.lists(TEXTS, max_size=2).map(tuple), st.booleans()), max_size=8
)


@given(VALUES)
def test_values_and_properties_are_inverse(values: Values) -> None:
    """Whatever the variable is called: no name of a part can be mistaken for one."""
    properties = {
        name: list(value) if isinstance(value, tuple) else value for name, value in write_values(values).items()
    }

    assert read_values({**properties, "id": "x", "forms": ["1"], "place": "9", "record_key": "k"}) == values


def test_codings_are_read_back() -> None:
    """Which release each variable's codes belong to."""
    assert decode_coding(encode_coding(CODING)) == CODING


async def test_values_of_every_kind_survive_the_store(database: Database) -> None:
    """On events, on people's parts, and on groups; 40 records of random values."""
    store = BoltCaseStore(database)
    dice = random.Random(3)
    records = []
    for number in range(40):
        parts = (
            Participation(Role.PERPETRATOR, "p1", None, random_values(dice)),
            Participation(Role.VICTIM, "v1", person_id(f"somebody-{number}"), random_values(dice)),
        )
        records.append(replace(event(f"R{number}", *parts), values=random_values(dice), form_text="é\n\"'\\`$"))

    await actions.store_events(store, CODEBOOK, batch_of(POLICE), records, actor=EVERYONE)

    for record in records:
        assert (await queries.event(store, record.id, actor=EVERYONE)).record == record


def random_values(dice: random.Random) -> Values:
    """Up to five values of any kind under odd codes."""
    letters = string.ascii_letters + string.digits
    codes = {
        Notation(dice.choice(letters) + dice.choice(("", "a.b", "_c", "+d", "-e", "missing_f")) + "z") for _ in range(5)
    }
    return {
        code: Value(_random_content(dice), tuple("ÿ'\"" for _ in range(dice.randint(0, 2))), dice.random() < 0.5)
        for code in codes
    }


def _random_content(dice: random.Random) -> Codes | Moment | Range | Number | Text | Reference | Missing:
    low = dice.randint(0, 90)
    moment = when(dice.choice(("2005", "2005/2013", "0001-01-01", "2005-03-01T10:30+03:00"))).content
    assert isinstance(moment, Moment)
    contents: list[Codes | Moment | Range | Number | Text | Reference | Missing] = [
        Codes((Notation("a"), Notation("02041"))),
        moment,
        Range(low, None),
        Range(low, low + 5),
        Range(None, low),
        Number(2**53 + low),
        Text("Σ ; // $x `y`"),
        Reference(EntityId("x-1")),
        dice.choice(list(Missing)),
    ]
    return dice.choice(contents)
