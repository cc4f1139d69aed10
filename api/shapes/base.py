"""What all shapes have in common."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")


class Shape(BaseModel):
    """Made from a domain record by its attributes, or read from a request strictly."""

    model_config = ConfigDict(from_attributes=True, extra="forbid", use_enum_values=True)


class Page(BaseModel, Generic[Item]):
    """Some of a list, and where the rest begins."""

    items: list[Item]
    next: str = Field("", description="Send it as `after` for the next page; empty at the end.")
