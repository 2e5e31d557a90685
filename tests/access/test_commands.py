"""``ictip key`` and ``ictip audit`` beside a running engine, as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphql_api.cli.commands import run_command
from graphql_api.cli.console import DONE, REFUSED
from graphql_api.serving import require_gate
from graphql_api.settings import Settings, settings_from
from registry.errors import AddressNotLoopback, SecretMissing
from registry.storage.engine.embedded import EngineLimits, engine_on

Ictip = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose engine runs, as under ``ictip serve``."""
    folder = tmp_path_factory.mktemp("gate")
    with engine_on(folder / "data", EngineLimits(heap_mebibytes=512)):
        yield folder


def secret(path: Path, letter: bytes) -> str:
    path.write_bytes(letter * 32)
    path.chmod(0o600)
    return str(path)


@pytest.fixture
def ictip(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ictip:
    """Runs a command on the folder: exit code, output, errors."""
    monkeypatch.setenv("ICTIP_PEPPER_FILE", secret(folder / "pepper", b"p"))
    monkeypatch.setenv("ICTIP_AUDIT_KEY_FILE", secret(folder / "audit", b"a"))
    monkeypatch.setenv("ICTIP_AUDIT_HEADS_FILE", str(folder / "heads"))

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run_command([*arguments, "--data", str(folder / "data")])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def test_a_key_is_made_listed_and_revoked_and_all_of_it_is_in_a_sealed_audit(ictip: Ictip, folder: Path) -> None:
    """The whole life of a key beside a running server, and the chain over it."""
    code, text, told = ictip("key", "create", "survey", "--role", "analyst", "--entity", "ke-police", "--days", "30")
    key = text.strip()
    assert (code, key[:2], len(key)) == (DONE, "k-", 58)
    assert "only a digest" in told

    code, text, _ = ictip("key", "list")
    assert code == DONE
    assert key.partition(".")[0] in text
    assert key not in text
    assert "survey  analyst  until" in text

    assert ictip("key", "revoke", key)[0] == DONE
    assert "revoked" in ictip("key", "list")[1]
    code, _, told = ictip("key", "revoke", key)
    assert (code, "grant_unknown" in told) == (REFUSED, True)

    code, text, _ = ictip("audit", "seal")
    assert (code, text.splitlines()[-1]) == (DONE, "1 blocks sealed.")
    code, text, _ = ictip("audit", "verify", "--heads", str(folder / "heads"))
    assert code == DONE
    assert "The chain holds: 1 blocks, 2 rows" in text
    assert "Heads compared with the outside: 1." in text

    assert ictip("audit", "export", "--to", str(folder / "out"))[0] == DONE
    blocks = [json.loads(line) for line in (folder / "out").read_text().splitlines()]
    assert [row["act"] for row in blocks[0]["rows"]] == ["create key", "revoke key"]
    assert all(row["actor"].startswith("cli:") for row in blocks[0]["rows"])
    assert key not in (folder / "out").read_text()


def test_grants_and_openings_are_given_watched_and_ended(ictip: Ictip) -> None:
    """A case for an account; an opening asked for at the door; each wrong word or id is one refusal."""
    code, text, _ = ictip("grant", "give", "asha", "event-0001", "--days", "3")
    grant = text.split()[0]
    assert (code, "asha  event-0001  until" in text) == (DONE, True)
    assert grant in ictip("grant", "list", "--account", "asha")[1]
    assert grant not in ictip("grant", "list", "--event", "event-0002")[1]
    assert "revoked" in ictip("grant", "revoke", grant)[1]
    assert ictip("grant", "list")[1] == ""
    assert "revoked" in ictip("grant", "list", "--ended")[1]
    code, _, told = ictip("grant", "revoke", grant)
    assert (code, "grant_not_open" in told) == (REFUSED, True)
    code, _, told = ictip("grant", "give", "asha", "no")
    assert (code, "identifier_malformed" in told) == (REFUSED, True)

    assert ictip("opening", "list") == (DONE, "", "")
    for second in ("approve", "revoke", "report"):
        code, _, told = ictip("opening", second, "no-such-opening")
        assert (code, "grant_unknown" in told) == (REFUSED, True)
    code, text, _ = ictip("audit", "rows", "--act", "grant case", "--limit", "1")
    assert json.loads(text)["facts"] == [["account", "asha"]]


def test_exchanges_need_an_agency_and_a_record(ictip: Ictip) -> None:
    """Nothing is offered or asked about what is not there; lists are empty."""
    for command in (
        ("refer", "offer", "event-0001", "ug-shelter", "--as", "ke-police"),
        ("contact", "ask", "person-0001", "--as", "ke-police"),
        ("mark", "event-0001", "--as", "ke-police"),
        ("mark", "event-0001", "--as", "ke-police", "--remove"),
    ):
        code, _, told = ictip(*command)
        assert (code, "record_unknown" in told) == (REFUSED, True)
    assert ictip("refer", "list", "--as", "ke-police") == (DONE, "", "")
    assert ictip("contact", "list", "--as", "ke-police") == (DONE, "", "")
    assert ictip("contact", "incoming", "--as", "ke-police") == (DONE, "", "")
    code, _, told = ictip("contact", "answer", "r", "event-0001", "perhaps", "--as", "ke-police")
    assert (code, "decline" in told) == (REFUSED, True)
    code, _, told = ictip("refer", "accept", "none", "--as", "ke-police")
    assert (code, "grant_unknown" in told) == (REFUSED, True)


def test_audit_rows_are_kept_for_90_days(ictip: Ictip) -> None:
    """A retention run of today is refused, one of long ago finds nothing to remove."""
    code, _, told = ictip("audit", "retain", "--before", "2999-01-01")
    assert (code, "90 days" in told) == (REFUSED, True)
    code, text, _ = ictip("audit", "retain", "--before", "2020-01-01")
    assert (code, "0 rows of 0 blocks are gone." in text) == (DONE, True)


def test_a_role_or_tier_that_does_not_exist_is_refused(ictip: Ictip) -> None:
    """With what there is."""
    code, _, told = ictip("key", "create", "x", "--role", "boss")

    assert code == REFUSED
    assert "setting_invalid" in told
    assert "investigator" in told


def test_keys_need_a_pepper_and_the_chain_its_key(ictip: Ictip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each refusal names the setting."""
    monkeypatch.delenv("ICTIP_PEPPER_FILE")
    monkeypatch.delenv("ICTIP_AUDIT_KEY_FILE")

    code, _, told = ictip("key", "create", "x", "--role", "app")
    assert (code, "ICTIP_PEPPER_FILE" in told) == (REFUSED, True)
    code, _, told = ictip("audit", "verify")
    assert (code, "ICTIP_AUDIT_KEY_FILE" in told) == (REFUSED, True)


def test_heads_that_cannot_be_read_are_told(ictip: Ictip, tmp_path: Path) -> None:
    """One error, not a stack."""
    (tmp_path / "heads").write_text("not json")

    code, _, told = ictip("audit", "verify", "--heads", str(tmp_path / "heads"))

    assert (code, "file_unreadable" in told) == (REFUSED, True)


def test_a_public_address_needs_authentication_and_authentication_a_sealed_audit(tmp_path: Path) -> None:
    """Both are refused before anything is served, with the reason."""
    pepper = {"ICTIP_PEPPER_FILE": secret(tmp_path / "pepper", b"p")}
    sealed = {"ICTIP_SECRET_FILE": secret(tmp_path / "secret", b"a")}

    def settings(environ: dict[str, str], host: str = "0.0.0.0") -> Settings:  # noqa: S104
        return settings_from(environ, data=tmp_path, host=host)

    with pytest.raises(AddressNotLoopback, match="no authentication is configured"):
        require_gate(settings({}))
    with pytest.raises(SecretMissing, match="ICTIP_SECRET_FILE"):
        require_gate(settings(pepper))
    require_gate(settings({**pepper, **sealed}))
    require_gate(settings({}, host="127.0.0.1"))
