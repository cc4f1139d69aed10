"""The log is JSON, whoever writes it, and holds no secret."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from api.logs import bind_caller, configure_logs


@pytest.fixture
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines(_restored: None) -> StringIO:
    stream = StringIO()
    configure_logs(level="info", known_secrets=["acs-pa55word"], stream=stream)
    return stream


def only(stream: StringIO) -> dict[str, object]:
    (line,) = stream.getvalue().splitlines()
    read: dict[str, object] = json.loads(line)
    return read


def test_a_line_is_one_json_object_with_time_level_and_caller(lines: StringIO) -> None:
    bind_caller(principal="ana", tenant="north")

    structlog.get_logger("gatewright.x").info("listening", port=8080)

    line = only(lines)
    assert (line["event"], line["level"], line["port"]) == ("listening", "info", 8080)
    assert (line["principal"], line["tenant"], line["logger"]) == ("ana", "north", "gatewright.x")
    assert str(line["timestamp"]).endswith("Z")


def test_secrets_are_masked_in_structlog_lines(lines: StringIO) -> None:
    structlog.get_logger("gatewright.x").info("got acs-pa55word", headers={"Cookie": "sid=hunter2"})

    assert "acs-pa55word" not in lines.getvalue()
    assert "hunter2" not in lines.getvalue()
    assert only(lines)["headers"] == {"Cookie": "[redacted]"}


def test_secrets_are_masked_in_lines_of_the_standard_library(lines: StringIO) -> None:
    logging.getLogger("lib").warning("Authorization: %s", "Bearer abcdefghijkl")

    assert "abcdefghijkl" not in lines.getvalue()
    assert only(lines)["level"] == "warning"


def test_an_exception_says_where_and_what_kind_but_not_its_words(lines: StringIO) -> None:
    try:
        raise ValueError("the passphrase of house 7 is hunter2")
    except ValueError:
        structlog.get_logger("gatewright.x").exception("broke")

    line = only(lines)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in str(line["where"])
    assert "hunter2" not in lines.getvalue()


def test_what_is_below_the_level_is_not_written(lines: StringIO) -> None:
    structlog.get_logger("gatewright.x").debug("chatter")
    logging.getLogger("httpx").info("GET https://example.net/?key=hunter2")

    assert lines.getvalue() == ""


@pytest.mark.usefixtures("_restored")
def test_for_people_it_is_no_json_and_as_clean() -> None:
    stream = StringIO()
    configure_logs(level="info", stream=stream, for_people=True)

    structlog.get_logger("gatewright.x").info("got it", password="hunter2hunter2")

    assert "got it" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
    assert "hunter2" not in stream.getvalue()
