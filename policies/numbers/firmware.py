"""The schema of ``firmware``: which versions may be started on which model, in which ring."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from policies.numbers.strict import KNOWN_ANY, Strict, Words

Address = Annotated[str, Field(pattern=r"^https://[^\"\\\s?#@]+$", max_length=2048)]


class Model(Strict):
    """One model of one manufacturer."""

    versions: list[Words] = Field(min_length=1)
    """Oldest first."""
    rings: dict[Words, list[Words]]
    images: dict[Address, Words]

    @model_validator(mode="after")
    def _known(self) -> Self:
        if len(set(self.versions)) != len(self.versions):
            raise ValueError("a version is listed twice, so it has no one place in the order")
        used = {version for ring in self.rings.values() for version in ring}
        strange = sorted((used | set(self.images.values())) - set(self.versions))
        if strange:
            raise ValueError(f"{strange[0]} is not in the list of versions")
        return self


class Firmware(Strict):
    """The whole file."""

    model_config = KNOWN_ANY

    models: dict[Words, dict[Words, Model]]
