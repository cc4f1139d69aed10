"""What every trouble has: its name, whom it strikes, and how it is written down."""

from abc import ABC, abstractmethod
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from evals.homes.draft import Draft


class Place(StrEnum):
    """Whom a trouble strikes: the home in question and everybody who shares this with it."""

    HOME = "home"
    SPLITTER = "splitter"
    PORT = "port"
    OLT = "olt"
    AREA = "area"
    """Everybody in the same street, whatever they hang from: a power cut, a cabinet, a mast."""
    VERSION = "version"
    """Everybody with the same make and software."""
    NEIGHBOUR = "neighbour"
    """One neighbour, and not the home: something to mistake for a shared cause."""


class Part(BaseModel):
    """A piece of a spec: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fault(Part, ABC):
    """One trouble. ``strike`` puts it into a draft."""

    at: Place = Field(default=Place.HOME, description="whom it strikes")

    @abstractmethod
    def strike(self, draft: Draft) -> None:
        """Change the draft; raises InvalidInput where the make has no place for it."""
