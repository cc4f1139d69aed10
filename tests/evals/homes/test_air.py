"""The air: overlap, loudness and hidden interferers act in the right direction."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.homes.air import Air, Interferer, Neighbour, airtime, centre

CHANNELS_24 = st.integers(1, 13)


def near(channel: int, dbm: int = -50, load: float = 0.3, width: int = 20) -> Neighbour:
    return Neighbour("x", "06:00:00:00:00:01", channel, dbm, load, width)


def busy(air: Air, channel: int, width: int = 20) -> float:
    return airtime(air, channel, width, 0.1).busy


def test_an_empty_channel_costs_only_what_we_send_ourselves() -> None:
    quiet = airtime(Air("2.4GHz"), 6, 20, 0.1)

    assert quiet.busy == pytest.approx(0.1)
    assert quiet.retry == 0
    assert quiet.noise_dbm == -95


def test_a_neighbour_on_our_channel_costs_airtime_and_one_far_off_none() -> None:
    air = Air("2.4GHz", (near(6),))

    assert busy(air, 6) > busy(air, 8) > busy(air, 11) == pytest.approx(0.1)


def test_a_louder_neighbour_costs_more_and_one_below_hearing_nothing() -> None:
    assert busy(Air("2.4GHz", (near(6, -60),)), 6) > busy(Air("2.4GHz", (near(6, -85),)), 6)
    assert busy(Air("2.4GHz", (near(6, -95),)), 6) == pytest.approx(0.1)


def test_partial_overlap_breaks_more_frames_than_sharing_a_channel() -> None:
    air = Air("2.4GHz", (near(6),))

    assert airtime(air, 7, 20, 0.1).retry > airtime(air, 6, 20, 0.1).retry > 0


def test_what_is_not_wifi_costs_airtime_frames_and_noise_where_it_is() -> None:
    sender = Interferer("sender", centre=2437.0, width=18.0, dbm=-50, duty=0.9)
    air = Air("2.4GHz", (), (sender,))

    on_it, off_it = airtime(air, 6, 20, 0.1), airtime(air, 11, 20, 0.1)

    assert on_it.busy > 0.9
    assert on_it.retry > 0.5
    assert on_it.noise_dbm > -60
    assert off_it.busy == pytest.approx(0.1)


def test_a_wide_channel_meets_neighbours_that_a_narrow_one_avoids() -> None:
    air = Air("5GHz", (near(48),))

    assert busy(air, 36, width=80) > busy(air, 36, width=20)


@pytest.mark.parametrize(
    ("band", "channel", "width", "mhz"),
    [
        ("2.4GHz", 1, 20, 2412),
        ("2.4GHz", 13, 20, 2472),
        ("5GHz", 36, 20, 5180),
        ("5GHz", 44, 80, 5210),
        ("5GHz", 104, 40, 5510),
        ("5GHz", 157, 80, 5775),
        ("6GHz", 1, 80, 5985),
        ("6GHz", 37, 20, 6135),
    ],
)
def test_channels_lie_where_the_standard_puts_them(
    band: str, channel: int, width: int, mhz: int
) -> None:
    assert centre(band, channel, width) == mhz


@given(
    ours=CHANNELS_24,
    theirs=CHANNELS_24,
    dbm=st.integers(-95, -30),
    load=st.floats(0, 1),
    demand=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_shares_stay_shares_and_one_more_neighbour_never_helps(
    ours: int, theirs: int, dbm: int, load: float, demand: float
) -> None:
    alone = airtime(Air("2.4GHz"), ours, 20, demand)
    beside = airtime(Air("2.4GHz", (near(theirs, dbm, load),)), ours, 20, demand)

    assert 0 <= beside.busy <= 1
    assert 0 <= beside.retry <= 0.9
    assert beside.busy >= alone.busy - 1e-9
