package gatewright.change.encryption_test

import rego.v1

import data.gatewright.change.encryption
import data.gatewright.question_test

test_a_stronger_mode_is_reviewed_and_not_denied if {
	every pair in [
		["None", "WPA2-Personal"],
		["WEP-128", "WPA3-Personal"],
		["WPA2-Personal", "WPA2-Personal"],
		["WPA2-Personal", "WPA3-Personal-Transition"],
	] {
		count(encryption.deny) == 0 with input as _mode(pair[0], pair[1])
		encryption.review == {_reviewed} with input as _mode(pair[0], pair[1])
	}
}

test_open_and_broken_modes_are_denied if {
	every mode in ["None", "WEP-64", "WEP-128", "WPA-Personal", "WPA-WPA2-Personal"] {
		"encryption.too_weak" in question_test.codes(encryption.deny) with input as _mode("None", mode)
	}
}

test_what_is_no_mode_is_denied if {
	every after in ["", "wpa2-personal", "WPA2-Enterprise", null, true, 4, {}] {
		expected := {"encryption.too_weak", "encryption.weaker"}
		question_test.codes(encryption.deny) == expected with input as _mode("WPA2-Personal", after)
	}
}

test_a_weaker_mode_is_denied if {
	asked := _mode("WPA3-Personal", "WPA2-Personal")
	encryption.deny == {{"code": "encryption.weaker", "path": _path}} with input as asked
}

test_a_mode_nobody_knows_the_strength_of_is_not_left if {
	every before in [null, "", "WPA2-Enterprise", 1] {
		question_test.codes(encryption.deny) == {"encryption.weaker"} with input as _mode(before, "WPA3-Personal")
	}
}

test_going_back_to_what_was_there_is_not_called_weaker if {
	asked := object.union(_mode("WPA3-Personal", "WPA2-Personal"), {"point": "rollback"})
	count(encryption.deny) == 0 with input as asked
	weak := object.union(_mode("WPA3-Personal", "None"), {"point": "rollback"})
	question_test.codes(encryption.deny) == {"encryption.too_weak"} with input as weak
}

test_only_listed_ciphers_are_allowed if {
	count(encryption.deny) == 0 with input as question_test.setting(_ciphers, "AES")
	every after in ["TKIP", "TKIP,AES", "AES,TKIP", "", ",", "aes", null, ["AES"]] {
		question_test.codes(encryption.deny) == {"encryption.too_weak"} with input as question_test.setting(_ciphers, after)
	}
}

test_management_frames_stay_protected if {
	every after in ["Optional", "Required"] {
		count(encryption.deny) == 0 with input as question_test.setting(_frames, after)
	}
	every after in ["Disabled", "", null, false] {
		question_test.codes(encryption.deny) == {"encryption.too_weak"} with input as question_test.setting(_frames, after)
	}
}

test_a_machine_is_denied if {
	every kind in ["machine", null] {
		every template in encryption.covers {
			asked := object.union(question_test.setting(template, "AES"), {"asker": {"kind": kind}})
			"encryption.machine" in question_test.codes(encryption.deny) with input as asked
		}
	}
}

test_without_data_every_change_is_too_weak if {
	every data_of in [{}, {"modes": {}}, {"at_least": null, "modes": {"WPA3-Personal": 4}}] {
		every template, after in {_ciphers: "AES", _frames: "Required", _template: "WPA3-Personal"} {
			"encryption.too_weak" in question_test.codes(encryption.deny) with input as question_test.setting(template, after)
				with data.gatewright.encryption as data_of
		}
	}
}

test_a_plan_without_encryption_is_silent if {
	every asked in [{}, question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9")] {
		count(encryption.deny | encryption.review) == 0 with input as asked
	}
}

_template := "Device.WiFi.AccessPoint.{i}.Security.ModeEnabled"

_ciphers := "Device.WiFi.AccessPoint.{i}.Security.EncryptionMode"

_frames := "Device.WiFi.AccessPoint.{i}.Security.MFPConfig"

_path := question_test.concrete(_template)

_reviewed := {"code": "encryption.drops_devices", "path": _path, "group": "approvers"}

_mode(before, after) := object.union(question_test.asked, {"plan": question_test.plan("set", _template, {
	"after": after,
	"before": before,
})})
