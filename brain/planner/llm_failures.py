"""What a failure of a model's client or server is called before a person."""

from collections.abc import Mapping

import openai

from brain.planner.http_of_openai import http

_SENTENCES: Mapping[type[Exception], str] = {
    http.TimeoutException: "it did not answer in time",
    http.HTTPError: "it cannot be reached, or what it sent could not be read",
    openai.APITimeoutError: "it did not answer in time",
    openai.APIConnectionError: "it cannot be reached, or what it sent could not be read",
    openai.AuthenticationError: "it does not accept the key; check OPENAI_API_KEY",
    openai.PermissionDeniedError: "the key may not use it; check OPENAI_API_KEY",
    openai.NotFoundError: "the server does not have this model; check GATEWRIGHT_LLM_MODEL",
    openai.RateLimitError: "it is asked too often, or the account has run out",
    openai.InternalServerError: "the server failed",
    openai.BadRequestError: "the server does not understand the question",
}


def sentence_on(error: Exception) -> str:
    """Never the text of the error: servers repeat what they were sent in it."""
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return sentence
    return "its client failed"
