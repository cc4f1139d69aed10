"""The model files: readable, true to TR-181, and free of anybody's data."""

import csv
import io
import json
import re
from collections.abc import Callable
from importlib.resources import files

import pytest

from brain.datamodel.catalogue import catalogue
from brain.domain.parameter import ParameterType
from evals.homes.device_model import device_model, model_names
from evals.homes.export import convert, text_of
from evals.homes.home import Home
from evals.homes.rpc import answer
from evals.homes.rules import lexical, obeys
from executors.acs import messages as m

MakeHome = Callable[..., Home]

EXPORT = """Parameter,Object,Writable,Value,Value type
DeviceID.SerialNumber,false,false,REAL-SERIAL,xsd:string
InternetGatewayDevice.DeviceInfo.Manufacturer,false,false,Maker,xsd:string
InternetGatewayDevice.DeviceInfo.ManufacturerOUI,false,false,0A0B0C,xsd:string
InternetGatewayDevice.DeviceInfo.ProductClass,false,false,Box,xsd:string
InternetGatewayDevice.DeviceInfo.HardwareVersion,false,false,1,xsd:string
InternetGatewayDevice.DeviceInfo.SoftwareVersion,false,false,REAL-BUILD,xsd:string
InternetGatewayDevice.DeviceInfo.SerialNumber,false,false,REAL-SERIAL,xsd:string
InternetGatewayDevice.LANDevice.1.Hosts.Host.1.HostName,false,false,REAL-PHONE,xsd:string
InternetGatewayDevice.LANDevice.1.Hosts.Host.2.HostName,false,false,REAL-LAPTOP,xsd:string
InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.SSID,false,true,REAL-NAME,xsd:string
InternetGatewayDevice.ManagementServer.Password,false,true,REAL-PASSWORD,xsd:string
InternetGatewayDevice.ManagementServer.NeverHeardOf,false,true,REAL-WHATEVER,xsd:string
InternetGatewayDevice.Time.Enable,false,true,true,xsd:boolean
InternetGatewayDevice.Table,true,true,,
"""


@pytest.mark.parametrize("name", model_names())
def test_a_home_of_every_make_says_everything_it_has(make_home: MakeHome, name: str) -> None:
    home = make_home(model=name)

    said = answer(home, m.GetParameterValues(("",)))

    assert isinstance(said, m.GetParameterValuesResponse)
    assert len(said.values) == len(home.tree.parameters) > 300
    assert all(path in home.tree.parameters for path in home.model.forced_inform)


@pytest.mark.parametrize("name", model_names())
def test_every_object_stands_in_one_that_is_there_too(make_home: MakeHome, name: str) -> None:
    home = make_home(model=name)

    parents = {path[:-1].rpartition(".")[0] + "." for path in home.tree.objects if "." in path[:-1]}
    holders = {path.rpartition(".")[0] + "." for path in home.tree.parameters}

    assert parents | holders <= set(home.tree.objects)
    assert home.model.root in home.tree.objects


def test_objects_without_parameters_are_there_as_the_real_make_has_them(
    make_home: MakeHome,
) -> None:
    home = make_home(model="huawei-bm632w")
    wan = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."

    said = answer(home, m.GetParameterNames(wan + "PortMapping."))

    assert said == m.GetParameterNamesResponse((m.ParameterInfo(wan + "PortMapping.", True),))
    assert home.tree.objects[wan]


@pytest.mark.parametrize("name", model_names())
def test_every_value_has_the_form_of_its_type(make_home: MakeHome, name: str) -> None:
    home = make_home(model=name)

    odd = {
        path: home.tree.read(path)
        for path, each in home.tree.parameters.items()
        if lexical(each.type, home.tree.read(path)) is None
    }

    # A real make that breaks the rule: it leaves numbers it does not know empty.
    assert all(value == "" and name.startswith("huawei") for value in odd.values()), odd


@pytest.mark.parametrize("name", [name for name in model_names() if not name.startswith("huawei")])
def test_a_make_accepts_the_values_it_ships_with(make_home: MakeHome, name: str) -> None:
    home = make_home(model=name)
    ours = (".DiagnosticsState", ".PreSharedKey")

    refused = [
        path
        for path, each in home.tree.parameters.items()
        if each.writable
        and not path.endswith(ours)
        and not obeys(
            each.rule,
            home.tree.read(path),
            lambda leaf, path=path: home.tree.read(path.rpartition(".")[0] + "." + leaf),
        )
    ]

    assert refused == []


@pytest.mark.parametrize("name", [name for name in model_names() if not name.startswith("huawei")])
def test_every_parameter_is_as_tr_181_has_it(name: str) -> None:
    book, wrong = catalogue("tr181-cwmp"), {}

    for path, spec in device_model(name).parameters.items():
        entry = book.find(re.sub(r"\.\d+\.", ".{i}.", path))
        if f".X_{device_model(name).oui}_" in path:
            continue  # a make's own (TR-106 3.3)
        if entry is None or entry.syntax is None:
            wrong[path] = "unknown"
        elif spec.type is not (ParameterType.STRING if entry.is_list else entry.type):
            wrong[path] = f"{spec.type} is {entry.type}"  # a list travels as a string (TR-106 3.2)
        elif spec.writable and not entry.writable:
            wrong[path] = "writable"
        elif spec.secret is not entry.secret:
            wrong[path] = "secret"

    assert wrong == {}


def test_the_converter_keeps_no_text_it_does_not_know() -> None:
    model = convert(csv.DictReader(io.StringIO(EXPORT)))

    text = text_of(model)

    assert "REAL" not in text
    parameters = json.loads(text)["parameters"]
    assert parameters["InternetGatewayDevice.Time.Enable"] == ["boolean", "w", "true"]
    assert parameters["InternetGatewayDevice.ManagementServer.Password"] == ["string", "s", ""]
    assert parameters["InternetGatewayDevice.LANDevice.1.Hosts.Host.{i}.HostName"][2] == "{name}"
    assert json.loads(text)["objects"]["InternetGatewayDevice.Table."] is True


def test_no_model_file_holds_an_address_of_a_machine_or_a_person() -> None:
    folder = files("evals.homes.models")
    for name in model_names():
        text = folder.joinpath(f"{name}.json").read_text("utf-8")
        found = set(re.findall(r"\d+\.\d+\.\d+\.\d+", text))
        private = {each for each in found if each.startswith(("192.168.1.", "255.255.", "0.0.0.0"))}

        assert found == private, name
        assert not re.search(r"([0-9A-F]{2}:){5}[0-9A-F]{2}|@", text, re.IGNORECASE), name


def test_a_model_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        device_model("no-such-make")


@pytest.mark.parametrize("name", [name for name in model_names() if not name.startswith("huawei")])
def test_a_make_offers_nothing_that_the_data_model_does_not_list(name: str) -> None:
    book, odd = catalogue("tr181-cwmp"), {}

    for path, spec in device_model(name).parameters.items():
        entry = book.find(re.sub(r"\.\d+\.", ".{i}.", path))
        listed = set(entry.syntax.enumeration) if entry and entry.syntax else set()
        offered = set(spec.rule.split("|")) if "|" in spec.rule else set()
        if listed and offered - listed:
            odd[path] = offered - listed

    assert odd == {}


def test_a_make_like_another_lacks_what_it_lacks_and_has_its_own_name() -> None:
    modem, fibre = device_model("ferncliff-v2"), device_model("brightmoor-hearth6")

    assert not any(path.startswith("Device.Optical.") for path in modem.parameters)
    assert any(path.startswith("Device.DSL.Line.") for path in modem.parameters)
    assert any(path.startswith("Device.Optical.") for path in fibre.parameters)
    assert modem.parameters["Device.DeviceInfo.Manufacturer"].value == "Ferncliff"
    assert f"Device.X_{modem.oui}_IPTV.IGMPProxyEnable" in modem.parameters
    assert modem.places.uplinks[2:] == tuple(
        f"Device.{kind}.1.Enable" for kind in ("DSL.Line", "DSL.Channel", "PTM.Link")
    )
