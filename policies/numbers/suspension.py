"""The schema of ``suspension``: how service is suspended, and by whom."""

from policies.numbers.strict import KNOWN_ANY, Models, Strict, Words


class Lines(Strict):
    """Templates of switches that take the service away."""

    internet: list[Words]
    voice: list[Words]


class Suspension(Strict):
    """The whole file."""

    model_config = KNOWN_ANY

    groups: list[Words]
    more_lines: Lines
    managed_apart: Models
    resolvers: list[Words]
    pages: list[Words]
