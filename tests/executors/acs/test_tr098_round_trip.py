"""A home that speaks TR-098 is written and read back over the envelopes of CWMP, rule by rule."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.translation.mapping import Row
from brain.domain.change import SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from evals.homes.build import build as build_world
from evals.homes.device_session import NAMESPACE, DeviceSession
from evals.homes.home import Home
from evals.homes.tree import Parameter
from executors.acs import messages as m
from executors.acs.dialect import Tr098
from executors.acs.envelope import Envelope
from executors.acs.soap import build, parse
from tests.brain.datamodel.tr098_cases import CASES, PLAIN, ROOT, Case, native_of, sample_of

KEY = ROOT + "ManagementServer.ParameterKey"


@pytest.fixture(scope="module")
def home() -> Home:
    return build_world({"world": {"model": "huawei-bm632w"}}, seed=7).home


def saying(home: Home, values: Mapping[str, str]) -> Home:
    """The home telling of nothing but these, every one writable and without a rule."""
    home.tree.tells = values.__contains__  # type: ignore[method-assign]  # the rest it needs itself
    for path, text in {KEY: "", **values}.items():
        entry = catalogue("tr098").find(path)
        home.tree.parameters[path] = Parameter(
            type=(entry.type if entry else None) or ParameterType.STRING,
            writable=True,
            secret=False,
            value=text,
            rule="",
            gauge="",
            rows=(),
        )
    return home


def told(home: Home, request: m.Request) -> m.Message:
    """The answer to one request; both are XML on the way."""
    asked = parse(build(Envelope(request, id="7", namespace=NAMESPACE)))
    return parse(build(DeviceSession(home).answer(asked))).message


def asked(home: Home, *names: str) -> tuple[m.ParameterValue, ...]:
    said = told(home, m.GetParameterValues(names))
    assert isinstance(said, m.GetParameterValuesResponse)
    return said.values


def written_and_read(home: Home, path: ParameterPath, value: str, kind: ParameterType) -> str:
    dialect = Tr098(asked(home, ROOT))
    change = SetParameter(path=path, type=kind, before="", after=value)

    done = told(home, m.SetParameterValues(dialect.sets([change]), parameter_key="chg_1"))

    assert done == m.SetParameterValuesResponse()
    assert home.tree.read(KEY) == "chg_1"
    return dialect.heard(asked(home, *dialect.native([path])))[path]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule} {case.path}")
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_a_transformed_value_comes_back_from_the_device(
    home: Home, case: Case, data: st.DataObject
) -> None:
    value = data.draw(case.wanted)
    device = saying(home, case.values)

    back = written_and_read(device, ParameterPath(case.path), value, ParameterType.STRING)

    assert back == ("" if case.native else value)
    if case.native:
        assert device.tree.read(ROOT + case.native) == value


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row.native)
def test_a_plain_value_comes_back_from_the_device(home: Home, row: Row) -> None:
    path, target = native_of(row), catalogue().find(row.target_template)
    assert target is not None
    assert target.type is not None
    device = saying(home, {path: ""})
    paths = Tr098(asked(home, ROOT)).writable({path: True})
    (found,) = [each for each in paths if template_of(each) == row.target_template]

    back = written_and_read(device, found, sample_of(row), target.type)

    assert back == ("" if target.secret else sample_of(row))
    assert device.tree.read(path) == sample_of(row)
