"""A radio answers to its settings, and says what a real one would: not what it cannot know."""

from collections.abc import Callable
from typing import Any

from evals.homes.air import Air, Interferer, Neighbour
from evals.homes.home import Home
from evals.homes.household import RadioLife
from evals.homes.rpc import answer
from executors.acs import messages as m

CHANNEL = "Device.WiFi.Radio.1.Channel"
AUTOMATIC = "Device.WiFi.Radio.1.AutoChannelEnable"
SHOWN = "Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization"
RETRIES = "Device.WiFi.SSID.1.Stats.RetransCount"

MakeHome = Callable[..., Home]


def tell(home: Home, path: str, value: str, kind: str = "unsignedInt") -> m.Message:
    return answer(home, m.SetParameterValues((m.ParameterValue(path, value, kind),), "k"))


def test_leaving_a_crowded_channel_lowers_utilisation(make_home: MakeHome) -> None:
    home = make_home()
    before = home.radio(1).utilisation()

    tell(home, CHANNEL, "1")

    assert home.radio(1).utilisation() < 0.7 * before
    assert home.radio(1).channel_changes == 1


def test_a_hidden_interferer_punishes_the_channel_that_a_scan_shows_free(
    make_home: MakeHome, sender: Interferer
) -> None:
    crowd = tuple(Neighbour("n", f"06:00:00:00:00:0{n}", 1, -60, 0.3) for n in range(3))
    life = RadioLife(Air("2.4GHz", crowd, (sender,)), channel=1, demand=0.1)
    home = make_home(radios=(life,))
    before = home.radio(1).utilisation()

    tell(home, CHANNEL, "11")

    assert home.radio(1).utilisation() > before
    assert {each.channel for each in home.radio(1).scan()} == {1}
    assert "sender" not in str(answer(home, m.GetParameterValues(("",))))


def test_what_is_shown_is_the_truth_with_a_little_jitter(make_home: MakeHome, clock: Any) -> None:
    home = make_home()
    truth = home.radio(1).utilisation()
    shown = set()

    for _ in range(40):
        clock.advance(seconds=5)
        shown.add(int(home.tree.read(SHOWN)))

    assert len(shown) > 3
    assert max(abs(each - truth) for each in shown) <= 4


def test_asking_twice_at_one_time_gives_one_answer(make_home: MakeHome) -> None:
    home = make_home()

    assert home.tree.read(SHOWN) == home.tree.read(SHOWN)
    assert home.radio(1).scan() == home.radio(1).scan()


def test_setting_a_channel_switches_automatic_selection_off(make_home: MakeHome) -> None:
    home = make_home()
    tell(home, AUTOMATIC, "true", "boolean")
    assert home.tree.read(AUTOMATIC) == "true"

    tell(home, CHANNEL, "11")

    assert home.tree.read(AUTOMATIC) == "false"
    assert home.tree.read(CHANNEL) == "11"


def test_automatic_selection_takes_the_channel_a_scan_shows_quietest(make_home: MakeHome) -> None:
    home = make_home()

    tell(home, AUTOMATIC, "true", "boolean")

    assert home.radio(1).channel in (1, 11)


def test_automatic_selection_in_5_ghz_keeps_to_the_channels_the_box_may_use(
    make_home: MakeHome,
) -> None:
    crowd = tuple(Neighbour("n", f"06:00:00:00:01:0{c % 9}", c, -50, 0.4) for c in (36, 100))
    lives = (RadioLife(Air("2.4GHz"), 1, 0.1), RadioLife(Air("5GHz", crowd), 36, 0.1))
    home = make_home(radios=lives)
    home.local_change("Device.WiFi.Radio.2.PossibleChannels", "36,40,100-104,149")

    tell(home, "Device.WiFi.Radio.2.AutoChannelEnable", "true", "boolean")

    assert home.radio(2).channel == 149


def test_it_says_since_when_it_is_on_its_channel(make_home: MakeHome, clock: Any) -> None:
    home = make_home()
    clock.advance(seconds=70)
    tell(home, CHANNEL, "1")
    clock.advance(seconds=5)

    assert home.tree.read("Device.WiFi.Radio.1.ChannelLastChange") == "5"
    assert home.tree.read("Device.WiFi.Radio.1.ChannelLastSelectionReason") == "Manual"


def test_frames_sent_again_are_counted_at_the_rate_of_the_channel_in_use(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home()
    clock.advance(minutes=1)
    home.tick()
    crowded = int(home.tree.read(RETRIES))
    tell(home, CHANNEL, "1")

    clock.advance(minutes=1)
    home.tick()

    assert crowded > 0
    assert int(home.tree.read(RETRIES)) == crowded


def test_a_radio_that_is_off_transmits_nothing_but_still_hears(make_home: MakeHome) -> None:
    home = make_home()
    tell(home, "Device.WiFi.Radio.1.Enable", "false", "boolean")

    assert home.radio(1).airtime().own == 0
    assert home.radio(1).airtime().others > 0
    assert home.tree.read("Device.WiFi.Radio.1.Status") == "Down"
