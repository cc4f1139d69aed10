"""Troubles of the box itself, of one client, of the books' settings, and none at all."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from brain.domain.errors import InvalidInput
from evals.homes.air import Interferer
from evals.homes.bugs import BUGS
from evals.homes.draft import Draft
from evals.homes.faults import Loss
from evals.homes.troubles.base import Fault
from evals.homes.truth import Trouble, TroubleKind

_BUGS = Literal["nat_table", "power_save", "dns_relay"]


class MemoryLeak(Fault):
    """Memory is lost by the hour; a start gives it back for a while."""

    kind: Literal["device.memory_leak"]
    kb_per_hour: float = Field(default=600.0, gt=0)

    def strike(self, draft: Draft) -> None:
        """Leak."""
        draft.box(leak_kb_per_hour=self.kb_per_hour)


class KnownBug(Fault):
    """The software has a bug that other versions do not have."""

    kind: Literal["device.known_bug"]
    bug: _BUGS = "nat_table"

    def strike(self, draft: Draft) -> None:
        """Have the bug, and whatever sets it off; mended software of the make has it no more."""
        bug = BUGS[self.bug]
        if draft.model.firmware not in bug.versions:
            raise InvalidInput(
                f"{draft.household.model} never had this bug",
                field="faults.bug",
                remedy=f"It is in the software {', '.join(sorted(bug.versions))}.",
            )
        draft.box(bug=self.bug)
        path, value = bug.trigger
        if path:
            draft.set(path, value)


class LogFlood(Fault):
    """Something fills the log, and the processor does nothing else."""

    kind: Literal["device.log_flood"]

    def strike(self, draft: Draft) -> None:
        """Have logging on, and something to log."""
        draft.set("Device.Syslog.Enable", "true")
        draft.box(flood=True)


class ClientsOwnTrouble(Fault):
    """One client's own radio or driver is broken; everybody else is well."""

    kind: Literal["home.clients_own_trouble"]
    client: str = ""
    share: float = Field(default=0.75, gt=0, lt=1)

    def strike(self, draft: Draft) -> None:
        """Break so many of its frames."""
        draft.move(self.client or draft.wireless(), trouble=self.share)


class WrongInform(Fault):
    """The box hardly ever calls its controller."""

    kind: Literal["management.wrong_inform"]
    seconds: int = Field(default=86_400, ge=1, le=86_400)
    off: bool = False

    def strike(self, draft: Draft) -> None:
        """Set it so."""
        server = draft.model.root + "ManagementServer."
        draft.set(server + "PeriodicInformInterval", str(self.seconds))
        if self.off:
            draft.set(server + "PeriodicInformEnable", "false")


class NothingWrong(Fault):
    """Nothing is wrong."""

    kind: Literal["none.nothing_wrong"]

    def strike(self, draft: Draft) -> None:
        """Change nothing."""


class Healed(Fault):
    """Something was wrong upstream and is no longer."""

    kind: Literal["none.healed"]
    was: Literal["outage", "loss", "congestion"] = "outage"
    minutes_ago: float = Field(default=30.0, gt=0, description="when it ended")
    lasted_minutes: float = Field(default=45.0, gt=0)

    def strike(self, draft: Draft) -> None:
        """Have it over."""
        ends = draft.at - timedelta(minutes=self.minutes_ago)
        begins = ends - timedelta(minutes=self.lasted_minutes)
        kind = TroubleKind(self.was)
        amount = 1.0 if kind is TroubleKind.OUTAGE else 0.6
        draft.upstream(Trouble(kind=kind, amount=amount, begins=begins, ends=ends))


class SlowPoison(Fault):
    """A trap: a change of one setting does harm, but only after a while."""

    kind: Literal["trap.slow_poison"]
    path: str = "Device.WiFi.Radio.1.Channel"
    minutes: float = Field(default=30.0, ge=0)

    def strike(self, draft: Draft) -> None:
        """Lay the trap."""
        draft.box(loss_after_change=(self.path, self.minutes))


class HiddenSender(Fault):
    """A trap: what is not Wi-Fi, and so stands in no scan, sits on a channel."""

    kind: Literal["trap.hidden_sender"]
    mhz: float = Field(default=2437.0, gt=2400)
    width: float = Field(default=18.0, gt=0)
    dbm: int = Field(default=-50, le=-20)
    duty: float = Field(default=0.9, gt=0, lt=1)

    def strike(self, draft: Draft) -> None:
        """Have it send."""
        band = "2.4GHz" if self.mhz < 3000 else "5GHz"
        air = draft.life(band).air
        sender = Interferer("sender", self.mhz, self.width, self.dbm, self.duty)
        draft.live(band, air=type(air)(air.band, air.neighbours, (*air.interferers, sender)))


class BadManners(Fault):
    """How the device treats its controller (``faults.py``): it lies, is deaf, drops the line."""

    kind: Literal["trap.manners"]
    deaf: bool = False
    busy: bool = False
    lie: bool = False
    needs_reboot: bool = False
    reboot_on_set: bool = False
    refuse_sets: int = Field(default=0, ge=0, description="a fault code of TR-069; 0: none")
    lose_line: Loss | None = None
    silent_after_loss: float = Field(default=0.0, ge=0)

    def strike(self, draft: Draft) -> None:
        """Note the manners."""
        given = self.model_dump(exclude={"kind", "at"}, exclude_defaults=True)
        draft.manners.update(given)
