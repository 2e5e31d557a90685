"""The words of a free text that may stand for a category in the making: pure.

Lives here: cutting and choosing words. Elsewhere: counting them (``emerging``).

Words are folded (`registry.classification.search.fold`: no case, no marks), so that ``Forcé`` and ``force`` count
together. Two neighbours make a term of their own; Chinese, which writes no blanks, is cut into pairs of characters, as
search engines do. What may name somebody is left out: words with a digit (numbers of cases, phones, documents), and in
scripts that have capitals those written with one inside a sentence. A text all in capitals tells nothing of names and
gives no terms.

Function words are our own short lists. Lists of stop words that libraries bring (stopwordsiso was looked at) are made
for search and hold ``work``, ``home``, ``face``: just what a new category may be about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from registry.classification.search import fold

MOST_TERMS: Final = 200
"""Terms of one text: some hundred words."""
SHORTEST, LONGEST = 3, 40
"""Characters of a word outside Chinese."""

_TOKEN: Final = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u064b-\u065f\u0670]+[^\W_]*)*", re.UNICODE)
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_SENTENCE: Final = re.compile(r"[.!?:;\n\r\u2026\u061f\u3002\uff01\uff1f][\s\"'\u00ab\u201c(\u00bf\u00a1]*$")

_WORDS: Final = """
the and for with was were are has had have been being from that this these those their there they them his her
him she who whom which what when where while into onto out over under than then but not nor also any all some
such other others one two after before during between about against through because very more most said say
says did does done will would could should may might must can its our your you les des une dans par pour sur
avec sans sous est sont ete etait etaient avoir ont qui que quoi dont aux ces cette cet son ses leur leurs
elle elles ils nous vous mais pas plus ou tout tous toute autre autres apres avant entre comme aussi etre los
las una unos unas del por para con sin sobre entre que quien fue fueron era eran son ser ha han sus ella ellas
ellos este esta estos estas ese esa pero mas muy todo todos otra otro otros como tambien cuando donde desde
hasta был была было были для что как это его она они при под над без или так также все всех только уже еще где
когда чтобы который которая которые после перед между через في من على الى عن مع هذا هذه ذلك تلك التي الذي
الذين كان كانت كما لم لن ان او ثم قد بعد قبل عند بين كل غير
"""
FUNCTION_WORDS: Final = frozenset(fold(word) for word in _WORDS.split())
HAN_FUNCTION: Final = frozenset("的了在是和与及或把对为以于从到也不有这那他她它们我你其之而且但就都很")


def terms_of(text: str) -> frozenset[str]:
    """The terms of a text, each once: words, and pairs of neighbouring words; `MOST_TERMS` at most, the first ones."""
    if text.isupper():
        return frozenset()
    found: dict[str, None] = {}
    before: str | None = None
    end = 0
    for word, start, stop in _words(text):
        joined = before is not None and text[end:start].strip(" -\u2010\u2011'\u2019") == ""
        if word is not None:
            found[word] = None
            if joined and before is not None:
                found[f"{before} {word}"] = None
        before, end = word, stop
        if len(found) >= MOST_TERMS:
            break
    return frozenset(list(found)[:MOST_TERMS]) | _pairs(text)


def _words(text: str) -> Iterator[tuple[str | None, int, int]]:
    """Each word outside Chinese with its place; None for one that is no part of a term."""
    for match in _TOKEN.finditer(text):
        if not _HAN.search(match[0]):
            yield _chosen(match[0], text, match.start()), match.start(), match.end()


def _chosen(word: str, text: str, start: int) -> str | None:
    folded = fold(word)
    if any(letter.isdigit() for letter in word) or not SHORTEST <= len(folded) <= LONGEST:
        return None
    if word[0].isupper() and not _begins_sentence(text, start):
        return None
    return None if folded in FUNCTION_WORDS else folded


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'\u00ab\u201c(\u00bf\u00a1")
    return not before or _SENTENCE.search(text[:start]) is not None


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring Chinese characters, those without a function word among them."""
    pairs = (run[place : place + 2] for run in _HAN.findall(text) for place in range(len(run) - 1))
    kept = dict.fromkeys(pair for pair in pairs if not HAN_FUNCTION & set(pair))
    return frozenset(list(kept)[:MOST_TERMS])
