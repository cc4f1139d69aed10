"""The client says what GenieACS said, over a real socket too, and shows its credentials."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable, InvalidInput, NotFound
from brain.domain.identity import TenantId
from evals.standins.genieacs.records import genie_id as as_it_says
from evals.standins.genieacs.serving import serving
from executors.genieacs.names import genie_id, place
from executors.genieacs.nbi import Nbi, Ran
from executors.genieacs.options import GenieOptions
from tests.executors.contract import CHANNEL

Rig = Any


def device(*parts: str) -> Device:
    oui, product_class, serial = parts
    return Device(
        id=Device.__name__,  # type: ignore[arg-type]  # of no account here
        tenant=TenantId("default"),
        oui=oui,
        product_class=product_class,
        serial=serial,
    )


@pytest.mark.parametrize(
    ("parts", "name", "path"),
    [
        (
            ("00259E", "HG8245-H", "48575443"),
            "00259E-HG8245%2DH-48575443",
            "devices/00259E-HG8245%252DH-48575443",
        ),
        (("001122", "", "S1"), "001122-S1", "devices/001122-S1"),
        (
            ("001122", "B.x~1", "é"),
            "001122-B%2Ex%7E1-%C3%A9",
            "devices/001122-B%252Ex%257E1-%25C3%25A9",
        ),
    ],
)
def test_an_id_is_escaped_byte_by_byte_and_once_more_in_a_path(
    parts: tuple[str, str, str], name: str, path: str
) -> None:
    assert genie_id(device(*parts)) == name == as_it_says(*parts)
    assert place("devices", name) == path


async def test_over_a_socket_a_fault_and_a_wait_differ_by_the_reason_alone(rig: Rig) -> None:
    reads = {"name": "getParameterValues", "parameterNames": [CHANNEL]}
    sets = {"name": "setParameterValues", "parameterValues": [[CHANNEL, "11"]]}
    with serving(rig.interface) as url:
        nbi = Nbi(GenieOptions(tenant=TenantId("default"), url=url, patience=timedelta(seconds=1)))
        try:
            ended = await nbi.task(rig.record.id, reads)
            rig.home.faults.refuse_sets = 9007
            faulted = await nbi.task(rig.record.id, sets)
            rig.away()
            queued = await nbi.task(rig.record.id, reads)
            with pytest.raises(DeviceUnreachable):
                await nbi.task("nobody", reads)
        finally:
            await nbi.aclose()

    assert [ended.ran, faulted.ran, queued.ran] == [Ran.ENDED, Ran.FAULTED, Ran.QUEUED]


async def test_files_and_tags_go_where_they_belong(rig: Rig) -> None:
    about = {"fileType": "1 Firmware Upgrade Image", "version": "2.0"}

    await rig.nbi.put_file("image 2.bin", b"\x00\x01", about)
    await rig.nbi.tag(rig.record.id, "pilot", on=True)

    assert rig.genie.files["image 2.bin"].body == b"\x00\x01"
    assert rig.record.tags == {"pilot"}
    await rig.nbi.tag(rig.record.id, "pilot", on=False)
    assert rig.record.tags == set()
    assert [await rig.nbi.drop_file("image 2.bin") for _ in range(2)] == [True, False]
    with pytest.raises(NotFound):
        await rig.nbi.tag("nobody", "pilot", on=True)


class Proxy(httpx.AsyncBaseTransport):
    """A proxy that wants credentials, and remembers where it was asked."""

    def __init__(self, wants: str) -> None:
        self.wants, self.asked = wants, list[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        known = self.wants in ("", request.headers.get("authorization"))
        return httpx.Response(200, json=[]) if known else httpx.Response(401)


@pytest.mark.parametrize(
    ("wants", "shown"),
    [
        ("Bearer t0ken", {"token": "t0ken"}),
        ("Basic Z3c6c2VjcmV0", {"username": "gw", "password": "secret"}),
    ],
)
async def test_a_proxy_is_shown_credentials_below_its_prefix_and_asked_once_without(
    wants: str, shown: dict[str, str]
) -> None:
    proxy = Proxy(wants)
    options = GenieOptions(tenant=TenantId("default"), url="https://acs.example/nbi", **shown)  # type: ignore[arg-type]  # one of two forms
    nbi = Nbi(options, transport=proxy)

    assert await nbi.list("devices", {}) == []
    assert not await nbi.is_open()
    assert set(proxy.asked) == {"/nbi/devices/", "/nbi/tasks/"}
    assert "secret" not in repr(options)
    assert "t0ken" not in repr(options)


async def test_wrong_credentials_name_the_setting_and_an_open_interface_is_noticed() -> None:
    options = GenieOptions(tenant=TenantId("default"), url="https://acs.example")

    with pytest.raises(InvalidInput) as caught:
        await Nbi(options, transport=Proxy("Bearer other")).list("devices", {})

    assert caught.value.field == "GATEWRIGHT_GENIEACS_PASSWORD"
    assert await Nbi(options, transport=Proxy("")).is_open()
