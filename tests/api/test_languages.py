"""How complete and fresh a version's labels are: by language, in the order of fallback."""

from __future__ import annotations

from dataclasses import replace

from registry.classification.draft_content import open_state
from registry.classification.editing import apply_edits
from registry.classification.edits import Relabel, Translate
from registry.classification.languages import report_languages
from registry.classification.model import Label, LabelStatus
from registry.identifiers import LanguageTag, Notation, VersionTag
from tests.api.conftest import Doors
from tests.revision.families import EN, small

FR, SW = LanguageTag("fr"), LanguageTag("sw")


def test_missing_and_stale_labels_are_told_by_code() -> None:
    """French of two items, one of them stale since its English changed; Swahili is required and nobody speaks it."""
    base = replace(small(), required_languages=(EN, SW))
    content = apply_edits(
        open_state(base, VersionTag("1.1")),
        [
            Translate(Notation("1"), Label("Un", FR, status=LabelStatus.UNOFFICIAL)),
            Translate(Notation("2"), Label("Deux", FR)),
            Relabel(Notation("2"), Label("Two of them", EN)),
        ],
    ).version

    english, swahili, french = report_languages(content)

    assert (english.language, english.is_source, english.required, english.complete) == (EN, True, True, True)
    assert (swahili.language, swahili.required, swahili.labelled, len(swahili.missing)) == (SW, True, 0, 6)
    assert (french.labelled, french.official, french.unofficial, french.stale) == (2, 0, 1, ("2",))
    assert (french.missing, french.complete) == (("1.1", "1.2", "2.1", "3"), False)


async def test_the_units_are_told_in_six_languages(doors: Doors) -> None:
    """English is the custodians' own; the others are whole, and nobody official stands behind them."""
    told = await doors.data(
        '{ languages(scheme: "units") { fallback languages { language isSource labelled official complete } } }'
    )

    found = {each["language"]: each for each in told["languages"]["languages"]}
    assert told["languages"]["fallback"] == ["en", "ar", "es", "fr", "ru", "zh-Hans"]
    assert found["en"] == {"language": "en", "isSource": True, "labelled": 20, "official": 20, "complete": True}
    assert (found["fr"]["labelled"], found["fr"]["official"], found["fr"]["complete"]) == (20, 0, True)
