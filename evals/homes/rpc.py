"""What a home answers to each RPC of a controller (TR-069 A.3.2): whole, or a fault and nothing."""

from collections.abc import Callable
from typing import cast

from evals.homes import images
from evals.homes.home import Home
from evals.homes.rules import lexical, obeys
from executors.acs import messages as m
from executors.acs.transfers import Download

METHODS = (
    "GetRPCMethods",
    "GetParameterNames",
    "GetParameterValues",
    "SetParameterValues",
    "AddObject",
    "DeleteObject",
    "Reboot",
    "Download",
    "FactoryReset",
)
_TEXT = {
    9000: "Method not supported",
    9001: "Request denied",
    9003: "Invalid arguments",
    9004: "Resources exceeded",
    9005: "Invalid parameter name",
    9006: "Invalid parameter type",
    9007: "Invalid parameter value",
    9008: "Attempt to set a non-writable parameter",
}


def answer(home: Home, request: m.Message) -> m.Response | m.Fault:
    """The response to one request; 9000 for what this device does not speak."""
    home.tick()
    handler = _HANDLERS.get(type(request))
    return handler(home, request) if handler else fault(9000)


def fault(code: int, parameters: tuple[m.ParameterFault, ...] = ()) -> m.Fault:
    """A fault with the usual text."""
    return m.Fault(code, _TEXT.get(code, "Fault"), parameters)


def _methods(home: Home, request: m.Message) -> m.Response | m.Fault:
    return m.GetRPCMethodsResponse(METHODS)


def _names(home: Home, request: m.Message) -> m.Response | m.Fault:
    asked = cast(m.GetParameterNames, request)
    tree, path = home.tree, asked.path
    if _there(home, path):
        info = m.ParameterInfo(path, tree.parameters[path].writable)
        return fault(9003) if asked.next_level else m.GetParameterNamesResponse((info,))
    if path and path not in tree.objects:
        return fault(9005)
    found = [m.ParameterInfo(each, can) for each, can in tree.objects.items()]
    found += [m.ParameterInfo(each, tree.parameters[each].writable) for each in tree.below("")]
    below = [each for each in found if each.name.startswith(path)]
    if asked.next_level:
        level = path.count(".")
        below = [
            each
            for each in below
            if each.name != path and each.name.rstrip(".").count(".") == level
        ]
    return m.GetParameterNamesResponse(tuple(sorted(below, key=lambda each: each.name)))


def _values(home: Home, request: m.Message) -> m.Response | m.Fault:
    values: list[m.ParameterValue] = []
    for name in cast(m.GetParameterValues, request).names:
        if name and name not in home.tree.objects and not _there(home, name):
            return fault(9005)
        whole = not name or name.endswith(".")
        paths = home.tree.below(name) if whole else iter((name,))
        values += [
            m.ParameterValue(path, home.tree.shown(path), home.tree.parameters[path].type)
            for path in paths
        ]
    return m.GetParameterValuesResponse(tuple(values))


def _there(home: Home, path: str) -> bool:
    """Whether the box knows of a parameter, or admits that it does."""
    return path in home.tree.parameters and home.tree.tells(path)


def _set(home: Home, request: m.Message) -> m.Response | m.Fault:
    asked = cast(m.SetParameterValues, request)
    if home.faults.refuse_sets:
        code, home.faults.refuse_sets = home.faults.refuse_sets, 0
        return fault(code)
    names = [each.name for each in asked.values]
    if len(set(names)) != len(names) or len(asked.parameter_key) > 32:
        return fault(9003)
    wrong = tuple(bad for each in asked.values if (bad := _wrong(home, each)))
    if wrong:
        return fault(9003, wrong)
    return _applied(home, asked)


def _applied(home: Home, asked: m.SetParameterValues) -> m.Response:
    tree = home.tree
    wanted = {
        each.name: lexical(tree.parameters[each.name].type, each.value) or ""
        for each in asked.values
    }
    if home.faults.lie:
        return m.SetParameterValuesResponse()
    _keep_key(home, asked.parameter_key)
    if home.faults.needs_reboot:
        home.pending.update(wanted)
        return m.SetParameterValuesResponse(1)
    before = {path: tree.read(path) for path in wanted}
    for path, value in wanted.items():
        tree.put(path, value)
    home.changed(before)
    if home.faults.reboot_on_set:
        home.reboot()
    return m.SetParameterValuesResponse()


def _wrong(home: Home, wanted: m.ParameterValue) -> m.ParameterFault | None:
    """What is wrong with setting this one parameter, or None."""
    parameter = home.tree.parameters.get(wanted.name) if _there(home, wanted.name) else None
    code = 0
    if parameter is None:
        code = 9005
    elif not parameter.writable:
        code = 9008
    elif wanted.type != parameter.type:
        code = 9006
    else:
        text = lexical(parameter.type, wanted.value)
        beside = wanted.name.rpartition(".")[0] + "."
        if text is None or not obeys(
            parameter.rule, text, lambda leaf: home.tree.read(beside + leaf)
        ):
            code = 9007
    return m.ParameterFault(wanted.name, code, _TEXT[code]) if code else None


def _add(home: Home, request: m.Message) -> m.Response | m.Fault:
    asked = cast(m.AddObject, request)
    if asked.path not in home.tree.objects:
        return fault(9005)
    if not home.tree.objects[asked.path] or not home.tree.can_grow(asked.path):
        return fault(9001)
    facts = dict.fromkeys(("resolver", "name", "mac", "address"), "") | {"kind": "Static"}
    number = home.tree.add(asked.path, facts=facts)
    _keep_key(home, asked.parameter_key)
    return m.AddObjectResponse(number)


def _delete(home: Home, request: m.Message) -> m.Response | m.Fault:
    asked = cast(m.DeleteObject, request)
    is_row = asked.path[:-1].rpartition(".")[2].isdigit()
    if asked.path not in home.tree.objects or not is_row:
        return fault(9005)
    if not home.tree.objects[asked.path]:
        return fault(9001)
    home.tree.remove(asked.path)
    _keep_key(home, asked.parameter_key)
    return m.DeleteObjectResponse()


def _reboot(home: Home, request: m.Message) -> m.Response | m.Fault:
    key = cast(m.Reboot, request).command_key
    home.after_session = lambda: home.reboot(key)
    return m.RebootResponse()


def _reset(home: Home, request: m.Message) -> m.Response | m.Fault:
    home.after_session = home.factory_reset
    return m.FactoryResetResponse()


def _keep_key(home: Home, key: str) -> None:
    home.tree.put(home.model.root + "ManagementServer.ParameterKey", key)


_Handler = Callable[[Home, m.Message], m.Response | m.Fault]
_HANDLERS: dict[type[m.Message], _Handler] = {
    m.GetRPCMethods: _methods,
    m.GetParameterNames: _names,
    m.GetParameterValues: _values,
    m.SetParameterValues: _set,
    m.AddObject: _add,
    m.DeleteObject: _delete,
    m.Reboot: _reboot,
    m.FactoryReset: _reset,
    Download: lambda home, asked: images.begin(home, cast(Download, asked)),
}
