"""The product's own validator over every packaged file: what it reads, what it finds, what it would leave behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from registry.classification.integrity import Finding, Severity, check_version
from registry.classification.model import SchemeVersion
from registry.classification.ports import VocabularyText
from registry.storage.rdf.vocabulary import read_packaged


@pytest.fixture(scope="module")
def texts() -> Sequence[VocabularyText]:
    """Every file that holds a release, as the product reads it."""
    return read_packaged()


def findings(text: VocabularyText) -> list[Finding]:
    """What reading it told, and what its versions break."""
    versions = [release for release in text.releases if isinstance(release, SchemeVersion)]
    return [*text.findings, *(finding for version in versions for finding in check_version(version))]


def test_no_file_breaks_a_rule_of_skos_xkos_or_ours(texts: Sequence[VocabularyText]) -> None:
    """No errors; of warnings only siblings with one name, as printed: “Sex” twice, a town and its district."""
    grave = [finding for text in texts for finding in findings(text) if finding.severity is not Severity.NOTICE]

    assert Counter(finding.rule for finding in grave) == {"siblings_alike": 37}
    assert {finding.severity for finding in grave} == {Severity.WARNING}


def test_every_statement_has_its_place_in_the_model(texts: Sequence[VocabularyText]) -> None:
    """What the files say is what the product keeps: nothing is dropped in reading."""
    assert [finding for text in texts for finding in text.findings] == []


def test_every_file_becomes_its_releases(texts: Sequence[VocabularyText]) -> None:
    """Twenty-seven scheme versions, two correspondences, twenty-eight bindings."""
    kinds = Counter(type(release).__name__ for text in texts for release in text.releases)

    assert kinds == {"SchemeVersion": 27, "Correspondence": 2, "Binding": 28}
