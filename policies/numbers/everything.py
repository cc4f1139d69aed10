"""The schema of all numbers together: each file has one here, and there is no other file."""

from pydantic import TypeAdapter

from brain.domain.identity import Role
from policies.numbers.identity import Identity
from policies.numbers.limits import Limits
from policies.numbers.matrix import Matrix
from policies.numbers.pace import Pace
from policies.numbers.regulatory import Regulatory
from policies.numbers.resolvers import Resolvers
from policies.numbers.schedule import Schedule
from policies.numbers.strict import Strict, Words


class Everything(Strict):
    """What stands below ``data.gatewright`` beside the rules."""

    identity: Identity
    limits: Limits
    matrix: Matrix
    pace: Pace
    regulatory: Regulatory
    resolvers: Resolvers
    roles: dict[Role, list[Words]]
    schedule: Schedule


EVERYTHING = TypeAdapter(Everything)
