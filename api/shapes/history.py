"""What devices were over time, and what many of them have in common."""

from datetime import datetime

from pydantic import AwareDatetime, Field

from api.masking import Mask
from api.shapes.base import Shape
from brain.datamodel.traits import is_counter, units_of
from brain.domain.history import By, EventKind, Pattern, Series, numbers_in


class PointShape(Shape):
    """What a parameter was from then on, to the second."""

    at: datetime
    value: str


class SeriesShape(Shape):
    """One parameter over time, oldest first. Between two points it was as at the first."""

    path: str = Field(examples=["Device.Optical.Interface.1.OpticalSignalLevel"])
    units: str = Field("", description="As TR-181 writes it; empty where it says none.")
    counter: bool = Field(False, description="It only grows until the device starts anew.")
    points: list[PointShape]

    @property
    def numbers(self) -> list[float] | None:
        """The values as numbers, or None where one of them is none."""
        return numbers_in([each.value for each in self.points])

    @classmethod
    def of(cls, series: Series) -> "SeriesShape":
        """With what the data model says of the parameter."""
        return cls(
            path=series.path,
            units=units_of(series.path),
            counter=is_counter(series.path),
            points=[PointShape(at=at, value=value) for at, value in series.points],
        )


class MeasuresShape(Shape):
    """Parameters of one device over time."""

    device: str
    since: datetime
    until: datetime
    series: list[SeriesShape]

    @staticmethod
    def shown(found: list[Series], mask: Mask) -> list[SeriesShape]:
        """Those whose values may be shown."""
        return [SeriesShape.of(each) for each in found if mask.value(each.path, "") is not None]


class MeasuresQuery(Shape):
    """Which parameters, and of which time."""

    path: list[str] = Field(
        default_factory=list,
        max_length=20,
        description="One or several parameters of any kind; without, every measure there is.",
    )
    since: AwareDatetime | None = Field(None, description="A week ago unless given.")
    until: AwareDatetime | None = Field(None, description="Now unless given.")


class PatternQuery(Shape):
    """What to look for over the fleet."""

    kind: EventKind = EventKind.FAULT
    since: AwareDatetime | None = Field(None, description="7 days ago unless given, 31 at most.")
    least: int = Field(2, ge=1, le=10_000, description="On so many devices at least.")


class PatternShape(Shape):
    """The same thing on several devices of one make, model and firmware."""

    what: str = Field(examples=["9002"])
    by: By | None = None
    manufacturer: str
    model: str
    firmware: str = Field(description="What they ran when it happened; empty: not noted.")
    devices: int
    times: int
    first: datetime
    last: datetime

    @classmethod
    def of(cls, pattern: Pattern) -> "PatternShape":
        """The same, for JSON."""
        return cls.model_validate(pattern)
