"""Devices are woken over XMPP, through a real Prosody."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from slixmpp import ClientXMPP, Iq
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.domain.reachability import Reachability
from evals.demo.stage import free_port
from executors.acs.digest import Key
from executors.acs.ladder import Means
from executors.acs.wake import Woken
from executors.acs.xmpp import NAMESPACE, XmppAccount, XmppRequests

SHARED, OWN = Key("acs", "shared"), Key("box-1", "wake")
CONFIG = """
daemonize = false
run_as_root = true
data_path = "{folder}"
certificates = "{folder}"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{}}
s2s_ports = {{}}
modules_enabled = {{ "roster", "saslauth" }}
modules_disabled = {{ "s2s", "tls" }}
c2s_require_encryption = false
authentication = "internal_hashed"
log = {{ info = "{folder}/log" }}
VirtualHost "localhost"
"""


@pytest.fixture(scope="module")
def prosody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Prosody of our own, with two accounts; its port."""
    if shutil.which("prosody") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Prosody is not installed: make tools")
        pytest.skip("Prosody is not installed: make tools")
    folder, port = tmp_path_factory.mktemp("prosody"), free_port()
    config = folder / "prosody.cfg.lua"
    config.write_text(CONFIG.format(folder=folder, port=port))
    for name in ("acs", "box"):
        _run(config, "prosodyctl", "register", name, "localhost", "secret")
    with subprocess.Popen(
        ["prosody", "--root", "--config", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        yield port
        server.terminate()


def _run(config: Path, program: str, *arguments: str) -> None:
    command = [program, "--root", "--config", str(config), *arguments]
    subprocess.run(command, check=True, capture_output=True)


class Box(ClientXMPP):
    """The device's end: it obeys who knows its name and password."""

    def __init__(self) -> None:
        config = {"feature_mechanisms": {"unencrypted_scram": True}}
        super().__init__("box@localhost/gateway", "secret", plugin_config=config)
        self.enable_plaintext, self.enable_starttls, self.enable_direct_tls = True, False, False
        self.begun = asyncio.Event()
        self.asked: list[str] = []
        self.add_event_handler("session_start", self._begin)
        match = StanzaPath("iq@type=get")
        self.register_handler(Callback("connection request", match, self._asked))

    def _begin(self, _: object) -> None:
        self.send_presence()
        self.begun.set()

    def _asked(self, iq: Iq) -> None:
        found = iq.xml.find(f"{{{NAMESPACE}}}connectionRequest")
        if found is None:
            return
        said = [found.findtext(f"{{{NAMESPACE}}}{name}") for name in ("username", "password")]
        self.asked.append(":".join(each or "" for each in said))
        if said == [OWN.username, OWN.password]:
            iq.reply().send()
        else:
            answer = iq.reply()
            answer["type"] = "error"
            answer["error"]["condition"] = "not-authorized"
            answer.send()


@pytest.fixture
async def box(prosody: int) -> AsyncIterator[Box]:
    made = Box()
    for _ in range(50):  # Prosody may not listen yet
        made.connect("127.0.0.1", prosody)
        try:
            await asyncio.wait_for(made.begun.wait(), 0.5)
            break
        except TimeoutError:
            made.abort()
    yield made
    await made.disconnect(wait=1.0)


def account(port: int, *, patience: float = 5.0) -> XmppAccount:
    return XmppAccount(
        jid="acs@localhost",
        password="secret",
        host="127.0.0.1",
        port=port,
        encrypted=False,
        patience=patience,
    )


@pytest.fixture
async def requests(prosody: int) -> AsyncIterator[XmppRequests]:
    made = XmppRequests(account(prosody), shared=SHARED)
    yield made
    await made.close()


def means(jid: str = "box@localhost/gateway", *keys: Key) -> Means:
    device, tenant = DeviceId("001122-S1"), TenantId("t")
    return Means(
        device=Device(id=device, tenant=tenant, oui="001122", product_class="", serial="S1"),
        url="",
        udp="",
        jid=jid,
        keys=keys or (OWN, SHARED),
        known=Reachability(tenant=tenant, device=device),
    )


async def test_a_device_that_hears_its_own_password_comes(requests: XmppRequests, box: Box) -> None:
    assert await requests.ask(means()) is Woken.COMING
    assert box.asked == ["box-1:wake"]


async def test_the_next_password_is_tried_and_the_shared_one_never_travels(
    requests: XmppRequests, box: Box
) -> None:
    newer = Key("box-1", "newer")

    assert await requests.ask(means("box@localhost/gateway", newer, OWN, SHARED)) is Woken.COMING
    assert box.asked == ["box-1:newer", "box-1:wake"]
    assert await requests.ask(means("box@localhost/gateway", newer)) is Woken.REFUSED
    assert await requests.ask(means("box@localhost/gateway", SHARED)) is Woken.FORBIDDEN
    assert len(box.asked) == 3


async def test_a_device_that_is_away_is_silent(requests: XmppRequests, box: Box) -> None:
    assert await requests.ask(means("box@localhost/elsewhere")) is Woken.SILENT
    assert box.asked == []


@pytest.mark.parametrize("jid", ["box@elsewhere.example/x", "@@", "box@sub.localhost/x"])
async def test_no_password_leaves_for_another_domain(jid: str) -> None:
    nowhere = XmppRequests(account(1), shared=SHARED)

    assert await nowhere.ask(means(jid)) is Woken.FORBIDDEN


async def test_a_server_that_is_gone_wakes_nobody() -> None:
    gone = XmppRequests(account(free_port(), patience=0.2), shared=SHARED)

    assert await gone.ask(means()) is Woken.SILENT
    await gone.close()
