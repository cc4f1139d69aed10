"""Firmware images on the operator's own GenieACS, put there, listed and taken away."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evals.hand_clock import HandClock
from evals.standins.genieacs.downloads import File
from evals.standins.genieacs.interface import Interface
from evals.standins.genieacs.serving import serving
from evals.standins.genieacs.sessions import Genie
from executors.acs.transfers import FIRMWARE

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell

PLACE = "GATEWRIGHT_GENIEACS_FILES"


@pytest.fixture
def genie() -> Genie:
    return Genie(HandClock())


@pytest.fixture
def named(genie: Genie) -> Iterator[dict[str, str]]:
    with serving(Interface(genie)) as url:
        yield {"GATEWRIGHT_GENIEACS_URL": url, PLACE: "https://files.example/"}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    made = tmp_path / "hearth6-2.0.bin"
    made.write_bytes(b"firmware")
    return made


async def test_an_image_is_put_for_its_devices_and_its_address_told(
    terminal: "Shell", genie: Genie, named: dict[str, str], image: Path
) -> None:
    about = ("--oui", "00D09E", "--product-class", "G1", "--version", "2.0")

    ran = await terminal.run("genieacs", "put-image", str(image), *about, **named)
    listed = await terminal.run("genieacs", "images", "--json", **named)

    assert ran.code == 0
    assert f"https://files.example/{image.name}" in ran.out + ran.err
    said = {"fileType": FIRMWARE, "oui": "00D09E", "productClass": "G1", "version": "2.0"}
    assert genie.files[image.name] == File(b"firmware", dict(said))
    row = {"name": image.name, "bytes": 8, "oui": "00D09E", "product_class": "G1", "version": "2.0"}
    assert listed.document == {"items": [row]}


async def test_a_program_is_told_the_address_too(
    terminal: "Shell", named: dict[str, str], image: Path
) -> None:
    put = await terminal.run("genieacs", "put-image", str(image), "--json", **named)
    dropped = await terminal.run("genieacs", "drop-image", image.name, "--json", **named)

    url = f"https://files.example/{image.name}"
    assert put.document == {"name": image.name, "bytes": 8, "url": url}
    assert dropped.document == {"name": image.name, "dropped": True}


async def test_without_the_address_of_its_files_it_is_asked_for(
    terminal: "Shell", named: dict[str, str], image: Path
) -> None:
    ran = await terminal.run("genieacs", "put-image", str(image), **{**named, PLACE: ""})

    assert PLACE in ran.out + ran.err


async def test_no_file_is_overwritten(
    terminal: "Shell", genie: Genie, named: dict[str, str], image: Path
) -> None:
    genie.files[image.name] = before = File(b"another", {})

    ran = await terminal.run("genieacs", "put-image", str(image), **named)

    assert ran.code != 0
    assert "already" in ran.err
    assert genie.files == {image.name: before}


async def test_a_name_that_an_address_would_not_say_is_refused(
    terminal: "Shell", genie: Genie, named: dict[str, str], tmp_path: Path
) -> None:
    odd = tmp_path / "hearth 6.bin"
    odd.write_bytes(b"firmware")

    ran = await terminal.run("genieacs", "put-image", str(odd), **named)

    assert ran.code != 0
    assert "plain name" in ran.err
    assert genie.files == {}


async def test_an_image_is_taken_away_once(
    terminal: "Shell", genie: Genie, named: dict[str, str]
) -> None:
    genie.files["old.bin"] = File(b"firmware", {"fileType": FIRMWARE})

    first = await terminal.run("genieacs", "drop-image", "old.bin", **named)
    again = await terminal.run("genieacs", "drop-image", "old.bin", **named)

    assert (first.code, genie.files) == (0, {})
    assert again.code != 0
    assert "no file old.bin" in again.err


async def test_other_files_are_no_images(
    terminal: "Shell", genie: Genie, named: dict[str, str]
) -> None:
    genie.files["page.html"] = File(b"", {"fileType": "2 Web Content"})

    ran = await terminal.run("genieacs", "images", **named)

    assert "no firmware image" in ran.out + ran.err


async def test_where_no_genieacs_is_named_its_setting_is(terminal: "Shell") -> None:
    ran = await terminal.run("genieacs", "images")

    assert ran.code != 0
    assert "GATEWRIGHT_GENIEACS_URL" in ran.err
