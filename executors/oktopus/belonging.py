"""Whose answer it is: Oktopus gives the first message of a device to everybody who waits for one.

It looks at no ``msg_id`` and tells none, so an answer is held against what was asked. A Get names a
path that nobody else asks for: the agent repeats every path of a Get in its answer (TR-369,
GetResp), so that answer is ours, and newer than all that was handed to the agent before it.
"""

from dataclasses import replace

from executors.usp import requests as q
from executors.usp import responses as r

_MARK = "Device.DeviceInfo.X_GATEWRIGHT_"


def marked(request: q.Get, mark: str) -> q.Get:
    """The same with a path that no device has; ``mark`` is letters, digits and underscores."""
    return replace(request, param_paths=(*request.param_paths, f"{_MARK}{mark}"))


def without_mark(reply: r.GetResp) -> r.GetResp:
    """What was asked for, and no more."""
    kept = (each for each in reply.req_path_results if not each.requested_path.startswith(_MARK))
    return replace(reply, req_path_results=tuple(kept))


def is_foreign(request: q.Request, reply: r.Response | r.Error) -> bool:
    """Whether it certainly answers something else. An Error that names no path may be anybody's."""
    if isinstance(reply, r.Error):
        named = {each.param_path for each in reply.param_errs}
        return bool(named) and not any(_touches(path, request) for path in named)
    if isinstance(request, q.Get) and isinstance(reply, r.GetResp):
        said = sorted(each.requested_path for each in reply.req_path_results)
        return said != sorted(request.param_paths)
    if isinstance(request, q.Set) and isinstance(reply, r.SetResp):
        return _is_other_set(request, reply)
    if isinstance(request, q.Add) and isinstance(reply, r.AddResp):
        tables = [each.obj_path for each in request.create_objs]
        return [each.requested_path for each in reply.created_obj_results] != tables
    if isinstance(request, q.Delete) and isinstance(reply, r.DeleteResp):
        gone = [each.requested_path for each in reply.deleted_obj_results]
        return gone != [*request.obj_paths]
    if isinstance(request, q.Operate) and isinstance(reply, r.OperateResp):
        done = [each.executed_command for each in reply.operation_results]
        return done != [request.command]
    return True


def _is_other_set(request: q.Set, reply: r.SetResp) -> bool:
    """Other objects, or the same ones with other values."""
    asked = {each.obj_path: each.param_settings for each in request.update_objs}
    if sorted(each.requested_path for each in reply.updated_obj_results) != sorted(asked):
        return True
    for each in reply.updated_obj_results:
        if isinstance(each.oper_status, r.UpdateSuccess):
            for done in each.oper_status.updated_inst_results:
                wrote = done.updated_params
                for one in asked[each.requested_path]:
                    if wrote.get(one.param, one.value) != one.value:
                        return True
    return False


def _touches(path: str, request: q.Request) -> bool:
    return any(path.startswith(own) or own.startswith(path) for own in _paths(request))


def _paths(request: q.Request) -> tuple[str, ...]:
    if isinstance(request, q.Get):
        return request.param_paths
    if isinstance(request, q.Set):
        return tuple(each.obj_path for each in request.update_objs)
    if isinstance(request, q.Add):
        return tuple(each.obj_path for each in request.create_objs)
    if isinstance(request, q.Delete):
        return request.obj_paths
    return (request.command,) if isinstance(request, q.Operate) else ()
