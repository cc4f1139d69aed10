"""Diagnostics of a TR-098 device: what asks for one and what it found have names in both models."""

import pytest

from brain.datamodel.diagnostics import DIAGNOSTICS, Diagnostic, Kind
from brain.datamodel.tr098 import Translator
from brain.datamodel.translation.mapping import rows
from brain.domain.parameter import ParameterPath

ROOT = "InternetGatewayDevice."
ONLY_TR181 = {Kind.UDP_ECHO, Kind.WIFI_NEIGHBOURS}
ROUTE = ROOT + "TraceRouteDiagnostics."
HOPS = ParameterPath("Device.IP.Diagnostics.TraceRoute.")


@pytest.mark.parametrize(
    "diagnostic", [each for kind, each in DIAGNOSTICS.items() if kind not in ONLY_TR181]
)
def test_all_that_a_diagnostic_is_asked_with_can_be_said(diagnostic: Diagnostic) -> None:
    place = diagnostic.command.removesuffix("()") + "."
    said = {row.target for row in rows() if row.rule != "none"}

    needed = {"DiagnosticsState", "Interface", *diagnostic.needs, *diagnostic.inputs}
    assert {place + leaf for leaf in needed} <= said


def test_the_hops_of_a_route_are_asked_for_before_any_was_found() -> None:
    values = {ROUTE + "DiagnosticsState": "Complete", ROUTE + "RouteHopsNumberOfEntries": "0"}
    translator = Translator(values)

    assert ROUTE + "RouteHops." in translator.native_paths([HOPS])
    said = translator.to_tr181(values | {ROUTE + "RouteHops.1.HopHost": "192.0.2.1"})

    assert said[ParameterPath(f"{HOPS}RouteHops.1.Host")] == "192.0.2.1"
