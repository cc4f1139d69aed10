"""Signs people in: a password or a token for a session, with guesses slowed down and told apart
from nothing: whether the name, the password or the person was wrong is not said.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from api.auth import authenticate, note_altered
from api.books import Books
from api.needs import Gatewright
from api.oidc import Identity, Provider, Started
from api.passwords import Passwords
from api.problems import NotReady, Unauthenticated
from api.sessions import Proof, Sessions
from api.throttle import Throttle, at_account, from_address, tokens_from
from api.tokens import token_hash
from api.vouching import put_vouched
from brain.domain.entrance import Binding, User, Way
from brain.domain.errors import Altered, Forbidden
from brain.domain.identity import Principal, PrincipalKind
from brain.ledger.seats import namesake
from brain.store.transaction import Transaction
from policies.access import Entry

_LONGEST_NAME = 64


class MustChange(Forbidden):
    """The password is right, and somebody else chose it: it opens nothing but its own change."""

    code = "must_change_password"


class NotLinked(Unauthenticated):
    """Vouched for, and called like somebody known here: two principals of one person, if let in."""

    code = "not_linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIn:
    """The ways in that end in a session. Each returns the id of a new one."""

    gatewright: Gatewright
    passwords: Passwords
    sessions: Sessions

    @property
    def throttle(self) -> Throttle:
        """What counts the guesses."""
        return Throttle(self.gatewright.store, self.gatewright.clock)

    async def with_password(self, name: str, password: str, *, address: str) -> str:
        """Raises Unauthenticated, TooMany, and MustChange for a right one that must be changed."""
        async with self._noting_what_was_altered():
            return await self._with_password(name, password, address)

    async def _with_password(self, name: str, password: str, address: str) -> str:
        user, rehashed = await self._proved(name, password, address=address)
        if user.must_change:
            raise MustChange("choose a password of your own", field="password")
        async with self.gatewright.store.begin() as tx:
            who = await _person(tx, user)
            if rehashed and await tx.users.by_name(user.name) == user:
                await tx.users.put(replace(user, password_hash=rehashed))
            return await self.sessions.begin(tx, who, Proof(way=Way.PASSWORD))

    async def with_new_password(self, name: str, password: str, new: str, *, address: str) -> str:
        """Change one's own password, and sign in with it; every other browser is signed out.

        Raises also InvalidInput for a new one that is not good enough.
        """
        async with self._noting_what_was_altered():
            return await self._with_new_password(name, password, new, address)

    async def _with_new_password(self, name: str, password: str, new: str, address: str) -> str:
        user, _ = await self._proved(name, password, address=address)
        if new == password:
            raise Forbidden("that is the password you have", field="new", remedy="Choose another.")
        changed = replace(
            user,
            password_hash=await self.passwords.hash(new, name=user.name),
            must_change=False,
            changed_at=self.gatewright.clock(),
        )
        async with self.gatewright.store.begin() as tx:
            who = await _person(tx, user)
            await tx.users.put(changed)
            await tx.sessions.end_all(user.tenant, user.name)
            await self.gatewright.audit.append(
                tx,
                tenant=user.tenant,
                actor=user.name,
                kind="user.password_changed",
                payload={"user": user.name},
            )
            return await self.sessions.begin(tx, who, Proof(way=Way.PASSWORD))

    async def with_token(self, token: str, *, address: str) -> str:
        """Raises Unauthenticated and TooMany."""
        who = await authenticate(self.gatewright, token, address=address)
        proof = Proof(way=Way.TOKEN, token_hash=token_hash(token))
        async with self.gatewright.store.begin() as tx:
            return await self.sessions.begin(tx, who, proof)

    async def with_provider(
        self, provider: Provider, started: Started, sent: Mapping[str, str], *, address: str
    ) -> str:
        """Whoever the provider vouches for and policy has a place for.

        Raises Unauthenticated, NotLinked, TooMany, and NotReady when the provider does not answer.
        """
        place = tokens_from(address)
        await self.throttle.count(place)
        try:
            identity = await provider.finish(started, sent)
        except NotReady:
            await self.throttle.succeeded(address=place)  # that was nobody's guess
            raise
        entry = await self.gatewright.access.entry(identity.groups)
        if entry is None:
            raise Unauthenticated("policy lets nobody in with these groups")
        await self.throttle.succeeded(address=place)
        async with self._noting_what_was_altered():
            return await self._enter(identity, entry)

    async def _enter(self, identity: Identity, entry: Entry) -> str:
        async with self.gatewright.store.begin() as tx:
            bound = await tx.bindings.of_identity(identity.principal)
            who = (
                await self._bound(tx, bound, entry)
                if bound is not None
                else await self._of_its_own(tx, identity, entry)
            )
            if who is not None:
                proof = Proof(way=Way.OIDC, policy_revision=entry.revision)
                return await self.sessions.begin(tx, who, proof)
        raise NotLinked("somebody of that name is known here already")

    async def _bound(self, tx: Transaction, bound: Binding, entry: Entry) -> Principal:
        """The person that an administrator said it is, with the roles that they have here."""
        who = await tx.principals.get(bound.tenant, bound.principal)
        if who is None or entry.tenant != who.tenant or who.kind is not PrincipalKind.PERSON:
            raise Unauthenticated("it is linked to nobody of that tenant")
        if who.id in await tx.principals.disabled(who.tenant):
            raise Unauthenticated("they are disabled")
        return who

    async def _of_its_own(
        self, tx: Transaction, identity: Identity, entry: Entry
    ) -> Principal | None:
        """Somebody whom the provider alone knows; None, noted, where that could be two of one."""
        same = await namesake(tx, entry.tenant, (identity.name, *identity.names))
        if same is not None:
            await self.gatewright.audit.append(
                tx,
                tenant=entry.tenant,
                actor="gatewright",
                kind="user.not_linked",
                payload={
                    "user": same.id,
                    "identity": identity.principal,
                    "issuer": identity.issuer,
                    "subject": identity.subject,
                },
            )
            return None
        who = Principal(
            id=identity.principal,
            tenant=entry.tenant,
            kind=PrincipalKind.PERSON,
            roles=entry.roles,
            groups=entry.groups,
        )
        if await tx.principals.shut_out(who.id):  # whichever tenant their groups are worth now
            raise Unauthenticated("they are disabled")
        books = Books(
            tx=tx, audit=self.gatewright.audit, by="gatewright", at=self.gatewright.clock()
        )
        await put_vouched(books, who, identity, revision=entry.revision)
        await tx.sessions.end_elsewhere(who.tenant, who.id)
        return who

    @asynccontextmanager
    async def _noting_what_was_altered(self) -> AsyncIterator[None]:
        """Whoever was given something by SQL is nobody; the audit trail and the log say whom."""
        try:
            yield
        except Altered as altered:
            await note_altered(self.gatewright, altered)
            raise Unauthenticated(
                "what is known here of them cannot be trusted", remedy="Ask an administrator."
            ) from None

    async def _proved(self, name: str, password: str, *, address: str) -> tuple[User, str]:
        """The user whose password this is, and its hash anew where that is out of date."""
        typed = name.strip().casefold()[:_LONGEST_NAME]
        account, place = at_account(typed), from_address(address)
        held = await self.throttle.count(account, place)
        async with self.gatewright.store.read() as tx:
            user = await tx.users.by_name(typed)
            shut_out = user is not None and user.name in await tx.principals.disabled(user.tenant)
        checked = await self.passwords.check(user.password_hash if user else None, password)
        if user is None or not checked.right or shut_out:
            if held and user is not None:
                await self._note_held(user)
            raise Unauthenticated("the name or the password is wrong", remedy="Try again.")
        await self.throttle.succeeded(account=account, address=place)
        return user, checked.rehashed

    async def _note_held(self, user: User) -> None:
        async with self.gatewright.store.begin() as tx:
            await self.gatewright.audit.append(
                tx,
                tenant=user.tenant,
                actor="gatewright",
                kind="user.held",
                payload={"user": user.name},
            )


async def _person(tx: Transaction, user: User) -> Principal:
    """Asked again in the transaction that lets them in."""
    who = await tx.principals.get(user.tenant, user.name)
    if who is None or who.kind is not PrincipalKind.PERSON:
        raise Unauthenticated("the name or the password is wrong", remedy="Try again.")
    return who
