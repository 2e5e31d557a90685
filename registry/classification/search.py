"""Finding concepts by code or by the words of a label, accents and case folded.

Lives here: folding, words, the index of one version, and the matches in it. Elsewhere: which versions are searched,
pages and cursors (``queries``).

Two texts are the same word when their folds are: Unicode compatibility decomposition (NFKD, UAX 15), combining marks
left out, full case folding (Unicode standard, section 3.13). So ``Cote d'Ivoire`` finds ``Côte d'Ivoire``. Letters that
do not decompose stay themselves (``ø`` is not ``o``). A word is a run of letters and digits; where a script sets no
spaces (Han, Hiragana, Katakana) each character is a word of its own.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from registry.classification.model import Concept, Label, LabelKind
from registry.identifiers import LanguageTag

UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD: Final = re.compile(f"[{UNSPACED}]|[^\\W_{UNSPACED}]+")
BEYOND: Final = "\U0010ffff"
"""Sorts after every character of a word, so that ``prefix + BEYOND`` ends the words with that prefix."""

KIND_RANK: Final = {LabelKind.PREFERRED: 0, LabelKind.ALTERNATIVE: 1, LabelKind.HIDDEN: 2}


class MatchedOn(IntEnum):
    """What of a concept matched the text; the better first."""

    EXACT_CODE = 0
    CODE_PREFIX = 1
    EXACT_LABEL = 2
    LABEL_WORDS = 3


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text: from ``start`` up to but not including ``end``, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code that finds a concept: its own (``system`` None) or its code in another system."""

    folded: str
    code: str
    system: str | None
    position: int


@dataclass(frozen=True, slots=True, eq=False)
class LabelIndex:
    """The labels of one language by word.

    ``words`` are sorted and unique; those with a prefix stand together. The labels that hold ``words[i]`` are
    ``postings[starts[i] : starts[i + 1]]``, numbers into ``labels`` and ``positions`` (whose label it is).
    Arrays of numbers instead of sets of objects: 8 bytes a posting for 40,000 labels.
    """

    labels: tuple[Label, ...]
    positions: array[int]
    words: tuple[str, ...]
    starts: array[int]
    postings: array[int]

    def holding(self, prefix: str) -> set[int]:
        """Numbers of the labels with a word that begins so."""
        first, last = bisect_left(self.words, prefix), bisect_left(self.words, prefix + BEYOND)
        return set(self.postings[self.starts[first] : self.starts[last]])


@dataclass(frozen=True, slots=True, eq=False)
class SearchIndex:
    """Everything one version is found by. ``codes`` are sorted by fold."""

    codes: tuple[CodeEntry, ...]
    folds: tuple[str, ...]
    labels: Mapping[LanguageTag, LabelIndex]


@dataclass(frozen=True, slots=True)
class Found:
    """One concept's best match: ``label`` or ``code`` says which; ``rank`` sorts within the version."""

    rank: tuple[int, int, int]
    """What matched, kind of label, position."""
    code: CodeEntry | None = None
    label: Label | None = None


def fold(text: str) -> str:
    """The text without accents and case."""
    if text.isascii():
        return text.casefold()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in folded if not is_mark(each))


def is_mark(character: str) -> bool:
    """Whether the character only modifies the one before (also those with a combining class but another category)."""
    return unicodedata.combining(character) != 0 or unicodedata.category(character) in {"Mn", "Me"}


def fold_words(text: str) -> list[str]:
    """The folded words of the text in their order."""
    return WORD.findall(fold(text))


def index_concepts(concepts: Sequence[Concept]) -> SearchIndex:
    """The index of a version's concepts."""
    codes = sorted(code_entries(concepts), key=lambda entry: (entry.folded, entry.position, entry.code))
    by_language: dict[LanguageTag, list[tuple[int, Label]]] = {}
    for position, concept in enumerate(concepts):
        for label in concept.labels:
            by_language.setdefault(label.language, []).append((position, label))
    return SearchIndex(
        codes=tuple(codes),
        folds=tuple(entry.folded for entry in codes),
        labels={language: index_labels(by_language[language]) for language in sorted(by_language)},
    )


def code_entries(concepts: Iterable[Concept]) -> Iterator[CodeEntry]:
    for position, concept in enumerate(concepts):
        yield CodeEntry(fold(concept.code), concept.code, None, position)
        for other in concept.other_notations:
            yield CodeEntry(fold(other.code), other.code, other.system, position)


def index_labels(entries: Sequence[tuple[int, Label]]) -> LabelIndex:
    """The index of one language's labels, each with its concept's position."""
    numbers: dict[str, list[int]] = {}
    for number, (_, label) in enumerate(entries):
        for word in dict.fromkeys(fold_words(label.text)):
            numbers.setdefault(word, []).append(number)
    words = sorted(numbers)
    starts, postings = array("I", [0]), array("I")
    for word in words:
        postings.extend(numbers[word])
        starts.append(len(postings))
    return LabelIndex(
        labels=tuple(label for _, label in entries),
        positions=array("I", (position for position, _ in entries)),
        words=tuple(words),
        starts=starts,
        postings=postings,
    )


def find_concepts(index: SearchIndex, text: str, languages: Sequence[LanguageTag]) -> list[Found]:
    """Every concept that the text finds, once, by its best match; sorted by rank.

    A code matches when it begins with the text; a label when each word of the text begins one of its words. Where
    several labels match equally well, the language named first decides, then the text.
    """
    best: dict[int, tuple[tuple[int, ...], Found]] = {}
    for found, order in (*match_codes(index, text), *match_labels(index, text, languages)):
        position = found.rank[-1]
        standing = (*found.rank, *order)
        if position not in best or standing < best[position][0]:
            best[position] = (standing, found)
    return sorted((found for _, found in best.values()), key=lambda found: found.rank)


def match_codes(index: SearchIndex, text: str) -> Iterator[tuple[Found, tuple[int, ...]]]:
    """Matches by code; the concept's own code goes before its codes in other systems."""
    prefix = fold(text.strip())
    first, last = bisect_left(index.folds, prefix), bisect_left(index.folds, prefix + BEYOND)
    for entry in index.codes[first:last]:
        matched = MatchedOn.EXACT_CODE if entry.folded == prefix else MatchedOn.CODE_PREFIX
        yield Found(rank=(matched, 0, entry.position), code=entry), (0 if entry.system is None else 1, 0)


def match_labels(
    index: SearchIndex, text: str, languages: Sequence[LanguageTag]
) -> Iterator[tuple[Found, tuple[int, ...]]]:
    """Matches by label, in the languages given."""
    words = fold_words(text)
    for order, language in enumerate(languages):
        labels = index.labels.get(language)
        if labels is None or not words:
            continue
        for number in sorted(set.intersection(*(labels.holding(word) for word in words))):
            label = labels.labels[number]
            exact = fold_words(label.text) == words
            matched = MatchedOn.EXACT_LABEL if exact else MatchedOn.LABEL_WORDS
            rank = (matched, KIND_RANK[label.kind], labels.positions[number])
            yield Found(rank=rank, label=label), (order, number)


def find_spans(label: str, text: str) -> tuple[Span, ...]:
    """Where in the label the words of the text stand, in order; touching spans are one."""
    prefixes = fold_words(text)
    spans = []
    for word, start, end in place_words(label):
        longest = max((len(prefix) for prefix in prefixes if word.startswith(prefix)), default=0)
        if longest:
            spans.append((start, end[longest - 1]))
    joined: list[tuple[int, int]] = []
    for begin, stop in spans:
        if joined and joined[-1][1] >= begin:
            begin = joined.pop()[0]
        joined.append((begin, stop))
    return tuple(Span(begin, stop) for begin, stop in joined)


def place_words(text: str) -> Iterator[tuple[str, int, Sequence[int]]]:
    """Each folded word, where it starts in the text, and where in the text each of its characters ends.

    Folding changes lengths (``ß`` becomes ``ss``, an accent vanishes), so places are kept a character at a time; the
    marks that follow a character belong to it.
    """
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, character in enumerate(text):
        for each in fold(character):
            folded.append(each)
            starts.append(place)
            ends.append(place + 1)
        if ends and is_mark(character):
            ends[-1] = place + 1
    for match in WORD.finditer("".join(folded)):
        yield match.group(), starts[match.start()], ends[match.start() : match.end()]
