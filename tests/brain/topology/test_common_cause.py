"""Neighbours who suffer together point upstream; neighbours who suffer by chance do not."""

from collections.abc import Iterator
from math import comb
from random import Random

import pytest

from brain.domain.identity import DeviceId, NodeId, TenantId
from brain.domain.topology import AccessNode, NeighbourHealth, NodeKind
from brain.topology.chance import binomial_tail
from brain.topology.common_cause import USUAL, Odds, common_cause

PARENTS = {
    "own": "port",
    "b": "port",
    "c": "port",
    "port": "olt",
    "far1": "far",
    "far2": "far",
    "far": "olt",
}
SPLITTERS = ("own", "b", "c", "far1", "far2")
KINDS = {"own": NodeKind.SPLITTER, "port": NodeKind.PORT, "olt": NodeKind.OLT}
ANCESTORS = tuple(
    AccessNode(id=NodeId(id), tenant=TenantId("north"), kind=kind, name=f"the {id}")
    for id, kind in KINDS.items()
)


def neighbours(**counts: tuple[int, int]) -> list[NeighbourHealth]:
    """So many suffering of so many known, by the node they hang from."""
    return [
        _neighbour(f"{node}-{number}", node, number < suffering)
        for node, (suffering, known) in counts.items()
        for number in range(known)
    ]


def _neighbour(id: str, node: str, suffering: bool) -> NeighbourHealth:
    above = []
    up = PARENTS.get(node)
    while up:
        above.append(NodeId(up))
        up = PARENTS.get(up)
    return NeighbourHealth(
        device=DeviceId(id), node=NodeId(node), above=tuple(above), suffering=suffering
    )


def found(**counts: tuple[int, int]) -> str | None:
    cause = common_cause(ANCESTORS, neighbours(**counts))
    return cause.node if cause else None


def test_all_on_one_splitter_is_the_splitter() -> None:
    assert found(own=(6, 7), b=(0, 8), c=(0, 8), far1=(0, 8)) == "own"


def test_all_on_one_port_is_the_port_and_not_each_splitter() -> None:
    assert found(own=(3, 3), b=(4, 4), far1=(0, 4), far2=(0, 4)) == "port"


def test_all_below_the_olt_is_the_olt() -> None:
    assert found(own=(5, 6), b=(6, 8), c=(4, 4), far1=(6, 7), far2=(5, 6)) == "olt"


def test_the_finding_names_the_node_and_counts_who_is_below_it() -> None:
    cause = common_cause(ANCESTORS, neighbours(own=(3, 3), b=(4, 5), far1=(0, 9)))

    assert cause is not None
    assert (cause.node, cause.kind, cause.name) == ("port", NodeKind.PORT, "the port")
    assert (cause.suffering, cause.known) == (7, 8)


def test_of_two_nodes_that_explain_it_equally_well_the_lower_is_named() -> None:
    assert found(own=(6, 6)) == "own"


def test_trouble_of_the_branch_next_door_is_not_ours() -> None:
    assert found(own=(0, 4), b=(8, 8), c=(0, 8)) is None
    assert found(own=(0, 1), b=(8, 8)) is None
    assert found(b=(8, 8)) is None
    assert found(own=(0, 8), far1=(8, 8), far2=(7, 8)) is None


def test_trouble_of_both_branches_next_door_is_the_ports() -> None:
    assert found(b=(6, 6), c=(5, 6), far1=(0, 8)) == "port"


@pytest.mark.parametrize("suffering", [0, 1, 2, 3])
def test_a_few_among_many_are_chance(suffering: int) -> None:
    assert found(own=(suffering, 32), b=(1, 32)) is None


@pytest.mark.parametrize("counts", [(2, 2), (3, 3), (2, 4)])
def test_too_few_devices_or_too_few_sick_ones_say_nothing(counts: tuple[int, int]) -> None:
    assert found(own=counts) is None


def test_the_least_that_says_something() -> None:
    assert found(own=(3, 4)) == "own"


def test_fewer_sick_ones_say_nothing_however_rare_sickness_is() -> None:
    health = neighbours(own=(2, 8))

    assert common_cause(ANCESTORS, health, Odds(base_rate=0.001)) is None


def test_a_question_about_one_node_has_all_the_false_alarms_to_itself() -> None:
    cell = AccessNode(id=NodeId("cell"), tenant=TenantId("north"), kind=NodeKind.CELL, name="c")

    cause = common_cause([cell], neighbours(cell=(3, 7)))

    assert cause is not None, "once in 265 by chance"
    assert found(own=(3, 7)) is None, "three nodes share the one in 200"


def test_nobody_known_is_no_cause() -> None:
    assert common_cause(ANCESTORS, []) is None
    assert common_cause([], neighbours(own=(8, 8))) is None


def test_where_more_suffer_anyway_more_is_needed() -> None:
    health = neighbours(own=(4, 8))

    assert common_cause(ANCESTORS, health) is not None
    assert common_cause(ANCESTORS, health, Odds(base_rate=0.3)) is None


def test_the_order_of_neighbours_does_not_matter() -> None:
    health = neighbours(own=(3, 4), b=(5, 6), far1=(1, 8))
    first = common_cause(ANCESTORS, health)

    Random(3).shuffle(health)

    assert common_cause(ANCESTORS, health) == first


@pytest.mark.parametrize(("successes", "trials", "rate"), [(0, 5, 0.2), (3, 8, 0.05), (8, 8, 0.5)])
def test_the_tail_is_that_of_the_binomial_distribution(
    successes: int, trials: int, rate: float
) -> None:
    exact = sum(
        comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(successes, trials + 1)
    )

    assert binomial_tail(successes, trials, rate) == pytest.approx(exact)


def worlds(
    count: int, *, seed: int, sick_below: str, rate: float
) -> Iterator[list[NeighbourHealth]]:
    """Networks in which all suffer at the base rate, and those below one node at ``rate``."""
    random = Random(seed)
    for _ in range(count):
        health = []
        for splitter in SPLITTERS:
            for number in range(random.randint(2, 8)):
                each = _neighbour(f"{splitter}-{number}", splitter, False)
                below = sick_below in (each.node, *each.above)
                suffers = random.random() < (rate if below else USUAL.base_rate)
                health.append(_neighbour(f"{splitter}-{number}", splitter, suffers))
        yield health


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_false_alarms_are_no_more_than_is_said(seed: int) -> None:
    trials = 3000

    alarms = sum(
        common_cause(ANCESTORS, health) is not None
        for health in worlds(trials, seed=seed, sick_below="nothing", rate=0.0)
    )

    # Three standard deviations above what is promised.
    promised = USUAL.false_alarms * trials
    assert alarms <= promised + 3 * promised**0.5


@pytest.mark.parametrize(("node", "share"), [("port", 0.95), ("olt", 0.98)])
def test_a_cause_that_makes_most_suffer_is_found_where_it_is(node: str, share: float) -> None:
    trials = 400

    right = sum(
        cause is not None and cause.node == node
        for cause in (
            common_cause(ANCESTORS, health)
            for health in worlds(trials, seed=5, sick_below=node, rate=0.85)
        )
    )

    assert right >= share * trials


def test_a_sick_branch_next_door_is_seldom_taken_for_ours() -> None:
    trials = 1000

    wrong = sum(
        common_cause(ANCESTORS, health) is not None
        for health in worlds(trials, seed=7, sick_below="b", rate=0.85)
    )

    assert wrong <= 0.05 * trials
