"""What the planner is given. All of it looks, remembers or asks; none of it can touch a device."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeVar

from pydantic import BaseModel

from brain.domain.controller import Capabilities
from brain.domain.device import Device
from brain.domain.errors import PlannerFailed
from brain.domain.history import Event, TrackRecord
from brain.domain.identity import DeviceId, Principal, TenantId
from brain.domain.known_bug import KnownBug
from brain.domain.model_call import CallOutcome, ModelCall
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock, NewId, Reader
from brain.domain.proposal import Cause, Proposal
from brain.domain.record import ChangeRecord
from brain.domain.topology import CommonCause, NeighbourHealth
from brain.planner.recollection import CaseMemory

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """How those on the same access node are, and whether they suffer together."""

    health: tuple[NeighbourHealth, ...] = ()
    common_cause: CommonCause | None = None
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What neighbours of the same model hold, by path: settings of the line, nobody's own."""


class Knowledge(Protocol):
    """What the brain already knows of a device. Reading it never wakes the device."""

    async def device(self, tenant: TenantId, device: DeviceId) -> Device:
        """The device; NotFound when the tenant has none of that id."""

    async def snapshot(self, device: Device) -> Snapshot | None:
        """What the device last said, or None when it never said anything."""

    async def names(self, device: Device) -> Sequence[str]:
        """Names that must never leave: the subscriber's, the site's."""

    async def neighbourhood(self, device: Device) -> Neighbourhood:
        """The neighbours on the same access node."""

    async def timeline(self, device: Device, *, limit: int) -> Sequence[Event]:
        """The latest events of the device, newest first."""

    async def plan(self, device: Device) -> str:
        """What the books say the subscriber pays for; empty when they do not say."""

    async def track_record(
        self, device: Device, cause: Cause, paths: Sequence[ParameterPath]
    ) -> TrackRecord | None:
        """How such a change fared on this model and firmware; None when nobody knows."""


class Submit(Protocol):
    """The one way out: ``Ledger.submit``."""

    async def __call__(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        """Put a proposal before policy; InvalidPlan or InvalidValue when it is no plan."""


class HandOver(Protocol):
    """Keeps a proposal that changes nothing: ``Ledger.hand_over``."""

    async def __call__(self, proposal: Proposal) -> None:
        """Keep it with its evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question to a language model."""

    name: str
    """Which prompt it is: ``intake``, ``diagnose``, ``propose`` or ``answer``."""
    instructions: str
    """Ours alone: nothing from outside is ever in it."""
    data: str
    """JSON. Everything from outside is in here, pseudonymised, and it is only ever data."""
    progress: Callable[[int], None] | None = field(default=None, compare=False)
    """Told how much of the answer has come, where the server streams."""


@dataclass(slots=True, kw_only=True)
class Spent:
    """What one question has cost so far, whatever comes of it."""

    model: str = ""
    mode: str = ""
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    mended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A language model's answer, already of the shape asked for, and what it cost."""

    answer: BaseModel
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    mode: str = ""
    """How the server was held to the shape."""
    requests: int = 1
    """How often it was asked, mending included."""
    mended: bool = False


class ModelFailed(PlannerFailed):
    """A language model gave no answer that can be used; what that cost is told with it."""

    def __init__(
        self, message: str, *, outcome: CallOutcome = CallOutcome.FAILED, spent: Spent | None = None
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.spent = spent or Spent()


class CallBook(Protocol):
    """Keeps the record of each question to a language model."""

    async def __call__(self, call: ModelCall) -> None:
        """Keep it."""


class LanguageModel(Protocol):
    """Answers one question in a given shape."""

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        """The answer as an instance of ``shape``, or PlannerFailed with a sentence why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBudget:
    """What one run may spend on a language model."""

    calls: int = 8
    tokens: int = 60_000
    """In and out together, over the run."""
    seconds: float = 120.0
    """Over the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerDeps:
    """Everything from outside, named once by the wiring."""

    reader: Reader
    knowledge: Knowledge
    submit: Submit
    hand_over: HandOver
    clock: Clock
    new_id: NewId
    new_passphrase: Callable[[], str]
    """A fresh WPA passphrase: 8 to 63 characters that can be read out over a telephone."""
    pseudonym_key: bytes
    """Secret; names in prompts are made with it, so nobody else can tell them back."""
    resolvers: tuple[str, ...] = ()
    """DNS resolvers the operator runs or trusts, best first."""
    time_servers: tuple[str, ...] = ()
    """Time servers the operator runs or trusts, best first."""
    known_bugs: tuple[KnownBug, ...] = ()
    effect_points: int = 20
    """By how much a better channel promises to lower the utilisation (0 to 255)."""
    effect_within: timedelta = timedelta(seconds=60)
    memory: CaseMemory | None = None
    """None: every message of a case stands for itself."""
    promised: Callable[[Device], Capabilities | None] = lambda device: None
    """What the controller of a device promises; None: nobody knows, and policy alone has a say."""
    composable: Callable[[str, str], bool] | None = None
    """Whether policy lets a model set this path, given its value; None: nobody knows beforehand."""
    model: LanguageModel | None = None
    """None: the rules planner does the whole job."""
    budget: ModelBudget = ModelBudget()
    keep_call: CallBook | None = None
    """None: what was asked of the model is not kept."""
    keep_prompts: bool = False
    """Whether what a model was shown is kept with the record, pseudonymised and sealed."""
    fall_back: bool = True
    """Whether the rules planner takes over when the language model fails."""
