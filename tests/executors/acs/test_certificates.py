"""Devices that show a certificate of their own, over TLS."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from brain.domain.credentials import DeviceCredentials, Passwords
from brain.domain.device import Device
from brain.domain.errors import InvalidInput
from brain.domain.identity import DeviceId, TenantId
from brain.store.store import Store
from evals.standins.serving import serving
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.certificates import STATE, Tls, proves
from executors.acs.envelope import Envelope
from executors.acs.soap import build
from tests.executors.papers import papers_in

OPENING = m.Inform(device=m.Identity("Acme", "001122", "Box", "S1"))


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return papers_in(tmp_path_factory.mktemp("papers"))


@asynccontextmanager
async def calling(site: Any, papers: Path, own: str = "") -> AsyncIterator[httpx.AsyncClient]:
    context = ssl.create_default_context(cafile=papers / "maker")
    context.check_hostname = False
    if own:
        context.load_cert_chain(papers / own)
    async with serving(site.app, options=site.app.options) as url:
        address = url.replace("http:", "https:")
        async with httpx.AsyncClient(base_url=address, verify=context, trust_env=False) as client:
            yield client


@pytest.fixture
def guarded(make_site: Callable[..., Any], papers: Path) -> Any:
    server = papers / "server"
    return make_site(tls=Tls(certificate=server, key=server, clients=papers / "maker"))


async def test_a_certificate_proves_the_device_that_it_names(guarded: Any, papers: Path) -> None:
    async with calling(guarded, papers, "001122-Box-S1") as device:
        opened = await device.post("/", content=build(Envelope(OPENING, id="1")))
        ended = await device.post("/")

    assert (opened.status_code, ended.status_code) == (200, 204)
    assert [each.device.serial for each in guarded.host.informed_of] == ["S1"]


async def test_a_certificate_proves_no_other_device(guarded: Any, papers: Path) -> None:
    claim = m.Inform(device=m.Identity("Acme", "001122", "Box", "S2"))
    async with calling(guarded, papers, "001122-Box-S1") as device:
        answer = await device.post("/", content=build(Envelope(claim, id="1")))

    assert answer.status_code == 401
    assert guarded.host.informed_of == []


async def test_a_device_without_a_certificate_needs_its_password(
    guarded: Any, papers: Path
) -> None:
    async with calling(guarded, papers) as device:
        answer = await device.post("/", content=build(Envelope(OPENING, id="1")))

    assert answer.status_code == 401
    assert guarded.host.informed_of == []


async def test_a_certificate_of_another_authority_gets_no_connection(
    guarded: Any, papers: Path
) -> None:
    async with calling(guarded, papers, "forged") as device:
        with pytest.raises(httpx.HTTPError):
            await device.post("/", content=build(Envelope(OPENING, id="1")))

    assert guarded.host.informed_of == []


async def test_a_certificate_stands_for_the_password_that_is_the_devices_own(
    acs: Acs, store: Store, connect: Callable[..., Any], tree: dict[str, str]
) -> None:
    name, tenant = DeviceId("001122-Box-S1"), TenantId("default")
    own = DeviceCredentials(
        device=name, tenant=tenant, username=name, current=Passwords(own="own", wake="wake")
    )
    async with store.begin() as tx:
        await tx.devices.put(
            Device(id=name, tenant=tenant, oui="001122", product_class="Box", serial="S1")
        )
        await tx.credentials.put(own)

    async def showing(scope: Any, receive: Any, send: Any) -> None:
        await acs.app({**scope, "state": {STATE: frozenset({name})}}, receive, send)

    with pytest.raises(AssertionError):
        await connect(acs.app, tree=tree).session("2 PERIODIC")
    certified = connect(showing, tree=tree, auth=httpx.Auth())
    await certified.session("2 PERIODIC")

    assert certified.statuses[0] == 200
    assert certified.statuses[-1] == 204


@pytest.mark.parametrize(
    ("name", "product", "proven"),
    [
        ("001122-Box-S1", "Box", True),
        ("001122-S1", "Box", True),
        ("001122-S1", "", True),
        ("001122-Box-S1", "", False),
        ("001122-Box-S11", "Box", False),
        ("S1", "Box", False),
        ("", "Box", False),
    ],
)
def test_a_name_is_that_of_the_device_or_it_is_not(name: str, product: str, proven: bool) -> None:
    assert proves(frozenset({name}), m.Identity("Acme", "001122", product, "S1")) is proven


def test_files_that_do_not_fit_are_refused_by_name(papers: Path) -> None:
    missing = Tls(certificate=papers / "none", key=papers / "server")
    unfit = Tls(certificate=papers / "server", key=papers / "maker")

    for wrong in (missing, unfit):
        with pytest.raises(InvalidInput, match="TLS") as caught:
            wrong.options()
        assert caught.value.field == "GATEWRIGHT_ACS_TLS_CERTIFICATE"


def test_half_of_tls_is_refused_and_none_of_it_is_plain_http(papers: Path) -> None:
    server = papers / "server"

    assert Tls.of(None, None, None) is None
    assert Tls.of(server, server, None) == Tls(certificate=server, key=server)
    for half in ((server, None, None), (None, server, None), (None, None, server)):
        with pytest.raises(InvalidInput, match="both a certificate and its key"):
            Tls.of(*half)
