package gatewright.change.resets_test

import rego.v1

import data.gatewright.change.resets
import data.gatewright.question_test

test_a_restart_is_reviewed if {
	count(resets.deny) == 0 with input as _command("Device.Reboot()")
	restart := {"code": "resets.reboot", "path": "Device.Reboot()", "group": "approvers"}
	resets.review == {restart} with input as _command("Device.Reboot()")
}

test_a_factory_reset_is_denied if {
	reset := {"code": "resets.factory_reset", "path": "Device.FactoryReset()"}
	resets.deny == {reset} with input as _command("Device.FactoryReset()")
}

_command(path) := object.union(question_test.asked, {"plan": question_test.plan("command", path, {})})
