"""Sessions: browsers that are signed in, sealed, so that SQL signs nobody in.

Only hashes of their ids are kept.
"""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    not_,
    or_,
    select,
    update,
)

from brain.domain.entrance import Session, Way
from brain.domain.errors import Altered, Unreadable
from brain.domain.identity import Principal, PrincipalId, TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, one_of, sealed, words
from brain.store.principals import COLUMNS, principal_of, principals
from brain.store.repository import Repository, columns_of
from brain.store.tokens import TOKEN, record_of, tokens

sessions = Table(
    "sessions",
    metadata,
    words("hash", key=True),
    words("tenant"),
    words("principal"),
    one_of("way", Way),
    words("token_hash"),
    words("policy_revision"),
    moment("began_at"),
    moment("seen_at"),
    moment("ends_at"),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "principal"], ["principals.tenant", "principals.id"]),
    Index(None, "tenant", "principal"),
)
_FIELDS = tuple(field.name for field in fields(Session))
_codec = Codec(Session, "session")
_log = structlog.get_logger(__name__)
_own = tuple(sessions.c[name].label(f"session_{name}") for name in (*_FIELDS, "sealed"))
_whose = and_(
    sessions.c.tenant == bindparam("tenant"), sessions.c.principal == bindparam("principal")
)
_add = insert(sessions)
_live = (
    select(*COLUMNS, *_own, *TOKEN)
    .join(
        principals,
        and_(principals.c.tenant == sessions.c.tenant, principals.c.id == sessions.c.principal),
    )
    .outerjoin(tokens, tokens.c.hash == sessions.c.token_hash)
    .select_from(sessions)
    .where(
        sessions.c.hash == bindparam("hash"),
        sessions.c.ends_at > bindparam("now"),
        sessions.c.seen_at > bindparam("idle_since"),
        not_(principals.c.disabled),
        or_(
            sessions.c.token_hash == "",
            and_(
                tokens.c.hash.is_not(None),
                or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > bindparam("now")),
            ),
        ),
    )
)
_touch = update(sessions).where(sessions.c.hash == bindparam("of")).values(seen_at=bindparam("at"))
_end = delete(sessions).where(sessions.c.hash == bindparam("hash"))
_end_all = delete(sessions).where(_whose)
_end_elsewhere = delete(sessions).where(
    sessions.c.tenant != bindparam("tenant"), sessions.c.principal == bindparam("principal")
)
_forget = delete(sessions).where(sessions.c.ends_at <= bindparam("now"))
_of = select(*_own).where(_whose).order_by(sessions.c.began_at)


class Sessions(Repository):
    """Kept by the hash of their id. A row that is gone is a session that ended."""

    __slots__ = ()

    async def begin(self, session: Session) -> None:
        """Keep a new one, and forget those whose time is over."""
        await self._db.run(_forget, {"now": session.began_at})
        document = self._seal(_codec, session, "sessions", session.hash)
        await self._db.run(_add, {**columns_of(session), "sealed": document})

    async def live(
        self, session_hash: str, *, now: datetime, idle_since: datetime
    ) -> tuple[Principal, Session] | None:
        """Whom it stands for; None once it ended, idled or lost its token, or they are disabled.

        Raises Altered where SQL made it, or gave whom it stands for more than was given here.
        """
        values = {"hash": session_hash, "now": now, "idle_since": idle_since}
        row = await self._db.row(_live, values)
        if row is None:
            return None
        session = self._read(row)
        scopes = record_of(self._db, row).scopes if session.token_hash else None
        return principal_of(self._db, row, scopes), session

    async def touch(self, session_hash: str, at: datetime) -> None:
        """It was used."""
        await self._db.run(_touch, {"of": session_hash, "at": at})

    async def end(self, session_hash: str) -> bool:
        """End it; whether there was one."""
        return await self._db.run(_end, {"hash": session_hash}) > 0

    async def end_all(self, tenant: TenantId, principal: PrincipalId) -> int:
        """Sign a principal out everywhere; of how many browsers."""
        return await self._db.run(_end_all, {"tenant": tenant, "principal": principal})

    async def end_elsewhere(self, tenant: TenantId, principal: PrincipalId) -> int:
        """End theirs in every tenant but this one, where they belong now; how many."""
        return await self._db.run(_end_elsewhere, {"tenant": tenant, "principal": principal})

    async def of_principal(self, tenant: TenantId, principal: PrincipalId) -> list[Session]:
        """Theirs that did not end by themselves or by word, oldest first; some may be idle."""
        found = []
        for row in await self._db.rows(_of, {"tenant": tenant, "principal": principal}):
            try:
                found.append(self._read(row))
            except Altered as altered:
                _log.error("session_altered", principal=altered.principal)
        return found

    def _read(self, row: Row[Any]) -> Session:
        """What was sealed, if the columns say the same but for when it was last seen."""
        said = Session(**{name: row._mapping[f"session_{name}"] for name in _FIELDS})
        try:
            kept = self._open(_codec, row.session_sealed, "sessions", said.hash)
        except Unreadable:
            kept = None
        if kept is None or replace(kept, seen_at=said.seen_at) != said:
            raise Altered("session", tenant=said.tenant, principal=said.principal)
        return said
