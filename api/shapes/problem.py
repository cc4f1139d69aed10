"""What an error looks like from outside (RFC 9457)."""

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    """One field that is wrong."""

    field: str
    detail: str


class Problem(BaseModel):
    """What went wrong, for a program (``code``, ``field``) and for a person (the rest)."""

    type: str = Field(examples=["urn:gatewright:problem:conflict"])
    title: str = Field(examples=["The record is no longer as you saw it"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["a change that is rejected cannot become approved"])
    instance: str = Field(examples=["/v1/changes/chg_01k0c8m2v7y3f5d9s4h6j8n1pq/approve"])
    code: str = Field(examples=["conflict"])
    field: str = Field("", description="What was wrong in the request, where one thing was.")
    remedy: str = Field("", description="What you can do about it.")
    request_id: str = Field("", description="Quote it when asking for help: the logs have it.")
    errors: list[FieldProblem] = Field(default=[], description="Every wrong field.")
