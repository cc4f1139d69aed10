"""What people get follows from settings and surroundings, in the direction that it should."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brain.domain.parameter import ParameterPath
from evals.homes.build import World, build
from evals.homes.quality import worse

RADIO = "Device.WiFi.Radio."
WAN_MTU = "Device.IP.Interface.2.MaxMTUSize"
POOL = "Device.DHCPv4.Server.Pool.1."
ALONE = {"splitter": 0, "port": 0, "olt": 0}
FEW = settings(max_examples=12, deadline=None)


def world(*faults: dict[str, Any], **parts: Any) -> World:
    return build({"world": {"around": ALONE, **parts}, "faults": list(faults)}, 5)


def lone(metres: float, walls: int = 0, **parts: Any) -> World:
    """A home with one laptop so far away, and nobody else on the air."""
    client = {"name": "laptop", "kind": "laptop", "metres": metres, "walls": walls, **parts}
    return world(clients=[client])


def after(here: World, **values: str) -> dict[str, float]:
    wanted = {ParameterPath(RADIO + path.replace("__", ".")): v for path, v in values.items()}
    here.open().set(here.home.id, wanted, "k")
    here.advance(minutes=2)
    return here.quality().flat()


def test_narrowing_a_channel_where_neighbours_overlap_lowers_retries() -> None:
    here = world({"kind": "wifi.wrong_width"})
    before = here.quality().flat()

    now = after(here, **{"1__OperatingChannelBandwidth": "20MHz"})

    assert now["radio.1.retries"] < before["radio.1.retries"]
    assert now["video.mbps"] > before["video.mbps"]


def test_widening_a_clear_channel_makes_it_faster() -> None:
    near = {"clients": [{"name": "laptop", "kind": "laptop", "metres": 3}], "down_mbps": 900}
    here = world(settings={RADIO + "2.OperatingChannelBandwidth": "20MHz"}, **near)
    before = here.quality().flat()["client.laptop.mbps"]

    assert after(here, **{"2__OperatingChannelBandwidth": "80MHz"})["client.laptop.mbps"] > (
        2 * before
    )


def test_raising_power_beyond_the_clients_own_reach_does_not_help() -> None:
    """It would hear the gateway, which does not hear it."""
    here = lone(26, 3, dbm=4.0)
    low = after(here, **{"1__TransmitPower": "50", "2__TransmitPower": "50"})
    full = after(here, **{"1__TransmitPower": "100", "2__TransmitPower": "100"})

    assert low["client.laptop.joined"] == full["client.laptop.joined"] == 0


def test_an_mtu_above_the_paths_drops_large_packets_only() -> None:
    here = world(
        {"kind": "wan.wrong_mtu", "path": 1460}, {"kind": "lan.firewall_blocks", "at": "neighbour"},
        clients=[{"name": "console", "kind": "console"}, {"name": "pc", "kind": "desktop"}],
    )  # fmt: skip

    broken = here.quality().broken

    assert "game" not in broken
    assert set(broken) == {"web", "video"}


def test_a_small_mtu_works_and_is_slower_and_too_small_a_one_ends_ipv6() -> None:
    speeds, prefixes = [], []
    for mtu in ("1500", "1300", "1000"):
        flat = world(settings={WAN_MTU: mtu}).quality().flat()
        speeds.append(flat["client.desktop.mbps"])
        prefixes.append(flat["prefix"])

    assert speeds == sorted(speeds, reverse=True)
    assert prefixes == [1, 1, 0]


def test_a_shaper_below_the_line_shortens_the_queue_and_one_above_does_nothing() -> None:
    def felt(rate: str, drops: str = "RED") -> float:
        here = world({"kind": "service.buffer_bloat"})
        values = {"Shaper.1.ShapingRate": rate, "Shaper.1.Enable": "true",
                  "Queue.1.DropAlgorithm": drops}  # fmt: skip
        wanted = {ParameterPath(f"Device.QoS.{leaf}"): text for leaf, text in values.items()}
        here.open().set(here.home.id, wanted, "k")
        return here.quality().flat()["game.latency_ms"]

    assert felt("9000000") < 60 < felt("9000000", "DT") < felt("20000000") == felt("-1")
    assert felt("90") == felt("9000000"), "up to a hundred it is a percentage (TR-181)"


def test_a_shaper_far_below_the_line_costs_what_it_holds_back() -> None:
    here = world({"kind": "service.buffer_bloat"})
    before = here.quality()
    wanted = {"Device.QoS.Shaper.1.ShapingRate": "1000000", "Device.QoS.Shaper.1.Enable": "true"}
    here.open().set(here.home.id, {ParameterPath(p): v for p, v in wanted.items()}, "k")

    assert "upload.up_mbps" in worse(before, here.quality())


@FEW
@given(near=st.floats(1, 40), far=st.floats(1, 40), walls=st.integers(0, 4))
def test_moving_away_never_makes_a_client_faster_on_its_band(
    near: float, far: float, walls: int
) -> None:
    homes = [lone(each, walls) for each in sorted((near, far))]
    # One that hangs on to a weak 5 GHz may be faster once it has gone over to 2.4 GHz.
    assume(len({_point(each) for each in homes}) == 1)

    fast, slow = (each.quality().flat()["client.laptop.mbps"] for each in homes)

    assert slow <= fast + 1e-6


def _point(here: World) -> int:
    """The access point that its only client is on."""
    (laptop,) = here.home.household.guests
    return here.home.association.where(laptop)


@FEW
@given(
    dbm=st.integers(-90, -45), load=st.floats(0.05, 0.9), channel=st.sampled_from([1, 4, 6, 9, 11])
)
def test_one_more_neighbour_never_helps(dbm: int, load: float, channel: int) -> None:
    client = {"name": "laptop", "kind": "old_laptop", "metres": 6.0}

    def speed(*neighbours: dict[str, Any]) -> float:
        air = [{"band": "2.4GHz", "channel": 6, "neighbours": [
            {"channel": 11, "dbm": -88, "load": 0.1}, *neighbours]}]  # fmt: skip
        return world(clients=[client], air=air).quality().flat()["client.laptop.mbps"]

    assert speed({"channel": channel, "dbm": dbm, "load": load}) <= speed() + 1e-6


def test_worse_names_what_people_would_notice_and_nothing_that_only_sways() -> None:
    here = world({"kind": "trap.slow_poison", "path": RADIO + "1.Channel"})
    before = here.quality()
    here.advance(minutes=7)
    assert worse(before, here.quality()) == ()

    after(here, **{"1__Channel": "6" if here.home.radio(1).channel != 6 else "11"})
    here.advance(minutes=90)

    fell = worse(before, here.quality())
    assert {"web.works", "web.loss", "client.laptop.works"} <= set(fell)
    assert worse(before, before) == ()


@pytest.mark.parametrize("name", ["web.works", "video.mbps", "client.phone.retries", "clock"])
def test_every_figure_has_a_name_for_assertions(name: str) -> None:
    assert isinstance(world().quality().flat()[name], float)


@pytest.mark.parametrize(
    ("leaf", "told", "works"),
    [
        ("IPRouters", "192.168.1.254", 0.0),
        ("IPRouters", "", 1.0),
        ("IPRouters", "192.168.1.1", 1.0),
        ("DNSServers", "192.168.1.254", 0.0),
        ("DNSServers", "192.168.1.254,9.9.9.9", 1.0),
    ],
)
def test_what_the_pool_names_as_gateway_and_resolver_has_to_be_there(
    leaf: str, told: str, works: float
) -> None:
    here = world(settings={POOL + leaf: told})

    assert here.quality().flat()["web.works"] == works


@pytest.mark.parametrize(
    ("seconds", "works"), [("1", 0), ("60", 0), ("121", 1), ("86400", 1), ("-1", 1)]
)
def test_a_lease_that_runs_out_before_it_can_be_asked_for_again_is_lost_now_and_then(
    seconds: str, works: int
) -> None:
    here = world()
    here.open().set(here.home.id, {ParameterPath(POOL + "LeaseTime"): seconds}, "k")

    assert here.quality().flat()["video.works"] == works


def test_an_address_of_another_network_than_the_box_leads_nowhere() -> None:
    settings = {POOL + "MinAddress": "192.168.9.10", POOL + "MaxAddress": "192.168.9.99"}

    assert world(settings=settings).quality().flat()["web.works"] == 0.0
