"""What diagnostics found, read from what a device says; nothing said is nothing known."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.datamodel.catalogue import catalogue
from brain.datamodel.diagnostics import DIAGNOSTICS, MOST, Ended, Kind, diagnosis
from brain.datamodel.found import (
    Answer,
    Download,
    Echoes,
    Hop,
    Lookup,
    Neighbour,
    Neighbours,
    Route,
)
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Snapshot

AT = datetime(2026, 1, 1, tzinfo=UTC)


def says(kind: Kind, **values: str) -> Snapshot:
    at = DIAGNOSTICS[kind].at
    said = {ParameterPath(at + leaf.replace("__", ".")): text for leaf, text in values.items()}
    return Snapshot(device=DeviceId("d"), taken_at=AT, values=said)


def found(kind: Kind, **values: str) -> Any:
    return diagnosis(DIAGNOSTICS[kind], says(kind, **values)).found


@pytest.mark.parametrize("kind", Kind)
def test_every_input_and_state_is_in_the_data_model_and_may_be_written(kind: Kind) -> None:
    of, book = DIAGNOSTICS[kind], catalogue("tr181-cwmp")

    for leaf in (*of.needs, *of.inputs, "DiagnosticsState"):
        entry = book.find(f"{of.at}{leaf}")
        assert entry is not None, leaf
        assert entry.access == "readWrite", leaf
    assert catalogue("tr181-usp").find(of.command) is not None
    assert all(int(text) <= MOST.get(leaf, int(text)) for leaf, text in of.inputs.items())


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("Complete", Ended.COMPLETE),
        ("Completed", Ended.COMPLETE),
        ("Error_Other", Ended.ERROR),
        ("Requested", Ended.RUNNING),
        ("None", Ended.UNKNOWN),
        ("Canceled", Ended.UNKNOWN),
        ("", Ended.UNKNOWN),
    ],
)
def test_how_far_it_is(state: str, ended: Ended) -> None:
    said = diagnosis(DIAGNOSTICS[Kind.PING], says(Kind.PING, DiagnosticsState=state))

    assert said.ended is ended
    assert said.over is (ended in (Ended.COMPLETE, Ended.ERROR))


def test_a_ping() -> None:
    said = found(
        Kind.PING,
        SuccessCount="3",
        FailureCount="1",
        AverageResponseTime="12",
        MinimumResponseTime="9",
        MaximumResponseTime="15",
    )

    assert said == Echoes(answered=3, lost=1, average_ms=12, shortest_ms=9, longest_ms=15)


def test_a_count_that_was_not_said_is_not_nought() -> None:
    assert found(Kind.UDP_ECHO, FailureCount="x") == Echoes(
        answered=None, lost=None, average_ms=None, shortest_ms=None, longest_ms=None
    )
    assert str(found(Kind.PING, SuccessCount="4")) == ""


def test_a_route_in_the_order_of_its_hops() -> None:
    said = found(
        Kind.TRACE_ROUTE,
        ResponseTime="30",
        RouteHops__10__Host="far",
        RouteHops__2__HostAddress="192.0.2.2",
        RouteHops__2__RTTimes="1, 2,x",
        RouteHops__2__ErrorCode="0",
    )

    near = Hop(host="", address="192.0.2.2", times_ms=(1, 2), error=0)
    assert said == Route(
        response_ms=30, hops=(near, Hop(host="far", address="", times_ms=(), error=None))
    )


@pytest.mark.parametrize(
    ("began", "ended", "speed"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:02.000000Z", 4_000_000),
        ("0001-01-01T00:00:00Z", "2026-01-01T00:00:02Z", None),
        ("2026-01-01T00:00:02Z", "2026-01-01T00:00:00Z", None),
        ("2026-01-01T00:00:00", "2026-01-01T00:00:02Z", None),
        ("soon", "", None),
    ],
)
def test_a_download_and_its_speed(began: str, ended: str, speed: int | None) -> None:
    said = found(Kind.DOWNLOAD, TestBytesReceived="1000000", BOMTime=began, EOMTime=ended)

    assert isinstance(said, Download)
    assert said.bits_per_second == speed
    assert str(said) == ("4.0 Mbit/s" if speed else "")


def test_an_upload_counts_what_it_was_asked_to_send() -> None:
    said = found(
        Kind.UPLOAD,
        TestFileLength="500000",
        BOMTime="2026-01-01T00:00:00Z",
        EOMTime="2026-01-01T00:00:01Z",
    )

    assert said.bits_per_second == 4_000_000


def test_a_lookup() -> None:
    said = found(
        Kind.DNS_LOOKUP,
        SuccessCount="1",
        Result__1__Status="Success",
        Result__1__IPAddresses="192.0.2.1,192.0.2.2",
        Result__1__DNSServerIP="192.0.2.53",
        Result__1__ResponseTime="14",
    )

    answer = Answer(
        status="Success", addresses=("192.0.2.1", "192.0.2.2"), server="192.0.2.53", took_ms=14
    )
    assert said == Lookup(answered=1, answers=(answer,))


def test_neighbours_are_counted_and_not_named() -> None:
    said = found(
        Kind.WIFI_NEIGHBOURS,
        Result__1__SSID="somebody else's",
        Result__1__Channel="11",
        Result__1__SignalStrength="-71",
    )

    neighbour = Neighbour(radio="", ssid="somebody else's", bssid="", channel=11, band="", dbm=-71)
    assert said == Neighbours(networks=(neighbour,))
    assert str(said) == "1 networks heard"


TABLES = ("Result.1.SSID", "Result.1.SignalStrength", "Result.9999.Channel", "RouteHops.1.RTTimes")
ODD = ("RouteHops.².X", "RouteHops..Host", "Result.1", "")
LEAVES = st.sampled_from((*TABLES, *ODD, "DiagnosticsState", "SuccessCount", "BOMTime", "EOMTime"))


@given(st.sampled_from(Kind), st.dictionaries(LEAVES, st.text(max_size=30)))
def test_whatever_a_device_says_is_read(kind: Kind, said: dict[str, str]) -> None:
    at = DIAGNOSTICS[kind].at
    values = {ParameterPath(at + leaf): text for leaf, text in said.items()}
    snapshot = Snapshot(device=DeviceId("d"), taken_at=AT, values=values)

    assert str(diagnosis(DIAGNOSTICS[kind], snapshot)).startswith(kind)
