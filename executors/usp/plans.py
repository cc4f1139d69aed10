"""A plan as one USP request, and what the answer makes of it.

Each request is whole or not at all (``allow_partial`` false, every parameter required) and names
concrete paths alone: a search expression would reach what no permit was for.
"""

from datetime import datetime

from brain.domain.change import AddObject, Command, DeleteObject, Plan, SetParameter
from brain.domain.errors import InvalidPlan
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, is_concrete
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.codes import Ending, ending
from executors.usp.exchange import Reply
from executors.usp.findings import of_error, of_failure, sentence


def request_for(plan: Plan, *, key: str) -> q.Request:
    """The one request that carries the whole plan; ``key`` comes back with a command's end.

    InvalidPlan for a name that is not concrete.
    """
    change = plan.changes[0]
    if isinstance(change, AddObject):
        settings = tuple(q.CreateParamSetting(_leaf(name), text) for name, text in change.values)
        return q.Add(create_objs=(q.CreateObject(_path(change.path), settings),))
    if isinstance(change, DeleteObject):
        return q.Delete(obj_paths=(_path(change.path),))
    if isinstance(change, Command):
        arguments = {_leaf(name): text for name, text in change.arguments}
        return q.Operate(command=_path(change.path), command_key=key, input_args=arguments)
    return _set(plan.sets)


def outcome_of(request: q.Request, reply: Reply, *, at: datetime) -> Outcome:
    """What an answer says became of it; a command that takes long has not ended with it."""
    if reply is None:
        return unknown("it was handed to the device, and no answer came", at=at)
    if isinstance(reply, r.Error):
        return failed(reply.err_code, sentence(reply.err_code, of_error(reply)), at=at)
    if isinstance(request, q.Set) and isinstance(reply, r.SetResp):
        return _of_set(request, reply, at)
    if isinstance(request, q.Add) and isinstance(reply, r.AddResp):
        results = [(each.requested_path, each.oper_status) for each in reply.created_obj_results]
        return _of_one(request.create_objs[0].obj_path, results, at)
    if isinstance(request, q.Delete) and isinstance(reply, r.DeleteResp):
        gone = [(each.requested_path, each.oper_status) for each in reply.deleted_obj_results]
        return _of_one(request.obj_paths[0], gone, at)
    return unknown("the device answered what was not asked", at=at)


def failed(code: int, detail: str, *, at: datetime) -> Outcome:
    """What a code makes of it: refused only where it says that nothing was done."""
    refused = ending(code) is not Ending.UNKNOWN
    progress = Progress.REFUSED if refused else Progress.UNKNOWN
    return Outcome(progress=progress, at=at, detail=detail, fault=str(code))


def unknown(detail: str, *, at: datetime) -> Outcome:
    """Nobody can tell."""
    return Outcome(progress=Progress.UNKNOWN, at=at, detail=detail)


def _set(changes: tuple[SetParameter, ...]) -> q.Set:
    objects: dict[str, list[q.UpdateParamSetting]] = {}
    for change in changes:
        above, dot, leaf = _path(change.path).rpartition(".")
        objects.setdefault(above + dot, []).append(q.UpdateParamSetting(leaf, change.after))
    updates = (q.UpdateObject(path, tuple(settings)) for path, settings in objects.items())
    return q.Set(update_objs=tuple(updates))


def _of_set(request: q.Set, reply: r.SetResp, at: datetime) -> Outcome:
    asked = sorted(each.obj_path for each in request.update_objs)
    results = reply.updated_obj_results
    wrong = [finding for each in results for finding in of_failure(each)]
    failures = [each for each in results if isinstance(each.oper_status, r.UpdateFailure)]
    if results and len(failures) == len(results):
        code = wrong[0].code
        return failed(code, sentence(code, wrong), at=at)
    if wrong:
        return unknown(f"only a part was set: {sentence(wrong[0].code, wrong)}", at=at)
    if sorted(each.requested_path for each in results) != asked:
        return unknown("the device does not say what it set", at=at)
    return Outcome(progress=Progress.APPLIED, at=at)


def _of_one(
    path: str,
    results: list[tuple[str, r.OperationFailure | r.CreateSuccess]]
    | list[tuple[str, r.OperationFailure | r.DeleteSuccess]],
    at: datetime,
) -> Outcome:
    if [said for said, _ in results] != [path]:
        return unknown("the device does not say what became of it", at=at)
    status = results[0][1]
    if isinstance(status, r.OperationFailure):
        return failed(status.err_code, sentence(status.err_code, []), at=at)
    if isinstance(status, r.CreateSuccess) and status.param_errs:
        row, wrong = status.instantiated_path[:256], status.param_errs[0].param[:256]
        return unknown(f"{row} was added without {wrong}", at=at)
    if isinstance(status, r.DeleteSuccess) and status.unaffected_path_errs:
        return unknown("a part of it is still there", at=at)
    return Outcome(progress=Progress.APPLIED, at=at)


def _path(path: ParameterPath) -> str:
    if not is_concrete(path):
        raise InvalidPlan(field=path, message="not a concrete path")
    return path


def _leaf(name: str) -> str:
    if not is_concrete(ParameterPath(name)) or name.startswith(".") or name.endswith("."):
        raise InvalidPlan(field=name, message="not the name of one parameter or argument")
    return name
