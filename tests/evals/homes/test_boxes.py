"""What is wrong with a box itself comes with time, shows where a box shows it, and goes with it."""

from typing import Any

from evals.homes.build import World, build
from evals.homes.quality import quality

INFO = "Device.DeviceInfo."
ALONE = {"around": {"splitter": 0, "port": 0, "olt": 0}}


def world(kind: str, *, hours: float = 240, model: str = "havrelund-hl2400", **fault: Any) -> World:
    parts = {**ALONE, "uptime_hours": hours, "model": model}
    return build({"world": parts, "faults": [{"kind": kind, **fault}]}, 5)


def number(here: World, leaf: str) -> int:
    here.home.tick()
    return int(here.home.tree.read(INFO + leaf))


def test_memory_goes_by_the_hour_and_people_feel_only_the_end_of_it() -> None:
    here = world("device.memory_leak", hours=1)
    free, slow = [], []

    for _ in range(4):
        free.append(number(here, "MemoryStatus.Free"))
        slow.append(bool(here.quality().broken))
        here.advance(minutes=60 * 60)

    assert free == sorted(free, reverse=True)
    assert slow == [False, False, False, True]


def test_a_box_that_runs_out_of_memory_starts_anew_and_says_so() -> None:
    here = world("device.memory_leak", hours=180)
    here.home.events = []

    here.advance(minutes=60 * 24)

    assert number(here, "UpTime") < 24 * 3600
    assert [each.code for each in here.home.events] == ["1 BOOT"]
    assert number(here, "MemoryStatus.Free") > 90_000


def test_a_flooded_log_takes_the_whole_processor_until_logging_ends() -> None:
    here = world("device.log_flood")
    assert number(here, "ProcessStatus.CPUUsage") > 90

    here.home.local_change("Device.Syslog.Enable", "false")

    assert number(here, "ProcessStatus.CPUUsage") < 40


def test_a_bug_that_needs_days_is_hidden_by_a_start_and_comes_back() -> None:
    here = world("device.known_bug", bug="nat_table", hours=100)
    assert here.quality().broken

    here.home.reboot()
    here.advance(minutes=60)
    assert here.quality().well

    here.advance(minutes=60 * 80)
    assert here.quality().broken


def test_a_relay_that_hangs_takes_names_from_clients_and_not_from_the_box() -> None:
    here = world("device.known_bug", bug="dns_relay", model="ferncliff-v2")

    assert {reason.value for why in here.quality().broken.values() for reason in why} == {
        "no_names"
    }
    assert here.home.tree.read("Device.DNS.Client.Status") == "Enabled"


def test_software_without_the_bug_does_not_have_it() -> None:
    parts = {**ALONE, "firmware": "9.9.9", "uptime_hours": 100}
    here = build({"world": parts, "faults": [{"kind": "device.known_bug"}]}, 5)

    assert here.quality().well
    assert here.devices[0].firmware == "9.9.9"


def test_counters_never_go_back_while_a_box_is_up() -> None:
    here = world("access.dsl_noise", model="ferncliff-v2")
    path = "Device.DSL.Line.1.Stats.ErrorsReceived"
    seen = []

    for _ in range(3):
        here.home.tick()
        seen.append(int(here.home.tree.read(path)))
        here.advance(minutes=30)

    assert 0 < seen[0] < seen[1] < seen[2]


def test_without_a_session_nothing_resolves_and_the_box_has_no_address() -> None:
    here = world("wan.login_refused", model="brightmoor-hearth6")
    read = here.home.tree.read

    assert read("Device.IP.Interface.2.Status") == "LowerLayerDown"
    assert read("Device.IP.Interface.2.IPv4Address.1.IPAddress") == ""
    assert read("Device.DNS.Client.Server.1.Status") == "Error"
    assert read("Device.IP.Interface.1.Status") == "Up"


def test_a_slow_client_takes_the_air_from_a_fast_one() -> None:
    def speed(*others: dict[str, Any]) -> float:
        laptop = {"name": "laptop", "kind": "laptop", "metres": 3.0}
        settings = {"Device.WiFi.Radio.2.Enable": "false"}
        spec = {"world": {**ALONE, "clients": [laptop, *others], "settings": settings}}
        return quality(build(spec, 5).home).flat()["client.laptop.mbps"]

    near = {"name": "old", "kind": "old_laptop", "metres": 3.0}

    assert speed() > speed(near) > speed({**near, "metres": 22.0, "walls": 2})


def test_a_pool_tells_how_many_hold_an_address_of_it() -> None:
    here = world("lan.pool_exhausted")

    assert here.home.tree.read("Device.DHCPv4.Server.Pool.1.ClientNumberOfEntries") == "30"
