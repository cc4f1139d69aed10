"""Diagnostics: what to run, and what the device last found."""

from datetime import datetime

from pydantic import Field

from api.masking import Mask
from api.shapes.base import Shape
from brain.datamodel.diagnostics import DIAGNOSTICS, Ended, Kind, diagnosis
from brain.datamodel.found import Found
from brain.domain.parameter import Snapshot


class DiagnosticRequest(Shape):
    """Inputs by their names in TR-181; what is left out is as the product or the device has it."""

    inputs: dict[str, str] = Field(
        default_factory=dict, max_length=20, examples=[{"Host": "192.0.2.1"}]
    )


class DiagnosisShape(Shape):
    """What the device last said of one diagnostic. What it did not say is null, and not nought."""

    kind: Kind
    ended: Ended
    error: str = Field(description="The device's own name of what went wrong.")
    summary: str
    found: Found = Field(description="Times in milliseconds, sizes in bytes.")
    bits_per_second: int | None = Field(None, description="Of a download or an upload.")
    at: datetime

    @classmethod
    def of(cls, kind: Kind, snapshot: Snapshot, mask: Mask) -> "DiagnosisShape":
        """What this snapshot says, without what may not be shown."""
        shown = {path: mask.value(path, text) for path, text in snapshot.values.items()}
        values = {path: text for path, text in shown.items() if text is not None}
        plain = Snapshot(device=snapshot.device, taken_at=snapshot.taken_at, values=values)
        said = diagnosis(DIAGNOSTICS[kind], plain)
        return cls(
            kind=said.kind,
            ended=said.ended,
            error=said.error,
            summary=str(said),
            found=said.found,
            bits_per_second=getattr(said.found, "bits_per_second", None),
            at=said.at,
        )
