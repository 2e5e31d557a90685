"""The page on security promises nothing that is not there: every file, name, setting and test it points to exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = re.sub(r"```.*?```", "", (ROOT / "docs" / "security.md").read_text(encoding="utf-8"), flags=re.S)
"""Without its examples."""
PACKAGES = ("registry", "graphql_api", "ontology", "benchmarks")
SOURCES = {path: path.read_text(encoding="utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
TEST = re.compile(r"(?:(tests/[\w/]*?)/?)?(test_\w+\.py)?(?:::(test_\w+))?")


def table(title: str) -> list[list[str]]:
    """The rows of the table under a title, cells without blanks, the head left out."""
    part = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def quoted(text: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", text)


def named_tests(cell: str) -> list[tuple[Path, str]]:
    """Test files or folders that a cell names, each with a test's name or "". A bare file is in the folder before."""
    found: list[tuple[Path, str]] = []
    folder = ROOT / "tests"
    for word in quoted(cell):
        match = TEST.fullmatch(word)
        if match is None or not (match[1] or match[2] or match[3]):
            continue
        folder = ROOT / match[1] if match[1] else folder
        file = folder / match[2] if match[2] else found[-1][0] if match[3] and found else folder
        found.append((file, match[3] or ""))
    return found


def test_all_threats_are_answered_by_tests_that_exist() -> None:
    """Twenty-three, each with a file and a test of that name."""
    rows = table("Threats, answered")

    assert [row[0] for row in rows] == [str(number) for number in range(1, 24)]
    for number, _, kept_by, guarded_by in rows:
        named = named_tests(guarded_by)
        assert kept_by, number
        assert any(name for _, name in named), f"threat {number} names no test"
        for file, name in named:
            assert file.exists(), f"threat {number}: {file.relative_to(ROOT)}"
            assert not name or re.search(rf"^(async )?def {name}\(", file.read_text("utf-8"), re.M), f"{number}: {name}"


def test_every_duty_has_code_and_a_test() -> None:
    """By file; a test named in a row exists."""
    rows = table("Duties, code, tests")

    assert len(rows) > 10
    for duty, _, test in rows:
        assert named_tests(test), duty
        for file, name in named_tests(test):
            assert file.exists(), f"{duty}: {file.relative_to(ROOT)}"
            assert not name or f"def {name}(" in file.read_text("utf-8"), f"{duty}: {name}"


FILES = sorted({word for word in quoted(PAGE) if word.endswith(".py") and not Path(word).name.startswith("test_")})
NAMES = sorted({word for word in quoted(PAGE) if re.fullmatch(r"\w+\.[A-Za-z_]\w+", word) and not word.endswith(".py")})


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_ours_is_there(name: str) -> None:
    """By the end of its path."""
    assert any(str(path.relative_to(ROOT)).endswith(name) for path in SOURCES), name


def test_every_name_of_the_code_is_defined() -> None:
    """``module.name`` and ``Class.method``; a claim of a token (``realm_access.roles``) is no name of ours."""
    assert "RequestContext.looked_up" in NAMES
    owners = {path.stem for path in SOURCES} | set(re.findall(r"^class (\w+)", "\n".join(SOURCES.values()), re.M))
    for name in NAMES:
        owner, _, attribute = name.partition(".")
        if owner in owners:
            pattern = rf"(def|class) {attribute}\b|^\s*{attribute}\b\s*[:=]"
            assert any(re.search(pattern, text, re.M) for text in SOURCES.values()), name


def test_every_setting_is_on_its_page() -> None:
    """``ICTIP_…``."""
    known = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert [name for name in sorted(set(re.findall(r"ICTIP_[A-Z_]+", PAGE))) if name not in known] == []
