package gatewright.rates_test

import rego.v1

import data.gatewright.question_test
import data.gatewright.rates

test_where_it_is_quiet_nothing_is_held_back if {
	rates.deny == set() with input as _asked({}) with data.gatewright.pace as _pace
}

test_there_has_to_be_room_for_one_more_at_once if {
	every scope, _ in _pace {
		question_test.codes(rates.deny) == set() with input as _asked({scope: {"under_way": 1}})
			with data.gatewright.pace as _pace
		question_test.codes(rates.deny) == {"rates.too_many_at_once"} with input as _asked({scope: {"under_way": 2}})
			with data.gatewright.pace as _pace
		question_test.codes(rates.deny) == {"rates.too_many_at_once"} with input as _asked({scope: {"under_way": 3}})
			with data.gatewright.pace as _pace
	}
}

test_there_has_to_be_room_for_one_more_within_the_hour if {
	every scope, _ in _pace {
		question_test.codes(rates.deny) == set() with input as _asked({scope: {"last_hour": 9}})
			with data.gatewright.pace as _pace
		question_test.codes(rates.deny) == {"rates.too_many_an_hour"} with input as _asked({scope: {"last_hour": 10}})
			with data.gatewright.pace as _pace
	}
}

test_it_is_said_where_there_is_too_much if {
	found := rates.deny with input as _asked({"port": {"under_way": 2}}) with data.gatewright.pace as _pace
	{finding.about | some finding in found} == {{"scope": "port", "under_way": 2, "limit": 2}}
}

test_a_device_that_is_known_to_lie_in_no_scope_is_not_held_back_by_it if {
	question_test.codes(rates.deny) == set() with input as _asked({"port": null, "olt": null, "site": null})
		with data.gatewright.pace as _pace
}

test_a_device_of_which_nobody_entered_where_it_lies_is_counted_with_the_others_of_that_kind if {
	unknown := {"port": null, "olt": null, "site": null, "unplaced": {"under_way": 1, "last_hour": 9}}
	rates.deny == set() with input as _asked(unknown) with data.gatewright.pace as _pace
	many := object.union(unknown, {"unplaced": {"under_way": 2, "last_hour": 9}})
	found := rates.deny with input as _asked(many) with data.gatewright.pace as _pace
	{finding.about | some finding in found} == {{"scope": "unknown place", "under_way": 2, "limit": 2}}
	question_test.codes(rates.deny) == {"rates.too_many_at_once", "rates.too_many_an_hour"} with input as _asked(unknown)
		with data.gatewright.pace as object.remove(_pace, ["unplaced"])
}

test_a_device_that_is_nowhere_and_not_among_the_unplaced_is_not_counted if {
	nowhere := {"port": null, "olt": null, "site": null, "unplaced": null}
	question_test.codes(rates.deny) == {"rates.not_counted"} with input as _asked(nowhere)
		with data.gatewright.pace as _pace
}

test_what_always_has_to_be_counted_is if {
	every scope in ["device", "model", "tenant"] {
		question_test.codes(rates.deny) == {"rates.not_counted"} with input as _asked({scope: null})
			with data.gatewright.pace as _pace
	}
}

test_without_a_count_nothing_is_changed if {
	every usage in [null, {}, [], "none", 0] {
		asked := object.union(object.remove(_asked({}), ["usage"]), {"usage": usage})
		found := rates.deny with input as asked with data.gatewright.pace as _pace
		question_test.codes(found) == {"rates.not_counted"}
	}
	found := rates.deny with input as object.remove(_asked({}), ["usage"]) with data.gatewright.pace as _pace
	question_test.codes(found) == {"rates.not_counted"}
}

test_a_count_that_is_no_number_leaves_no_room if {
	every counted in [null, "0", true, [], {}] {
		question_test.codes(rates.deny) == {"rates.too_many_at_once"} with input as _asked({"port": {"under_way": counted}})
			with data.gatewright.pace as _pace
		question_test.codes(rates.deny) == {"rates.too_many_an_hour"} with input as _asked({"port": {"last_hour": counted}})
			with data.gatewright.pace as _pace
	}
}

test_a_limit_that_is_missing_leaves_no_room if {
	every scope, _ in _pace {
		found := rates.deny with input as _asked({}) with data.gatewright.pace as object.remove(_pace, [scope])
		question_test.codes(found) == {"rates.too_many_at_once", "rates.too_many_an_hour"}
	}
}

test_only_the_write_is_counted if {
	every point in ["submit", "rollback"] {
		asked := object.union(_asked({"port": {"under_way": 100}}), {"point": point})
		rates.deny == set() with input as asked with data.gatewright.pace as _pace
		rates.limits == {} with input as asked with data.gatewright.pace as _pace
	}
}

test_the_verdict_at_the_write_carries_its_limits if {
	rates.limits == _pace with input as _asked({}) with data.gatewright.pace as _pace
}

_asked(usage) := object.union(question_test.asked, {"point": "execute", "usage": usage})

_pace := {
	"device": {"under_way": 2, "last_hour": 10},
	"model": {"under_way": 2, "last_hour": 10},
	"olt": {"under_way": 2, "last_hour": 10},
	"port": {"under_way": 2, "last_hour": 10},
	"site": {"under_way": 2, "last_hour": 10},
	"tenant": {"under_way": 2, "last_hour": 10},
	"unplaced": {"under_way": 2, "last_hour": 10},
}
