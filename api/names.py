"""Which names and roles can be given to people and services, and what the first of them has."""

import re

from brain.domain.errors import InvalidInput
from brain.domain.identity import Role

TOKEN_FILE = "admin.token"  # noqa: S105 - the name of a file, not a token
"""In the data directory: what whoever owns the machine comes in with."""
_GOOD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def check_name(text: str, field: str) -> None:
    """Raise InvalidInput for what is not fit for an id."""
    if not _GOOD_NAME.fullmatch(text):
        raise InvalidInput(
            f"{text[:64]!r} is no name",
            field=field,
            remedy="Use up to 64 letters, digits, dots, dashes, underscores or @.",
        )


def check_roles(roles: frozenset[Role]) -> None:
    """Raise InvalidInput for none: such a one could do nothing."""
    if not roles:
        raise InvalidInput(
            "no role is given", field="roles", remedy=f"Give one or more of {', '.join(Role)}."
        )


def usual_groups(roles: frozenset[Role]) -> frozenset[str]:
    """Reviews ask for somebody of a group: without one, a reviewer could answer nothing."""
    return frozenset({"approvers"}) if roles & {Role.APPROVER, Role.OPERATOR} else frozenset()
