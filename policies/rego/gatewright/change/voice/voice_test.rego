package gatewright.change.voice_test

import rego.v1

import data.gatewright.change.voice
import data.gatewright.question_test

test_a_line_is_for_the_network_team_whichever_way_it_is_switched if {
	every template in _lines {
		every after in [true, false] {
			line := {"code": "voice.line", "path": question_test.concrete(template), "group": "noc"}
			voice.review == {line} with input as question_test.setting(template, after)
			count(voice.deny) == 0 with input as question_test.setting(template, after)
		}
	}
}

test_a_comfort_is_reviewed if {
	question_test.codes(voice.review) == {"voice.comfort"} with input as question_test.setting(_comfort, true)
	count(voice.deny) == 0 with input as question_test.setting(_comfort, false)
}

test_the_helper_of_telephones_is_reviewed if {
	every after in [true, false] {
		question_test.codes(voice.review) == {"voice.helper"} with input as question_test.setting(_helper, after)
		count(voice.deny) == 0 with input as question_test.setting(_helper, after)
	}
}

test_a_switch_that_is_neither_on_nor_off_is_denied if {
	every template in _lines | {_comfort, _helper} {
		every after in [null, "true", 1, {}] {
			question_test.codes(voice.deny) == {"voice.value_unfit"} with input as question_test.setting(template, after)
		}
	}
}

test_numbers_and_registration_are_locked if {
	every template in [
		"Device.Services.VoiceService.{i}.SIP.Network.{i}.RegistrarServer",
		"Device.Services.VoiceService.{i}.SIP.Client.{i}.AuthPassword",
		"Device.Services.VoiceService.{i}.CallControl.Line.{i}.DirectoryNumber",
		"Device.Services.VoiceService.{i}.CallControl.NumberingPlan.{i}.PrefixInfo.{i}.PrefixRange",
	] {
		locked := {"code": "voice.locked", "path": question_test.concrete(template)}
		voice.deny == {locked} with input as question_test.setting(template, "x")
		count(voice.review) == 0 with input as question_test.setting(template, "x")
	}
}

test_a_line_is_neither_added_nor_deleted if {
	every op, template in {
		"add": "Device.Services.VoiceService.{i}.CallControl.Line.",
		"delete": "Device.Services.VoiceService.{i}.CallControl.Line.{i}.",
		"command": "Device.Services.VoiceService.{i}.Reset()",
	} {
		asked := object.union(question_test.asked, {"plan": question_test.plan(op, template, {})})
		"voice.locked" in question_test.codes(voice.deny) with input as asked
	}
}

test_a_machine_is_denied if {
	every kind in ["machine", null] {
		every template in _lines | {_comfort, _helper, "Device.Services.VoiceService.{i}.X"} {
			asked := object.union(question_test.setting(template, true), {"asker": {"kind": kind}})
			"voice.machine" in question_test.codes(voice.deny) with input as asked
		}
	}
}

test_what_only_sounds_like_telephony_is_not if {
	every template in ["Device.Services.StorageService.{i}.Enable", "Device.Services.VoiceServices.{i}.Enable"] {
		count(voice.deny | voice.review) == 0 with input as question_test.setting(template, true)
	}
}

test_nothing_is_said_of_nothing if {
	count(voice.deny | voice.review) == 0 with input as {}
}

_lines := {
	"Device.Services.VoiceService.{i}.CallControl.Line.{i}.Enable",
	"Device.Services.VoiceService.{i}.SIP.Client.{i}.Enable",
}

_comfort := "Device.Services.VoiceService.{i}.CallControl.CallingFeatures.Set.{i}.CallWaitingEnable"

_helper := "Device.Firewall.ConnectionTracking.SIP.Enable"
