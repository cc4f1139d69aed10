"""The schema of ``resolvers``: the DNS resolvers that the operator runs or trusts."""

from policies.numbers.strict import KNOWN_ANY, Strict, Words


class Resolvers(Strict):
    """The whole file."""

    model_config = KNOWN_ANY

    addresses: list[Words]
