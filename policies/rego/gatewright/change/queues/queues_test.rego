package gatewright.change.queues_test

import rego.v1

import data.gatewright.change.queues
import data.gatewright.question_test

test_a_rate_within_limits_is_let_through if {
	every rate in [60, 90, 98, -1] {
		every template in _shaping {
			queues.deny == set() with input as _asked(template, {"enabled": true, "rate": rate})
		}
	}
}

test_any_other_rate_is_denied if {
	every shaper in [{"rate": 59}, {"rate": 99}, {"rate": 0}, {"rate": 9000000}, {"rate": "90"}, {"rate": null}] {
		every template in _shaping {
			about := {"min": 60, "max": 98}
			unfit := {"code": "queues.rate_unfit", "path": question_test.concrete(template), "about": about}
			queues.deny == {unfit} with input as _asked(template, object.union({"enabled": true}, shaper))
		}
	}
}

test_one_that_is_off_may_have_any_rate_and_one_that_does_not_say_may_not if {
	every template in _shaping {
		queues.deny == set() with input as _asked(template, {"enabled": false, "rate": 1})
		question_test.codes(queues.deny) == {"queues.rate_unfit"} with input as _asked(template, {"rate": 1})
		question_test.codes(queues.deny) == {"queues.rate_unfit"} with input as question_test.setting(template, 90)
	}
}

test_listed_ways_to_drop_are_let_through if {
	every way in ["RED", "WRED", "BLUE"] {
		queues.deny == set() with input as question_test.setting(_drop, way)
	}
	every way in ["DT", "", "red", null, true] {
		queues.deny == {{
			"code": "queues.drop_not_listed",
			"path": question_test.concrete(_drop),
		}} with input as question_test.setting(_drop, way)
	}
}

test_what_was_there_is_put_back if {
	back := object.union(_asked("Device.QoS.Shaper.{i}.ShapingRate", {"rate": 1}), {"point": "rollback"})
	queues.deny == set() with input as back
	dropping := object.union(question_test.setting(_drop, "DT"), {"point": "rollback"})
	queues.deny == set() with input as dropping
}

test_without_numbers_nothing_is_within_them if {
	shaping := _asked("Device.QoS.Shaper.{i}.ShapingRate", {"enabled": true, "rate": 90})
	question_test.codes(queues.deny) == {"queues.rate_unfit"} with input as shaping
		with data.gatewright.queues as {}
	question_test.codes(queues.deny) == {"queues.drop_not_listed"} with input as question_test.setting(_drop, "RED")
		with data.gatewright.queues as {}
}

_drop := "Device.QoS.Queue.{i}.DropAlgorithm"

_shaping := {
	"Device.QoS.Shaper.",
	"Device.QoS.Shaper.{i}.Enable",
	"Device.QoS.Shaper.{i}.ShapingRate",
}

_asked(template, shaper) := object.union(
	question_test.setting(template, 90),
	{"shapers": {question_test.concrete(template): shaper}},
)
