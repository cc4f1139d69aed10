"""A calmer channel is legal here, really calmer, and shared with radar only when it must be."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.planner.channels import calmer_channels, load_on, overlapping, quiet_channels
from brain.planner.facts import Band
from brain.planner.radios import HeardNetwork, Radio


def radio(channel: int = 6, **changed: Any) -> Radio:
    band = Band.GHZ_2_4 if channel <= 14 else Band.GHZ_5
    values: dict[str, Any] = {
        "index": 1,
        "band": band,
        "channel": channel,
        "width": 20 if channel <= 14 else 80,
        "automatic": False,
        "enabled": True,
        "possible": tuple(range(1, 14)) if channel <= 14 else (36, 40, 44, 48, 149, 153, 157, 161),
        "utilisation": None,
        "foreign": None,
        "retransmissions": None,
    }
    return Radio(**(values | changed))


def network(channel: int, signal: int = -40, **changed: Any) -> HeardNetwork:
    band = Band.GHZ_2_4 if channel <= 14 else Band.GHZ_5
    width = 20 if channel <= 14 else 80
    return HeardNetwork(
        **({"band": band, "channel": channel, "signal": signal, "width": width} | changed)
    )


def test_a_loud_network_on_the_same_channel_weighs_one() -> None:
    assert load_on(6, radio(), [network(6)]) == 1.0


def test_a_network_five_channels_away_weighs_nothing() -> None:
    assert load_on(6, radio(), [network(1), network(11)]) == 0.0


def test_a_partial_overlap_weighs_more_than_its_share_of_the_air() -> None:
    assert load_on(6, radio(), [network(4)]) == pytest.approx(0.5 * 1.3)


def test_a_faint_network_weighs_less_than_a_loud_one() -> None:
    assert load_on(6, radio(), [network(6, -90)]) < load_on(6, radio(), [network(6, -60)])


def test_another_band_is_another_air() -> None:
    assert load_on(36, radio(36), [network(36, band=Band.GHZ_6)]) == 0.0


def test_the_calmest_of_1_6_and_11_comes_first() -> None:
    heard = [network(6), network(6), network(11), network(3, -90)]

    assert [each.channel for each in calmer_channels(radio(), heard)] == [1, 11]


def test_nothing_is_better_where_everything_is_full() -> None:
    assert calmer_channels(radio(), [network(1), network(6), network(11)]) == ()


def test_a_little_better_is_not_worth_a_change() -> None:
    assert calmer_channels(radio(), [network(6, -85)]) == ()


def test_a_third_less_is_not_worth_a_change_either() -> None:
    heard = [network(6)] * 3 + [network(1)] * 2 + [network(11)] * 3

    assert calmer_channels(radio(), heard) == ()


def test_fleeing_within_the_same_block_is_no_fleeing() -> None:
    found = quiet_channels(radio(36), [])

    assert {each.channel for each in found} == {149, 153, 157, 161}


def test_only_legal_channels_are_offered() -> None:
    american = radio(possible=tuple(range(1, 12)))
    odd = radio(possible=(2, 3, 13))

    assert [each.channel for each in calmer_channels(american, [network(6)] * 3)] == [1, 11]
    assert {each.channel for each in calmer_channels(odd, [network(6)] * 3)} <= {2, 3, 13}


def test_a_channel_of_the_same_block_is_the_same_air() -> None:
    found = calmer_channels(radio(36), [network(44), network(44)])

    assert {each.channel for each in found} == {149, 153, 157, 161}


def test_radar_is_shared_only_when_there_is_nowhere_else() -> None:
    both = radio(36, possible=(36, 52, 149))
    only = radio(36, possible=(36, 52))
    heard = [network(36), network(36)]

    assert [(each.channel, each.radar) for each in calmer_channels(both, heard)] == [(149, False)]
    assert [(each.channel, each.radar) for each in calmer_channels(only, heard)] == [(52, True)]


def test_a_wide_radio_is_not_put_on_165() -> None:
    wide = radio(36, possible=(36, 165))

    assert calmer_channels(wide, [network(36), network(36)]) == ()


def test_what_no_scan_hears_is_fled_from_to_a_quiet_channel() -> None:
    found = quiet_channels(radio(), [network(1, -45)])

    assert [each.channel for each in found] == [11]


def test_networks_that_overlap_are_counted() -> None:
    heard = [network(6), network(4), network(11), network(36)]

    assert overlapping(6, radio(), heard) == 2


@settings(max_examples=60)
@given(
    st.lists(st.builds(network, st.integers(1, 13), st.integers(-100, -20)), max_size=12),
    st.integers(1, 13),
)
def test_every_channel_offered_is_legal_other_and_calmer(
    heard: list[HeardNetwork], channel: int
) -> None:
    mine = radio(channel)

    for each in calmer_channels(mine, heard):
        assert each.channel in mine.possible
        assert each.channel != channel
        assert each.load < each.now == load_on(channel, mine, heard)
