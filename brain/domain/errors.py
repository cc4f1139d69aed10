"""Everything that can go wrong, as one tree. Each tells the caller whether to mend, retry or look.

GatewrightError
├── InvalidInput          mend the field it names
│   ├── InvalidPlan
│   └── InvalidValue
├── NotFound              nothing of that name in the caller's tenant
├── Forbidden             the caller may not
├── Conflict              the world moved: read again
│   └── StaleFence        another writer took the device
├── PermitRefused         nothing was sent
├── PolicyUnavailable     no readable verdict: nothing was sent
├── DeviceUnreachable     nothing was sent: retry later
├── ControllerRefused     the device or controller said no: nothing was changed
├── OutcomeUnknown        it may have been applied: look again before anything else
├── PlannerFailed         no proposal could be made
├── Busy                  nothing was taken: come again later
├── StoreUnavailable      the database did not answer: retry, or look when it was at commit
└── Unreadable            a stored record was damaged, or is under another key: look
"""


class GatewrightError(Exception):
    """The root. ``str()`` is a sentence for a person and never holds a secret."""

    code = "error"

    def __init__(self, message: str = "", *, field: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        """What the caller sent that was wrong: a JSON field, a setting or a parameter path."""
        self.remedy = remedy
        """What the caller can do about it."""

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        what = (self.message or self.code).rstrip(".")
        return f"{where}{what}. {self.remedy}" if self.remedy else f"{where}{what}"


class InvalidInput(GatewrightError):
    """What was sent cannot be understood or is not allowed to be."""

    code = "invalid_input"


class InvalidPlan(InvalidInput):
    """A plan that could not be applied as one step."""

    code = "invalid_plan"


class InvalidValue(InvalidInput):
    """A path or value the data model does not allow; ``rule`` names what was broken."""

    code = "invalid_value"

    def __init__(self, message: str, *, field: str, rule: str, remedy: str = "") -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.rule = rule


class NotFound(GatewrightError):
    """There is nothing of that name in the caller's tenant."""

    code = "not_found"


class Forbidden(GatewrightError):
    """The caller may not do this."""

    code = "forbidden"


class Conflict(GatewrightError):
    """The record is no longer as the caller saw it."""

    code = "conflict"


class StaleFence(Conflict):
    """Another writer holds the device, or took it since."""

    code = "stale_fence"


class PermitRefused(GatewrightError):
    """The permit is not for this plan, not live, or already spent. Nothing was sent."""

    code = "permit_refused"


class Halted(PermitRefused):
    """The tenant's changes were halted since it was judged."""

    code = "halted"


class PolicyUnavailable(GatewrightError):
    """The policy engine gave no readable verdict. Nothing is allowed until it does."""

    code = "policy_unavailable"


class DeviceUnreachable(GatewrightError):
    """The device did not come. Nothing was sent."""

    code = "device_unreachable"


class ControllerRefused(GatewrightError):
    """The device or controller refused; the protocol says that nothing was changed."""

    code = "controller_refused"

    def __init__(self, message: str, *, fault: str = "", paths: tuple[str, ...] = ()) -> None:
        super().__init__(message, field=", ".join(paths))
        self.fault = fault
        """The protocol's own fault code, such as ``9007``."""
        self.paths = paths


class OutcomeUnknown(GatewrightError):
    """No readable answer after something was sent: it may have been applied."""

    code = "outcome_unknown"


class PlannerFailed(GatewrightError):
    """The planner could not make a proposal; the sentence says why, for the agent."""

    code = "planner_failed"


class Busy(GatewrightError):
    """There is no room for more just now. Nothing of it was taken."""

    code = "busy"

    def __init__(self, message: str) -> None:
        super().__init__(message, remedy="Send the same again in some seconds.")


class StoreUnavailable(GatewrightError):
    """The database did not answer, or not in time. What was not committed was not kept."""

    code = "store_unavailable"


class Unreadable(GatewrightError):
    """A stored record is damaged, altered or under another key. It is an error, never a guess."""

    code = "unreadable"


class Altered(Unreadable):
    """What somebody may do was written by another hand than ours: they may do nothing."""

    code = "altered"

    def __init__(self, kind: str, *, tenant: str, principal: str) -> None:
        super().__init__(
            f"the {kind} of {principal} was altered in the database",
            remedy="Find out who wrote there, and restore the row from a backup.",
        )
        self.kind, self.tenant, self.principal = kind, tenant, principal


def said_by(message: str) -> str:
    """Pydantic's words without what it puts before those of a check of ours."""
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
