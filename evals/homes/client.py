"""The CWMP client of one home: opens sessions with the controller when there is reason to."""

import asyncio
from datetime import datetime, timedelta

import httpx

from evals.homes.chance import dice
from evals.homes.device_session import DeviceSession, LineLost
from evals.homes.home import Home
from evals.homes.retry import wait_seconds
from executors.acs.envelope import Envelope
from executors.acs.errors import SoapError
from executors.acs.soap import CONTENT_TYPE, build, parse

_MOST_REQUESTS = 500
"""A controller that asks more in one session is broken."""
_LOOK_SECONDS = 5.0
"""How often a home looks whether its faults were lifted or somebody changed something."""


class SessionFailed(Exception):
    """The session did not come to its end; the device tries again by the retry policy."""


class _Shared(httpx.AsyncBaseTransport):
    """One transport for many clients: closing a client leaves it open."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._inner.handle_async_request(request)


class HomeClient:
    """One home's way to its controller. ``run`` never ends by itself."""

    def __init__(
        self,
        home: Home,
        *,
        transport: httpx.AsyncBaseTransport,
        timeout: float = 30.0,
    ) -> None:
        """The caller owns the transport, which all homes of a process may share."""
        self.home = home
        self.failures = 0
        self.sessions = 0
        self.last_error = ""
        self.busy = False
        self._woken = asyncio.Event()
        self._draw = dice(home.household.seed, "sessions")
        self._pace = self._draw.uniform(0.9, 1.0)
        self._server = home.model.root + "ManagementServer."
        self._http = httpx.AsyncClient(
            transport=_Shared(transport),
            timeout=timeout,
            trust_env=False,
        )

    def wake(self) -> None:
        """A connection request came (TR-069 3.2.2)."""
        self.home.happened("6 CONNECTION REQUEST")
        self._woken.set()

    async def run(self, *, delay: float = 0.0) -> None:
        """Open sessions for ever, the first after ``delay`` seconds."""
        await asyncio.sleep(delay)
        informed = self.home.clock()
        while True:
            self.home.tick()
            if self.home.clock() >= self._periodic_after(informed):
                self.home.happened("2 PERIODIC")
                informed = self.home.clock()
            if not self.home.events or self.home.silent:
                await self._sleep_until(self._periodic_after(informed))
                continue
            try:
                await self.session()
            except SessionFailed:
                await self._sleep(self._retry_seconds())

    async def session(self) -> None:
        """One whole session now; raises SessionFailed."""
        self._woken.clear()
        self.busy = True
        self._http.auth = self._credentials()
        session = DeviceSession(self.home, retries=self.failures)
        try:
            await self._talk(session)
        except (httpx.HTTPError, SoapError, LineLost, SessionFailed) as error:
            self.failures += 1
            self.last_error = str(error) if isinstance(error, SessionFailed) else _kind(error)
            session.failed()
            raise SessionFailed(self.last_error) from error
        finally:
            self.busy = False
            self._http.cookies.clear()
        self.failures = 0
        self.sessions += 1
        session.ended()

    async def _talk(self, session: DeviceSession) -> None:
        answer = await self._post(session.inform())
        if answer is None or not session.opened(answer):
            raise SessionFailed("no InformResponse")
        for report in session.reports():
            if not session.reported(report, await self._post(report)):
                raise SessionFailed("no TransferCompleteResponse")
        request = await self._post(None)
        for _ in range(_MOST_REQUESTS):
            if request is None:
                return
            request = await self._post(session.answer(request))
        raise SessionFailed("the controller does not come to an end")

    async def _post(self, envelope: Envelope | None) -> Envelope | None:
        """Send one POST (None: an empty one) and read the answer (None: an empty one)."""
        faults = self.home.faults
        if faults.slow:
            await asyncio.sleep(faults.slow)
        body = build(envelope) if envelope else b""
        if envelope and faults.garble:
            faults.garble, body = False, b"<soap:Envelope><unfinished"
        headers = {"content-type": CONTENT_TYPE, "soapaction": ""} if envelope else {}
        if faults.forgets_cookies:
            self._http.cookies.clear()
        url = self.home.tree.read(self._server + "URL")
        response = await self._http.post(url, content=body, headers=headers)
        if response.status_code not in (200, 204):
            raise SessionFailed(f"HTTP {response.status_code}")
        return parse(response.content) if response.content.strip() else None

    def _credentials(self) -> httpx.DigestAuth:
        """Read at every session: the controller may have set others, or a reset taken them."""
        tree = self.home.tree
        return httpx.DigestAuth(
            tree.read(self._server + "Username"), tree.read(self._server + "Password")
        )

    def _periodic_after(self, last: datetime) -> datetime:
        """When the next periodic Inform is due; a little apart from those of other homes."""
        if self.home.tree.read(self._server + "PeriodicInformEnable") != "true":
            return datetime.max.replace(tzinfo=last.tzinfo)
        seconds = self._number("PeriodicInformInterval", 300)
        return last + timedelta(seconds=seconds * self._pace)

    def _retry_seconds(self) -> float:
        return wait_seconds(
            self.failures,
            minimum=self._number("CWMPRetryMinimumWaitInterval", 5),
            multiplier=self._number("CWMPRetryIntervalMultiplier", 2000),
            draw=self._draw,
        )

    def _number(self, leaf: str, otherwise: int) -> int:
        path = self._server + leaf
        return int(self.home.tree.read(path)) if path in self.home.tree.parameters else otherwise

    async def _sleep_until(self, periodic: datetime) -> None:
        """Sleep until something may be due: a start, a chore or a periodic Inform."""
        now = self.home.clock()
        dues = [periodic, now + timedelta(seconds=_LOOK_SECONDS)]
        if self.home.next_chore:
            dues.append(self.home.next_chore)
        if self.home.silent_until > now:
            dues.append(self.home.silent_until)
        await self._sleep(max((min(dues) - now).total_seconds(), 0.0))

    async def _sleep(self, seconds: float) -> None:
        """Sleep, or until woken; a little always, so that nothing can spin."""
        try:
            async with asyncio.timeout(max(seconds, 0.02)):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def close(self) -> None:
        """Let go of what the client holds; the transport is the caller's."""
        await self._http.aclose()


def _kind(error: Exception) -> str:
    """What went wrong, without addresses or bodies."""
    return type(error).__name__
