"""What every executor must do for a device that speaks TR-098: all of it by the names of TR-181."""

import pytest

from brain.domain.change import AddObject, DeleteObject, SetParameter
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from tests.executors.contract import CHANNEL, GHOST, MAPPINGS, Rig

OLD_MAKE = "huawei-bm632w"
ROOT = "InternetGatewayDevice."
WLAN = ROOT + "LANDevice.1.WLANConfiguration.1."
WAN = ROOT + "WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."
TABLE = WAN + "PortMapping."
MODE = ParameterPath("Device.WiFi.AccessPoint.1.Security.ModeEnabled")
WAY_OUT = "Device.IP.Interface.2"
CAMERA = (
    ("Enable", "true"),
    ("Interface", WAY_OUT),
    ("ExternalPort", "8554"),
    ("InternalPort", "554"),
    ("Protocol", "TCP"),
    ("InternalClient", "192.168.1.14"),
)


def wish(path: str, after: str) -> SetParameter:
    return SetParameter(path=ParameterPath(path), type=ParameterType.STRING, before="", after=after)


class OldDeviceContract:
    """The suite. ``rig`` is the subclass's, with a home of ``OLD_MAKE``."""

    is_a_controller = True
    """Whether a controller stands between: then it says why, and forgets rows that went."""

    async def test_it_is_read_by_the_names_of_tr181(self, rig: Rig) -> None:
        rig.home.tree.put(WLAN + "Channel", "4")
        rig.home.tree.put(WLAN + "BeaconType", "WPAWPA2")

        said = await rig.read(CHANNEL, MODE, GHOST)

        assert (said[CHANNEL], said[MODE]) == ("4", "WPA-WPA2-Personal")
        assert GHOST not in said
        assert not [path for path in said if path.startswith(ROOT)]

    async def test_it_is_written_by_the_names_of_tr181(self, rig: Rig) -> None:
        outcome = await rig.apply(rig.plan(wish(CHANNEL, "11"), wish(MODE, "WPA2-Personal")))

        assert outcome.progress is Progress.APPLIED
        assert (rig.holds(WLAN + "Channel"), rig.holds(WLAN + "BeaconType")) == ("11", "11i")
        assert (await rig.read(MODE))[MODE] == "WPA2-Personal"

    @pytest.mark.parametrize(
        ("path", "why"),
        [
            ("Device.WiFi.AccessPoint.1.Security.SAEPassphrase", "no word for WPA3"),
            ("Device.Optical.Interface.1.Enable", "no counterpart"),
            (GHOST, "nothing that stands for this"),
        ],
    )
    async def test_what_cannot_be_said_is_refused_by_name_and_nothing_is_written(
        self, rig: Rig, path: str, why: str
    ) -> None:
        before = rig.holds(WLAN + "Channel")

        outcome = await rig.apply(rig.plan(wish(CHANNEL, "11"), wish(path, "12345678")))
        await rig.calls()

        assert outcome.progress is Progress.REFUSED
        if self.is_a_controller:
            assert path in outcome.detail
            assert why in outcome.detail
        assert "12345678" not in repr(outcome)
        assert rig.holds(WLAN + "Channel") == before

    async def test_a_row_comes_with_its_values_and_goes_again(self, rig: Rig) -> None:
        added = await rig.apply(rig.plan(AddObject(path=MAPPINGS, values=CAMERA)))

        assert added.progress is Progress.APPLIED
        (row,) = rig.home.tree.rows(TABLE)
        assert rig.holds(f"{TABLE}{row}.PortMappingEnabled") == "true"
        assert rig.holds(f"{TABLE}{row}.InternalClient") == "192.168.1.14"
        said = await rig.read(MAPPINGS)
        ours = {path: text for path, text in said.items() if path.startswith(f"{MAPPINGS}{row}.")}
        assert {f"{MAPPINGS}{row}.{leaf}": text for leaf, text in CAMERA}.items() <= ours.items()
        gone = await rig.apply(rig.plan(DeleteObject(path=ParameterPath(f"{MAPPINGS}{row}."))))
        assert gone.progress is Progress.APPLIED
        assert rig.home.tree.rows(TABLE) == []

    async def test_a_row_that_went_is_not_read_and_not_kept(self, rig: Rig) -> None:
        await rig.apply(rig.plan(AddObject(path=MAPPINGS, values=CAMERA)))
        await rig.read(MAPPINGS)
        (row,) = rig.home.tree.rows(TABLE)
        rig.home.tree.remove(f"{TABLE}{row}.")

        said = await rig.read(f"{MAPPINGS}{row}.")

        assert not [path for path in said if path.startswith(MAPPINGS)]
        async with rig.store.read() as tx:
            kept = await tx.snapshots.latest(rig.device.tenant, rig.device.id)
        left = [path for path in (kept.values if kept else ()) if path.startswith(MAPPINGS)]
        assert not (self.is_a_controller and left)

    @pytest.mark.parametrize(
        ("table", "values", "why"),
        [
            (MAPPINGS, CAMERA[:1] + CAMERA[2:], "names none of them"),
            (MAPPINGS, (*CAMERA, ("Alias", "camera")), "cannot be said of a new row"),
            ("Device.WiFi.SSID.", (), "no row of its own"),
            ("Device.DNS.Client.Server.", (), "no row of its own"),
            ("Device.Hosts.Host.", (), "has not shown"),
            ("Device.QoS.Queue.", (), "no counterpart"),
        ],
    )
    async def test_a_row_that_would_be_none_of_tr098_is_refused_and_nothing_is_sent(
        self, rig: Rig, table: str, values: tuple[tuple[str, str], ...], why: str
    ) -> None:
        objects = {*rig.home.tree.objects}

        outcome = await rig.apply(rig.plan(AddObject(path=ParameterPath(table), values=values)))
        await rig.calls()

        assert outcome.progress is Progress.REFUSED
        if self.is_a_controller:
            assert why in outcome.detail
        assert {*rig.home.tree.objects} == objects

    @pytest.mark.parametrize(
        "row", ["Device.WiFi.SSID.1.", f"{MAPPINGS}7.", "Device.Hosts.Host.1."]
    )
    async def test_a_row_that_is_none_of_tr098_is_not_deleted(self, rig: Rig, row: str) -> None:
        objects = {*rig.home.tree.objects}

        outcome = await rig.apply(rig.plan(DeleteObject(path=ParameterPath(row))))
        await rig.calls()

        assert outcome.progress is Progress.REFUSED
        assert {*rig.home.tree.objects} == objects
