"""Plans: each kept once a digest, encrypted, because what they set may be a passphrase."""

from sqlalchemy import Table

from brain.domain.change import Plan
from brain.domain.identity import TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, context, insert_for

plans = Table(
    "plans",
    metadata,
    words("tenant", key=True),
    words("digest", key=True),
    sealed("sealed"),
)
_codec = Codec(Plan, "plan")


class Plans(Repository):
    """Behind ``changes``, which hands plans in and out."""

    __slots__ = ()

    async def keep(self, tenant: TenantId, plan: Plan) -> None:
        """Keep it unless it is kept already."""
        document = self._seal(_codec, plan, "plans", tenant, plan.digest)
        values = {"tenant": tenant, "digest": plan.digest, "sealed": document}
        await self._db.run(insert_for(plans, self._db.dialect).on_conflict_do_nothing(), values)

    def document(self, tenant: str, digest: str, document: bytes) -> bytes:
        """The JSON of a kept plan, decrypted; whoever decodes it checks that it has this digest."""
        return self._db.cipher.decrypt(document, context("plans", tenant, digest))
