"""What one run knows while it runs. It holds personal data, so it is never checkpointed."""

from dataclasses import dataclass, field

from brain.datamodel.catalogue import Catalogue
from brain.domain.canonical import Json
from brain.domain.change import Change
from brain.domain.device import Device
from brain.domain.errors import PlannerFailed
from brain.domain.history import Event
from brain.domain.identity import Principal
from brain.domain.incident import Case, Symptom
from brain.domain.model_call import ModelCall
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Author, Cause
from brain.planner.candidates import Candidate
from brain.planner.deps import ModelBudget, Neighbourhood, PlannerDeps
from brain.planner.evidence import WISHES
from brain.planner.facts import IntakeFacts
from brain.planner.groups import Group
from brain.planner.pseudonyms import Pseudonyms
from brain.planner.recollection import Housemate, Recollection
from brain.planner.weighing import found, weighed

_NOTHING_FOUND = 0.5
"""How sure it is that nothing is wrong where nothing was found."""


@dataclass(slots=True)
class Spending:
    """What a run has spent on the language model so far."""

    budget: ModelBudget
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    made: list[ModelCall] = field(default_factory=list)
    """The calls, in order."""

    def begin(self) -> float:
        """Count one more call and return the seconds left for it; PlannerFailed when none are."""
        tokens = self.tokens_in + self.tokens_out
        left = self.budget.seconds - self.seconds
        if self.calls >= self.budget.calls or tokens >= self.budget.tokens or left <= 0:
            raise PlannerFailed(
                f"the language model used up what one case may cost ({self.calls} questions, "
                f"{tokens} tokens, {self.seconds:.0f} s)"
            )
        self.calls += 1
        return left

    def add(self, call: ModelCall) -> None:
        """Add a call, with what it cost whether it brought an answer or not."""
        self.made.append(call)
        self.tokens_in += call.tokens_in
        self.tokens_out += call.tokens_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen to be proposed, before anybody checked it. Empty: nothing."""

    candidate: str = ""
    composed: tuple[tuple[str, str], ...] | None = None
    """Path and value, as a language model wrote them."""
    cause: Cause = Cause.UNKNOWN
    sentence: str = ""
    by_model: bool = False


@dataclass(slots=True)
class Draft:
    """What is about to be proposed."""

    candidate: Candidate
    author: Author
    changes: tuple[Change, ...] = ()
    """The grounded changes, once they are."""
    sentence: str = ""
    """What the language model would tell the agent; empty for the rules planner."""


@dataclass(slots=True)
class Notebook:
    """The working notes of one run, for its steps only."""

    case: Case
    proposal_id: str
    text: str
    """What was written; read by intake and by nothing after it."""
    asker: Principal
    device: Device
    catalogue: Catalogue
    pseudonyms: Pseudonyms
    spending: Spending
    with_model: bool
    """Whether the language model still takes part; false for good once it failed."""
    remembers: bool = False
    """Whether the case has a memory: without one every message stands for itself."""
    past: Recollection = field(default_factory=Recollection)
    """What was said and done in the case before this message."""
    housemates: tuple[Housemate, ...] = ()
    """The other devices of the home."""
    only_recalls: bool = False
    """Whether the run only answers from the past, so that what was considered stays as it is."""
    given: IntakeFacts | None = None
    """What is known beforehand, where nobody wrote anything: of an incident."""
    facts: IntakeFacts | None = None
    by_words: IntakeFacts | None = None
    """What the words alone said, for when the language model turns out not to be trusted."""
    snapshot: Snapshot | None = None
    read: set[Group] = field(default_factory=set)
    unreachable: str = ""
    """Why the device could not be read; empty when it was."""
    neighbourhood: Neighbourhood = field(default_factory=Neighbourhood)
    timeline: tuple[Event, ...] = ()
    plan: str = ""
    """What the books say the subscriber pays for."""
    candidates: tuple[Candidate, ...] = ()
    hypotheses: list[dict[str, Json]] = field(default_factory=list)
    """How a language model weighed the causes, in its own shape."""
    choice: Choice = Choice()
    asks_about: str = ""
    """The candidate that the agent is asked about before it is proposed, by its id."""
    tried: set[str] = field(default_factory=set)
    """The candidates that turned out to be no plan, by id."""
    draft: Draft | None = None
    all_is_well: bool = False
    """Whether everything that could explain the complaint was told, and is in order."""
    advice: str = ""
    """What the agent is told when nothing should change and nobody has to act."""

    def dismiss_model(self) -> None:
        """Let the model out of the run, and with it what it read in the message.

        Where the words alone said nothing, its reading is all there is, and is kept.
        """
        self.with_model = False
        if self.by_words is not None and self.by_words.symptom is not Symptom.UNCLEAR:
            self.facts = self.by_words

    @property
    def only_model_complains(self) -> bool:
        """Whether only a model heard a complaint: where no words name one, there may be none.

        Said yes to is what it was asked about, and only that.
        """
        said = self.by_words
        unclear = said is not None and said.symptom is Symptom.UNCLEAR and not said.complains
        unsaid = unclear or (said is not None and said.by_model)
        heard = unsaid and self.known.by_model and self.known.symptom not in WISHES
        return heard and self.confirmed is None

    @property
    def confirmed(self) -> Candidate | None:
        """The candidate that the agent said yes to, while it is still the very same."""
        wanted = self.known.confirmed
        return next((each for each in self.candidates if wanted and each.mark == wanted), None)

    @property
    def causes(self) -> list[Json]:
        """What could be the cause, likeliest first: as the evidence shows, and a model thinks."""
        shows = found(self.candidates)
        if not shows and self.all_is_well:
            shows[Cause.NOTHING_WRONG] = _NOTHING_FOUND
        if self.with_model and self.hypotheses:
            shows = weighed(self.hypotheses, shows, self.read)
        return [
            {"cause": cause.value, "probability": round(sure, 3)} for cause, sure in shows.items()
        ]

    @property
    def known(self) -> IntakeFacts:
        """The facts of intake, which runs first."""
        if self.facts is None:
            raise PlannerFailed("the message was not read before it was acted on")
        return self.facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The context of every step: what the planner is given, and this run's notes."""

    deps: PlannerDeps
    notes: Notebook
