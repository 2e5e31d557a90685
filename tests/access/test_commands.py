"""``ictip key`` and ``ictip audit`` beside a running engine, as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphql_api.cli.commands import build_app
from graphql_api.cli.console import DONE, REFUSED, run
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
        code = run(build_app(), [*arguments, "--data", str(folder / "data")])
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
