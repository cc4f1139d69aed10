"""Reads the message once, into typed facts. No later step sees the message itself."""

from langgraph.runtime import Runtime

from brain.domain.canonical import Json
from brain.domain.incident import Symptom
from brain.planner.answers import IntakeAnswer
from brain.planner.consulting import consult
from brain.planner.facts import IntakeFacts, Request, RequestKind
from brain.planner.notebook import Notebook, Run
from brain.planner.prompting import prompt
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, teller
from brain.planner.words import LONGEST, read_message

_WITHOUT_VALUE = frozenset(
    {
        RequestKind.AUTO_CHANNEL,
        RequestKind.RADIO_ON,
        RequestKind.RADIO_OFF,
        RequestKind.REBOOT,
    }
)

_HEARD: dict[Symptom, str] = {
    Symptom.SLOW_WIFI: "Understood: the Wi-Fi is slow.",
    Symptom.NO_INTERNET: "Understood: there is no internet.",
    Symptom.SITES_DO_NOT_OPEN: "Understood: sites do not open.",
    Symptom.UNSTABLE_LINE: "Understood: the connection comes and goes.",
    Symptom.DELAY: "Understood: games or calls lag.",
    Symptom.CANNOT_JOIN: "Understood: something cannot get on to the Wi-Fi.",
    Symptom.DEVICES_APART: "Understood: devices at home do not find each other.",
    Symptom.BLOCKED: "Understood: something does not get through.",
    Symptom.NOT_REACHED_FROM_OUTSIDE: "Understood: something at home is not reached from outside.",
    Symptom.NO_TELEVISION: "Understood: the television does not work.",
    Symptom.NO_TELEPHONE: "Understood: the telephone does not work.",
    Symptom.WRONG_CLOCK: "Understood: the clock is wrong.",
    Symptom.NO_IPV6: "Understood: there is no IPv6.",
    Symptom.FORGOT_WIFI_PASSPHRASE: "Understood: the Wi-Fi passphrase was forgotten.",
    Symptom.EXPLICIT_REQUEST: "Understood: you ask for one particular change.",
}


async def intake(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Words first; a language model only for what the words leave unclear or untyped."""
    del state  # a run begins here
    run, tell = runtime.context, teller(runtime.stream_writer)
    by_words = read_message(run.notes.text, known=run.notes.case.symptom)
    run.notes.by_words = by_words
    facts = by_words
    if by_words.request is None and run.notes.text.strip():
        facts = await _by_model(run, tell, by_words)
    run.notes.facts = facts
    if facts.symptom in _HEARD:
        tell("step", _HEARD[facts.symptom], symptom=facts.symptom.value)
    return {"symptom": facts.symptom.value}


async def _by_model(run: Run, tell: Tell, by_words: IntakeFacts) -> IntakeFacts:
    notes = run.notes
    data: dict[str, Json] = {"message": notes.pseudonyms.scrub(notes.text)[:LONGEST]}
    answer = await consult(run, tell, prompt("intake", data), IntakeAnswer)
    if answer is None:
        return by_words
    request = _grounded(notes, answer) if answer.symptom is Symptom.EXPLICIT_REQUEST else None
    symptom = answer.symptom if _is_believed(answer, by_words, request) else by_words.symptom
    return IntakeFacts(
        symptom=symptom,
        band=answer.band or by_words.band,
        request=request,
        address=by_words.address,
        port=by_words.port,
        by_model=symptom is not by_words.symptom,
    )


def _is_believed(answer: IntakeAnswer, by_words: IntakeFacts, request: Request | None) -> bool:
    """A complaint is the model's to read. A wish has to stand in the message, or not against it."""
    if answer.symptom is Symptom.EXPLICIT_REQUEST:
        return request is not None
    if answer.symptom is Symptom.FORGOT_WIFI_PASSPHRASE:
        return by_words.symptom is Symptom.UNCLEAR
    return answer.symptom is not Symptom.UNCLEAR


def _grounded(notes: Notebook, answer: IntakeAnswer) -> Request | None:
    """The request, if all of it stands in the message: a model may read values, not make them."""
    asked = answer.request
    if asked is None:
        return None
    value = notes.pseudonyms.reveal(asked.value).strip()
    if asked.kind in _WITHOUT_VALUE:
        return Request(kind=asked.kind)
    if asked.kind is RequestKind.PARAMETER and asked.path not in notes.text:
        return None
    numeric = asked.kind not in (RequestKind.PARAMETER, RequestKind.DNS)
    if not value or value not in notes.text or (numeric and not value.isdecimal()):
        return None
    path = asked.path if asked.kind is RequestKind.PARAMETER else ""
    return Request(kind=asked.kind, value=value, path=path)
