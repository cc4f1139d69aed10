"""What a person reads when the server is ready can be used as it stands."""

from io import StringIO
from pathlib import Path

import pytest

from api.cli.output import Output
from api.cli.serve import _say, acs_address
from api.process import Started
from brain.settings import Settings


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_devices_are_not_sent_to_an_address_that_nobody_can_call(host: str) -> None:
    told = acs_address(host, 7547)

    assert told.startswith("http://THIS-HOST:7547/ ")
    assert "0.0.0.0" not in told
    assert "::" not in told


@pytest.mark.parametrize(
    ("host", "told"),
    [("192.0.2.7", "http://192.0.2.7:7547/"), ("2001:db8::7", "http://[2001:db8::7]:7547/")],
)
def test_an_address_that_was_chosen_is_told_as_it_is(host: str, told: str) -> None:
    assert acs_address(host, 7547) == told


def test_the_banner_says_where_the_devices_password_lies_and_not_what_it_is(
    tmp_path: Path,
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "acs.password").write_text("hush-hush")
    out = StringIO()

    _say(Output(out=out), Started(settings=Settings(data_dir=tmp_path), new_token=None))

    assert str(tmp_path / "keys" / "acs.password") in out.getvalue().replace("\n", "")
    assert "hush-hush" not in out.getvalue()


@pytest.mark.parametrize(("doors", "told"), [(0, False), (3, True)])
def test_the_banner_tells_of_doors_where_there_are_any(
    tmp_path: Path, doors: int, told: bool
) -> None:
    out = StringIO()
    settings = Settings(data_dir=tmp_path, acs_doors=doors)

    _say(Output(out=out), Started(settings=settings, new_token=None))

    assert ("Doors in front of it" in out.getvalue()) is told
