"""Sessions of browsers: a new id at every sign-in, kept in the store, ended by clocks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from api.auth import note_altered
from api.needs import Gatewright
from brain.domain.entrance import Session, Way
from brain.domain.errors import Altered, NotFound
from brain.domain.identity import Principal
from brain.store.transaction import Transaction

_BYTES = 32
_NOTED_EVERY = timedelta(minutes=1)
"""A use is written down once a minute: a page asks many times a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """How long a session lasts."""

    idle: timedelta = timedelta(hours=1)
    most: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a session rests on."""

    way: Way
    token_hash: str = ""
    policy_revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Begins, finds and ends them. Each is one row, so a restart changes nothing."""

    gatewright: Gatewright
    clocks: Clocks

    async def begin(self, tx: Transaction, who: Principal, proof: Proof) -> str:
        """A new session of this principal: its id, which only the browser keeps from now on."""
        made, now = token_urlsafe(_BYTES), self.gatewright.clock()
        session = Session(
            hash=hash_of(made),
            tenant=who.tenant,
            principal=who.id,
            way=proof.way,
            token_hash=proof.token_hash,
            policy_revision=proof.policy_revision,
            began_at=now,
            seen_at=now,
            ends_at=now + self.clocks.most,
        )
        await tx.sessions.begin(session)
        await self._note(tx, who, "session.began", way=proof.way.value)
        return made

    async def find(self, session_id: str) -> tuple[Principal, Session] | None:
        """Whom it stands for now, with the roles they have now; None when it stands for nobody.

        A store that does not answer raises: nobody knows then, and it is neither ended nor
        believed.
        """
        if not session_id:
            return None
        now = self.gatewright.clock()
        try:
            async with self.gatewright.store.read() as tx:
                found = await tx.sessions.live(
                    hash_of(session_id), now=now, idle_since=now - self.clocks.idle
                )
        except Altered as altered:
            await self._end_altered(session_id, altered)
            return None
        if found is not None and self._is_outdated(found[1]):
            return None
        if found is not None and found[1].seen_at <= now - _NOTED_EVERY:
            await self._seen(found[1].hash, now)
        return found

    async def _end_altered(self, session_id: str, altered: Altered) -> None:
        """It ends, so that a page that asks again and again says it once."""
        async with self.gatewright.store.begin() as tx:
            ended = await tx.sessions.end(hash_of(session_id))
        if ended:
            await note_altered(self.gatewright, altered)

    def _is_outdated(self, session: Session) -> bool:
        """Whether the roles are of another policy: whoever it names now comes in anew."""
        current = self.gatewright.access.revision
        return session.way is Way.OIDC and session.policy_revision != current

    async def end(self, session_id: str) -> None:
        """Sign this browser out."""
        hashed, now = hash_of(session_id), self.gatewright.clock()
        try:
            async with self.gatewright.store.begin() as tx:
                found = await tx.sessions.live(hashed, now=now, idle_since=_LONG_AGO)
                if await tx.sessions.end(hashed) and found:
                    await self._note(tx, found[0], "session.ended", everywhere=False)
        except Altered as altered:
            await self._end_altered(session_id, altered)

    async def of(self, who: Principal) -> list[Session]:
        """The browsers that somebody is signed in with now, oldest first."""
        async with self.gatewright.store.read() as tx:
            found = await tx.sessions.of_principal(who.tenant, who.id)
        return [each for each in found if self._lasts(each)]

    async def end_one(self, who: Principal, known_as: str) -> Session:
        """Sign one of somebody's own browsers out. NotFound: it is not theirs, or over."""
        async with self.gatewright.store.begin() as tx:
            for each in await tx.sessions.of_principal(who.tenant, who.id):
                if each.known_as == known_as and self._lasts(each):
                    await tx.sessions.end(each.hash)
                    await self._note(tx, who, "session.ended", everywhere=False)
                    return each
        raise NotFound(
            "you have no such session",
            field="session",
            remedy="See `gatewright session list`.",
        )

    def _lasts(self, session: Session) -> bool:
        now = self.gatewright.clock()
        return now < session.ends_at and now < session.seen_at + self.clocks.idle

    async def end_all(self, who: Principal) -> int:
        """Sign this principal out everywhere; of how many browsers."""
        async with self.gatewright.store.begin() as tx:
            count = await tx.sessions.end_all(who.tenant, who.id)
            await self._note(tx, who, "session.ended", everywhere=True)
        return count

    async def _seen(self, session_hash: str, now: datetime) -> None:
        async with self.gatewright.store.begin() as tx:
            await tx.sessions.touch(session_hash, now)

    async def _note(self, tx: Transaction, who: Principal, kind: str, **what: str | bool) -> None:
        await self.gatewright.audit.append(
            tx, tenant=who.tenant, actor=who.id, kind=kind, payload={"principal": who.id, **what}
        )


def hash_of(session_id: str) -> str:
    """What the store keeps of an id of 256 random bits."""
    return sha256(session_id.encode()).hexdigest()


_LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
