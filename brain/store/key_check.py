"""A sealed word that tells at the start whether the key is the one the data was written with.

Without it a wrong key would be noticed at the first old row that is read, after new rows were
already written under it.
"""

from sqlalchemy import Table, bindparam, select

from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, context

key_checks = Table("key_checks", metadata, words("tenant", key=True), sealed("sealed"))

_OF_ALL = ""  # the key is the same for every tenant
_WORD = b"gatewright"
_PLACE = context("key_checks", _OF_ALL)
_get = select(key_checks.c.sealed).where(key_checks.c.tenant == bindparam("tenant"))


class KeyCheck(Repository):
    """Behind ``Store``: looked at when it opens, written when it migrates."""

    __slots__ = ()

    async def verify(self) -> None:
        """Raise Unreadable when the word does not open with the keys that were given.

        A database that was not migrated yet has no word, and nothing under another key either.
        """
        if not await self._db.has(key_checks):
            return
        row = await self._db.row(_get, {"tenant": _OF_ALL})
        if row is not None:
            self._db.cipher.decrypt(row.sealed, _PLACE)

    async def renew(self) -> None:
        """Verify, and seal the word under the newest key, so that older ones can be dropped."""
        await self.verify()
        document = self._db.cipher.encrypt(_WORD, _PLACE)
        await self._upsert(key_checks, {"tenant": _OF_ALL, "sealed": document})
