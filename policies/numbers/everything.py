"""The schema of all numbers together: each file has one here, and there is no other file."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from brain.domain.identity import Role
from policies.numbers.autonomy import Autonomy
from policies.numbers.composable import Composable
from policies.numbers.dhcp import Dhcp
from policies.numbers.encryption import Encryption
from policies.numbers.features import Feature
from policies.numbers.firmware import Firmware
from policies.numbers.identity import Identity
from policies.numbers.lan import Lan
from policies.numbers.limits import Limits
from policies.numbers.matrix import Matrix
from policies.numbers.openings import Openings
from policies.numbers.pace import Pace
from policies.numbers.queues import Queues
from policies.numbers.regulatory import Regulatory
from policies.numbers.resolvers import Resolvers
from policies.numbers.schedule import Schedule
from policies.numbers.strict import UP, Strict, Words
from policies.numbers.suspension import Suspension
from policies.numbers.upkeep import Upkeep
from policies.numbers.wifi import Wifi


class Everything(Strict):
    """What stands below ``data.gatewright`` beside the rules."""

    autonomy: Autonomy
    composable: Composable
    identity: Identity
    dhcp: Dhcp
    encryption: Encryption
    features: dict[Words, Feature]
    firmware: Firmware
    lan: Lan
    limits: Limits
    matrix: Matrix
    openings: Openings
    pace: Pace
    queues: Queues
    regulatory: Regulatory
    resolvers: Resolvers
    roles: dict[Role, Annotated[list[Words], Field(json_schema_extra=UP)]]
    schedule: Schedule
    suspension: Suspension
    upkeep: Upkeep
    wifi: Wifi


EVERYTHING = TypeAdapter(Everything)
