package gatewright.change.diagnostics_test

import rego.v1

import data.gatewright.change.diagnostics
import data.gatewright.decision
import data.gatewright.question_test

test_a_ping_is_covered_and_not_reviewed_here if {
	"Device.IP.Diagnostics.IPPing()" in diagnostics.covers
	count(diagnostics.review) == 0 with input as _command("Device.IP.Diagnostics.IPPing()")
}

test_what_fills_the_line_is_reviewed if {
	every name in ["Download", "Upload"] {
		path := concat("", ["Device.IP.Diagnostics.", name, "Diagnostics()"])
		finding := {"code": "diagnostics.fills_the_line", "path": path, "group": "approvers"}
		diagnostics.review == {finding} with input as _command(path)
	}
}

test_a_scan_is_reviewed if {
	path := "Device.WiFi.NeighboringWiFiDiagnostic()"
	finding := {"code": "diagnostics.leaves_the_channel", "path": path, "group": "approvers"}
	diagnostics.review == {finding} with input as _command(path)
}

# Whoever sets the state by hand goes past what a command is judged by.
test_setting_the_state_is_not_covered if {
	every value in ["Requested", "", null] {
		path := "Device.IP.Diagnostics.IPPing.DiagnosticsState"
		question := question_test.setting(path, value)
		decision.decision.outcome == "deny" with input as question
	}
}

test_a_command_that_nobody_knows_is_denied if {
	every path in ["Device.IP.Diagnostics.IPPing2()", "Device.IP.Diagnostics.()", "Device.WiFi.Reset()"] {
		decision.decision.outcome == "deny" with input as _command(path)
	}
}

test_an_empty_plan_says_nothing if {
	every changes in [{}, {"Device.IP.Diagnostics.DownloadDiagnostics()": []}] {
		question := object.union(question_test.asked, {"plan": {"changes": changes}})
		count(diagnostics.review) == 0 with input as question
	}
}

_command(path) := object.union(question_test.asked, {"plan": question_test.plan("command", path, {})})
