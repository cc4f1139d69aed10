"""Says why there is no proposal: it is unclear, out of reach, not possible, or not known."""

from langgraph.runtime import Runtime

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.confirming import question_about
from brain.planner.diagnosis import WHAT_HURTS
from brain.planner.evidence import untold
from brain.planner.groups import Group, in_words
from brain.planner.notebook import Notebook, Run
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, called, quoted, teller

_QUESTION = (
    f"{WHAT_HURTS} You can also ask for one change, such as: put the 2.4 GHz wifi on channel 6."
)
_MENTIONED = 3


async def explain(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """One sentence, of the kind that the reason deserves."""
    run, tell = runtime.context, teller(runtime.stream_writer)
    notes = run.notes
    unclear = notes.known.symptom is Symptom.UNCLEAR or notes.only_model_complains
    if notes.known.symptom is Symptom.UNCLEAR and not notes.known.complains:
        tell("question", _QUESTION)
    elif notes.snapshot is None:
        tell(
            "failed",
            f"{called(notes.device)} cannot be read now: {notes.unreachable}. Nothing was read and "
            "nothing is proposed. Ask whether it has power, then try again.",
            continues=False,
        )
    elif state.get("problem"):
        tell("failed", f"This cannot be proposed: {state['problem']}", continues=False)
    elif notes.advice:
        tell("text", notes.advice)
    elif unclear:
        _ask(tell, notes)
    else:
        return _not_known(tell, notes)
    return {"waits": False}


def _ask(tell: Tell, notes: Notebook) -> None:
    """About what would be proposed, where it waits for that; else about all that is unusual."""
    meant = next((each for each in notes.candidates if each.id == notes.asks_about), None)
    if meant is None:
        tell("question", _not_decided(notes))
        return
    text, payload = question_about(meant)
    tell("question", text, **payload)


def _not_decided(notes: Notebook) -> str:
    """The question, with what is unusual here and may as well have been wanted so."""
    seen = [*dict.fromkeys(each.finding.summary for each in notes.candidates)][:_MENTIONED]
    if not seen:
        return f"Nothing that was read stands out. {_QUESTION}"
    return f"Nothing that was read is sure to be the cause. {' '.join(seen)} {_QUESTION}"


def _not_known(tell: Tell, notes: Notebook) -> PlannerState:
    """All is well as far as was read; or that cannot be said, for what the device did not tell."""
    assert notes.snapshot is not None
    silent = untold(notes.known.symptom, notes.snapshot, notes.read)
    looked = in_words(group for group in Group if group in notes.read and group not in silent)
    said = f"Nothing that was read explains this: {looked}. No change is proposed."
    if silent:
        said += f" The device does not tell of: {in_words(silent)}; that may hide the cause."
    notes.all_is_well = not silent
    left = notes.choice.by_model and bool(notes.candidates)
    cause = Cause.UNKNOWN if silent or left else Cause.NOTHING_WRONG
    sentence = notes.choice.sentence
    if sentence:
        tell("text", f"{said} {quoted(sentence)}", model_says=sentence)
    else:
        tell("text", said)
    return {"waits": False, "cause": cause.value}
