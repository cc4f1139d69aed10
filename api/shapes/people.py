"""People, their sessions and the tokens of services."""

from datetime import datetime

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.entrance import Session, TokenRecord, Way
from brain.domain.identity import Principal, PrincipalKind, Role

_A_YEAR = 366 * 24 * 3600


class LinkShape(Shape):
    """An identity at the provider that is somebody known here."""

    identity: str = Field(description="The link's id.", examples=["oidc:0c5f..."])
    issuer: str
    subject: str


class LinkRequest(Shape):
    """Which identity it is: what the provider calls itself, and the person."""

    issuer: str = Field(min_length=1, max_length=500, examples=["https://login.example.net"])
    subject: str = Field(min_length=1, max_length=255, examples=["248289761001"])


class UserShape(Shape):
    """Somebody who may come in, or was shut out. What they sign in with is never shown."""

    name: str = Field(description="What they sign in as; other records name them so.")
    known_as: str = Field(description="How people know them.")
    roles: list[Role]
    groups: list[str]
    has_password: bool = Field(description="False: they come with a token or single sign-on.")
    must_change_password: bool
    disabled: bool
    links: list[LinkShape] = Field([], description="Their identities at the provider.")


class UserRequest(Shape):
    """Who is to sign in with a name and a password."""

    name: str = Field(max_length=64, examples=["ana"])
    roles: list[Role] = Field(min_length=1, examples=[["approver"]])
    groups: list[str] | None = Field(
        None,
        max_length=50,
        description="Whose reviews they answer; unless said, `approvers` for those who may.",
    )
    password: str | None = Field(None, max_length=256, description="Unless said, one is made.")


class NewUserShape(UserShape):
    """With the password that was made, this once; they have to change it when they sign in."""

    password: str | None = Field(description="Null when you chose it.")


class PasswordRequest(Shape):
    """Another password for somebody."""

    password: str | None = Field(None, max_length=256, description="Unless said, one is made.")


class PasswordShape(Shape):
    """The password that was made, this once."""

    name: str
    password: str | None = Field(description="Null when you chose it.")


class RolesRequest(Shape):
    """What somebody is trusted with from now on: these roles, and no others."""

    roles: list[Role] = Field(min_length=1)
    groups: list[str] | None = Field(None, max_length=50, description="As they are, unless said.")


class SignedOutShape(Shape):
    """Of how many browsers somebody was signed out."""

    name: str
    sessions: int


class SessionShape(Shape):
    """One browser that is signed in."""

    id: str
    way: Way = Field(description="How it began.")
    began_at: datetime
    seen_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, session: Session) -> "SessionShape":
        """The session, by a name that opens nothing."""
        return cls(
            id=session.known_as,
            way=session.way,
            began_at=session.began_at,
            seen_at=session.seen_at,
            ends_at=session.ends_at,
        )


class TokenShape(Shape):
    """What is known of a token. The token itself is shown when it is made, and never again."""

    name: str = Field(examples=["billing"])
    principal: str = Field(description="Whom it stands for.")
    kind: PrincipalKind
    owner: str | None = Field(
        description="Whose service it is: they never approve what it asks for. Null: a person's "
        "token, or nobody said yet, and then nobody's approval counts for what it asks.",
        examples=["anna"],
    )
    scopes: list[str] | None = Field(
        description="The only actions it is good for; null: whatever the roles allow."
    )
    created_at: datetime | None
    expires_at: datetime | None
    used_at: datetime | None = Field(description="To the minute.")

    @classmethod
    def of(cls, record: TokenRecord, holder: Principal) -> "TokenShape":
        """The record, and what is known of whom it stands for."""
        return cls(
            name=record.name,
            principal=record.principal,
            kind=holder.kind,
            owner=holder.owner,
            scopes=None if record.scopes is None else sorted(record.scopes),
            created_at=record.created_at,
            expires_at=record.expires_at,
            used_at=record.used_at,
        )


class TokenWanted(Shape):
    """A token for a service. It is a machine: it can never approve or hand out power."""

    service: str = Field(max_length=64, examples=["billing"])
    owner: str = Field(
        max_length=64,
        description="The person who answers for it: they never approve what it asks for.",
        examples=["anna"],
    )
    roles: list[Role] = Field([Role.AUTOMATION], min_length=1)
    scopes: list[str] | None = Field(
        None,
        max_length=50,
        description="Good for these actions only; unless said, all of its roles'.",
    )
    label: str = Field("", max_length=64, description="Tells several tokens of one name apart.")
    expires_in: int | None = Field(
        None, ge=1, le=_A_YEAR * 10, description="Seconds; unless said, the usual time."
    )


class OwnerWanted(Shape):
    """Whose service it is from now on."""

    owner: str = Field(max_length=64, examples=["anna"])


class ServiceShape(Shape):
    """A service, and the person who answers for it."""

    service: str = Field(examples=["billing"])
    owner: str | None = Field(examples=["anna"])

    @classmethod
    def of(cls, service: Principal) -> "ServiceShape":
        """As its principal is kept."""
        return cls(service=service.id, owner=service.owner)


class TokenRenewal(Shape):
    """A token anew, for the same service and the same actions."""

    expires_in: int | None = Field(None, ge=1, le=_A_YEAR * 10, description="Seconds.")
    overlap: int = Field(
        0, ge=0, le=_A_YEAR, description="Seconds that the one before stays good for."
    )


class NewTokenShape(TokenShape):
    """With the token, this once."""

    token: str = Field(examples=["gwt_..."])
