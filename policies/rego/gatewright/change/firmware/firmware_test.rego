package gatewright.change.firmware_test

import rego.v1

import data.gatewright.change.firmware
import data.gatewright.question_test

test_a_listed_version_is_reviewed_by_the_network_team if {
	every template in firmware.covers {
		every version in ["1.0", "1.1"] {
			asked := _asked(template, {"version": version})
			count(firmware.deny) == 0 with input as asked with data.gatewright.firmware as _numbers
			firmware.review == {{
				"code": "firmware.network_team",
				"path": question_test.concrete(template), "group": "noc",
			}} with input as asked with data.gatewright.firmware as _numbers
		}
	}
}

test_an_image_is_known_by_its_address if {
	asked := _asked(_download, {"url": "https://fw.example/g1-1.1.bin"})
	count(firmware.deny) == 0 with input as asked with data.gatewright.firmware as _numbers
	every url in ["https://fw.example/other.bin", "", null, 1] {
		question_test.codes(firmware.deny) == _all with input as _asked(_download, {"url": url})
			with data.gatewright.firmware as _numbers
	}
}

test_what_nobody_listed_is_denied if {
	every version in ["3.0", "", null, 1.1, true] {
		question_test.codes(firmware.deny) == _all with input as _asked(_activate, {"version": version})
			with data.gatewright.firmware as _numbers
	}
	every device in [
		{"manufacturer": "Other"}, {"manufacturer": null},
		{"model": "G2"}, {"model": null},
	] {
		asked := object.union(_asked(_activate, {"version": "1.1"}), {"device": device})
		question_test.codes(firmware.deny) == _all with input as asked with data.gatewright.firmware as _numbers
	}
}

test_a_device_whose_firmware_is_not_listed_gets_none if {
	every version in ["0.9", null, 1] {
		asked := object.union(_asked(_activate, {"version": "1.1"}), {"device": {"firmware": version}})
		question_test.codes(firmware.deny) == {"firmware.unknown"} with input as asked
			with data.gatewright.firmware as _numbers
	}
}

test_a_version_reaches_one_ring_after_the_other if {
	firmware.deny == {{
		"code": "firmware.not_for_ring", "path": question_test.concrete(_activate),
		"about": {"ring": "general"},
	}} with input as _asked(_activate, {"version": "2.0"}) with data.gatewright.firmware as _numbers
	pilot := object.union(_asked(_activate, {"version": "2.0"}), {"device": {"ring": "pilot"}})
	count(firmware.deny) == 0 with input as pilot with data.gatewright.firmware as _numbers
	every ring in [null, "", "late", 1] {
		asked := object.union(_asked(_activate, {"version": "1.1"}), {"device": {"ring": ring}})
		question_test.codes(firmware.deny) == {"firmware.not_for_ring"} with input as asked
			with data.gatewright.firmware as _numbers
	}
}

# By name "1.10" would be older than "1.9": the operator's order says what is newer.
test_what_is_older_is_a_matter_of_place_and_not_of_name if {
	models := {"Acme": {"G1": {"versions": ["1.9", "1.10"], "rings": {"general": ["1.9", "1.10"]}, "images": {}}}}
	back := object.union(_asked(_activate, {"version": "1.9"}), {"device": {"firmware": "1.10"}})
	question_test.codes(firmware.deny) == {"firmware.downgrade"} with input as _written(back)
		with data.gatewright.firmware.models as models
	forth := object.union(_asked(_activate, {"version": "1.10"}), {"device": {"firmware": "1.9"}})
	count(firmware.deny) == 0 with input as _written(forth) with data.gatewright.firmware.models as models
}

test_an_older_version_may_be_asked_for_and_is_not_written if {
	question_test.codes(firmware.review) == {"firmware.older_version", "firmware.network_team"} with input as _back
		with data.gatewright.firmware as _numbers
	count(firmware.deny) == 0 with input as _back with data.gatewright.firmware as _numbers
	every point in ["execute", null, "later"] {
		asked := object.union(_back, {"point": point})
		question_test.codes(firmware.deny) == {"firmware.downgrade"} with input as asked
			with data.gatewright.firmware as _numbers
	}
}

test_only_a_broken_glass_lets_an_older_version_through if {
	count(firmware.deny) == 0 with input as _broken(_back, {}) with data.gatewright.firmware as _numbers
	every crack in [
		{"ticket": null}, {"ticket_length": 0}, {"roles": ["support"]}, {"kind": "machine"},
		{"expires_in_seconds": -1}, {"expires_in_seconds": null}, {"lasts_seconds": 86400},
	] {
		question_test.codes(firmware.deny) == {"firmware.downgrade"} with input as _broken(_back, crack)
			with data.gatewright.firmware as _numbers
	}
}

test_a_broken_glass_lets_nothing_else_through if {
	asked := _broken(_asked(_activate, {"version": "3.0"}), {})
	question_test.codes(firmware.deny) == _all with input as asked with data.gatewright.firmware as _numbers
	machine := object.union(_broken(_asked(_activate, {"version": "1.1"}), {}), {"asker": {"kind": "machine"}})
	question_test.codes(firmware.deny) == {"firmware.machine"} with input as machine
		with data.gatewright.firmware as _numbers
}

test_going_back_to_what_was_there_is_let_through if {
	undo := object.union(_asked(_boot, {"version": "1.0"}), {"point": "rollback", "device": {"firmware": "2.0"}})
	count(firmware.deny) == 0 with input as undo with data.gatewright.firmware as _numbers
}

test_as_shipped_no_model_gets_any_firmware if {
	question_test.codes(firmware.deny) == _all with input as _asked(_activate, {"version": "1.1"})
	question_test.codes(firmware.deny) == _all with input as _asked(_activate, {"version": "1.1"})
		with data.gatewright.firmware as {}
}

test_software_is_not_changed_from_here if {
	every op, template in {
		"set": "Device.SoftwareModules.ExecutionUnit.{i}.AutoStart",
		"add": "Device.SoftwareModules.ExecEnv.{i}.X",
		"delete": "Device.DeviceInfo.FirmwareImage.{i}.",
		"command": "Device.DeviceInfo.FirmwareImage.{i}.X()",
	} {
		asked := object.union(question_test.asked, {"plan": question_test.plan(op, template, {})})
		locked := {"code": "firmware.not_from_here", "path": question_test.concrete(template)}
		firmware.deny == {locked} with input as asked
	}
}

test_a_machine_is_denied if {
	every kind in ["machine", null] {
		every template in firmware.covers {
			asked := object.union(_asked(template, {"version": "1.1"}), {"asker": {"kind": kind}})
			question_test.codes(firmware.deny) == {"firmware.machine"} with input as asked
				with data.gatewright.firmware as _numbers
		}
	}
}

test_other_changes_are_not_denied if {
	every template in ["Device.DeviceInfo.FriendlyName", "Device.DeviceInfo.FirmwareImages.{i}.Name"] {
		count(firmware.deny | firmware.review) == 0 with input as question_test.setting(template, "x")
	}
}

test_nothing_is_said_of_nothing if {
	count(firmware.deny | firmware.review) == 0 with input as {}
}

_boot := "Device.DeviceInfo.BootFirmwareImage"

_activate := "Device.DeviceInfo.FirmwareImage.{i}.Activate()"

_download := "Device.DeviceInfo.FirmwareImage.{i}.Download()"

_all := {"firmware.unknown", "firmware.not_for_ring"}

_back := object.union(_asked(_boot, {"version": "1.0"}), {"device": {"firmware": "1.1"}})

_written(asked) := object.union(asked, {"point": "execute"})

_broken(asked, crack) := object.union(_written(asked), {"break_glass": glass}) if {
	whole := {
		"by": "olga",
		"expires_in_seconds": 60,
		"kind": "person",
		"lasts_seconds": 600,
		"roles": ["operator"],
		"ticket": "INC-7",
		"ticket_length": 5,
	}
	glass := object.union(whole, crack)
}

_numbers := {"models": {"Acme": {"G1": {
	"images": {"https://fw.example/g1-1.1.bin": "1.1"},
	"rings": {"general": ["1.0", "1.1"], "pilot": ["2.0"]},
	"versions": ["1.0", "1.1", "2.0"],
}}}}

_asked(template, image) := object.union(question_test.setting(template, "x"), {"images": {at: described}}) if {
	at := question_test.concrete(template)
	described := object.union({"url": null, "version": null}, image)
}
