"""Every error as a problem document (RFC 9457). Status codes are named here and nowhere else."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.shapes.problem import FieldProblem, Problem
from brain.domain import errors
from brain.domain.errors import GatewrightError

MEDIA_TYPE = "application/problem+json"


class Unauthenticated(GatewrightError):
    """Nobody knows who is calling."""

    code = "unauthenticated"


class TooLarge(GatewrightError):
    """The request body is larger than this route reads."""

    code = "too_large"


class TooMany(GatewrightError):
    """Too many wrong tries; nothing was looked at."""

    code = "too_many_requests"

    def __init__(self, message: str, *, remedy: str, retry_after: int) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after
        """Seconds."""


class NotReady(GatewrightError):
    """The server runs, but a part that it needs does not."""

    code = "not_ready"


KINDS: Mapping[type[GatewrightError], tuple[int, str]] = {
    GatewrightError: (500, "Something went wrong"),
    Unauthenticated: (401, "Nobody knows who is calling"),
    TooLarge: (413, "The request is too large"),
    TooMany: (429, "Too many tries"),
    NotReady: (503, "Gatewright is not ready"),
    errors.InvalidInput: (422, "The request is not right"),
    errors.InvalidPlan: (422, "The plan is not right"),
    errors.InvalidValue: (422, "The value is not allowed"),
    errors.NotFound: (404, "There is no such thing"),
    errors.Forbidden: (403, "You may not do this"),
    errors.Conflict: (409, "The record is no longer as you saw it"),
    errors.StaleFence: (409, "Another writer holds the device"),
    errors.PermitRefused: (409, "The permit does not hold; nothing was sent"),
    errors.Halted: (409, "All changes are halted; nothing was sent"),
    errors.PolicyUnavailable: (503, "Policy gives no verdict"),
    errors.DeviceUnreachable: (504, "The device did not come"),
    errors.ControllerRefused: (502, "The device refused"),
    errors.OutcomeUnknown: (502, "Nobody knows whether it was applied"),
    errors.PlannerFailed: (503, "The planner made no proposal"),
    errors.Busy: (503, "There is no room for more just now"),
    errors.StoreUnavailable: (503, "The database does not answer"),
    errors.Unreadable: (500, "A stored record cannot be read"),
    errors.Altered: (500, "What somebody may do was altered in the database"),
}

_HTTP: Mapping[int, tuple[str, str, str]] = {
    400: ("malformed", "The request cannot be read", "Send well-formed JSON."),
    404: ("not_found", "There is no such thing", "See /openapi.json for what there is."),
    405: ("method_not_allowed", "Not with this method", "See /openapi.json for the methods."),
    413: ("too_large", "The request is too large", "Send less at once."),
    415: ("unsupported_media_type", "Not in this media type", "Send application/json."),
}

_REMEDIES: Mapping[str, str] = {
    "missing": "Add it.",
    "extra_forbidden": "Leave it out.",
    "json_invalid": "Send well-formed JSON.",
}


def problem_of(error: GatewrightError, *, instance: str = "", request_id: str = "") -> Problem:
    """The document for one of our errors; the nearest kind in its ancestry gives the status."""
    kind = next(each for each in type(error).__mro__ if each in KINDS)
    status, title = KINDS[kind]
    return Problem(
        type=f"urn:gatewright:problem:{error.code}",
        title=title,
        status=status,
        detail=error.message or title,
        instance=instance,
        code=error.code,
        field=error.field,
        remedy=error.remedy,
        request_id=request_id,
    )


def unexpected(*, instance: str = "", request_id: str = "") -> Problem:
    """The document for an error nobody foresaw: it says nothing but where to look."""
    return Problem(
        type="urn:gatewright:problem:unexpected",
        title="Something went wrong on our side",
        status=500,
        detail="an unexpected error; the log has it under the request id",
        instance=instance,
        code="unexpected",
        remedy="Try again; if it stays, give the request id to the operator.",
        request_id=request_id,
    )


def response_of(problem: Problem) -> JSONResponse:
    """The document as a response."""
    headers = {"WWW-Authenticate": 'Bearer realm="gatewright"'} if problem.status == 401 else None
    return JSONResponse(
        problem.model_dump(exclude_defaults=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of ours, FastAPI's and Starlette's leave as a problem document."""
    app.add_exception_handler(GatewrightError, _ours)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, http_problem)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, GatewrightError)
    response = response_of(problem_of(error, **_where(request)))
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Busy):
        response.headers["Retry-After"] = "5"
    return response


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Pydantic's own texts name the rule; the offending input may be a secret and is left out.
    wrong = [
        (_field(each["loc"]), errors.said_by(str(each["msg"])), str(each["type"]))
        for each in error.errors()
    ]
    field, detail, rule = wrong[0]
    status, title = KINDS[errors.InvalidInput]
    return response_of(
        Problem(
            type="urn:gatewright:problem:invalid_input",
            title=title,
            status=status,
            detail=detail,
            code="invalid_input",
            field=field,
            remedy=_REMEDIES.get(rule, "Correct it; /openapi.json says what is expected."),
            errors=[FieldProblem(field=name, detail=text) for name, text, _ in wrong],
            **_where(request),
        )
    )


async def http_problem(request: Request, error: Exception) -> Response:
    """What Starlette, FastAPI or NiceGUI refused, as a problem document."""
    assert isinstance(error, HTTPException)
    code, title, remedy = _HTTP.get(error.status_code, ("http", str(error.detail), ""))
    problem = Problem(
        type=f"urn:gatewright:problem:{code}",
        title=title,
        status=error.status_code,
        detail=title,
        code=code,
        remedy=remedy,
        **_where(request),
    )
    response = response_of(problem)
    response.headers.update(error.headers or {})
    return response


def _where(request: Request) -> dict[str, str]:
    return {
        "instance": request.url.path,
        "request_id": str(request.scope.get("state", {}).get("request_id", "")),
    }


def _field(location: tuple[Any, ...]) -> str:
    """``("body", "devices", 0, "oui")`` as ``devices.0.oui``."""
    parts = [str(part) for part in location]
    return ".".join(parts[1:] or parts)
