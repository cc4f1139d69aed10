"""The stand-in for GenieACS has the oddities of the real one, as its sources have them."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from brain.domain.canonical import Json
from evals.homes import rpc
from evals.homes.build import build
from evals.standins.genieacs.downloads import SITE, File
from evals.standins.genieacs.interface import Ask, Dropped, Interface, Told, matches
from evals.standins.genieacs.records import Preset
from evals.standins.genieacs.sessions import Genie
from executors.acs.transfers import FIRMWARE, Download, DownloadResponse

CHANNEL = "Device.WiFi.Radio.1.Channel"


class Site:
    """One home behind the interface."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        world = build({"world": {"model": "brightmoor-hearth6"}}, seed=7)
        self.home = world.home
        self.home.clock = clock
        self.genie = Genie(clock)
        self.record = self.genie.add(self.home)
        self.interface = Interface(self.genie)

    def post(self, **task: Json) -> Told:
        place = f"/devices/{quote(self.record.id, safe='')}/tasks?connection_request"
        return self.interface.answer(Ask("POST", place, json.dumps(task).encode()))

    def read(self, path: str) -> Told:
        return self.post(name="getParameterValues", parameterNames=[path])

    def set(self, *pairs: tuple[str, str]) -> Told:
        return self.post(name="setParameterValues", parameterValues=[[*pair] for pair in pairs])

    def holds(self, path: str) -> str:
        return self.home.tree.read(path)


@pytest.fixture
def site(clock: Callable[[], object]) -> Site:
    return Site(clock)


def test_a_value_that_it_remembers_as_wanted_is_not_written_and_that_is_a_200(site: Site) -> None:
    site.read(CHANNEL)
    remembered = site.holds(CHANNEL)
    site.home.tree.put(CHANNEL, "4")

    assert site.set((CHANNEL, remembered)).status == 200
    assert site.holds(CHANNEL) == "4"


def test_a_path_that_it_never_read_is_not_written_and_that_is_a_200(site: Site) -> None:
    assert site.set((CHANNEL, "11")).status == 200
    assert site.holds(CHANNEL) != "11"
    assert site.genie.tasks == {}


def test_a_202_means_three_things_and_the_reason_says_which(site: Site) -> None:
    site.read(CHANNEL)
    site.home.faults.refuse_sets = 9007
    faulted = site.set((CHANNEL, "11"))
    site.genie.in_session.add(site.record.id)
    locked = site.set((CHANNEL, "11"))
    site.genie.in_session.clear()
    site.home.faults.deaf = True
    away = site.set((CHANNEL, "11"))

    assert {each.status for each in (faulted, locked, away)} == {202}
    assert [each.reason for each in (faulted, locked, away)] == [
        "Task faulted",
        "Task queued but not processed",
        "Device is offline",
    ]


def test_a_task_waits_and_runs_an_hour_late(site: Site) -> None:
    site.read(CHANNEL)
    site.home.faults.deaf = True
    site.set((CHANNEL, "11"))
    site.home.faults.deaf = False
    site.clock.advance(hours=1)

    site.genie.session(site.record)

    assert site.holds(CHANNEL) == "11"


def test_a_task_with_an_expiry_does_not(site: Site) -> None:
    site.read(CHANNEL)
    site.home.faults.deaf = True
    site.post(name="setParameterValues", parameterValues=[[CHANNEL, "11"]], expiry=60)
    site.home.faults.deaf = False
    site.clock.advance(hours=1)

    site.genie.session(site.record)

    assert site.holds(CHANNEL) != "11"


def test_one_unknown_parameter_among_several_leaves_the_others_written(site: Site) -> None:
    """9005 makes it forget the path and go on with the rest, and there is no fault."""
    power = "Device.WiFi.Radio.1.TransmitPower"
    site.read("Device.WiFi.Radio.1")
    site.home.tree.hidden = (power,)

    assert site.set((CHANNEL, "11"), (power, "50")).status == 200
    assert site.holds(CHANNEL) == "11"
    assert power not in site.record.nodes


def test_what_is_written_is_remembered_as_asked_for_and_not_read_again_at_once(site: Site) -> None:
    site.read(CHANNEL)
    site.home.faults.lie = True
    site.set((CHANNEL, "11"))

    site.read(CHANNEL)
    assert site.record.nodes[CHANNEL].value == "11"
    site.clock.advance(seconds=2)
    site.read(CHANNEL)
    assert site.record.nodes[CHANNEL].value == site.holds(CHANNEL) != "11"


def test_what_a_device_leaves_out_is_remembered_as_empty_and_as_read_now(site: Site) -> None:
    site.genie.omitted.add(CHANNEL)

    site.read(CHANNEL)

    node = site.record.nodes[CHANNEL]
    assert (node.value, node.type, node.at) == ("", "string", site.clock())


def test_presets_have_the_last_word_in_every_session(site: Site) -> None:
    site.read(CHANNEL)
    site.genie.presets["a"] = Preset(name="a", weight=1, values={CHANNEL: "3"})
    site.genie.presets["b"] = Preset(name="b", weight=2, values={CHANNEL: "4"})

    assert site.set((CHANNEL, "11")).status == 200
    assert site.holds(CHANNEL) == "4"


def test_a_fault_stays_and_blocks_until_it_is_taken_away_with_its_task(site: Site) -> None:
    site.read(CHANNEL)
    site.home.faults.refuse_sets = 9002
    site.set((CHANNEL, "11"))
    (fault,) = site.genie.faults.values()

    site.genie.session(site.record)
    assert site.holds(CHANNEL) != "11"
    place = "/faults/" + quote(str(fault.document()["_id"]), safe="")
    site.genie.in_session.add(site.record.id)
    assert site.interface.answer(Ask("DELETE", place)).status == 503
    site.genie.in_session.clear()
    assert site.interface.answer(Ask("DELETE", place)).status == 200
    assert (site.genie.tasks, site.genie.faults) == ({}, {})


def test_a_task_of_the_same_key_takes_the_place_of_the_older_one(site: Site) -> None:
    site.home.faults.deaf = True
    for value in ("3", "11"):
        site.post(name="setParameterValues", parameterValues=[[CHANNEL, value]], uniqueKey="chg_1")

    (task,) = site.genie.tasks.values()
    assert task.what["parameterValues"] == [[CHANNEL, "11"]]


def test_what_is_no_task_is_dropped_and_not_answered(site: Site) -> None:
    with pytest.raises(Dropped):
        site.post(name="flyToTheMoon")


def test_an_id_is_escaped_twice_in_a_path(site: Site) -> None:
    site.home.identity = type(site.home.identity)("Acme", "00259E", "HG8245-H", "S1")
    site.genie.devices = {site.record.id: site.record}

    assert site.record.id == "00259E-HG8245%2DH-S1"
    once = f"/devices/{site.record.id}/tasks?connection_request"
    assert site.interface.answer(Ask("POST", once)).status == 404
    assert site.read(CHANNEL).status == 200


@pytest.mark.parametrize(
    ("value", "test", "means"),
    [("a.b", "a.b", True), ("axb", "/a.b/", True), ("abc", "a*", True), ("abc", "a.*c?", False)],
)
def test_a_text_in_a_query_becomes_a_pattern(value: str, test: str, means: bool) -> None:
    assert matches({"_id": value}, {"_id": test}) is means


def test_more_than_32_values_go_in_several_requests(site: Site, monkeypatch: Any) -> None:
    sizes: list[int] = []
    site.read("Device")
    paths = [p for p, node in site.record.nodes.items() if node.writable and node.value == "true"]
    real = rpc.answer

    def counted(home: Any, request: Any) -> Any:
        if type(request).__name__ == "SetParameterValues":
            sizes.append(len(request.values))
        return real(home, request)

    monkeypatch.setattr("evals.homes.rpc.answer", counted)
    site.set(*((path, "false") for path in paths[:40]))

    assert len(paths) > 32
    assert sizes[0] == 32


IMAGE = "hearth6-2.0.bin"


def fetch(site: Site) -> Told:
    site.genie.files[IMAGE] = File(b"firmware", {"fileType": FIRMWARE})
    return site.post(name="download", fileType=FIRMWARE, fileName=IMAGE)


def later(site: Site) -> None:
    """The home has fetched, or failed to, has started, and calls."""
    for _ in range(2):  # it is away while it starts
        site.clock.advance(minutes=5)
        site.home.tick()
    site.genie.session(site.record)


def test_a_download_is_a_200_once_it_was_promised_and_its_end_is_told_later(site: Site) -> None:
    site.home.images[SITE + IMAGE] = "2.0"

    assert fetch(site).status == 200
    assert site.genie.tasks == {}
    assert "Downloads.1.CompleteTime" not in site.record.nodes
    later(site)

    assert site.holds("Device.DeviceInfo.SoftwareVersion") == "2.0"
    row = {path: node.value for path, node in site.record.nodes.items() if "Downloads.1." in path}
    assert row["Downloads.1.LastFileName"] == IMAGE
    assert row["Downloads.1.CompleteTime"]
    assert site.genie.operations == {}


def test_a_download_that_fails_leaves_the_fault_of_a_task_that_is_gone(site: Site) -> None:
    fetch(site)
    later(site)

    (fault,) = site.genie.faults.values()
    assert (fault.code, fault.channel.startswith("task_")) == ("cwmp.9016", True)
    assert site.genie.tasks == {}


def test_of_a_download_that_was_done_at_once_it_keeps_the_type_for_a_name(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rpc._HANDLERS, Download, lambda home, asked: DownloadResponse(status=0))

    fetch(site)

    assert site.record.nodes["Downloads.1.LastFileName"].value == FIRMWARE


def test_a_device_is_sent_to_its_file_server_whatever_the_file_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Download] = []

    def keep(home: object, said: object) -> DownloadResponse:
        assert isinstance(said, Download)
        asked.append(said)
        return DownloadResponse(status=1)

    monkeypatch.setitem(rpc._HANDLERS, Download, keep)

    fetch(site)
    site.post(name="download", fileType=FIRMWARE, fileName="https://elsewhere.example/x y")

    assert [each.url for each in asked] == [SITE + IMAGE, SITE + "https://elsewhere.example/x%20y"]
    assert [each.file_size for each in asked] == [len(b"firmware"), 0]
