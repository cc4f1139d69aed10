package gatewright.compatibility_test

import rego.v1

import data.gatewright.compatibility
import data.gatewright.question_test

test_green_is_fine if {
	question_test.codes(_said) == set() with input as _dns
		with data.gatewright.matrix as _matrix({"*": {"*": "green"}})
}

test_red_is_denied_for_people_and_machines if {
	question_test.codes(_said) == {"compatibility.red"} with input as _dns
		with data.gatewright.matrix as _matrix({"*": {"*": "red"}})
	question_test.codes(_said) == {"compatibility.red"} with input as _job
		with data.gatewright.matrix as _matrix({"*": {"*": "red"}})
}

test_yellow_is_for_pilot_devices_with_approval if {
	question_test.codes(_said) == {"compatibility.not_pilot"} with input as _dns
		with data.gatewright.matrix as _matrix({"*": {"*": "yellow"}})
	question_test.codes(_said) == {"compatibility.pilot"} with input as _on_ring("pilot")
		with data.gatewright.matrix as _matrix({"*": {"*": "yellow"}})
	every ring in [null, "", "Pilot", "general", 1] {
		question_test.codes(_said) == {"compatibility.not_pilot"} with input as _on_ring(ring)
			with data.gatewright.matrix as _matrix({"*": {"*": "yellow"}})
	}
}

test_the_firmware_beats_any_and_the_kind_of_work_beats_any if {
	question_test.codes(_said) == set() with input as _dns
		with data.gatewright.matrix as _matrix({"1.0": {"config": "green"}, "*": {"*": "red"}})
	question_test.codes(_said) == set() with input as _dns
		with data.gatewright.matrix as _matrix({"1.0": {"*": "green"}, "*": {"config": "red"}})
	question_test.codes(_said) == set() with input as _dns
		with data.gatewright.matrix as _matrix({"1.0": {"reboot": "red"}, "*": {"config": "green", "*": "red"}})
	question_test.codes(_said) == set() with input as _dns
		with data.gatewright.matrix as _matrix({"1.0": {"reboot": "red"}, "*": {"*": "green"}})
	question_test.codes(_said) == set() with input as _dns
		with data.gatewright.matrix as _matrix({"1.0": {"*": "red", "config": "green"}})
	question_test.codes(_said) == set() with input as _dns
		with data.gatewright.matrix as _matrix({"2.0": {"*": "green"}})
	question_test.codes(_said) == {"compatibility.unknown"} with input as _job
		with data.gatewright.matrix as _matrix({"2.0": {"*": "green"}})
}

test_each_kind_of_work_is_looked_up if {
	commands := {
		"Device.Reboot()": "reboot",
		"Device.DeviceInfo.FirmwareImage.{i}.Download()": "firmware",
		"Device.Unheard()": "config",
	}
	every command, workflow in commands {
		asked := object.union(_dns, {"plan": question_test.plan("command", command, {})})
		question_test.codes(_said) == {"compatibility.red"} with input as asked
			with data.gatewright.matrix as _matrix({"*": {"*": "green", workflow: "red"}})
		question_test.codes(_said) == set() with input as asked
			with data.gatewright.matrix as _matrix({"*": {"*": "red", workflow: "green"}})
	}
}

test_a_setting_is_config_beside_whatever_else_it_is if {
	asked := question_test.setting("Device.PPP.Interface.{i}.Enable", true)
	question_test.codes(_said) == {"compatibility.red"} with input as asked
		with data.gatewright.matrix as _matrix({"*": {"provisioning": "green", "config": "red"}})
	question_test.codes(_said) == {"compatibility.red"} with input as asked
		with data.gatewright.matrix as _matrix({"*": {"provisioning": "red", "config": "green"}})
	question_test.codes(_said) == set() with input as asked
		with data.gatewright.matrix as _matrix({"*": {"provisioning": "green", "config": "green"}})
}

test_what_nobody_knows_is_as_the_operator_says if {
	every kind, asked in {"person": _dns, "machine": _job} {
		question_test.codes(_said) == {"compatibility.unknown"} with input as asked
			with data.gatewright.matrix as object.union(_matrix({}), {"unknown": {kind: "deny"}})
		question_test.codes(_said) == {"compatibility.untried"} with input as asked
			with data.gatewright.matrix as object.union(_matrix({}), {"unknown": {kind: "review"}})
		question_test.codes(_said) == set() with input as asked
			with data.gatewright.matrix as object.union(_matrix({}), {"unknown": {kind: "allow"}})
		every word in [null, "", "ALLOW", true, 1] {
			question_test.codes(_said) == {"compatibility.unreadable"} with input as asked
				with data.gatewright.matrix as object.union(_matrix({}), {"unknown": {kind: word}})
		}
	}
}

test_as_shipped_a_machine_is_denied_and_a_person_is_not_held_up if {
	question_test.codes(compatibility.deny) == {"compatibility.unknown"} with input as _job
	_said == set() with input as _dns
}

test_what_is_not_known_to_be_a_person_is_a_machine if {
	every kind in [null, "robot", 1] {
		asked := object.union(_dns, {"asker": {"kind": kind}})
		question_test.codes(_said) == {"compatibility.unknown"} with input as asked
			with data.gatewright.matrix as _matrix({})
	}
}

test_a_device_that_does_not_say_what_it_is_is_unknown if {
	every name in ["manufacturer", "model", "firmware"] {
		asked := object.union(_job, {"device": {name: null}})
		question_test.codes(_said) == {"compatibility.unknown"} with input as asked
			with data.gatewright.matrix as _matrix({"1.0": {"*": "green"}})
	}
	nameless := object.union(_dns, {"device": {"firmware": null}})
	question_test.codes(_said) == {"compatibility.red"} with input as nameless
		with data.gatewright.matrix as _matrix({"*": {"*": "red"}})
}

test_a_matrix_that_cannot_be_read_denies if {
	question_test.codes(_said) == {"compatibility.unreadable"} with input as _dns
		with data.gatewright.matrix as _matrix({"*": {"*": "geen"}})
	question_test.codes(_said) == {"compatibility.unreadable"} with input as _dns
		with data.gatewright.matrix as _matrix({"*": {"*": null}})
	every matrix in [
		null, {}, {"models": []},
		object.remove(_matrix({}), ["workflows"]),
		object.remove(_matrix({}), ["unknown"]),
	] {
		found := compatibility.deny with input as _dns with data.gatewright.matrix as matrix
		"compatibility.unreadable" in question_test.codes(found)
	}
	found := compatibility.deny with input as object.remove(_dns, ["device"])
	question_test.codes(found) == {"compatibility.unreadable"}
}

test_putting_back_needs_no_status if {
	asked := object.union(_dns, {"point": "rollback"})
	question_test.codes(_said) == set() with input as asked
		with data.gatewright.matrix as _matrix({"*": {"*": "red"}})
}

_said := compatibility.deny | compatibility.review

_matrix(firmwares) := object.union(data.gatewright.matrix, {"models": {"Acme": {"G1": firmwares}}})

_on_ring(ring) := object.union(_dns, {"device": {"ring": ring}})

_dns := question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9")

_job := object.union(_dns, {"asker": {"kind": "machine", "roles": ["automation"]}})
