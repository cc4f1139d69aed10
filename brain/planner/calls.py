"""Makes the record of one question to a language model, without a word of what was said."""

from hashlib import sha256

from pydantic import BaseModel

from brain.domain.canonical import Json, canonical_bytes
from brain.domain.errors import PlannerFailed
from brain.domain.model_call import CallOutcome, ModelCall
from brain.planner.completion import schema_of
from brain.planner.deps import ModelFailed, Prompt, Reply, Spent
from brain.planner.notebook import Run


def call_of(
    run: Run,
    prompt: Prompt,
    shape: type[BaseModel],
    came: Reply | PlannerFailed,
    *,
    seconds: float,
) -> ModelCall:
    """The record of this question and of what came of it."""
    notes = run.notes
    cost = _cost(came)
    return ModelCall(
        tenant=notes.case.tenant,
        case=notes.case.id,
        proposal=notes.proposal_id,
        at=run.deps.clock(),
        prompt=prompt.name,
        prompt_sha256=sha256(prompt.instructions.encode()).hexdigest(),
        schema_sha256=sha256(canonical_bytes(schema_of(shape))).hexdigest(),
        outcome=_outcome(came),
        why=came.message if isinstance(came, PlannerFailed) else "",
        model=cost.model,
        mode=cost.mode,
        requests=cost.requests,
        tokens_in=cost.tokens_in,
        tokens_out=cost.tokens_out,
        seconds=round(seconds, 3),
        asked=prompt.data if run.deps.keep_prompts else "",
    )


async def keep(run: Run, call: ModelCall) -> None:
    """Count the call, and keep its record where calls are kept."""
    run.notes.spending.add(call)
    if run.deps.keep_call is not None:
        await run.deps.keep_call(call)


def call_shown(call: ModelCall) -> dict[str, Json]:
    """What a program is told of a call at the end of a run."""
    return {
        "prompt": call.prompt,
        "outcome": call.outcome.value,
        "model": call.model,
        "tokens_in": call.tokens_in,
        "tokens_out": call.tokens_out,
        "seconds": call.seconds,
    }


def _cost(came: Reply | PlannerFailed) -> Reply | Spent:
    if isinstance(came, Reply):
        return came
    return came.spent if isinstance(came, ModelFailed) else Spent()


def _outcome(came: Reply | PlannerFailed) -> CallOutcome:
    if isinstance(came, Reply):
        return CallOutcome.MENDED if came.mended else CallOutcome.OK
    return came.outcome if isinstance(came, ModelFailed) else CallOutcome.FAILED
