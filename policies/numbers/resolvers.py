"""The schema of ``resolvers``: the DNS resolvers that the operator runs or trusts."""

from policies.numbers.strict import Strict, Words


class Resolvers(Strict):
    """The whole file."""

    addresses: list[Words]
