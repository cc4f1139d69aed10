"""One CWMP session from the device's end: what it says, without saying how it travels."""

from evals.homes import rpc
from evals.homes.faults import Loss
from evals.homes.gauges import iso
from evals.homes.home import Home
from executors.acs import messages as m
from executors.acs.envelope import Envelope

NAMESPACE = "urn:dslforum-org:cwmp-1-2"
SESSION_ID = "1"


class LineLost(Exception):
    """The device's line dropped in the middle of a session: nothing more is sent."""


class DeviceSession:
    """Says what is due, and answers until the controller has nothing more to ask."""

    def __init__(self, home: Home, *, retries: int = 0) -> None:
        self._home = home
        self._retries = retries
        self._reported = tuple(home.events)
        self._values = tuple(home.to_report)

    def inform(self) -> Envelope:
        """The first envelope (TR-069 A.3.3.1): events, and the forced and changed parameters."""
        tree, model = self._home.tree, self._home.model
        paths = dict.fromkeys((*model.forced_inform, *self._values))
        parameters = tuple(
            m.ParameterValue(path, tree.shown(path), tree.parameters[path].type)
            for path in paths
            if path in tree.parameters
        )
        inform = m.Inform(
            device=self._home.identity,
            events=self._reported,
            parameters=parameters,
            current_time=iso(self._home.clock()),
            retry_count=self._retries,
        )
        return Envelope(inform, id=SESSION_ID, namespace=NAMESPACE)

    def opened(self, answer: Envelope) -> bool:
        """Whether this answer opens the session; then its events are no longer pending."""
        if not isinstance(answer.message, m.InformResponse) or answer.id != SESSION_ID:
            return False
        self._home.events = [each for each in self._home.events if each not in self._reported]
        for path in self._values:
            self._home.to_report.pop(path, None)
        return True

    def reports(self) -> list[Envelope]:
        """What it has to tell before it hands the session over (TR-069 3.7.1.4)."""
        return [
            Envelope(each, id=f"t{place}", namespace=NAMESPACE)
            for place, each in enumerate(self._home.transfers)
        ]

    def reported(self, report: Envelope, answer: Envelope | None) -> bool:
        """Whether the controller took it; then it is told no more."""
        if answer is None or not isinstance(answer.message, m.TransferCompleteResponse):
            return False
        self._home.transfers = [each for each in self._home.transfers if each != report.message]
        return True

    def answer(self, request: Envelope) -> Envelope:
        """The answer to one request, with its id and in its namespace; raises LineLost."""
        loss = self._home.faults.lose_line if _sets(request) else None
        if loss is Loss.BEFORE:
            self._lose()
        said = rpc.answer(self._home, request.message)
        if loss is Loss.AFTER:
            self._lose()
        return Envelope(said, id=request.id, namespace=request.namespace)

    def failed(self) -> None:
        """The session broke off: its events are pending again, so that it is tried again."""
        later = [each for each in self._home.events if each not in self._reported]
        self._home.events = [*self._reported, *later]
        self._home.to_report = dict.fromkeys((*self._values, *self._home.to_report))

    def ended(self) -> None:
        """The session is over: begin what was asked to begin afterwards."""
        chore, self._home.after_session = self._home.after_session, None
        if chore:
            chore()

    def _lose(self) -> None:
        faults = self._home.faults
        faults.lose_line = None
        self._home.silence(faults.silent_after_loss)
        raise LineLost


def _sets(request: Envelope) -> bool:
    return isinstance(request.message, m.SetParameterValues)
