"""How one comes in: passwords, tokens and the sessions of browsers, as they are kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from unicodedata import normalize

from brain.domain.identity import Principal, PrincipalId, TenantId

PROVIDED = "oidc:"
"""What the id of a principal begins with whom nobody but the identity provider knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who signs in with a name and a password that are kept here.

    The name is the id of their principal: one name is one person, with a password, tokens or both.
    """

    name: PrincipalId
    tenant: TenantId
    password_hash: str = field(repr=False)
    """As argon2 writes it: parameters, salt and digest."""
    must_change: bool
    """Whether somebody else chose the password, so that it opens nothing but its own change."""
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A principal, as those who look after people and services see them."""

    principal: Principal
    name: str
    """How people know them."""
    disabled: bool
    names: frozenset[str] = frozenset()
    """What an identity of the provider calls itself besides: its user name there, its address."""

    @property
    def called(self) -> frozenset[str]:
        """What they are called, to be compared: a person known here by their id alone."""
        provided = self.principal.id.startswith(PROVIDED)
        return called((self.name, *self.names) if provided else (self.principal.id,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An identity of the provider that an administrator said is a person known here.

    From then on both ways in lead to one principal, so that four eyes are never two of one person.
    """

    tenant: TenantId
    principal: PrincipalId
    issuer: str
    subject: str
    by: str
    at: datetime

    @property
    def identity(self) -> PrincipalId:
        """The principal that the identity would be, were it not bound."""
        return identity_of(self.issuer, self.subject)


def identity_of(issuer: str, subject: str) -> PrincipalId:
    """One for each subject of each issuer, whatever they are called; no local name has a colon.

    Were it made of a name, whoever changed theirs could approve what they asked for.
    """
    digest = sha256(f"{issuer}\0{subject}".encode()).hexdigest()
    return PrincipalId(f"{PROVIDED}{digest[:32]}")


def called(names: Iterable[str]) -> frozenset[str]:
    """Names as they are compared: ``Sam Moreau`` is called ``sam.moreau``."""
    folded = (normalize("NFKC", name).casefold() for name in names)
    plain = ("".join(char for char in name if char.isalnum()) for name in folded)
    return frozenset(name for name in plain if name)


class Way(StrEnum):
    """How a session began."""

    PASSWORD = "password"  # noqa: S105 - a word, not a password
    TOKEN = "token"  # noqa: S105 - a word, not a token
    OIDC = "oidc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser, signed in as one principal, until one of its clocks runs out."""

    hash: str = field(repr=False)
    """Of the id in the cookie, which nobody but the browser keeps."""
    tenant: TenantId
    principal: PrincipalId
    way: Way
    token_hash: str = field(default="", repr=False)
    """Of the token it began with: it ends when that is revoked or expires."""
    policy_revision: str = ""
    """The policy that gave an OpenID Connect identity its roles; another gives them anew."""
    began_at: datetime
    seen_at: datetime
    ends_at: datetime

    @property
    def known_as(self) -> str:
        """What people call it: a piece of the hash, which opens nothing."""
        return self.hash[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """What is known of an API token, without the token."""

    tenant: TenantId
    principal: PrincipalId
    name: str
    scopes: frozenset[str] | None
    """The only actions it is good for; None: whatever its principal's roles allow."""
    created_at: datetime | None
    """None for one that is older than this fact."""
    expires_at: datetime | None
    used_at: datetime | None = None
    """To the minute."""
