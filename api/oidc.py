"""Signs in with an OpenID Connect provider: code flow with PKCE, every token checked by Authlib."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import StarletteOAuth2App
from joserfc.errors import JoseError
from pydantic import BaseModel, ValidationError

from api.problems import NotReady, Unauthenticated
from brain.domain.entrance import identity_of
from brain.domain.identity import PrincipalId
from brain.domain.ports import Clock

_SKEW = 60
"""Seconds that the provider's clock may be off."""
_READ_AGAIN = timedelta(hours=1)
_PATIENCE = 10.0
_SIGNED = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""By a key of the provider's own: never unsigned, and never by a secret that is shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcOptions:
    """The provider, as the operator set it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    groups_claim: str = "groups"
    scopes: tuple[str, ...] = ("openid", "profile")
    name: str = "single sign-on"
    """What people call the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What a browser keeps, sealed, while it is at the provider."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the provider vouched for."""

    issuer: str
    subject: str
    name: str
    """For people to read; it may change, and two may have the same."""
    groups: tuple[str, ...]

    names: frozenset[str] = frozenset()
    """What they could be called here: their user name there, and their address."""

    @property
    def principal(self) -> PrincipalId:
        """Who they are here, unless an administrator bound them to somebody."""
        return identity_of(self.issuer, self.subject)


class _Metadata(BaseModel):
    """What is read of the provider's own description. Nothing else of it reaches the client."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    id_token_signing_alg_values_supported: list[str] = ["RS256"]
    authorization_response_iss_parameter_supported: bool = False


class Provider:
    """One provider. NotReady when it does not answer, Unauthenticated for what does not hold."""

    def __init__(self, options: OidcOptions, clock: Clock) -> None:
        self.options = options
        self._clock = clock
        self._app: Any = None  # Authlib says nothing of its types
        self._metadata: _Metadata | None = None
        self._read_at: datetime | None = None

    async def begin(self) -> Started:
        """Where to send the browser, and what has to come back with it."""
        app, _ = await self._client()
        made = await app.create_authorization_url(self.options.redirect_uri)
        return Started(
            url=made["url"],
            state=made["state"],
            nonce=made["nonce"],
            verifier=made["code_verifier"],
        )

    async def finish(self, started: Started, sent: Mapping[str, str]) -> Identity:
        """Whom the browser was vouched for, by what it ``sent`` to the redirect address."""
        app, metadata = await self._client()
        code = self._code(started, sent, metadata)
        try:
            token = await app.fetch_access_token(
                redirect_uri=self.options.redirect_uri, code=code, code_verifier=started.verifier
            )
            claims = await self._claims(app, token, started.nonce)
            if metadata.userinfo_endpoint and not self._is_told(claims):
                claims = {**await self._asked(app, token, claims["sub"]), **claims}
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            # Not chained: what they say may quote a token.
            raise _refused(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise _away(type(error).__name__) from None
        return self._identity(claims)

    async def farewell(self, back_to: str) -> str:
        """Where a browser signs out there, too; empty when the provider has no such place."""
        _, metadata = await self._client()
        if not metadata.end_session_endpoint:
            return ""
        asked = {"client_id": self.options.client_id, "post_logout_redirect_uri": back_to}
        return f"{metadata.end_session_endpoint}?{urlencode(asked)}"

    def _code(self, started: Started, sent: Mapping[str, str], metadata: _Metadata) -> str:
        if not compare_digest(sent.get("state", "").encode(), started.state.encode()):
            raise _refused("another state came back")
        names_itself = "iss" in sent or metadata.authorization_response_iss_parameter_supported
        if names_itself and sent.get("iss") != self.options.issuer:  # RFC 9207
            raise _refused("another provider answered")
        if "error" in sent or not sent.get("code"):
            raise _refused("the provider let nobody in")
        return sent["code"]

    async def _claims(self, app: Any, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token that is the provider's, for us, and for this very sign-in."""
        if "id_token" not in token:
            raise _refused("no ID token came")
        claims: Mapping[str, Any] = await app.parse_id_token(
            token,
            nonce=nonce,
            claims_options={
                "iss": {"essential": True, "value": self.options.issuer},
                "aud": {"essential": True, "value": self.options.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
            },
            leeway=_SKEW,
        )
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise _refused("it names nobody")
        return claims

    def _is_told(self, claims: Mapping[str, Any]) -> bool:
        """Whether nothing has to be asked for: neither the groups, nor what they are called."""
        return {self.options.groups_claim, "preferred_username"} <= claims.keys()

    async def _asked(self, app: Any, token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """What the userinfo endpoint says, if it speaks of the same person."""
        said: Mapping[str, Any] = await app.userinfo(token=token)
        if said.get("sub") != subject:
            raise _refused("it speaks of two people")
        return said

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        groups: object = claims.get(self.options.groups_claim)
        texts = [groups] if isinstance(groups, str) else groups
        known = texts if isinstance(texts, Sequence) else ()
        names = (claims.get(each) for each in ("preferred_username", "name", "email", "sub"))
        name = next(each for each in names if isinstance(each, str) and each.strip())
        return Identity(
            issuer=self.options.issuer,
            subject=claims["sub"],
            name="".join(char for char in name if char.isprintable())[:64],
            groups=tuple(each for each in known if isinstance(each, str)),
            # Also an address that nobody verified: it lets nobody in, it only keeps somebody out.
            names=frozenset(
                claims[each].strip().casefold()
                for each in ("preferred_username", "email")
                if isinstance(claims.get(each), str) and claims[each].strip()
            ),
        )

    async def _client(self) -> tuple[Any, _Metadata]:
        now = self._clock()
        if self._metadata is None or self._read_at is None or now - self._read_at >= _READ_AGAIN:
            self._metadata = await _described(self.options.issuer)
            self._app = _made(self.options, self._metadata)
            self._read_at = now
        return self._app, self._metadata


def _made(options: OidcOptions, metadata: _Metadata) -> Any:
    signed = [each for each in metadata.id_token_signing_alg_values_supported if each in _SIGNED]
    if not signed:
        raise NotReady("the identity provider signs in no way that can be trusted")
    known = metadata.model_dump(exclude_none=True)
    return StarletteOAuth2App(
        None,
        client_id=options.client_id,
        client_secret=options.client_secret,
        client_kwargs={
            "scope": " ".join(options.scopes),
            "code_challenge_method": "S256",
            "timeout": _PATIENCE,
            "follow_redirects": False,
            "leeway": 0,  # an access token that lives for a minute is used at once
        },
        **{**known, "id_token_signing_alg_values_supported": signed},
    )


async def _described(issuer: str) -> _Metadata:
    """The provider's description of itself, which must be of the issuer that was set."""
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            answer = await client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            answer.raise_for_status()
        metadata = _Metadata.model_validate_json(answer.content)
    except (httpx.HTTPError, ValidationError) as error:
        raise _away(type(error).__name__) from None
    if metadata.issuer != issuer:
        raise _away("it is another issuer")
    return metadata


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(f"the identity provider's answer does not hold ({why})")


def _away(why: str) -> NotReady:
    return NotReady(
        f"the identity provider gives no usable answer ({why})",
        field="GATEWRIGHT_OIDC_ISSUER",
        remedy="Try again; sign in with a password or a token meanwhile.",
    )
