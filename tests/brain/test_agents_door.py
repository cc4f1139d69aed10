"""The door for USP agents is shut until an operator opens it, and then wants papers."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from brain.agents_door import agents_served, mqtt_options, stomp_options
from brain.domain.change import Plan, SetParameter
from brain.domain.device import ControllerName
from brain.domain.errors import InvalidInput, PermitRefused
from brain.domain.identity import ChangeId, PermitId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.ending import end
from brain.ids import utc_now
from brain.settings import Settings, load_settings
from brain.wiring import opened
from evals.homes.build import build
from evals.homes.usp.agent import HomeAgent
from evals.homes.usp.client import AgentClient
from evals.homes.usp.mqtt import MqttAgentClient
from evals.homes.usp.stomp import StompAgentClient
from tests.executors.contract import CHANNEL
from tests.executors.usp.mosquitto import Mosquitto
from tests.executors.usp.rabbitmq import RabbitMq


def settings(folder: Path, **said: object) -> Settings:
    return load_settings(data_dir=folder / "data", usp_host="127.0.0.1", **said)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def test_it_is_shut_as_shipped(tmp_path: Path) -> None:
    assert not settings(tmp_path).usp


def test_it_is_not_opened_without_papers(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="USP_CERTIFICATE") as raised:
        settings(tmp_path, usp=True)
    assert raised.value.field == "GATEWRIGHT_USP"


async def test_papers_that_cannot_be_used_are_an_error_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    bad = tmp_path / "empty.pem"
    options = settings(tmp_path, usp=True, usp_certificate=bad, usp_agents_ca=bad)

    async with opened(options, work=False) as gatewright:
        with pytest.raises(InvalidInput) as raised:
            async with agents_served(gatewright.usp, options):
                pass

    assert raised.value.field == "GATEWRIGHT_USP_CERTIFICATE"


async def test_a_device_that_comes_over_usp_is_read_over_it_and_changed_only_by_permit(
    tmp_path: Path,
) -> None:
    port = free_port()
    options = settings(
        tmp_path, usp=True, usp_insecure=True, usp_port=port, enrol_unregistered=True
    )
    home = build({"world": {"model": "brightmoor-hearth6"}}, seed=7).home
    said = home.identity
    agent = HomeAgent(home, f"ops::{said.oui}-{said.product_class}-{said.serial}")
    url = f"ws://127.0.0.1:{port}/usp"
    client = AgentClient(agent, url=url, controller=options.usp_endpoint_id)

    async with opened(options, work=False) as gatewright, agents_served(gatewright.usp, options):
        assert gatewright.usp is not None
        async with running(client):
            await gatewright.usp.exchange.links.arrival(agent.endpoint, 5)
            await gatewright.usp.settled()
            async with gatewright.store.read() as tx:
                device = await tx.devices.find(home.id)
            assert device is not None
            assert device.controller is ControllerName.USP
            snapshot = await gatewright.executor.read(device, [CHANNEL])
            before = home.tree.read(CHANNEL)
            assert snapshot.get(CHANNEL) == before

            plan = Plan(
                device=device.id,
                changes=(
                    SetParameter(
                        path=ParameterPath(CHANNEL),
                        type=ParameterType.UNSIGNED_INT,
                        before=before,
                        after="11",
                    ),
                ),
            )
            forged = Permit(
                id=PermitId("prm_1"),
                tenant=device.tenant,
                change=ChangeId("chg_1"),
                device=device.id,
                plan_digest=plan.digest,
                policy_revision="r1",
                fence=1,
                minted_at=utc_now(),
                expires_at=utc_now() + timedelta(minutes=1),
                signature=bytes(64),
            )
            with pytest.raises(PermitRefused):
                await gatewright.executor.apply(device, plan, forged)
            assert home.tree.read(CHANNEL) == before


@pytest.mark.mqtt
async def test_an_agent_that_moves_from_websocket_to_mqtt_is_one_device(tmp_path: Path) -> None:
    port, broker = free_port(), Mosquitto(tmp_path)
    broker.start()
    options = settings(
        tmp_path,
        usp=True,
        usp_insecure=True,
        usp_port=port,
        enrol_unregistered=True,
        usp_mqtt_host="127.0.0.1",
        usp_mqtt_port=broker.port,
    )
    home = build({"world": {"model": "brightmoor-hearth6"}}, seed=7).home
    said = home.identity
    agent = HomeAgent(home, f"ops::{said.oui}-{said.product_class}-{said.serial}")
    ours = options.usp_endpoint_id
    over_websocket = AgentClient(agent, url=f"ws://127.0.0.1:{port}/usp", controller=ours)
    over_mqtt = MqttAgentClient(agent, url=f"127.0.0.1:{broker.port}", controller=ours)
    seen = []
    try:
        async with (
            opened(options, work=False) as gatewright,
            agents_served(gatewright.usp, options),
        ):
            assert gatewright.usp is not None
            for client in (over_websocket, over_mqtt):
                async with running(client):
                    await gatewright.usp.exchange.links.arrival(agent.endpoint, 5)
                    await gatewright.usp.settled()
                    async with gatewright.store.read() as tx:
                        bound = await tx.agents.by_endpoint(agent.endpoint)
                        device = await tx.devices.find(home.id)
                    assert bound is not None
                    assert device is not None
                    snapshot = await gatewright.executor.read(device, [CHANNEL])
                    assert snapshot.get(CHANNEL) == home.tree.read(CHANNEL)
                    seen.append((bound.device, bound.mtp))
                    await client.drop()
                links = gatewright.usp.exchange.links
                while links.of(agent.endpoint) is not None:  # noqa: ASYNC110 - until it is noticed
                    await asyncio.sleep(0.005)
    finally:
        broker.stop()

    assert seen == [(home.id, "websocket"), (home.id, "mqtt")]


@pytest.mark.stomp
@pytest.mark.slow
async def test_an_agent_on_a_stomp_broker_becomes_a_device_that_is_read(tmp_path: Path) -> None:
    broker = RabbitMq(tmp_path)
    broker.start()
    options = settings(
        tmp_path,
        usp=True,
        usp_insecure=True,
        usp_port=free_port(),
        enrol_unregistered=True,
        usp_stomp_host="127.0.0.1",
        usp_stomp_port=broker.port,
        usp_stomp_user="guest",
        usp_stomp_password="guest",
    )
    home = build({"world": {"model": "brightmoor-hearth6"}}, seed=7).home
    agent = HomeAgent(home, f"os::{home.identity.oui}-{home.identity.serial}")
    url = f"127.0.0.1:{broker.port}"
    client = StompAgentClient(agent, url=url, controller=options.usp_endpoint_id)
    try:
        async with (
            opened(options, work=False) as gatewright,
            agents_served(gatewright.usp, options),
        ):
            assert gatewright.usp is not None
            async with running(client):
                device = None
                while device is None:
                    if await gatewright.usp.exchange.links.arrival(agent.endpoint, 0.5) is None:
                        await client.drop()  # it came before the controller did
                    await gatewright.usp.settled()
                    async with gatewright.store.read() as tx:
                        device = await tx.devices.find(home.id)
                snapshot = await gatewright.executor.read(device, [CHANNEL])
            async with gatewright.store.read() as tx:
                bound = await tx.agents.by_endpoint(agent.endpoint)
    finally:
        broker.stop()

    assert snapshot.get(CHANNEL) == home.tree.read(CHANNEL)
    assert bound is not None
    assert bound.mtp == "stomp"


@pytest.mark.parametrize("kind", ["MQTT", "STOMP"])
def test_a_broker_is_no_use_while_usp_is_off(tmp_path: Path, kind: str) -> None:
    with pytest.raises(InvalidInput, match=f"GATEWRIGHT_USP_{kind}_HOST needs GATEWRIGHT_USP"):
        settings(tmp_path, **{f"usp_{kind.lower()}_host": "broker.invalid"})


@pytest.mark.parametrize("kind", ["mqtt", "stomp"])
@pytest.mark.parametrize("name", ["topic", "client", "group"])
@pytest.mark.parametrize("text", ["a b", "all/#", "+", "$share", "*"])
def test_a_name_that_would_be_a_pattern_on_the_broker_is_refused(
    tmp_path: Path, kind: str, name: str, text: str
) -> None:
    with pytest.raises(InvalidInput) as raised:
        settings(tmp_path, **{f"usp_{kind}_{name}": text})

    assert raised.value.field == f"GATEWRIGHT_USP_{kind}_{name}".upper()


def test_a_controllers_name_on_a_stomp_broker_is_one_word(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as raised:
        settings(tmp_path, usp_stomp_client="gate.wright")

    assert raised.value.field == "GATEWRIGHT_USP_STOMP_CLIENT"


def test_brokers_are_spoken_to_over_tls_unless_on_a_bench(tmp_path: Path) -> None:
    options = settings(tmp_path, usp=True, usp_insecure=True)
    secure = options.model_copy(update={"usp_insecure": False})

    assert stomp_options(options).broker.server.tls is None
    assert mqtt_options(options).broker.tls is None
    for tls in (stomp_options(secure).broker.server.tls, mqtt_options(secure).broker.tls):
        assert tls is not None
        assert tls.check_hostname
        assert tls.minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(("kind", "made"), [("mqtt", mqtt_options), ("stomp", stomp_options)])
def test_an_authority_that_cannot_be_used_is_an_error_that_names_it(
    tmp_path: Path, kind: str, made: Callable[[Settings], object]
) -> None:
    (tmp_path / "empty.pem").write_text("")
    said = {f"usp_{kind}_host": "127.0.0.1", f"usp_{kind}_ca": tmp_path / "empty.pem"}
    options = settings(tmp_path, usp=True, usp_insecure=True, **said)

    with pytest.raises(InvalidInput) as raised:
        made(options.model_copy(update={"usp_insecure": False}))

    assert raised.value.field == f"GATEWRIGHT_USP_{kind.upper()}_CA"


@asynccontextmanager
async def running(client: AgentClient) -> AsyncIterator[None]:
    task = asyncio.create_task(client.run())
    try:
        yield
    finally:
        await end([task])


async def test_a_port_that_is_taken_is_an_error_that_names_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = settings(tmp_path, usp=True, usp_insecure=True, usp_port=port)
        async with opened(options, work=False) as gatewright:
            with pytest.raises(InvalidInput) as raised:
                async with agents_served(gatewright.usp, options):
                    pass

    assert raised.value.field == "GATEWRIGHT_USP_PORT"


async def test_a_name_that_is_none_is_an_error_that_names_it(tmp_path: Path) -> None:
    options = settings(tmp_path, usp=True, usp_insecure=True, usp_endpoint_id="gatewright")

    with pytest.raises(InvalidInput) as raised:
        async with opened(options, work=False):
            pass

    assert raised.value.field == "GATEWRIGHT_USP_ENDPOINT_ID"
