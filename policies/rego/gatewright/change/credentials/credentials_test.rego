package gatewright.change.credentials_test

import rego.v1

import data.gatewright.change.credentials
import data.gatewright.question_test

test_a_hidden_passphrase_is_reviewed_as_final if {
	every template in credentials.covers {
		asked := question_test.setting(template, _hidden(12))
		count(credentials.deny) == 0 with input as asked
		final := {"code": "credentials.no_way_back", "path": question_test.concrete(template), "group": "approvers"}
		credentials.review == {final} with input as asked
	}
}

test_a_machine_is_denied if {
	every kind in ["machine", null] {
		asked := object.union(_passphrase(_hidden(12)), {"asker": {"kind": kind}})
		question_test.codes(credentials.deny) == {"credentials.machine"} with input as asked
	}
}

test_what_only_a_model_read_is_denied if {
	every author in ["llm_chosen", "llm_composed", "", null] {
		asked := object.union(_passphrase(_hidden(12)), {"author": author})
		credentials.deny == {{"code": "credentials.read_by_model", "path": _path}} with input as asked
	}
}

test_the_length_has_limits if {
	every length in [8, 63] {
		count(credentials.deny) == 0 with input as _passphrase(_hidden(length))
	}
	every length in [null, "12", 0, 7, 64] {
		credentials.deny == {_length(8, 63)} with input as _passphrase(_hidden(length))
	}
}

test_a_change_to_nothing_is_denied_for_every_reason if {
	changes := {"Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase": [{"path": _path}]}
	expected := {
		"credentials.machine", "credentials.read_by_model",
		"credentials.length", "credentials.in_the_open",
	}
	question_test.codes(credentials.deny) == expected with input as {"plan": {"changes": changes}}
}

test_missing_limits_deny if {
	credentials.deny == {_length(null, null)} with input as _passphrase(_hidden(12)) with data.gatewright.limits as {}
}

test_a_passphrase_in_the_open_is_denied if {
	every after in ["a passphrase", null, {"secret": false, "length": 12}, {"length": 12}] {
		"credentials.in_the_open" in question_test.codes(credentials.deny) with input as _passphrase(after)
	}
}

test_other_keys_are_not_set_from_here if {
	every name in ["PreSharedKey", "RadiusSecret", "SecondaryRadiusSecret", "WEPKey"] {
		template := concat("", ["Device.WiFi.AccessPoint.{i}.Security.", name])
		locked := {"code": "credentials.not_from_here", "path": question_test.concrete(template)}
		credentials.deny == {locked} with input as question_test.setting(template, _hidden(12))
	}
}

_path := "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"

_length(least, most) := {"code": "credentials.length", "path": _path, "about": {"min": least, "max": most}}

_hidden(length) := {"secret": true, "length": length}

_passphrase(after) := question_test.setting("Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase", after)
