"""Who speaks when in a session."""

import pytest

from executors.acs import messages as m
from executors.acs import modules, notices, transfers
from executors.acs.envelope import Envelope, Header
from executors.acs.errors import SessionError
from executors.acs.session import (
    OUR_METHODS,
    Answered,
    Opened,
    Phase,
    Ready,
    Refused,
    Session,
    Told,
)

INFORM = m.Inform(device=m.Identity("Acme", "001122", "Box", "S1"))
NAMESPACE = "urn:dslforum-org:cwmp-1-2"


def opened() -> Session:
    session = Session()
    session.receive(Envelope(INFORM, id="d1", namespace=NAMESPACE))
    return session


def waiting(message: m.Request) -> Session:
    session = opened()
    session.receive(None)
    session.ask(message, said_id="a1")
    return session


def test_an_inform_opens_the_session_and_is_answered_in_its_own_words() -> None:
    step = Session().receive(Envelope(INFORM, id="d1", namespace=NAMESPACE))

    assert step == Opened(INFORM, Envelope(m.InformResponse(), id="d1", namespace=NAMESPACE))


@pytest.mark.parametrize("minor", range(5))
def test_each_version_of_cwmp_is_answered_in_its_own_namespace(minor: int) -> None:
    namespace = f"urn:dslforum-org:cwmp-1-{minor}"

    step = Session().receive(Envelope(INFORM, namespace=namespace))

    assert isinstance(step, Opened)
    assert step.reply.namespace == namespace


@pytest.mark.parametrize(
    ("offered", "picked"),
    [
        (("1.0", "1.1", "1.2", "1.3", "1.4"), "1.4"),
        (("1.5", "1.3", "1.2"), "1.3"),
        (("1.0",), "1.0"),
        ((), ""),
    ],
)
def test_the_best_version_in_common_is_picked(offered: tuple[str, ...], picked: str) -> None:
    step = Session().receive(Envelope(INFORM, header=Header(supported_versions=offered)))

    assert isinstance(step, Opened)
    assert step.reply.header == Header(use_version=picked)


def test_a_device_without_a_version_in_common_is_refused_and_has_no_session() -> None:
    session = Session()

    step = session.receive(Envelope(INFORM, id="d1", header=Header(supported_versions=("2.0",))))

    assert isinstance(step, Refused)
    assert step.reply.message == m.Fault(8006, "ACS version incompatible with CPE")
    assert session.phase is Phase.CLOSED


def test_a_device_says_how_long_it_may_be_silent() -> None:
    step = Session().receive(Envelope(INFORM, header=Header(session_timeout=120)))

    assert isinstance(step, Opened)
    assert step.silence == 120


def test_a_device_is_never_told_to_hold_its_requests() -> None:
    session = Session()
    opening = session.receive(Envelope(INFORM, header=Header(hold_requests=True)))
    session.receive(None)

    assert isinstance(opening, Opened)
    assert not opening.reply.header.hold_requests
    assert not session.ask(m.Reboot(), said_id="a1").header.hold_requests


def test_an_inform_without_an_id_is_answered_without_one() -> None:
    step = Session().receive(Envelope(INFORM))

    assert isinstance(step, Opened)
    assert step.reply.id is None


@pytest.mark.parametrize(
    "envelope", [None, Envelope(m.GetRPCMethods()), Envelope(m.RebootResponse())]
)
def test_nothing_else_opens_a_session(envelope: Envelope | None) -> None:
    with pytest.raises(SessionError):
        Session().receive(envelope)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        (m.GetRPCMethods(), m.GetRPCMethodsResponse(OUR_METHODS)),
        (m.TransferComplete("k"), m.TransferCompleteResponse()),
        (
            transfers.AutonomousTransferComplete(file_type="1 Firmware Upgrade Image"),
            transfers.AutonomousTransferCompleteResponse(),
        ),
        (transfers.RequestDownload("1 Firmware"), transfers.RequestDownloadResponse()),
        (modules.DUStateChangeComplete(()), modules.DUStateChangeCompleteResponse()),
        (
            modules.AutonomousDUStateChangeComplete(()),
            modules.AutonomousDUStateChangeCompleteResponse(),
        ),
        (notices.Kicked(next="http://evil"), notices.KickedResponse("")),
        (m.Unknown("Poked"), m.Fault(8000, "Method not supported")),
        (transfers.Download(), m.Fault(8000, "Method not supported")),
        (m.Reboot(), m.Fault(8000, "Method not supported")),
    ],
)
def test_what_the_device_asks_is_answered_with_its_id(
    message: m.Message, answer: m.Message
) -> None:
    step = opened().receive(Envelope(message, id="d2"))

    assert step == Told(message, Envelope(answer, id="d2", namespace=NAMESPACE))


def test_we_ask_only_after_the_device_has_nothing_more_to_say() -> None:
    session = opened()

    with pytest.raises(SessionError):
        session.ask(m.Reboot(), said_id="a1")
    assert session.receive(None) == Ready()
    asked = session.ask(m.Reboot("k"), said_id="a1")

    assert asked == Envelope(m.Reboot("k"), id="a1", namespace=NAMESPACE)


def test_one_request_at_a_time() -> None:
    session = waiting(m.Reboot())

    with pytest.raises(SessionError):
        session.ask(m.Reboot(), said_id="a2")


@pytest.mark.parametrize("said_id", ["a1", "", None])
@pytest.mark.parametrize("message", [m.RebootResponse(), m.Fault(9001)])
def test_an_answer_gives_us_the_turn(message: m.Response | m.Fault, said_id: str | None) -> None:
    session = waiting(m.Reboot())

    assert session.receive(Envelope(message, id=said_id)) == Answered(message)
    assert session.phase is Phase.OURS


@pytest.mark.parametrize(
    "envelope",
    [
        Envelope(m.RebootResponse(), id="other"),
        Envelope(m.FactoryResetResponse(), id="a1"),
        Envelope(m.Unknown("XResponse"), id="a1"),
        Envelope(INFORM, id="a1"),
    ],
)
def test_an_answer_to_something_else_is_refused(envelope: Envelope) -> None:
    session = waiting(m.Reboot())

    with pytest.raises(SessionError):
        session.receive(envelope)
    assert session.phase is Phase.WAITING


def test_an_answer_to_nothing_is_refused() -> None:
    session = opened()
    session.receive(None)

    with pytest.raises(SessionError):
        session.receive(Envelope(m.RebootResponse()))


def test_an_empty_post_while_we_wait_leaves_the_request_unanswered() -> None:
    session = waiting(m.Reboot())

    assert session.receive(None) == Ready(unanswered=True)
    assert session.receive(None) == Ready()


def test_the_device_may_still_report_while_we_wait() -> None:
    session = waiting(m.Reboot())

    session.receive(Envelope(m.TransferComplete(), id="d3"))

    assert session.receive(Envelope(m.RebootResponse(), id="a1")) == Answered(m.RebootResponse())


def test_a_closed_session_hears_nothing() -> None:
    session = opened()
    session.close()

    with pytest.raises(SessionError):
        session.receive(None)
