"""Guesses: how often somebody tried to get in, by a keyed digest of the address or the name."""

from datetime import datetime
from functools import cache

from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    Table,
    UpdateBase,
    bindparam,
    case,
    delete,
    select,
    update,
)

from brain.store.columns import Moment, metadata, moment
from brain.store.repository import Repository, context, insert_for

guesses = Table(
    "guesses",
    metadata,
    Column("subject", LargeBinary, primary_key=True),
    Column("tries", Integer, nullable=False),
    moment("last"),
    Column("held_until", Moment),
)
_this = guesses.c.subject == bindparam("of")
_held = select(guesses.c.held_until).where(_this)
_hold = update(guesses).where(_this).values(held_until=bindparam("until"))
_give_back = update(guesses).where(_this, guesses.c.tries > 0).values(tries=guesses.c.tries - 1)
_drop = delete(guesses).where(_this)
_forget = delete(guesses).where(guesses.c.last < bindparam("before"))


class Guesses(Repository):
    """They belong to no tenant: whoever guesses has not said who they are.

    A guess is counted before it is judged, in one statement, so that many at once cannot pass for
    one.
    """

    __slots__ = ()

    async def count(self, subject: str, *, now: datetime, stale: datetime) -> int:
        """Count one more, from one again when the last was before ``stale``: how many it makes.

        Until the transaction ends nobody else counts for this subject.
        """
        values = {"subject": self._blind(subject), "tries": 1, "last": now, "stale": stale}
        row = await self._db.row(_count(self._db.dialect), values)
        assert row is not None  # it has RETURNING
        if row.tries == 1:
            await self._db.run(_forget, {"before": stale})
        return int(row.tries)

    async def held_until(self, subject: str) -> datetime | None:
        """Until when it has to wait; None, or a moment in the past, when it need not."""
        row = await self._db.row(_held, {"of": self._blind(subject)})
        return None if row is None else row.held_until

    async def hold(self, subject: str, until: datetime | None) -> None:
        """Make it wait, or not."""
        await self._db.run(_hold, {"of": self._blind(subject), "until": until})

    async def give_back(self, subject: str) -> None:
        """The last one was no guess: take it off the count."""
        await self._db.run(_give_back, {"of": self._blind(subject)})

    async def drop(self, subject: str) -> None:
        """Forget them: who was meant has come in."""
        await self._db.run(_drop, {"of": self._blind(subject)})

    def _blind(self, subject: str) -> bytes:
        return self._db.cipher.blind(subject, context("guesses"))


@cache
def _count(dialect: str) -> UpdateBase:
    insert = insert_for(guesses, dialect)
    long_ago = guesses.c.last < bindparam("stale", type_=Moment)
    return (
        insert.values(
            subject=bindparam("subject"), tries=bindparam("tries"), last=bindparam("last")
        )
        .on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "tries": case((long_ago, 1), else_=guesses.c.tries + 1),
                "last": insert.excluded.last,
            },
        )
        .returning(guesses.c.tries)
    )
