"""Who may come in: what became of a file of registrations, and who was given nothing."""

from datetime import datetime

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.enrolment import Answer, Why


class FaultShape(Shape):
    """What is wrong with one row of a file."""

    row: int = Field(description="As a spreadsheet counts: the header is row 1.")
    field: str
    reason: str
    remedy: str


class RegisteredShape(Shape):
    """Every row was taken, or is among the refused."""

    taken: int
    refused: int
    faults: list[FaultShape]


class StrangerShape(Shape):
    """A device that came and was given nothing; all of it is what it said itself."""

    device: str
    oui: str
    product_class: str
    serial: str
    manufacturer: str
    firmware: str
    why: Why = Field(
        description="`unknown`: nobody registered it. `unproven`: it claims a serial without the "
        "credentials of that device."
    )
    answer: Answer
    first_at: datetime
    last_at: datetime
    times: int
