package gatewright.controller_test

import rego.v1

import data.gatewright.controller
import data.gatewright.question_test

test_a_controller_that_promises_all_is_not_spoken_of if {
	controller.deny == set() with input as _two(_all)
	controller.review == set() with input as _two(_all)
}

test_several_harmless_parts_are_looked_at if {
	controller.deny == set() with input as _two(_none) with data.gatewright.limits as _limits
	controller.review == {{
		"code": "controller.not_atomic", "path": "",
		"group": "approvers", "about": {"count": 2},
	}} with input as _two(_none) with data.gatewright.limits as _limits
}

test_several_parts_of_which_half_would_harm_are_denied if {
	found := controller.deny with input as _two(_none)
		with data.gatewright.limits as {"controllers": {"whole": ["Device.WiFi.Radio."]}}
	found == {{"code": "controller.half_would_harm", "path": "", "about": {"count": 2}}}
}

test_without_a_list_of_what_would_harm_all_of_it_may if {
	every limits in [{}, {"controllers": {"whole": null}}] {
		found := controller.deny with input as _two(_none) with data.gatewright.limits as limits
		question_test.codes(found) == {"controller.half_would_harm"}
	}
}

test_of_a_controller_that_nobody_knows_nothing_is_promised if {
	every unknown in [null, {}, {"atomic_set": "true"}] {
		found := controller.review with input as _two(unknown) with data.gatewright.limits as _limits
		question_test.codes(found) == {"controller.not_atomic"}
	}
}

test_one_parameter_is_whole_anywhere if {
	asked := object.union(_one, {"controller": _none})
	controller.deny == set() with input as asked
	controller.review == set() with input as asked
}

test_a_secret_that_leaves_no_mark_is_denied if {
	asked := object.union(_secret, {"controller": _none})
	question_test.codes(controller.deny) == {"controller.cannot_prove"} with input as asked
	controller.deny == set() with input as object.union(_secret, {"controller": _all})
}

test_the_way_back_is_never_held_up if {
	every asked in [_two(_none), object.union(_secret, {"controller": _none})] {
		back := object.union(asked, {"point": "rollback"})
		controller.deny == set() with input as back
		controller.review == set() with input as back
	}
}

_all := {"atomic_set": true, "events": true, "kind": "acs", "parameter_key": true}

_none := {"atomic_set": false, "events": false, "kind": "genieacs", "parameter_key": false}

_limits := {"controllers": {"whole": ["Device.IP."]}}

_one := question_test.setting("Device.WiFi.Radio.{i}.Channel", 11)

_two(promises) := object.union(
	json.remove(_one, ["controller"]),
	{"controller": promises, "plan": object.union(_one.plan, {"count": 2, "part": 2})},
)

_secret := question_test.setting(
	"Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase",
	{"length": 12, "secret": true},
)
