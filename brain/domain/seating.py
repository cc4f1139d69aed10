"""Who fills which seat of a review: nobody fills two, whatever groups they are in."""

from collections.abc import Mapping, Sequence

from brain.domain.identity import PrincipalId


def seated(
    wanted: Sequence[str], people: Mapping[PrincipalId, frozenset[str]]
) -> dict[int, PrincipalId]:
    """As many seats filled as can be: each index into ``wanted`` with the person who fills it.

    ``wanted`` names a group for each seat. Somebody of two groups is moved to the other one when
    that lets one more person sit (a maximum matching by augmenting paths).
    """
    taken: dict[int, PrincipalId] = {}

    def place(person: PrincipalId, tried: set[int]) -> bool:
        for seat, group in enumerate(wanted):
            if group not in people[person] or seat in tried:
                continue
            tried.add(seat)
            if seat not in taken or place(taken[seat], tried):
                taken[seat] = person
                return True
        return False

    for person in people:
        place(person, set())
    return taken
