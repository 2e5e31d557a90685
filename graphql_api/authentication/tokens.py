"""Access tokens of one OpenID provider: what makes one believable (RFC 7519, RFC 8725, RFC 9068).

A token is believed when all of this holds, and refused with one of a few words otherwise:

- it is signed by a key of the issuer, with an algorithm of a fixed list (never ``none``, never a shared secret);
- its type is ``at+jwt``, or ``JWT`` where an operator allows that; a token about a sign-in (ID token) is never one;
- ``iss`` is the issuer, ``aud`` names us, ``sub`` is there, ``exp`` is there and not past, ``nbf`` is not to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwt import JWTClaimsRegistry

from graphql_api.authentication.issuer import Issuer
from graphql_api.settings import OidcSettings
from registry.errors import CredentialsRefused

LEEWAY: Final = 30
"""Seconds that the provider's clock may differ from ours."""
MOST_BYTES: Final = 16 * 1024
"""Longest token read."""
ACCESS_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
"""RFC 9068, section 4."""
SIGN_IN_CLAIMS: Final = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})
"""What only an ID token holds (OpenID Connect Core 1.0, 2 and 3)."""


@dataclass(frozen=True, slots=True)
class BelievedToken:
    """A token's claims and when it ends, in seconds since 1970."""

    claims: dict[str, Any]
    expires: int


class TokenVerifier:
    """Believes tokens of one issuer for one audience."""

    def __init__(self, settings: OidcSettings, issuer: Issuer) -> None:
        self._settings = settings
        self._issuer = issuer

    async def verify(self, text: str, *, now: int) -> BelievedToken:
        """The claims of a believable token; ``now`` in seconds. Raises `CredentialsRefused`, `IssuerUnavailable`."""
        header = self._header(text)
        keys = await self._issuer.keys(header.get("kid"))
        try:
            token = jwt.decode(text, keys, algorithms=list(self._settings.algorithms))
            self._registry(now).validate(token.claims)
        except ExpiredTokenError:
            raise CredentialsRefused(reason="the token has expired") from None
        except (JoseError, ValueError, TypeError, RecursionError):
            raise CredentialsRefused(reason="the token is not one of ours") from None
        if not self._is_access_token(header, token.claims):
            raise CredentialsRefused(reason="the token is not an access token")
        return BelievedToken(token.claims, int(token.claims["exp"]))

    def _header(self, text: str) -> dict[str, Any]:
        """The header, not yet believed: only its key id is used, to know which key to try."""
        if len(text) > MOST_BYTES:
            raise CredentialsRefused(reason="the token is too long")
        try:
            header = jws.extract_compact(text.encode("ascii")).headers()
        except (JoseError, ValueError, RecursionError):
            raise CredentialsRefused(reason="the token is not one of ours") from None
        if header.get("alg") not in self._settings.algorithms or "crit" in header:
            raise CredentialsRefused(reason="the token is not one of ours")
        if not isinstance(header.get("kid"), str | None):
            raise CredentialsRefused(reason="the token is not one of ours")
        return header

    def _registry(self, now: int) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.audience},
            sub={"essential": True, "allow_blank": False},
            exp={"essential": True},
        )

    def _is_access_token(self, header: dict[str, Any], claims: dict[str, Any]) -> bool:
        kind = str(header.get("typ", "JWT"))
        if kind.lower() in ACCESS_TYPES:
            return True
        plain = self._settings.plain_jwt and kind.upper() == "JWT"
        return plain and not SIGN_IN_CLAIMS & claims.keys() and claims.get("typ") not in {"ID", "Refresh", "Logout"}
