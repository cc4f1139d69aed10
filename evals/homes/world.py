"""Homes as the world of ``executors.simulated``: the same devices, without a wire between."""

from collections.abc import Iterable, Mapping

from brain.domain.change import Command
from brain.domain.errors import ControllerRefused, DeviceUnreachable, OutcomeUnknown
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Value
from evals.homes.device_session import DeviceSession, LineLost
from evals.homes.home import Home
from executors.acs import messages as m
from executors.acs.soap import Envelope

_COMMANDS: dict[str, type[m.Reboot] | type[m.FactoryReset]] = {
    "Device.Reboot()": m.Reboot,
    "Device.FactoryReset()": m.FactoryReset,
}


class HomesWorld:
    """A World of homes whose devices speak TR-181; it has no other kind of device."""

    def __init__(self, homes: Iterable[Home]) -> None:
        self._homes = {home.id: home for home in homes if home.model.root == "Device."}

    def values(self, device: DeviceId) -> Mapping[ParameterPath, Value]:
        """Everything the device would say now; raises DeviceUnreachable."""
        said = self._said(device, m.GetParameterValues(("",)))
        assert isinstance(said, m.GetParameterValuesResponse)
        return {ParameterPath(each.name): each.value for each in said.values}

    def set(self, device: DeviceId, wanted: Mapping[ParameterPath, Value], key: str) -> None:
        """All or nothing; raises ControllerRefused, DeviceUnreachable or OutcomeUnknown."""
        tree = self._home(device).tree
        values = tuple(
            m.ParameterValue(path, value, tree.parameters[path].type)
            if path in tree.parameters
            else m.ParameterValue(path, value)
            for path, value in wanted.items()
        )
        self._said(device, m.SetParameterValues(values, key))

    def run(self, device: DeviceId, command: Command) -> None:
        """Start anew or forget everything; any other command is refused."""
        known = _COMMANDS.get(command.path)
        if known is None:
            raise ControllerRefused(f"{command.path} is not known here", fault="9000")
        self._said(device, known())

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
