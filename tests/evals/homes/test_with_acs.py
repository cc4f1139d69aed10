"""Homes and our own ACS over real sockets: discovered whole, read on request, changed by permit."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brain.datamodel.validation import validate
from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable
from brain.domain.identity import ChangeId, DeviceId, PermitId, TenantId
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.store.store import Store
from evals.homes.cast import CAST
from evals.homes.faults import Loss
from evals.homes.fleet import build_fleet
from evals.homes.home import Home
from evals.homes.running import Line, running_fleet
from evals.standins.serving import serving
from executors.acs.acs import Acs
from executors.acs.options import AcsOptions

pytestmark = pytest.mark.slow

TENANT = TenantId("default")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
USED = ParameterPath("Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization")


def now() -> datetime:
    return datetime.now(UTC)


class AnyPermit:
    """Lets every permit pass: permits have tests of their own."""

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        return None

    async def still(self, permit: Permit) -> None:
        return None


class Demo:
    """The cast, switched on, and the ACS they came to."""

    def __init__(self, acs: Acs, store: Store, homes: dict[DeviceId, Home]) -> None:
        self.acs, self.store, self.homes = acs, store, homes

    def home(self, key: str) -> Home:
        return self.homes[CAST[key]]

    async def device(self, key: str) -> Device:
        async with self.store.read() as tx:
            found = await tx.devices.find(CAST[key])
        assert found is not None
        return found

    async def set(self, key: str, path: str, value: str, kind: str = "unsignedInt") -> Outcome:
        device, change = await self.device(key), ChangeId(f"chg_{key:0<26}"[:30])
        before = (await self.acs.read(device, [ParameterPath(path)])).values[ParameterPath(path)]
        wanted = SetParameter(
            path=ParameterPath(path), type=ParameterType(kind), before=before, after=value
        )
        plan = Plan(device=device.id, changes=(wanted,))
        permit = Permit(
            id=PermitId("p"),
            tenant=TENANT,
            change=change,
            device=device.id,
            plan_digest=plan.digest,
            policy_revision="r",
            fence=1,
            minted_at=now(),
            expires_at=now() + timedelta(minutes=1),
        )
        return await self.acs.apply(device, plan, permit)


@pytest.fixture
async def demo(store: Store, new_id: Callable[[str], str]) -> AsyncIterator[Demo]:
    options = AcsOptions(
        tenant=TENANT,
        username="homes",
        password="let me in",
        connection_request_username="acs",
        connection_request_password="wake up",
        wake_timeout=timedelta(seconds=5),  # six homes are read whole at once, on a busy machine
        linger=timedelta(seconds=0.05),
        enrol=True,
    )
    acs = Acs(store=store, permits=AnyPermit(), clock=now, new_id=new_id, options=options)
    homes = [each.home for each in build_fleet(6, seed=1, clock=now)]
    async with serving(acs.app, options=acs.app.options) as url:
        line = Line(
            acs_url=url + "/",
            username="homes",
            password="let me in",
            wake_username="acs",
            wake_password="wake up",
        )
        async with running_fleet(homes, line) as fleet:
            await fleet.until_up()
            await acs.settled()
            yield Demo(acs, store, {each.id: each for each in homes})
            await acs.close()


async def test_every_home_is_known_whole_from_its_first_call(demo: Demo) -> None:
    for home in demo.homes.values():
        async with demo.store.read() as tx:
            device = await tx.devices.find(home.id)
            names = await tx.models.get(TENANT, home.id)
            snapshot = await tx.snapshots.latest(TENANT, home.id)

        assert device is not None
        assert (device.firmware, device.root) == (home.model.firmware, home.model.root)
        assert names is not None
        assert set(names) == set(home.tree.parameters) | set(home.tree.objects)
        assert snapshot is not None
        assert len(snapshot.values) > (150 if device.root == "Device." else 30)
        told = {k for k, value in snapshot.values.items() if home.household.passphrase in value}
        assert told == set(), "not even the make that gives its passphrase away"


async def test_the_channel_plan_of_the_demo_helps(demo: Demo) -> None:
    device = await demo.device("congested")
    before = await demo.acs.read(device, [USED])

    outcome = await demo.set("congested", CHANNEL, "1")

    after = await demo.acs.read(device, [USED, CHANNEL])
    assert outcome.progress is Progress.APPLIED
    assert int(after.values[USED]) < int(before.values[USED]) - 60
    assert after.values[CHANNEL] == "1"
    assert demo.home("congested").radio(1).channel == 1


async def test_the_quiet_channel_of_the_haunted_home_makes_it_worse(demo: Demo) -> None:
    device = await demo.device("haunted")
    before = await demo.acs.read(device, [USED])

    await demo.set("haunted", CHANNEL, "6")

    after = await demo.acs.read(device, [USED])
    assert int(after.values[USED]) > int(before.values[USED]) + 50


async def test_a_resolver_that_answers_mends_the_misled(demo: Demo) -> None:
    outcome = await demo.set("misled", "Device.DNS.Client.Server.1.DNSServer", "9.9.9.9", "string")

    assert outcome.progress is Progress.APPLIED
    assert demo.home("misled").resolves()


async def test_the_old_home_is_mended_by_its_tr_181_name(demo: Demo) -> None:
    outcome = await demo.set("old", "Device.DNS.Client.Server.1.DNSServer", "9.9.9.9", "string")

    assert outcome.progress is Progress.APPLIED
    assert demo.home("old").resolves()


async def test_what_a_device_refuses_changes_nothing(demo: Demo) -> None:
    outcome = await demo.set("congested", CHANNEL, "14")

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "9003")
    assert demo.home("congested").radio(1).channel == 6


async def test_a_line_lost_after_the_write_leaves_the_outcome_unknown(demo: Demo) -> None:
    demo.home("congested").faults.lose_line = Loss.AFTER

    outcome = await demo.set("congested", CHANNEL, "1")

    assert outcome.progress is Progress.UNKNOWN
    assert demo.home("congested").radio(1).channel == 1


async def test_a_deaf_home_is_unreachable(demo: Demo) -> None:
    device = await demo.device("congested")
    demo.home("congested").faults.deaf = True

    with pytest.raises(DeviceUnreachable):
        await demo.acs.read(device, [CHANNEL])


@pytest.mark.parametrize(
    ("role", "path", "value"),
    [
        ("congested", CHANNEL, "1"),
        ("abroad", CHANNEL, "13"),
        ("haunted", CHANNEL, "6"),
        ("misled", "Device.DNS.Client.Server.1.DNSServer", "9.9.9.9"),
        ("forgotten", "Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "a new passphrase"),
        ("old", "Device.DNS.Client.Server.1.DNSServer", "9.9.9.9"),
    ],
)
async def test_the_data_model_lets_every_change_of_the_demo_through(
    demo: Demo, role: str, path: str, value: str
) -> None:
    async with demo.store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, CAST[role])
    assert snapshot is not None
    change = SetParameter(
        path=ParameterPath(path), type=ParameterType.STRING, before="", after=value
    )

    checked: Any = validate(change, snapshot)

    assert checked.after == value
    assert checked.secret is path.endswith("KeyPassphrase")
