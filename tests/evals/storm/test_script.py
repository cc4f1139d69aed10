"""What a device of the storm sends is what the ACS takes, and what it hears is read right."""

import httpx
import pytest

from evals.storm.script import Answer, Script, answer_in, id_of, inform
from executors.acs import messages as m
from executors.acs.digest import Admission, Doorkeeper
from executors.acs.nonces import Nonces
from executors.acs.soap import parse

SCRIPT = Script(username="gatewright", password="storm")


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    nonces = Nonces(secret=b"k", seconds=lambda: 1e6, unique=lambda: "r" * 16, life=60)
    return Doorkeeper(username="gatewright", password="storm", nonces=nonces)


def test_an_inform_tells_of_a_boot_with_twelve_parameters() -> None:
    message = parse(inform("0000042")).message

    assert isinstance(message, m.Inform)
    assert message.has("1 BOOT")
    assert len(message.parameters) == 12
    assert message.device.serial == "S0000042"


def test_each_device_is_itself() -> None:
    bodies = [SCRIPT.opening(number).partition(b"\r\n\r\n")[2] for number in (7, 8)]
    messages = [parse(body).message for body in bodies]

    assert [str(each.device.serial) for each in messages if isinstance(each, m.Inform)] == [
        "S0000007",
        "S0000008",
    ]
    assert id_of(7) == "02AA55-Storm-S0000007"


def test_a_challenge_is_answered_with_the_right_digest(doorkeeper: Doorkeeper) -> None:
    head = "".join(
        f"\r\nwww-authenticate: {each}" for each in doorkeeper.challenges(stale=False)
    ).encode()
    request = SCRIPT.with_password(7, Answer(401, b"HTTP/1.1 401 Unauthorized" + head, b""))
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    headers = httpx.Headers([tuple(line.split(": ", 1)) for line in lines[1:]])

    assert doorkeeper.check("POST", "/", headers["authorization"]) is Admission.GRANTED


def test_a_challenge_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="challenge"):
        SCRIPT.with_password(7, Answer(401, b"HTTP/1.1 401 Unauthorized", b""))


def test_the_cookie_comes_back() -> None:
    opened = Answer(200, b"HTTP/1.1 200 OK\r\nset-cookie: gatewright=abc; Path=/", b"")

    assert b"\r\nCookie: gatewright=abc\r\n" in SCRIPT.nothing_more(opened)


def test_a_response_is_read_when_it_is_all_there() -> None:
    whole = b"HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nContent-Length: 3\r\n\r\nabc"

    assert answer_in(whole[:-1]) is None
    answer = answer_in(whole)
    assert answer is not None
    assert (answer.status, answer.retry_after, answer.body) == (503, 17, b"abc")
