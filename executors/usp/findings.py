"""What went wrong with a request, parameter by parameter, in words of ours for a person."""

from typing import Final, NamedTuple

from executors.usp import responses as r
from executors.usp.codes import meaning

_NAMED_AT_MOST: Final = 8
_LONGEST: Final = 256


class Finding(NamedTuple):
    """One path and its error."""

    path: str
    code: int


def of_error(error: r.Error) -> list[Finding]:
    """Of a request that failed as a whole."""
    return [Finding(each.param_path, each.err_code) for each in error.param_errs]


def of_failure(result: r.UpdatedObjectResult) -> list[Finding]:
    """Of an object that was not set."""
    status = result.oper_status
    if isinstance(status, r.UpdateSuccess):
        return [
            Finding(f"{each.affected_path}{wrong.param}", wrong.err_code)
            for each in status.updated_inst_results
            for wrong in each.param_errs
        ]
    return [
        Finding(f"{failed.affected_path}{wrong.param}", wrong.err_code)
        for failed in status.updated_inst_failures
        for wrong in failed.param_errs
    ] or [Finding(result.requested_path, status.err_code)]


def sentence(code: int, findings: list[Finding]) -> str:
    """The whole error for a person; what the agent wrote beside it is left out."""
    said = f"{code} {meaning(code)}"
    parts = [
        f"{path[:_LONGEST]}: {wrong} {meaning(wrong)}" for path, wrong in findings[:_NAMED_AT_MOST]
    ]
    if len(findings) > _NAMED_AT_MOST:
        parts.append(f"and {len(findings) - _NAMED_AT_MOST} more")
    return f"{said} ({'; '.join(parts)})" if parts else said
