"""What the rooms need of each other, said once. Adapters are named in ``brain.wiring`` alone."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from brain.domain.approval import Approval
from brain.domain.change import Plan
from brain.domain.controller import Capabilities
from brain.domain.device import Device
from brain.domain.history import Event, EventKind, Window
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.question import Question
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Verdict

Clock = Callable[[], datetime]
"""Gives the time, in UTC and aware of it."""

NewId = Callable[[str], str]
"""Gives a new id with this prefix: ``new_id("chg")`` is ``chg_01k...``, 30 characters."""


class Judge(Protocol):
    """Decides. It never raises for an engine that fails: that is a deny with its cause."""

    async def judge(self, question: Question) -> Verdict:
        """The verdict on this question, logged."""


class Minter(Protocol):
    """Mints permits: only the gate is one."""

    def mint(
        self,
        record: ChangeRecord,
        plan: Plan,
        verdict: Verdict,
        approvals: Sequence[Approval],
        fence: int,
    ) -> Permit:
        """A permit for exactly this plan, or PermitRefused with the reason."""


class Reader(Protocol):
    """Looks at a device, through whichever controller it has."""

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """Read these paths from the device itself, now; a path ending in a dot reads the object.

        Names and values are TR-181's whatever the device speaks. A path the device does not have
        is absent from the snapshot. Raises DeviceUnreachable when the device does not come.
        """


class Executor(Reader, Protocol):
    """Acts, through one kind of controller, and only under a live permit."""

    @property
    def capabilities(self) -> Capabilities:
        """What the controller can promise; policy and planner are told of it."""

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """Carry out exactly this plan, whole or not at all.

        Raises PermitRefused or DeviceUnreachable when nothing was sent. A refusal by the device
        and an outcome that nobody can tell come back as an Outcome.
        """


class PermitCheck(Protocol):
    """The lock on an executor's door."""

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        """Use the permit up for exactly this plan on this device, or raise PermitRefused.

        Halted when the tenant's changes were halted since it was minted.
        """

    async def still(self, permit: Permit) -> None:
        """Raise Halted when nothing more may be sent under a permit that was spent before."""


class Restraint(Protocol):
    """Holds back what nobody sits at, until it is written. Asked of every change, people's too."""

    async def held(self, record: ChangeRecord) -> str:
        """Why it has to wait, in a sentence for a person; empty when nothing holds it.

        What cannot be known holds it.
        """

    async def take_turn(self, record: ChangeRecord) -> str:
        """The same right before the write: where nothing holds it, it counts as written now."""


class SnapshotSink(Protocol):
    """Where executors put what devices say."""

    async def heard(self, device: Device, snapshot: Snapshot) -> None:
        """Keep it, and that the device was heard from."""


class Wake(Protocol):
    """How the ledger tells the executors that a change is ready. Losing a call loses nothing."""

    def __call__(self, change: ChangeId, /) -> None:
        """A change became ready to execute; look now rather than at the next pass."""


class Events(Protocol):
    """What happened to devices. The store keeps them; history and topology read them."""

    async def of_device(
        self,
        tenant: TenantId,
        device: DeviceId,
        *,
        since: datetime | None = None,
        kinds: Collection[EventKind] | None = None,
        limit: int = 200,
    ) -> list[Event]:
        """Newest first."""

    async def in_window(self, tenant: TenantId, device: DeviceId, window: Window) -> list[Event]:
        """Those that the window has, newest first."""
