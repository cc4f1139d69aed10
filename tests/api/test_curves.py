"""What is drawn: numbers as they are, how fast counters grow, and words as steps."""

from datetime import UTC, datetime, timedelta

from api.curves import curve, short_name, telling
from api.shapes.history import PointShape, SeriesShape

START = datetime(2026, 1, 1, tzinfo=UTC)


def series(*values: str, counter: bool = False, units: str = "") -> SeriesShape:
    points = [
        PointShape(at=START + number * timedelta(hours=2), value=value)
        for number, value in enumerate(values)
    ]
    return SeriesShape(path="Device.X", units=units, counter=counter, points=points)


def test_numbers_are_drawn_as_they_are() -> None:
    drawn = curve(series("-21300", "-21250.5", units="dBm/1000"))

    assert list(drawn.heights) == [-21300, -21250.5]
    assert (drawn.unit, drawn.words, drawn.last) == ("dBm/1000", (), "-21,250.5")


def test_of_a_counter_it_is_drawn_how_fast_it_grows_and_a_restart_is_left_out() -> None:
    drawn = curve(series("100", "300", "20", "60", counter=True, units="bytes"))

    assert list(drawn.heights) == [100, 20, 20]
    assert [at - START for at in drawn.times] == [timedelta(hours=each) for each in (0, 4, 6)]
    assert drawn.unit == "bytes an hour"


def test_a_counter_that_was_read_once_draws_nothing() -> None:
    assert list(curve(series("100", counter=True)).heights) == []


def test_words_are_steps_in_the_order_in_which_they_came() -> None:
    drawn = curve(series("Up", "Down", "Up"))

    assert (list(drawn.heights), list(drawn.words)) == ([0, 1, 0], ["Up", "Down"])
    assert drawn.last == "Up"


def test_a_name_is_short_and_says_which_row() -> None:
    assert short_name("Device.WiFi.Radio.1.Stats.Noise") == "Radio.1 Noise"
    assert short_name("Device.DeviceInfo.MemoryStatus.Free") == "Free"


def test_levels_that_moved_come_before_traffic_and_traffic_before_what_stood_still() -> None:
    still, traffic = series("4", "4"), series("1", "3", "4", counter=True)
    moved = series("-60", "-71")

    told = telling([still, traffic, moved])

    assert [list(each.heights) for each in told] == [[-60, -71], [1, 0.5, 0.5], [4, 4]]
