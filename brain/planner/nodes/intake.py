"""Reads the message once, into typed facts. No later step sees the message itself."""

from dataclasses import replace

from langgraph.runtime import Runtime

from brain.domain.canonical import Json
from brain.domain.incident import Symptom
from brain.planner.answers import IntakeAnswer
from brain.planner.consulting import consult
from brain.planner.evidence import WISHES
from brain.planner.facts import FollowUp, IntakeFacts, Request, RequestKind
from brain.planner.going_on import after_follow_up, read_in_case
from brain.planner.notebook import Notebook, Run
from brain.planner.prompting import prompt
from brain.planner.state import PlannerState
from brain.planner.telling import Tell, teller
from brain.planner.words import LONGEST

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
    Symptom.NOT_REPORTING: "Understood: the device hardly calls its controller.",
    Symptom.FORGOT_WIFI_PASSPHRASE: "Understood: the Wi-Fi passphrase was forgotten.",
    Symptom.EXPLICIT_REQUEST: "Understood: you ask for one particular change.",
}

_HEARD_COMPLAINT = "Understood: something is wrong. What the device tells has to say what."
_PASSED_OVER = (
    "The wish that is quoted behind the complaint is not taken for yours. Send it alone if it is."
)
_HEARD_FURTHER: dict[FollowUp, str] = {
    FollowUp.UNDO: "Understood: the last change is to be undone.",
    FollowUp.WHY: "Understood: you ask why.",
    FollowUp.WHY_NOT: "Understood: you ask why not something else.",
    FollowUp.STATUS: "Understood: you ask what became of it.",
    FollowUp.OTHER_DEVICE: "Understood: it is about another device in this home.",
    FollowUp.CORRECTION: "Understood: the same trouble, put right.",
}
_ASKS = frozenset({FollowUp.WHY, FollowUp.WHY_NOT, FollowUp.STATUS})


async def intake(state: PlannerState, runtime: Runtime[Run]) -> PlannerState:
    """Words first; a language model only for what the words leave unclear or untyped."""
    del state  # a run begins here
    run, tell = runtime.context, teller(runtime.stream_writer)
    by_words = run.notes.given or read_in_case(run.notes)
    run.notes.by_words = by_words
    facts = by_words
    answered = bool(by_words.confirmed) or by_words.declined
    understood = answered or by_words.request is not None or by_words.follow_up is not None
    if not understood and run.notes.text.strip():
        facts = await _by_model(run, tell, by_words)
    run.notes.facts = facts
    run.notes.only_recalls = facts.follow_up in _ASKS
    heard = _heard(facts)
    if heard:
        tell("step", heard, symptom=facts.symptom.value)
    if facts.passed_over:
        tell("step", _PASSED_OVER)
    return {
        "symptom": facts.symptom.value,
        "complains": facts.complains,
        "follow_up": facts.follow_up.value if facts.follow_up else "",
    }


def _heard(facts: IntakeFacts) -> str | None:
    if facts.follow_up:
        return _HEARD_FURTHER.get(facts.follow_up)
    return _HEARD_COMPLAINT if facts.complains else _HEARD.get(facts.symptom)


async def _by_model(run: Run, tell: Tell, by_words: IntakeFacts) -> IntakeFacts:
    notes = run.notes
    data: dict[str, Json] = {
        "message": notes.pseudonyms.scrub(notes.text)[:LONGEST],
        "goes_on": bool(notes.past.considered or notes.past.tried),
    }
    answer = await consult(run, tell, prompt("intake", data), IntakeAnswer)
    if answer is None:
        return by_words
    if _goes_on(notes, answer, by_words) and answer.follow_up is not None:
        read = replace(by_words, band=answer.band or by_words.band, by_model=True)
        read = replace(read, language=answer.language or read.language)
        return after_follow_up(answer.follow_up, read, notes.past)
    # Behind a complaint only words that are plainly a wish make one: it may be somebody else's.
    complains = by_words.complains or by_words.symptom is not Symptom.UNCLEAR
    wishes = answer.symptom is Symptom.EXPLICIT_REQUEST and not complains
    request = _grounded(notes, answer) if wishes else None
    believed = answer.symptom if _is_believed(answer, by_words, request) else by_words.symptom
    symptom = believed if believed in WISHES else by_words.symptom
    # That something hurts is believed sooner than what: the evidence is asked before the reading.
    hurts = symptom is Symptom.UNCLEAR and believed is not symptom
    return IntakeFacts(
        symptom=symptom,
        also=believed if believed is not symptom else None,
        band=by_words.band or answer.band,
        request=request,
        address=by_words.address,
        port=by_words.port,
        transport=by_words.transport,
        language=answer.language or by_words.language,
        complains=symptom is Symptom.UNCLEAR and (by_words.complains or hurts),
        passed_over=by_words.passed_over,
        by_model=symptom is not by_words.symptom or (hurts and not by_words.complains),
    )


def _goes_on(notes: Notebook, answer: IntakeAnswer, by_words: IntakeFacts) -> bool:
    """Whether it goes on as the model says: there is a past, and the words alone say nothing."""
    past = notes.past
    if by_words.symptom is not Symptom.UNCLEAR:
        return False
    if answer.follow_up is FollowUp.CORRECTION:
        return past.facts is not None and past.facts.request is None and answer.band is not None
    return bool(past.considered or past.tried)


def _is_believed(answer: IntakeAnswer, by_words: IntakeFacts, request: Request | None) -> bool:
    """A complaint is the model's to read. A wish has to stand in the message, or not against it."""
    if answer.symptom is Symptom.EXPLICIT_REQUEST:
        return request is not None
    if answer.symptom is Symptom.FORGOT_WIFI_PASSPHRASE:
        return by_words.symptom is Symptom.UNCLEAR and not by_words.complains
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
