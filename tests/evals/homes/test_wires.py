"""Fibre and resolvers: what the device shows is what the physics says."""

from collections.abc import Callable
from typing import Any

from evals.homes.home import Home
from evals.homes.optics import SENSITIVITY_DBM, Drop, Feeder
from evals.homes.rpc import answer
from executors.acs import messages as m

MakeHome = Callable[..., Home]
LEVEL = "Device.Optical.Interface.1.OpticalSignalLevel"
ERRORS = "Device.Optical.Interface.1.Stats.ErrorsReceived"
SERVER = "Device.DNS.Client.Server."


def test_bending_a_feeder_dims_every_home_on_it() -> None:
    feeder = Feeder()
    homes = [Drop(feeder, 3.0), Drop(feeder, 4.0)]
    before = [each.level_dbm for each in homes]

    feeder.bend_db = 9.0

    assert [round(was - each.level_dbm, 6) for was, each in zip(before, homes, strict=True)] == [
        9,
        9,
    ]
    assert all(each.level_dbm < SENSITIVITY_DBM for each in homes)


def test_light_is_shown_in_thousandths_of_a_dbm_and_errors_come_when_it_is_dim(
    make_home: MakeHome, clock: Any
) -> None:
    bright = make_home(drop=Drop(Feeder(), 4.0))
    dim = make_home(drop=Drop(Feeder(bend_db=8.5), 4.0))

    clock.advance(minutes=10)

    assert abs(int(bright.tree.read(LEVEL)) + 21_000) <= 60
    assert abs(int(dim.tree.read(LEVEL)) + 29_500) <= 60
    assert int(dim.tree.read(LEVEL)) % 2 == 0
    assert bright.tree.read(ERRORS) == "0"
    assert int(dim.tree.read(ERRORS)) > 1000


def test_a_dead_resolver_shows_an_error_and_a_live_one_mends_it(make_home: MakeHome) -> None:
    home = make_home(resolvers=("192.0.2.53", "192.0.2.54"), own_resolvers=True)
    assert home.tree.read(SERVER + "1.Status") == "Error"
    assert home.tree.read("Device.DNS.Client.Status") == "Error"
    assert not home.resolves()

    value = m.ParameterValue(SERVER + "1.DNSServer", "9.9.9.9")
    said = answer(home, m.SetParameterValues((value,), "k"))

    assert said == m.SetParameterValuesResponse(0)
    assert home.resolves()
    assert home.tree.read(SERVER + "1.Status") == "Enabled"
    assert home.tree.read(SERVER + "2.Status") == "Error"
    assert home.tree.read("Device.DNS.Client.Status") == "Enabled"


def test_a_resolver_that_is_off_does_not_count(make_home: MakeHome) -> None:
    home = make_home()
    home.local_change(SERVER + "1.Enable", "false")
    home.local_change(SERVER + "2.Enable", "false")

    assert home.tree.read(SERVER + "1.Status") == "Disabled"
    assert home.resolvers() == ()
    assert not home.resolves()


def test_a_make_with_one_list_of_resolvers_answers_to_it(make_home: MakeHome) -> None:
    home = make_home(model="huawei-bm632w", resolvers=("192.0.2.53",))
    path = home.model.places.resolvers
    assert not home.resolves()

    answer(home, m.SetParameterValues((m.ParameterValue(path, "192.0.2.53,9.9.9.9"),), "k"))

    assert home.resolvers() == ("192.0.2.53", "9.9.9.9")
    assert home.resolves()
