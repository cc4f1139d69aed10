"""What is seen of an Inform without parsing it."""

import pytest

from brain.domain.identity import DeviceId
from executors.acs import messages as m
from executors.acs.admission import Urgency
from executors.acs.envelope import Envelope
from executors.acs.glimpse import GLIMPSED, glimpse
from executors.acs.soap import build


def inform(*events: str, serial: str = "S1", product: str = "Box") -> bytes:
    said = m.Inform(
        device=m.Identity("Acme", "001122", product, serial),
        events=tuple(m.InformEvent(event) for event in events),
        parameters=tuple(m.ParameterValue(f"Device.P{n}", "x" * 50) for n in range(500)),
    )
    return build(Envelope(said, id="1"))


@pytest.mark.parametrize(
    ("events", "urgency"),
    [
        (("0 BOOTSTRAP", "1 BOOT"), Urgency.AWAITED),
        (("1 BOOT",), Urgency.EVENT),
        (("2 PERIODIC",), Urgency.PERIODIC),
        (("2 PERIODIC", "4 VALUE CHANGE"), Urgency.EVENT),
        (("10 AUTONOMOUS TRANSFER COMPLETE",), Urgency.EVENT),
        (("M Reboot",), Urgency.EVENT),
        ((), Urgency.EVENT),
    ],
)
def test_the_events_say_how_urgent_it_is(events: tuple[str, ...], urgency: Urgency) -> None:
    assert glimpse(inform(*events)) == (DeviceId("001122-Box-S1"), urgency)


def test_the_name_is_that_of_the_parsed_inform() -> None:
    seen = glimpse(inform("1 BOOT", serial="a&b c", product=""))

    assert seen is not None
    assert seen[0] == "001122-a%26b%20c"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<Inform>",
        b"\xff" * 100,
        inform("1 BOOT").replace(b"Inform", b"Reboot"),
        inform("1 BOOT").replace(b"001122", b" "),
        b" " * GLIMPSED + inform("1 BOOT"),
    ],
)
def test_what_cannot_be_seen_is_not_guessed(body: bytes) -> None:
    assert glimpse(body) is None
