"""What this controller wants to be told of, kept on each agent as it should be.

The rows of ``Device.LocalAgent.Subscription.`` that bear our mark are the controller's own side of
the conversation, as an Inform is in TR-069, and no setting of the home: they are the only thing
that is written without a permit. No request here can name anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import structlog

from brain.domain.errors import ControllerRefused
from brain.domain.parameter import template_of
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.exchange import Leave
from executors.usp.reading import Ask, Reading

_log = structlog.get_logger(__name__)

TABLE: Final = "Device.LocalAgent.Subscription."
WATCHED: Final = frozenset(
    {
        "Device.DeviceInfo.SoftwareVersion",
        "Device.IP.Interface.{i}.Status",
        "Device.PPP.Interface.{i}.ConnectionStatus",
        "Device.WiFi.Radio.{i}.Channel",
        "Device.WiFi.Radio.{i}.Enable",
        "Device.WiFi.Radio.{i}.TransmitPower",
        "Device.WiFi.Radio.{i}.OperatingChannelBandwidth",
        "Device.WiFi.SSID.{i}.Enable",
        "Device.WiFi.SSID.{i}.SSID",
        "Device.WiFi.AccessPoint.{i}.Enable",
        "Device.DHCPv4.Server.Enable",
        "Device.NAT.PortMapping.{i}.Enable",
    }
)
"""Settings and states whose change is news; numbers are looked at now and then instead."""
TABLES: Final = ("Device.NAT.PortMapping.", "Device.WiFi.SSID.")
"""Whose rows come and go."""
_PROFILES: Final = "Device.BulkData.Profile."


@dataclass(frozen=True, slots=True)
class Wanted:
    """One subscription, by what it is to say."""

    name: str
    kind: str
    """NotifType of TR-181."""
    paths: tuple[str, ...]


def wanted(names: Mapping[str, bool]) -> list[Wanted]:
    """What to subscribe to on a device that has these names; each names concrete paths, but for
    the profiles of bulk data, which come and go."""
    found = [
        Wanted("boot", "Event", ("Device.Boot!",)),
        Wanted("periodic", "Event", ("Device.LocalAgent.Periodic!",)),
        Wanted("complete", "OperationComplete", ("Device.",)),
    ]
    changes = tuple(sorted(path for path in names if template_of(path) in WATCHED))
    tables = tuple(path for path in TABLES if path in names)
    if _PROFILES in names:
        found.append(Wanted("bulk", "Event", (f"{_PROFILES}*.Push!",)))
    if changes:
        found.append(Wanted("changes", "ValueChange", changes))
    if tables:
        found.append(Wanted("rows-added", "ObjectCreation", tables))
        found.append(Wanted("rows-deleted", "ObjectDeletion", tables))
    return found


class Subscriptions:
    """Those of one agent."""

    def __init__(self, ask: Ask, reading: Reading, ours: str, *, leave: Leave) -> None:
        self._ask, self._reading, self._leave = ask, reading, leave
        self._mark = f"gatewright-{_digest(ours)}-"
        """Of this controller: another one may have its own rows beside these."""

    async def mend(self, names: Mapping[str, bool]) -> None:
        """Add what is missing or was switched off, and take out what is no longer wanted.

        Halted where changes were halted. What the agent refuses is left out: other reports are
        worth having without it.
        """
        there = await self._there()
        due = {self._id(each): each for each in wanted(names)}
        for id, row in there.items():
            if id not in due:
                await self._write(q.Delete(obj_paths=(row,)))
        for id, each in due.items():
            if id not in there:
                await self._write(q.Add(create_objs=(q.CreateObject(TABLE, _settings(id, each)),)))

    async def _there(self) -> dict[str, str]:
        """Our rows that are switched on, by id; one that is not counts as one not wanted."""
        values = await self._reading.values([TABLE])
        found: dict[str, str] = {}
        for path, id in values.items():
            if path.endswith(".ID") and id.startswith(self._mark):
                row = path.removesuffix("ID")
                on = values.get(f"{row}Enable") in ("true", "1")
                found[id if on else f"{id} off"] = row
        return found

    async def _write(self, request: q.Add | q.Delete) -> None:
        await self._leave()
        reply = await self._ask(request)
        if reply is None:
            raise ControllerRefused("the agent does not say whether it took a subscription")
        if isinstance(reply, r.Error):
            _log.info("usp_subscription_refused", code=reply.err_code)

    def _id(self, each: Wanted) -> str:
        """Says what it is, so that one that is to say something else is another one."""
        return f"{self._mark}{each.name}-{_digest(each.kind, *each.paths)}"


def _settings(id: str, each: Wanted) -> tuple[q.CreateParamSetting, ...]:
    said = {
        "Enable": "true",
        "ID": id,
        "NotifType": each.kind,
        "ReferenceList": ",".join(each.paths),
    }
    # Without these it is told of as well, only less surely.
    extra = {"NotifRetry": "true", "Persistent": "true"}
    return (
        *(q.CreateParamSetting(name, text) for name, text in said.items()),
        *(q.CreateParamSetting(name, text, required=False) for name, text in extra.items()),
    )


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:8]
