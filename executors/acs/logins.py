"""Who is at the door: a device with a password of its own, or one that has the shared one."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from brain.domain.credentials import DeviceCredentials
from brain.domain.identity import DeviceId
from brain.store.gathering import Gathering
from brain.store.store import Store
from executors.acs.digest import Admission, Doorkeeper, Key, shown_in

_LIFE: Final = 5.0
"""Seconds that a device's passwords are remembered: it shows them with every POST of a session."""
_MOST: Final = 20_000
_TOGETHER: Final = 256


@dataclass(frozen=True, slots=True)
class Login:
    """What was proven at the door."""

    device: DeviceId | None = None
    """Whose password it was; None for the shared one, which says nothing of who has it."""
    password: str = field(default="", repr=False)
    """What it was, for a device: what that is worth is judged when the Inform is kept."""
    certified: bool = False
    """Its own certificate names the device whose Inform this is."""


class Logins:
    """The passwords of devices by the name they give, read together and remembered for seconds."""

    def __init__(self, store: Store, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._store, self._seconds = store, seconds
        self._known: OrderedDict[str, tuple[float, DeviceCredentials | None]] = OrderedDict()
        self._gathering: Gathering[str, DeviceCredentials | None] = Gathering(
            self._read, most=_TOGETHER
        )

    async def of(self, username: str) -> DeviceCredentials | None:
        """Those of the device of this name; None when no device has it."""
        kept = self._known.get(username)
        if kept is not None and kept[0] + _LIFE > self._seconds():
            return kept[1]
        return await self._gathering.do(username)

    def learn(self, credentials: DeviceCredentials) -> None:
        """They have just changed."""
        self._remember(credentials.username, credentials)

    async def close(self) -> None:
        """Look nothing up any more."""
        await self._gathering.close()

    async def _read(self, names: Sequence[str]) -> list[DeviceCredentials | None]:
        async with self._store.read(brief=True) as tx:
            found = await tx.credentials.named(set(names))
        for name in names:
            self._remember(name, found.get(name))
        return [found.get(name) for name in names]

    def _remember(self, name: str, found: DeviceCredentials | None) -> None:
        self._known[name] = (self._seconds(), found)
        self._known.move_to_end(name)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)


class Entrance:
    """Checks who sends a request: the shared name first, then those of devices."""

    def __init__(self, doorkeeper: Doorkeeper, logins: Logins | None = None) -> None:
        """Without ``logins`` nobody has a password of their own."""
        self._doorkeeper, self._logins = doorkeeper, logins

    async def check(self, method: str, path: str, authorization: str) -> Login | Admission:
        """Who it is; REFUSED or STALE when that was not shown."""
        shown = shown_in(authorization)
        name = self._doorkeeper.name_in(shown)
        if not name or self._logins is None or name == self._doorkeeper.username:
            own = self._doorkeeper.which(method, path, shown)
            return own if isinstance(own, Admission) else Login()
        known = await self._logins.of(name)
        if known is None:
            return Admission.REFUSED
        keys = [Key(known.username, password) for _, password in known.passwords()]
        found = self._doorkeeper.which(method, path, shown, keys)
        if isinstance(found, Admission):
            return found
        return Login(known.device, keys[found].password)

    def challenges(self, *, stale: bool) -> list[str]:
        """As ``Doorkeeper.challenges``."""
        return self._doorkeeper.challenges(stale=stale)
