"""One bundle decides at every door at once, and is exchanged while they are open."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from brain.domain.approval import Approval
from brain.domain.change import Plan
from brain.domain.identity import Principal, TenantId
from brain.domain.permit import Permit
from brain.domain.question import Question
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Verdict
from policies.access import Access, Entry
from policies.bundle import Bundle
from policies.gate import Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What answers from one bundle, and from no other."""

    bundle: Bundle
    gate: Gate
    access: Access


Begin = Callable[[Bundle], Serving]


class ActivePolicy:
    """A ``Judge``, a ``Minter`` and the front door's access, of one bundle at any moment.

    A question that is being asked while bundles are exchanged is answered by the one that it was
    put to, and its verdict says so: no permit is minted on it any more.
    """

    def __init__(self, begin: Begin, bundle: Bundle) -> None:
        """Raises PolicyUnavailable when the engine does not take the bundle."""
        self._begin = begin
        self._now = begin(bundle)
        self._changed = asyncio.Event()

    @property
    def bundle(self) -> Bundle:
        """The active one."""
        return self._now.bundle

    @property
    def engine(self) -> str:
        """The name of the engine that judges plans."""
        return self._now.gate.engine.name

    async def prepared(self, bundle: Bundle) -> Serving:
        """What would answer from this bundle. Raises PolicyUnavailable when nothing can."""
        return await asyncio.to_thread(self._begin, bundle)

    def take(self, serving: Serving) -> None:
        """Answer from this one from now on. It cannot fail, so it follows what was written down."""
        self._now = serving
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def exchange(self, bundle: Bundle) -> None:
        """Both in one. Raises PolicyUnavailable, and nothing has changed."""
        self.take(await self.prepared(bundle))

    async def other_than(self, revision: str, *, within: timedelta) -> Bundle:
        """The active bundle once it is not of this revision; the same one when the time is up."""
        try:
            async with asyncio.timeout(within.total_seconds()):
                while self.bundle.revision == revision:
                    await self._changed.wait()
        except TimeoutError:
            pass
        return self.bundle

    async def judge(self, question: Question) -> Verdict:
        """See ``Gate.judge``."""
        return await self._now.gate.judge(question)

    def mint(
        self,
        record: ChangeRecord,
        plan: Plan,
        verdict: Verdict,
        approvals: Sequence[Approval],
        fence: int,
    ) -> Permit:
        """See ``Gate.mint``."""
        return self._now.gate.mint(record, plan, verdict, approvals, fence)

    async def ready(self) -> bool:
        """See ``Gate.ready``."""
        return await self._now.gate.ready()

    @property
    def revision(self) -> str:
        """The revision of the active one."""
        return self._now.bundle.revision

    async def entry(self, groups: Sequence[str]) -> Entry | None:
        """See ``Access.entry``."""
        return await self._now.access.entry(groups)

    async def trouble(self) -> str:
        """See ``Gate.trouble``."""
        return await self._now.gate.trouble()

    async def allowed(
        self, principal: Principal, action: str, *, tenant: TenantId | None = None
    ) -> bool:
        """See ``Access.allowed``."""
        return await self._now.access.allowed(principal, action, tenant=tenant)
