"""Homes as the world of ``executors.simulated``: the same devices, without a wire between.

Names and values are TR-181's whatever the device speaks, translated as our own ACS does it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from brain.domain.change import AddObject, Command, DeleteObject, SetParameter
from brain.domain.device import DataModelRoot
from brain.domain.errors import (
    ControllerRefused,
    DeviceUnreachable,
    InvalidValue,
    OutcomeUnknown,
)
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType, Value
from evals.homes.device_session import DeviceSession, LineLost
from evals.homes.home import Home
from executors.acs import messages as m
from executors.acs.dialect import Dialect, Tr098, Tr181
from executors.acs.envelope import Envelope

T = TypeVar("T")
_COMMANDS: dict[str, type[m.Reboot] | type[m.FactoryReset]] = {
    "Device.Reboot()": m.Reboot,
    "Device.FactoryReset()": m.FactoryReset,
}


class HomesWorld:
    """A World of homes."""

    def __init__(self, homes: Iterable[Home]) -> None:
        self._homes = {home.id: home for home in homes}

    def values(
        self, device: DeviceId, below: tuple[str, ...] = ("",)
    ) -> Mapping[ParameterPath, Value]:
        """What the device would say now, everything unless only what is ``below`` these objects.

        They are named as the device names them; raises DeviceUnreachable.
        """
        said = self._said(device, m.GetParameterValues(below))
        assert isinstance(said, m.GetParameterValuesResponse)
        return _dialect(self._home(device)).heard(said.values)

    def set(self, device: DeviceId, wanted: Mapping[ParameterPath, Value], key: str) -> None:
        """All or nothing; raises ControllerRefused, DeviceUnreachable or OutcomeUnknown."""
        home = self._home(device)
        changes = [_change(home, path, value) for path, value in wanted.items()]
        values = self._translated(device, lambda dialect: dialect.sets(changes))
        self._said(device, m.SetParameterValues(values, key))

    def add(
        self, device: DeviceId, table: ParameterPath, values: Mapping[str, Value], key: str
    ) -> None:
        """Add a row and set it; where its values are refused it goes again. Raises as ``set``."""
        wanted = AddObject(path=table, values=tuple(values.items()))
        new = self._translated(device, lambda dialect: dialect.adds(wanted))
        said = self._said(device, m.AddObject(new.table, key))
        assert isinstance(said, m.AddObjectResponse)
        row = f"{new.table}{said.instance}."
        try:
            self._said(device, m.SetParameterValues(new.within(row), key))
        except ControllerRefused:
            self._said(device, m.DeleteObject(row, key))
            raise

    def delete(self, device: DeviceId, row: ParameterPath, key: str) -> None:
        """Delete a row; raises as ``set``."""
        change = DeleteObject(path=row)
        native = self._translated(device, lambda dialect: dialect.deletes(change))
        self._said(device, m.DeleteObject(native, key))

    def run(self, device: DeviceId, command: Command) -> None:
        """Start anew or forget everything; any other command is refused."""
        known = _COMMANDS.get(command.path)
        if known is None:
            raise ControllerRefused(f"{command.path} is not known here", fault="9000")
        self._said(device, known())

    def _translated(self, device: DeviceId, into: Callable[[Dialect], T]) -> T:
        try:
            return into(_dialect(self._home(device)))
        except InvalidValue as error:
            raise ControllerRefused(error.message, fault="9003", paths=(error.field,)) from None

    def _said(self, device: DeviceId, request: m.Request) -> m.Message:
        session = DeviceSession(self._home(device))
        try:
            said = session.answer(Envelope(request)).message
        except LineLost:
            raise OutcomeUnknown(f"{device} went silent while it was being told") from None
        if isinstance(said, m.Fault):
            paths = tuple(each.name for each in said.parameters)
            raise ControllerRefused("the device refused", fault=str(said.code), paths=paths)
        session.ended()
        return said

    def _home(self, device: DeviceId) -> Home:
        home = self._homes.get(device)
        if home is None or home.silent:
            raise DeviceUnreachable(f"{device} does not answer")
        return home


def _dialect(home: Home) -> Dialect:
    if home.model.root == DataModelRoot.DEVICE:
        return Tr181()
    shown = home.tree.shown
    said = (m.ParameterValue(p, shown(p), each.type) for p, each in home.tree.parameters.items())
    return Tr098(said)


def _change(home: Home, path: ParameterPath, value: Value) -> SetParameter:
    parameter = home.tree.parameters.get(path)
    kind = parameter.type if parameter else ParameterType.STRING
    return SetParameter(path=path, type=kind, before="", after=value)
