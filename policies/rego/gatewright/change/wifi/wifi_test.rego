package gatewright.change.wifi_test

import rego.v1

import data.gatewright.change.wifi
import data.gatewright.question_test

test_a_person_may_turn_a_network_on if {
	every template in _switches {
		count(wifi.deny | wifi.review) == 0 with input as question_test.setting(template, true)
	}
}

test_turning_a_network_off_is_reviewed if {
	every template in _switches - {_isolation} {
		dark := {"code": "wifi.goes_dark", "path": question_test.concrete(template), "group": "approvers"}
		wifi.review == {dark} with input as question_test.setting(template, false)
		count(wifi.deny) == 0 with input as question_test.setting(template, false)
	}
}

test_taking_the_isolation_away_is_reviewed if {
	asked := question_test.setting(_isolation, false)
	wifi.review == {{
		"code": "wifi.isolation_off",
		"path": question_test.concrete(_isolation), "group": "approvers",
	}} with input as asked
}

test_a_switch_that_is_neither_on_nor_off_is_denied_and_held_to_be_off if {
	every after in [null, "true", 1, "", {}] {
		every template in _switches {
			question_test.codes(wifi.deny) == {"wifi.value_unfit"} with input as question_test.setting(template, after)
			count(wifi.review) == 1 with input as question_test.setting(template, after)
		}
	}
}

test_a_new_name_is_reviewed if {
	every name in ["Moreau", "a", "Familie Moreau", "é☃"] {
		question_test.codes(wifi.review) == {"wifi.devices_rejoin"} with input as _named("old", name)
		count(wifi.deny) == 0 with input as _named("old", name)
	}
}

test_a_name_that_is_none_is_denied if {
	every name in ["", " ", " Moreau", "Moreau ", null, 7, {}] {
		"wifi.value_unfit" in question_test.codes(wifi.deny) with input as _named("old", name)
	}
}

test_a_name_of_the_operator_is_neither_given_nor_taken if {
	every pair in [["old", "eduroam"], ["eduroam", "Moreau"]] {
		question_test.codes(wifi.deny) == {"wifi.name_reserved"} with input as _named(pair[0], pair[1])
	}
}

test_without_a_list_of_names_none_is_free if {
	every names in [{}, {"operator_names": null}] {
		question_test.codes(wifi.deny) == {"wifi.name_reserved"} with input as _named("old", "Moreau")
			with data.gatewright.wifi as names
	}
}

test_an_empty_list_of_names_keeps_none if {
	count(wifi.deny) == 0 with input as _named("old", "eduroam") with data.gatewright.wifi as {"operator_names": []}
}

test_standards_are_reviewed if {
	standards := "Device.WiFi.Radio.{i}.OperatingStandards"
	question_test.codes(wifi.review) == {"wifi.devices_rejoin"} with input as question_test.setting(standards, "g,n,ax")
	count(wifi.deny) == 0 with input as question_test.setting(standards, "g,n,ax")
	question_test.codes(wifi.deny) == {"wifi.value_unfit"} with input as question_test.setting(standards, "")
}

test_steering_is_as_listed if {
	every after in [0, 1, 2] {
		count(wifi.deny | wifi.review) == 0 with input as question_test.setting(_steering, after)
	}
	every after in [-1, 3, "1", null, true] {
		question_test.codes(wifi.deny) == {"wifi.value_unfit"} with input as question_test.setting(_steering, after)
	}
}

test_without_data_no_steering_is_listed if {
	question_test.codes(wifi.deny) == {"wifi.value_unfit"} with input as question_test.setting(_steering, 1)
		with data.gatewright.wifi as {}
}

test_a_machine_is_denied if {
	every kind in ["machine", null] {
		every template in wifi.covers {
			asked := object.union(question_test.setting(template, true), {"asker": {"kind": kind}})
			"wifi.machine" in question_test.codes(wifi.deny) with input as asked
		}
	}
}

test_nothing_is_said_of_nothing if {
	count(wifi.deny | wifi.review) == 0 with input as {}
}

test_a_change_to_nothing_is_denied_for_every_template if {
	every template in wifi.covers {
		asked := object.union(question_test.asked, {"plan": {"changes": {template: [{"path": "p"}]}}})
		"wifi.value_unfit" in question_test.codes(wifi.deny) with input as asked
	}
}

_isolation := "Device.WiFi.AccessPoint.{i}.IsolationEnable"

_steering := "Device.WiFi.DataElements.Network.Device.{i}.Radio.{i}.SteeringPolicy"

_switches := {
	_isolation,
	"Device.WiFi.AccessPoint.{i}.Enable",
	"Device.WiFi.AccessPoint.{i}.SSIDAdvertisementEnabled",
	"Device.WiFi.Radio.{i}.Enable",
	"Device.WiFi.SSID.{i}.Enable",
}

_named(before, after) := object.union(
	question_test.asked,
	{"plan": question_test.plan("set", "Device.WiFi.SSID.{i}.SSID", {"after": after, "before": before})},
)
