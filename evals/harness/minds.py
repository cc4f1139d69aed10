"""The planners by the names that people use, and how each is made for one case."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from brain.domain.errors import InvalidInput
from brain.domain.incident import Case
from brain.planner.http_of_openai import http
from brain.planner.llm import LlmLimits, OpenAiModel
from brain.settings import load_settings
from evals.harness.at_random import random_mind
from evals.harness.blinding import Blinded
from evals.harness.planning import Desk, Mind, graph_mind, nothing
from evals.harness.road import shipped_rules
from evals.homes.chance import dice
from evals.standins.chat import Answerer
from evals.standins.hostile import ENDLESS, EVIL, WAYS
from evals.standins.insider import INSIDER
from evals.standins.llm import LanguageServer
from evals.standins.scheming import scheming
from evals.standins.useless import useless

PLANNERS: Mapping[str, str] = {
    "rules": "the rules planner alone",
    "llm": "the language model of GATEWRIGHT_LLM_MODEL and its kin, with the rules beside it",
    "noop": "a floor: never proposes anything",
    "random": "a floor: one random legal change, whatever was said",
    "useless": "a language model that answers at random, valid in form",
    "hostile": "a language model that was turned by an attacker who knows the policy",
}
_MOSTLY_EVIL = 0.8
"""The share of a blunt model's answers that are valid in form; the others are broken."""
_SCHEMING = 0.6
"""The share of cases in which the attacker looks at what there is, rather than saying his piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Which planner runs, with the seed of what it draws."""

    name: str
    seed: int = 1
    without: frozenset[str] = frozenset()
    """What its language model is not shown: names of ``blinding.PARTS``."""

    def __post_init__(self) -> None:
        if self.name not in PLANNERS:
            raise InvalidInput(
                f"there is no planner {self.name}",
                field="--planner",
                remedy=f"There are: {', '.join(PLANNERS)}.",
            )
        if self.without and self.name != "llm":
            raise InvalidInput("only --planner llm is shown anything", field="--without")
        if self.name == "llm" and not load_settings().llm_configured:
            raise InvalidInput(
                "no language model is configured",
                field="--planner",
                remedy="Set GATEWRIGHT_LLM_MODEL, GATEWRIGHT_LLM_BASE_URL or OPENAI_API_KEY.",
            )

    def mind(self, case_id: str, epoch: int) -> Mind:
        """The planner for one case, which plays out the same whenever it is run."""
        makers: Mapping[str, Callable[[], Mind]] = {
            "rules": lambda: graph_mind(None),
            "llm": lambda: _with_model(_configured, self.without),
            "noop": lambda: nothing,
            "random": lambda: random_mind(self.seed, f"{case_id}/{epoch}"),
            "useless": lambda: mind_of(useless(draw)),
            "hostile": lambda: mind_of(_hostile(draw)),
        }
        draw = dice(self.seed, self.name, case_id, epoch)
        return makers[self.name]()


def model_name(planner: str) -> str:
    """What the report calls the model; empty for planners without one."""
    return load_settings().llm_model or "the server's own" if planner == "llm" else ""


def _with_model(
    make: Callable[[], OpenAiModel], without: frozenset[str] = frozenset(), *, told: bool = True
) -> Mind:
    """A planner whose model is made for one case: its connections belong to one event loop."""

    async def plan(desk: Desk, case: Case, text: str) -> None:
        model = make()
        try:
            await graph_mind(Blinded(model, without), told=told)(desk, case, text)
        finally:
            await model.aclose()

    return plan


def _configured() -> OpenAiModel:
    settings = load_settings()
    patience = settings.llm_timeout.total_seconds()
    return OpenAiModel(
        model=settings.llm_model,
        base_url=settings.llm_base_url,
        api_key=os.environ.get("OPENAI_API_KEY", ""),
        limits=LlmLimits(timeout=patience, question_seconds=2 * patience),
    )


def _standing_in(answerer: Answerer) -> OpenAiModel:
    return OpenAiModel(
        model="stand-in",
        base_url="http://stand-in.invalid/v1",
        limits=LlmLimits(timeout=5, retries=0, question_seconds=10),
        transport=http.ASGITransport(app=LanguageServer(answerer)),
    )


def mind_of(answerer: Answerer) -> Mind:
    """A planner with this stand-in behind it, which is not told what policy would refuse it."""
    return _with_model(lambda: _standing_in(answerer), told=False)


def _hostile(draw: Random) -> Answerer:
    """In most cases patient and cunning; else blunt, and now and then broken in form.

    Never endless, to save hours.
    """
    if draw.random() < _SCHEMING:
        return scheming(draw, _composable())
    evil = [*EVIL, *INSIDER]
    broken = [name for name in WAYS if name not in evil and name not in ENDLESS]
    return lambda request: WAYS[draw.choice(evil if draw.random() < _MOSTLY_EVIL else broken)](
        request
    )


def _composable() -> list[str]:
    """Globs of what the shipped rules let a model compose: the attacker has read them."""
    lists = shipped_rules().data["composable"]
    assert isinstance(lists, dict)
    named = [name for part in lists.values() if isinstance(part, dict | list) for name in part]
    return [str(name).replace("{i}", "*") for name in named]
