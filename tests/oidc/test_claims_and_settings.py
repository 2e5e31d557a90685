"""What claims say of an account, and how an operator names provider, claims, roles and secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphql_api.authentication.claims import account_of
from graphql_api.settings import CLAIMS, OidcSettings, oidc_from, secret_from, settings_from
from registry.access.actor import Account, Sensitivity, StatedPurpose
from registry.errors import CredentialsRefused, SecretMissing, SettingInvalid
from registry.identifiers import EntityId, Notation

SETTINGS = OidcSettings(issuer="https://id.example.org", audience="us")
ENVIRON = {"ICTIP_OIDC_ISSUER": "https://id.example.org", "ICTIP_OIDC_AUDIENCE": "us"}


def test_claims_become_an_account() -> None:
    """Every part from its claim; the only entity is the agency it works for."""
    claims = {
        "sub": "asha",
        "roles": ["investigator"],
        "ictip_entities": ["ke-police"],
        "ictip_countries": "KE UG",
        "ictip_tiers": ["child", "secret"],
        "ictip_purposes": ["investigation", "gossip"],
        "ictip_grants": "not-needed",
    }

    assert account_of(claims, SETTINGS) == Account(
        name="asha",
        roles=("investigator",),
        entities=frozenset({EntityId("ke-police")}),
        countries=frozenset({Notation("KE"), Notation("UG")}),
        tiers=frozenset({Sensitivity.CHILD}),
        purposes=frozenset({StatedPurpose.INVESTIGATION}),
        needs_grants=False,
        agency=EntityId("ke-police"),
    )


def test_what_is_not_said_brings_nothing() -> None:
    """A bare token sees no record whatever its roles, and needs a grant for each case."""
    assert account_of({"sub": "asha"}, SETTINGS) == Account(name="asha")


@pytest.mark.parametrize("odd", [None, 7, True, {"a": 1}, [["x"]], [7], "", "é ß"])
def test_claims_of_odd_shapes_bring_nothing(odd: object) -> None:
    """Neither a fault nor everything."""
    claims = {"sub": "asha"} | {claim: odd for part, claim in CLAIMS.items() if part not in {"name", "roles", "grants"}}
    account = account_of(claims, SETTINGS)

    assert (account.entities, account.countries, account.tiers, account.purposes) == (frozenset(),) * 4
    assert account.needs_grants


def test_a_star_is_everything_only_when_alone() -> None:
    """Beside others it is no identifier and is left out."""
    assert account_of({"sub": "a", "ictip_entities": "*"}, SETTINGS).entities is None
    assert account_of({"sub": "a", "ictip_entities": ["*", "ke-police"]}, SETTINGS).entities == frozenset(
        {EntityId("ke-police")}
    )


@pytest.mark.parametrize("name", [None, "", "  ", 7, "a\nb", "x" * 201])
def test_an_account_without_a_usable_name_is_refused(name: object) -> None:
    """Names go into logs and audit rows, one line each."""
    with pytest.raises(CredentialsRefused):
        account_of({"sub": name}, SETTINGS)


def test_roles_may_lie_deep_and_bear_the_providers_names() -> None:
    """As Keycloak tells them; a group that is not mapped brings nothing, even one named like a role."""
    environ = {
        **ENVIRON,
        "ICTIP_OIDC_CLAIMS": "roles=realm_access.roles name=preferred_username",
        "ICTIP_OIDC_ROLES": "tip-investigators=investigator tip-audit=auditor",
    }
    settings = oidc_from(environ)
    assert settings is not None
    claims = {
        "sub": "0815",
        "preferred_username": "asha",
        "realm_access": {"roles": ["tip-investigators", "auditor", "offline_access"]},
    }

    account = account_of(claims, settings)

    assert (account.name, account.roles) == ("asha", ("investigator",))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ICTIP_OIDC_AUDIENCE", "", "ICTIP_OIDC_AUDIENCE"),
        ("ICTIP_OIDC_ROLES", "tip=boss", "boss is none of"),
        ("ICTIP_OIDC_ROLES", "tip", "name=value"),
        ("ICTIP_OIDC_CLAIMS", "rolls=x", "rolls is none of"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_at_the_start(name: str, value: str, told: str) -> None:
    """With the setting and what it may hold."""
    with pytest.raises(SettingInvalid, match=told):
        oidc_from({**ENVIRON, name: value})


def test_without_a_provider_or_pepper_nothing_authenticates(tmp_path: Path) -> None:
    """Local mode; either of the two ends it."""
    pepper = tmp_path / "pepper"
    pepper.write_bytes(b"p" * 32)
    pepper.chmod(0o600)

    assert not settings_from({}, data=tmp_path).authenticates
    assert settings_from(ENVIRON, data=tmp_path).authenticates
    assert settings_from({"ICTIP_PEPPER_FILE": str(pepper)}, data=tmp_path).authenticates


def test_secrets_come_from_files_that_are_long_enough_and_not_everybodys(tmp_path: Path) -> None:
    """White space at the ends is the editor's; a secret is never printed."""
    file = tmp_path / "secret"
    file.write_bytes(b"s" * 32 + b"\n")
    file.chmod(0o600)
    environ = {"ICTIP_PEPPER_FILE": str(file)}

    assert secret_from(environ, "ICTIP_PEPPER_FILE") == b"s" * 32
    assert "ssss" not in repr(settings_from(environ, data=tmp_path))
    file.chmod(0o644)
    with pytest.raises(SecretMissing, match="everybody"):
        secret_from(environ, "ICTIP_PEPPER_FILE")
    file.chmod(0o600)
    file.write_bytes(b"short")
    with pytest.raises(SecretMissing, match="shorter"):
        secret_from(environ, "ICTIP_PEPPER_FILE")
    with pytest.raises(SecretMissing, match="FileNotFoundError"):
        secret_from({"ICTIP_PEPPER_FILE": str(tmp_path / "none")}, "ICTIP_PEPPER_FILE")
