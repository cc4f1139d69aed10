package gatewright.change.firmware_test

import rego.v1

import data.gatewright.change.firmware
import data.gatewright.question_test

test_firmware_is_denied_in_every_form if {
	every op, template in {
		"set": "Device.DeviceInfo.BootFirmwareImage",
		"command": "Device.DeviceInfo.FirmwareImage.{i}.Download()",
		"delete": "Device.SoftwareModules.DeploymentUnit.{i}.",
	} {
		asked := object.union(question_test.asked, {"plan": question_test.plan(op, template, {})})
		firmware.deny == {{"code": "firmware.not_from_here", "path": question_test.concrete(template)}} with input as asked
	}
}

test_other_paths_are_not_spoken_of if {
	count(firmware.deny) == 0 with input as question_test.setting("Device.DeviceInfo.FriendlyName", "x")
}
