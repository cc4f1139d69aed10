"""An admission control with a clock that is moved by hand, and a crowd before it."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from brain.domain.identity import DeviceId
from executors.acs.admission import AdmissionControl, Urgency
from executors.acs.capacity import Capacity

AWAITED, EVENT, PERIODIC = Urgency.AWAITED, Urgency.EVENT, Urgency.PERIODIC


def box(number: int) -> DeviceId:
    return DeviceId(f"001122-Box-S{number}")


@dataclass
class Door:
    """An admission control with a clock that is moved by hand."""

    now: float = 1000.0
    live: int = 0
    most: int = 8
    random: Callable[[], float] = lambda: 0.0
    busy: float = 0.0
    """Seconds that its processor was; 0 throughout: nobody measures it."""

    def __post_init__(self) -> None:
        self.control = AdmissionControl(
            seconds=lambda: self.now,
            random=lambda: self.random(),
            capacity=Capacity(seconds=lambda: self.now, busy=lambda: self.busy, guess=10.0),
            live=lambda: self.live,
            most=self.most,
            most_live=100,
        )

    def come(self, number: int, urgency: Urgency = EVENT, *, known: bool = True) -> int | None:
        return self.control.ask(box(number), urgency, known=known)

    def fill(self, count: int = 4) -> None:
        """Informs that are being stored and never end."""
        for number in range(1000, 1000 + count):
            assert self.come(number, AWAITED) is None


def through(door: Door, number: int) -> tuple[Counter[int], dict[int, float]]:
    """Have so many devices come at once, and again when they are told to, with ten a second
    finished: how often each was sent away, and after how many seconds it came in.
    """
    due, inside, began = dict.fromkeys(range(number), door.now), deque[int](), door.now
    times, came = Counter[int](), dict[int, float]()
    while due or inside:
        for each in [each for each, at in due.items() if at <= door.now]:
            wait = door.come(each)
            if wait is None:
                del due[each]
                inside.append(each)
                came[each] = door.now - began
            else:
                times[each] += 1
                due[each] = door.now + wait
        if inside:
            door.control.done(box(inside.popleft()))
        door.now += 0.1
    return times, came
