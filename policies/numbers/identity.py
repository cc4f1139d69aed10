"""The schema of ``identity``: what the groups of the identity provider are worth here."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from brain.domain.identity import Role
from policies.numbers.strict import KNOWN_ANY, Strict, Words


def _role(name: object) -> object:
    """A role by its name: strict validation takes no text for an enumeration."""
    return {role.value: role for role in Role}.get(str(name), name)


class Worth(Strict):
    """What one group gives to whoever is in it."""

    tenant: Words
    roles: Annotated[list[Annotated[Role, BeforeValidator(_role)]], Field(min_length=1)]
    groups: list[Words]


class Identity(Strict):
    """The whole file."""

    model_config = KNOWN_ANY

    groups: dict[Words, Worth]
