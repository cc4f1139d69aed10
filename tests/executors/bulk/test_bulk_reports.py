"""A bulk data report is read in each layout of TR-181, and anything else is refused."""

import gzip
import json
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executors.bulk.reports import MAX_BYTES, Malformed, Report, read

AT = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())
SENT, NOISE = "Device.WiFi.Radio.1.Stats.BytesSent", "Device.WiFi.Radio.1.Stats.Noise"
BOTH = {SENT: "18446744073709551615", NOISE: "-90"}


def of_json(*reports: object) -> bytes:
    return json.dumps({"Report": reports}).encode()


@pytest.mark.parametrize(
    "content",
    [
        of_json({"CollectionTime": SECONDS, SENT: 18446744073709551615, NOISE: -90}),
        of_json(
            {
                "CollectionTime": SECONDS,
                "Device": {
                    "WiFi": {
                        "Radio": {"1": {"Stats": {"BytesSent": 18446744073709551615, "Noise": -90}}}
                    }
                },
            }
        ),
        f"ReportTimestamp,{SENT},{NOISE}\r\n{SECONDS},{BOTH[SENT]},-90\r\n".encode(),
        (
            "ReportTimestamp,ParameterName,ParameterValue,ParameterType\r\n"
            f"{SECONDS},{SENT},{BOTH[SENT]},unsignedLong\r\n{SECONDS},{NOISE},-90,int\r\n"
        ).encode(),
        f"ReportTimestamp;{SENT};{NOISE}\n{SECONDS};{BOTH[SENT]};-90\n".encode(),
    ],
    ids=["name-value pairs", "object hierarchy", "by column", "by row", "another separator"],
)
def test_each_layout_says_the_same(content: bytes) -> None:
    assert read(content) == [Report(AT, BOTH)]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (SECONDS, AT),
        (str(SECONDS), AT),
        ("2026-01-01T12:00:00Z", AT),
        ("2026-01-01T12:00:00", AT),
        (
            "2026-01-01T14:00:00+02:00",
            AT.astimezone(timezone(timedelta(hours=2))),
        ),
    ],
)
def test_the_time_is_seconds_or_a_date(said: object, at: datetime) -> None:
    assert read(of_json({"CollectionTime": said, SENT: 1}))[0].at == at


def test_a_report_without_a_time_says_none() -> None:
    assert read(of_json({SENT: 1}))[0].at is None
    assert read(f"{SENT}\n1\n".encode())[0].at is None


def test_what_was_held_back_comes_in_one_upload() -> None:
    found = read(of_json(*({"CollectionTime": SECONDS + n, SENT: n} for n in range(3))))

    assert [each.values[SENT] for each in found] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"{}",
        b"hello",
        b'{"Report": []}',
        b'{"Report": {}}',
        b'{"Report": ["x"]}',
        b'{"Report": [{"CollectionTime": "yesterday", "a.b": 1}]}',
        b'{"Report": [{"CollectionTime": [1], "a.b": 1}]}',
        b'{"Report": [{"CollectionTime": true, "a.b": 1}]}',
        b'{"Report": [{"a.b": NaN}]}',
        b'{"Report": [{"a.b": [1, 2]}]}',
        b'{"Report": ' + b'[{"a":' * 40 + b"1" + b"}]" * 40 + b"}",
        b'{"Report": [' + b'{"a":' * 50 + b"1" + b"}" * 50 + b"]}",
        b'{"Report":' + b"[" * 100_000,
        of_json(*({"a.b": 1} for _ in range(201))),
        of_json(*({f"a.{n}": 1 for n in range(5_001)} for _ in range(4))),
        b"ReportTimestamp,Device.A.B\r\n1,2,3\r\n",
        b"Device.A.B\r\n" + b"1\r\n" * 201,
        b'Device.A.B\r\n"1\r\n' + b"x" * 140_000,
        b" " * (MAX_BYTES + 1),
        gzip.compress(b"{}", mtime=0),
    ],
)
def test_what_is_no_report_is_refused_without_quoting_it(content: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read(content)

    assert "yesterday" not in str(refused.value)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda each: each.encode()))
def test_hostile_bytes_are_a_report_or_malformed(content: bytes) -> None:
    try:
        found = read(content)
    except Malformed:
        return
    assert found


def test_a_long_name_with_much_below_it_is_refused_before_it_is_held_for_each() -> None:
    leaves = {f"a{number}": 1 for number in range(15_000)}
    upload = of_json({"D" * 200_000: leaves})
    assert len(upload) < MAX_BYTES
    tracemalloc.start()

    with pytest.raises(Malformed, match="name that is too long"):
        read(upload)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 * 1024 * 1024  # held for each leaf it would be 3 GB
