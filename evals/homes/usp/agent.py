"""The USP agent of a virtual home; it stands in for the agent software of a real device.

It answers as one was seen to: what is not there is an error of its path, a Set that fails is an
Error as a whole, its words of versions are 1.3, and a command that takes long leaves a row until it
is complete.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from evals.homes.device_session import DeviceSession
from evals.homes.home import Home
from evals.homes.usp.own import Own
from evals.homes.usp.supported import supported
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.messages import Body

CODES: Final = {
    9000: 7001,
    9001: 7002,
    9002: 7003,
    9003: 7004,
    9004: 7005,
    9005: 7010,
    9006: 7011,
    9007: 7012,
    9008: 7013,
}
"""What this agent says for a fault of the home."""
_LASTING: Final = ("Device.IP.Diagnostics.IPPing()", "Device.WiFi.NeighboringWiFiDiagnostic()")
_SHORT: Final[dict[str, type[m.Reboot] | type[m.FactoryReset]]] = {
    "Device.Reboot()": m.Reboot,
    "Device.FactoryReset()": m.FactoryReset,
}


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """The request fails as a whole."""

    error: r.Error


class HomeAgent:
    """Answers requests; what it has to report is in ``own``."""

    def __init__(self, home: Home, endpoint: str) -> None:
        self.home, self.endpoint = home, endpoint
        self.own = Own(home, endpoint)
        self._session = DeviceSession(home)

    def answer(self, asked: Body) -> Body:
        """The answer to one request; raises LineLost where the line drops over it."""
        self.home.tick()
        handler = self._handlers().get(type(asked))
        if handler is None:
            return r.Error(7001)
        try:
            return handler(asked)
        except Refused as refused:
            return refused.error

    def ended(self) -> None:
        """The answer has left: begin what was asked to begin afterwards."""
        self._session.ended()

    def _handlers(self) -> dict[type, Callable[[Any], Body]]:
        return {
            q.Get: self._get,
            q.GetSupportedDM: lambda asked: supported(self.home, asked),
            q.GetInstances: self._instances,
            q.GetSupportedProtocol: lambda asked: r.GetSupportedProtocolResp("1.3"),
            q.Set: self._set,
            q.Add: self._add,
            q.Delete: self._delete,
            q.Operate: self._operate,
        }

    def _get(self, asked: q.Get) -> Body:
        return r.GetResp(tuple(self._path(path) for path in asked.param_paths))

    def _path(self, path: str) -> r.PathValues:
        objects: dict[str, dict[str, str]] = {}
        for name, value in self._values(path).items():
            above, dot, leaf = name.rpartition(".")
            objects.setdefault(above + dot, {})[leaf] = value
        if not objects and path not in self.home.tree.objects:
            return r.PathValues(path, 7026, "no such path")
        results = (r.ResolvedPathResult(above, values) for above, values in objects.items())
        return r.PathValues(path, resolved_path_results=tuple(results))

    def _values(self, path: str) -> dict[str, str]:
        tree = self.home.tree
        if path.endswith("."):
            own = {name: text for name, text in self.own.values.items() if name.startswith(path)}
            return {name: tree.shown(name) for name in tree.below(path)} | own
        if path in self.own.values:
            return {path: self.own.values[path]}
        there = path in tree.parameters and tree.tells(path)
        return {path: tree.shown(path)} if there else {}

    def _instances(self, asked: q.GetInstances) -> Body:
        rows = [each for each in self.home.tree.objects if each[:-1].rpartition(".")[2].isdigit()]
        return r.GetInstancesResp(
            tuple(r.Instances(path, curr_insts=_below(path, rows)) for path in asked.obj_paths)
        )

    def _set(self, asked: q.Set) -> Body:
        named = [
            (f"{each.obj_path}{setting.param}", setting.value)
            for each in asked.update_objs
            for setting in each.param_settings
        ]
        self._told(m.SetParameterValues(tuple(self._typed(*each) for each in named)))
        return r.SetResp(tuple(_updated(each) for each in asked.update_objs))

    def _typed(self, path: str, value: str) -> m.ParameterValue:
        parameter = self.home.tree.parameters.get(path)
        return m.ParameterValue(path, value, parameter.type if parameter else "string")

    def _add(self, asked: q.Add) -> Body:
        (wanted,) = asked.create_objs
        row = self.own.add(wanted) if self.own.is_mine(wanted.obj_path) else self._added(wanted)
        success = r.CreateSuccess(row, unique_keys={"Alias": f"cpe-{row.split('.')[-2]}"})
        return r.AddResp((r.CreatedObjectResult(wanted.obj_path, success),))

    def _added(self, wanted: q.CreateObject) -> str:
        said = self._told(m.AddObject(wanted.obj_path))
        assert isinstance(said, m.AddObjectResponse)
        row = f"{wanted.obj_path}{said.instance}."
        values = [self._typed(row + each.param, each.value) for each in wanted.param_settings]
        try:
            self._told(m.SetParameterValues(tuple(values)))
        except Refused:
            self._told(m.DeleteObject(row))
            raise
        self.own.came(row)
        return row

    def _delete(self, asked: q.Delete) -> Body:
        (path,) = asked.obj_paths
        if self.own.is_mine(path):
            self.own.remove(path)
        else:
            self._told(m.DeleteObject(path))
            self.own.went(path)
        return r.DeleteResp((r.DeletedObjectResult(path, r.DeleteSuccess((path,))),))

    def _operate(self, asked: q.Operate) -> Body:
        command = asked.command
        if command in _SHORT:
            self._told(_SHORT[command]())
            result: str | q.OutputArgs = q.OutputArgs()
        elif command == "Device.LocalAgent.Controller.1.SendOnBoardRequest()":
            self.own.on_board()
            result = q.OutputArgs()
        elif command in _LASTING:
            result = self._begun(asked)
        else:
            raise Refused(r.Error(7026, f"no such command {command}"))
        return r.OperateResp((r.OperationResult(command, result),))

    def _begun(self, asked: q.Operate) -> str:
        place = asked.command.removesuffix("()") + "."
        wanted = {**asked.input_args} | {"DiagnosticsState": "Requested"}
        values = [self._typed(place + leaf, text) for leaf, text in wanted.items()]
        self._told(m.SetParameterValues(tuple(values)))
        return self.own.begin(asked, place)

    def _told(self, request: m.Request) -> m.Message:
        """What the home makes of it, or Refused."""
        said = self._session.answer(Envelope(request)).message
        if isinstance(said, m.Fault):
            wrong = tuple(r.ParamError(p.name, CODES.get(p.code, 7003)) for p in said.parameters)
            raise Refused(r.Error(CODES.get(said.code, 7003), "as the home says", wrong))
        return said


def _below(path: str, rows: list[str]) -> tuple[r.CurrInstance, ...]:
    return tuple(r.CurrInstance(each) for each in rows if each.startswith(path))


def _updated(wanted: q.UpdateObject) -> r.UpdatedObjectResult:
    """It says what was written, and has not read it back."""
    values = {each.param: each.value for each in wanted.param_settings}
    done = r.UpdatedInstanceResult(wanted.obj_path, updated_params=values)
    return r.UpdatedObjectResult(wanted.obj_path, r.UpdateSuccess((done,)))
