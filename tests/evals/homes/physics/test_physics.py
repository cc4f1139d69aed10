"""Each law of the small physics, in the direction that its source gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.homes.physics import emodel, hours, propagation, queueing, rates
from evals.homes.physics.cable import Coax
from evals.homes.physics.cellular import Cell
from evals.homes.physics.copper import Copper

METRES = st.floats(1, 100)
BANDS = st.sampled_from(["2.4GHz", "5GHz", "6GHz"])


@given(band=BANDS, near=METRES, far=METRES, walls=st.integers(0, 5))
def test_what_is_farther_or_behind_more_walls_is_fainter(
    band: str, near: float, far: float, walls: int
) -> None:
    near, far = sorted((near, far))

    loss = propagation.path_loss_db

    assert loss(band, near, walls) <= loss(band, far, walls)
    assert loss(band, near, walls) < loss(band, near, walls + 1)
    assert loss("2.4GHz", near, walls) < loss("5GHz", near, walls)


def test_a_metre_away_the_loss_is_what_p_1238_says() -> None:
    assert propagation.path_loss_db("2.4GHz", 1) == pytest.approx(39.7, abs=0.1)
    assert propagation.path_loss_db("5GHz", 10) == pytest.approx(76.8, abs=0.1)


def test_a_quarter_of_the_power_is_six_decibel_less() -> None:
    full, quarter = (propagation.sent_dbm("2.4GHz", each) for each in (100, 25))

    assert full - quarter == pytest.approx(6.02, abs=0.01)


@given(
    standard=st.sampled_from(["g", "n", "ac", "ax"]),
    weak=st.floats(-100, -30),
    strong=st.floats(-100, -30),
)
def test_a_stronger_signal_is_never_slower(standard: str, weak: float, strong: float) -> None:
    weak, strong = sorted((weak, strong))

    slow, fast = (rates.rate_mbps(standard, 20, 2, each) for each in (weak, strong))

    assert slow <= fast


def test_a_wide_channel_is_faster_near_and_reaches_less_far() -> None:
    assert rates.rate_mbps("ax", 80, 2, -50) > 3 * rates.rate_mbps("ax", 20, 2, -50)
    assert rates.rate_mbps("ax", 80, 2, -84) == 0 < rates.rate_mbps("ax", 20, 2, -84)


@pytest.mark.parametrize(
    ("standard", "width", "streams", "mbps"),
    [
        ("g", 20, 2, 54.0),
        ("n", 40, 2, 300.0),
        ("ac", 80, 1, 390.0),
        ("ax", 80, 2, 1201.0),
        ("ax", 160, 2, 2402.0),
    ],
)
def test_next_to_the_gateway_the_rate_is_the_one_on_the_box(
    standard: str, width: int, streams: int, mbps: float
) -> None:
    assert rates.rate_mbps(standard, width, streams, -30) == pytest.approx(mbps, rel=0.01)


def test_the_newest_standard_of_both_ends_is_spoken() -> None:
    assert rates.newest(frozenset("gn"), frozenset({"g", "n", "ax"})) == "n"
    assert rates.newest(frozenset("g"), frozenset({"ax"})) is None


def test_a_clean_call_in_g_711_is_good_and_one_in_g_729_less_so() -> None:
    assert emodel.mos("G.711", 20, 0) == pytest.approx(4.37, abs=0.02)
    assert emodel.mos("G.729", 20, 0) == pytest.approx(4.03, abs=0.02)


@given(delay=st.floats(0, 2000), more=st.floats(0, 500), loss=st.floats(0, 0.5))
def test_a_call_never_sounds_better_for_delay_or_loss(
    delay: float, more: float, loss: float
) -> None:
    here = emodel.mos("G.711", delay, loss)

    assert 1.0 <= here <= 4.5
    assert emodel.mos("G.711", delay + more, loss) <= here + 1e-9
    assert emodel.mos("G.711", delay, min(loss + 0.1, 1)) <= here + 1e-9


def waiting(shaped: float | None, *, managed: bool = True) -> float:
    return queueing.loaded_ms(
        line_mbps=10, shaped_mbps=shaped, modem_kb=1000, own_kb=100, managed=managed
    )


def test_only_a_shaper_below_the_line_holds_the_queue() -> None:
    assert waiting(None) == waiting(10) == waiting(12) == pytest.approx(800)
    assert waiting(9) == queueing.MANAGED_MS
    assert waiting(9, managed=False) == pytest.approx(89, abs=1)


@given(busy=st.floats(0, 1), more=st.floats(0, 1), retry=st.floats(0, 0.9))
def test_the_busier_the_air_the_longer_a_frame_waits(
    busy: float, more: float, retry: float
) -> None:
    less, most = sorted((busy, more))

    assert queueing.access_ms(less, retry) <= queueing.access_ms(most, retry)


def test_a_telephone_line_is_slower_with_length_and_with_noise() -> None:
    rows = [Copper(metres=metres).down_mbps for metres in (100, 400, 800, 1500)]

    assert rows == sorted(rows, reverse=True)
    assert 60 < Copper(metres=500).down_mbps < 100
    assert Copper(metres=500, noise_db=9).down_mbps < Copper(metres=500).down_mbps


def test_bursts_eat_the_margin_then_break_frames_and_then_lose_the_line() -> None:
    calm, some, many = (Copper(bursts_db=each) for each in (0, 5, 9))

    assert (calm.margin_db, calm.errors_per_second, calm.retrains_per_day) == (6, 0, 0)
    assert some.errors_per_second > 0 == some.retrains_per_day
    assert many.retrains_per_day > 10
    assert many.down_mbps == calm.down_mbps, "it trains in a calm moment"


def test_a_cable_breaks_code_words_below_33_decibel_and_not_above() -> None:
    assert Coax(snr_db=36).uncorrectable == 0
    assert 0 < Coax(snr_db=31).uncorrectable < Coax(snr_db=28).uncorrectable <= 1
    assert Coax(dbmv=-24).effective_snr_db < Coax(dbmv=0).effective_snr_db


def test_a_cell_gives_less_when_it_is_far_or_full() -> None:
    near, far = Cell(rsrp_dbm=-85), Cell(rsrp_dbm=-118)

    assert near.down_mbps(0.2) > far.down_mbps(0.2)
    assert near.down_mbps(0.2) > near.down_mbps(0.9)
    assert Cell(rsrp_dbm=-135).down_mbps(0) == 0


def test_the_evening_is_the_busiest_and_the_night_the_calmest(clock: object) -> None:
    now = clock()  # type: ignore[operator]  # the shared fixture is a callable
    by_hour = [hours.busyness(now.replace(hour=hour, minute=0)) for hour in range(24)]

    assert by_hour.index(max(by_hour)) == 21
    assert min(by_hour) < 0.3 * max(by_hour)
