"""One CWMP session as a state machine: envelopes in, what they mean out. No I/O, no clock.

    NEW --Inform--> DEVICE --empty POST--> OURS --we ask--> WAITING --answer--> OURS ... CLOSED

The device speaks first and we answer; once it has nothing more to say it hands the session over
with an empty POST, and we ask one request at a time (TR-069 3.7.1, 3.7.2).
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

from executors.acs import messages as m
from executors.acs import modules, notices, transfers
from executors.acs.envelope import CWMP_1_0, Envelope, Header
from executors.acs.errors import SessionError
from executors.acs.faults import METHOD_NOT_SUPPORTED, VERSION_INCOMPATIBLE

OUR_VERSIONS = ("1.4", "1.3", "1.2", "1.1", "1.0")
"""The best one first."""
_ANSWERS: dict[type[m.Message], m.Response] = {
    m.TransferComplete: m.TransferCompleteResponse(),
    transfers.AutonomousTransferComplete: transfers.AutonomousTransferCompleteResponse(),
    transfers.RequestDownload: transfers.RequestDownloadResponse(),
    modules.DUStateChangeComplete: modules.DUStateChangeCompleteResponse(),
    modules.AutonomousDUStateChangeComplete: modules.AutonomousDUStateChangeCompleteResponse(),
    notices.Kicked: notices.KickedResponse(),
}
"""What a device reports by itself is taken note of; what comes of it is decided elsewhere."""
OUR_METHODS = ("Inform", "GetRPCMethods", *(kind.__name__ for kind in _ANSWERS))


class Phase(Enum):
    """Whose turn it is."""

    NEW = auto()
    DEVICE = auto()
    OURS = auto()
    WAITING = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Opened:
    """The device informed us; ``reply`` opens the session."""

    inform: m.Inform
    reply: Envelope
    silence: int = 0
    """Seconds that the device asks us to bear with it (SessionTimeout); 0: it does not say."""


@dataclass(frozen=True, slots=True)
class Told:
    """The device asked or reported something, and ``reply`` is the answer."""

    message: m.Message
    reply: Envelope


@dataclass(frozen=True, slots=True)
class Answered:
    """The device answered what we asked, and it is our turn."""

    message: m.Response | m.Fault


@dataclass(frozen=True, slots=True)
class Ready:
    """The device has nothing to say, and it is our turn."""

    unanswered: bool = False
    """We had asked something, and this is no answer to it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The device speaks no version that we do: ``reply`` says so, and there is no session."""

    reply: Envelope


Step = Opened | Refused | Told | Answered | Ready


class Session:
    """One session, from our end."""

    def __init__(self) -> None:
        self.phase = Phase.NEW
        self.namespace = CWMP_1_0
        self._asked: tuple[str, str] | None = None
        """The id of our request, and the name of the response it may have."""

    def receive(self, envelope: Envelope | None) -> Step:
        """What one POST means; None is an empty one. Raises SessionError when out of turn."""
        if self.phase is Phase.CLOSED:
            raise SessionError("the session is over")
        if self.phase is Phase.NEW:
            return self._open(envelope)
        if envelope is None:
            unanswered = self.phase is Phase.WAITING
            self._ours()
            return Ready(unanswered=unanswered)
        message = envelope.message
        if isinstance(message, m.Inform):
            raise SessionError("a session has one Inform")
        if isinstance(message, m.Response | m.Fault):
            return self._answered(envelope, message)
        return self._told(envelope)

    def ask(self, message: m.Request, *, said_id: str) -> Envelope:
        """Our next request; only in our own turn."""
        if self.phase is not Phase.OURS:
            raise SessionError("it is not our turn")
        self.phase = Phase.WAITING
        self._asked = (said_id, f"{type(message).__name__}Response")
        return Envelope(message, id=said_id, namespace=self.namespace)

    def close(self) -> None:
        """We have nothing more to ask, or the session cannot go on."""
        self.phase = Phase.CLOSED

    def _ours(self) -> None:
        self.phase, self._asked = Phase.OURS, None

    def _open(self, envelope: Envelope | None) -> Opened | Refused:
        if envelope is None or not isinstance(envelope.message, m.Inform):
            raise SessionError("a session begins with an Inform")
        self.phase, self.namespace = Phase.DEVICE, envelope.namespace
        said = envelope.header
        version = next((each for each in OUR_VERSIONS if each in said.supported_versions), "")
        if said.supported_versions and not version:
            self.close()
            fault = m.Fault(VERSION_INCOMPATIBLE, "ACS version incompatible with CPE")
            return Refused(self._reply(envelope, fault))
        reply = self._reply(envelope, m.InformResponse())
        if version:
            reply = replace(reply, header=Header(use_version=version))
        return Opened(envelope.message, reply, said.session_timeout)

    def _answered(self, envelope: Envelope, message: m.Response | m.Fault) -> Answered:
        if self._asked is None:
            raise SessionError("an answer to nothing that was asked")
        said_id, expected = self._asked
        # Some devices leave out the ID; a wrong one is an answer to something else.
        if envelope.id not in (None, "", said_id):
            raise SessionError("an answer to another request")
        if not isinstance(message, m.Fault) and type(message).__name__ != expected:
            raise SessionError("an answer of another kind than was asked for")
        self._ours()
        return Answered(message)

    def _told(self, envelope: Envelope) -> Told:
        message = envelope.message
        if isinstance(message, m.Unknown) and message.name.endswith("Response"):
            raise SessionError("an answer that is not understood")
        return Told(message, self._reply(envelope, _answer(message)))

    def _reply(self, envelope: Envelope, message: m.Message) -> Envelope:
        return Envelope(message, id=envelope.id, namespace=self.namespace)


def _answer(message: m.Message) -> m.Message:
    if isinstance(message, m.GetRPCMethods):
        return m.GetRPCMethodsResponse(OUR_METHODS)
    return _ANSWERS.get(type(message)) or m.Fault(METHOD_NOT_SUPPORTED, "Method not supported")
