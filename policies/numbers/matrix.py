"""The schema of ``matrix``: how well each model and firmware takes each kind of work."""

from typing import Literal

from policies.numbers.strict import KNOWN_ANY, Path, Strict, Words

Workflow = Literal[
    "config", "diagnostics", "firmware", "inventory", "provisioning", "reboot", "visibility"
]
Status = Literal["green", "yellow", "red"]
Then = Literal["allow", "review", "deny"]


class Unknown(Strict):
    """What holds for a combination that nobody wrote down."""

    machine: Then
    person: Then


class Matrix(Strict):
    """The whole file."""

    model_config = KNOWN_ANY

    unknown: Unknown
    pilot_rings: list[Words]
    workflows: dict[Path, Workflow]
    models: dict[Words, dict[Words, dict[Words, dict[Workflow | Literal["*"], Status]]]]
    """Manufacturer, model, firmware or ``*``, workflow or ``*``."""
