"""A whole round over real sockets: we wake a home, it calls, is read, is changed, and shows it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn

from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device
from brain.domain.errors import PermitRefused
from brain.domain.identity import ChangeId, DeviceId, PermitId, TenantId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.domain.ports import Clock, NewId
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.connections import SERVER_OPTIONS
from executors.acs.digest import Admission, Doorkeeper
from executors.acs.nonces import Nonces
from executors.acs.options import AcsOptions
from executors.acs.server import CwmpServer

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
DEVICE = DeviceId("001122-Box-S1")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
KEY = ParameterPath("Device.ManagementServer.ParameterKey")
CHANGE = ChangeId("chg_00000000000000000000000001")


class Permits:
    refusing = False

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        if self.refusing:
            raise PermitRefused("not now")

    async def still(self, permit: Permit) -> None:
        return None


class Doorbell:
    """The device's own server: a GET with the right digest makes it call."""

    def __init__(self, ring: Callable[[], Coroutine[Any, Any, None]]) -> None:
        nonces = Nonces(secret=b"d", seconds=lambda: 1e6, unique=lambda: "r" * 16, life=60)
        self.keeper = Doorkeeper(username="acs", password="wake-up", nonces=nonces)
        self.ring = ring
        self.rings: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        said = dict(scope["headers"]).get(b"authorization", b"").decode()
        granted = self.keeper.check("GET", scope["path"], said) is Admission.GRANTED
        headers = [
            (b"www-authenticate", each.encode()) for each in self.keeper.challenges(stale=False)
        ]
        status = 204 if granted else 401
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body"})
        if granted:
            self.rings.append(asyncio.create_task(self.ring()))


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    options = app.options if isinstance(app, CwmpServer) else SERVER_OPTIONS
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", **options)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    await serving


@pytest.fixture
def permits() -> Permits:
    return Permits()


@pytest.fixture
async def acs(store: Store, clock: Clock, new_id: NewId, permits: Permits) -> AsyncIterator[Acs]:
    options = AcsOptions(
        tenant=TenantId("default"),
        username="homes",
        password="let-me-in",
        connection_request_username="acs",
        connection_request_password="wake-up",
        wake_timeout=timedelta(seconds=5),
        linger=timedelta(seconds=0.05),
        enrol=True,
    )
    made = Acs(store=store, permits=permits, clock=clock, new_id=new_id, options=options)
    yield made
    await made.close()


@pytest.fixture
async def home(acs: Acs, connect: Connect) -> AsyncIterator[Any]:
    """A device with a doorbell, at its own end of a socket, that was here once."""
    device = connect(acs.app)
    async with httpx.AsyncClient(auth=httpx.DigestAuth("homes", "let-me-in")) as client:
        device.client = client
        doorbell = Doorbell(lambda: device.session("6 CONNECTION REQUEST"))
        async with served(acs.app) as ours, served(doorbell) as theirs:
            device.url = ours
            device.tree = {
                "Device.ManagementServer.ConnectionRequestURL": theirs,
                KEY: "",
                CHANNEL: "1",
            }
            await device.session("0 BOOTSTRAP", "1 BOOT")
            await acs.settled()
            device.asked.clear()
            yield device
            await asyncio.gather(*doorbell.rings, return_exceptions=True)


async def known(store: Store) -> Device:
    async with store.read() as tx:
        found = await tx.devices.find(DEVICE)
    assert found is not None
    return found


def plan_and_permit(clock: Clock) -> tuple[Plan, Permit]:
    change = SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after="11")
    plan = Plan(device=DEVICE, changes=(change,))
    permit = Permit(
        id=PermitId("prm_1"),
        tenant=TenantId("default"),
        change=CHANGE,
        device=DEVICE,
        plan_digest=plan.digest,
        policy_revision="r1",
        fence=1,
        minted_at=clock(),
        expires_at=clock() + timedelta(minutes=5),
    )
    return plan, permit


async def test_a_woken_home_is_read_changed_and_read_back(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    device = await known(store)
    plan, permit = plan_and_permit(clock)

    before = await acs.read(device, [CHANNEL])
    outcome = await acs.apply(device, plan, permit)
    after = await acs.read(device, [CHANNEL, KEY])

    assert before.get(CHANNEL) == "1"
    assert outcome.progress is Progress.APPLIED
    assert after.values == {CHANNEL: "11", KEY: CHANGE}
    assert [type(each).__name__ for each in home.asked] == [
        "GetParameterValues",
        "SetParameterValues",
        "GetParameterValues",
    ]


async def test_a_home_that_hangs_up_on_a_write_leaves_it_unknown(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    home.drop_on = m.SetParameterValues
    device = await known(store)
    plan, permit = plan_and_permit(clock)

    async def comes_back() -> None:
        while not home.asked:  # noqa: ASYNC110 - the device has no event for it
            await asyncio.sleep(0.005)
        await home.session("1 BOOT")

    outcome, _ = await asyncio.gather(acs.apply(device, plan, permit), comes_back())

    assert outcome.progress is Progress.UNKNOWN
    assert [type(each).__name__ for each in home.asked] == ["SetParameterValues"]


async def test_without_a_permit_the_home_hears_nothing(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Permits
) -> None:
    permits.refusing = True
    came = len(home.statuses)

    with pytest.raises(PermitRefused):
        await acs.apply(await known(store), *plan_and_permit(clock))
    await asyncio.sleep(0.05)

    assert len(home.statuses) == came
    assert home.asked == []
