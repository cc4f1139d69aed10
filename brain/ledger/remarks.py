"""Comments on a change: kept for people, and the audit trail says only that one was made."""

from dataclasses import dataclass

from brain.domain.comment import Comment, check_text
from brain.domain.identity import ChangeId, Principal
from brain.ledger.steps import Steps, found
from brain.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """Anybody whom policy lets comment may, whatever the state of the change."""

    store: Store
    steps: Steps

    async def comment(self, who: Principal, change: ChangeId, text: str) -> Comment:
        """Keep a comment; it moves nothing. NotFound, or InvalidInput for no text or too much."""
        check_text(text)
        async with self.store.begin() as tx:
            record = await found(tx, who.tenant, change)
            said = Comment(change=change, by=who.id, at=self.steps.clock(), text=text)
            await tx.comments.add(who.tenant, said)
            await self.steps.note(tx, record, str(who.id), "commented", {})
        return said
