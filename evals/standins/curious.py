"""Stands in for a language model that wants to see everything there is before it says anything.

What leaves is then all that ever can: every group of evidence, every round, a composition that is
refused, and the questions that come of it.
"""

import json

from brain.domain.canonical import Json
from evals.standins.chat import Answerer, ChatRequest, Said, Text


def curious(symptom: str) -> Answerer:
    """Takes every message for this symptom, and asks for whatever is offered."""

    def answer(request: ChatRequest) -> Said:
        said = _ANSWERS.get(request.name)
        return Text(text=json.dumps(said(_data(request)) if said else _read(symptom)))

    return answer


def _data(request: ChatRequest) -> dict[str, Json]:
    """The JSON between the fences of the last question that has any."""
    fenced = [part for part in request.text.split("```json\n") if part.startswith("{")]
    found = json.loads(fenced[-1].partition("\n```")[0]) if fenced else {}
    assert isinstance(found, dict), "data is an object"
    return found


def _read(symptom: str) -> Json:
    return {"symptom": symptom, "band": None, "request": None}


def _weighed(data: dict[str, Json]) -> Json:
    return {
        "hypotheses": [{"cause": "unknown", "probability": 0.5}],
        "missing": data.get("groups", []),
    }


def _composed(data: dict[str, Json]) -> Json:
    """The last settable parameter to what it cannot be, so that it is told what is wrong."""
    settable = data.get("settable")
    path = max(settable) if isinstance(settable, dict) and settable else ""
    return {
        "decision": "compose",
        "candidate": "",
        "changes": [{"path": path, "value": "not what it takes"}],
        "cause": "unknown",
        "sentence": "I would like to see more.",
    }


def _told(data: dict[str, Json]) -> Json:
    return {"sentence": "That is why."}


_ANSWERS = {"diagnose": _weighed, "propose": _composed, "answer": _told}
