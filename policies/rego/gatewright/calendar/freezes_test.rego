package gatewright.calendar_test

import rego.v1

import data.gatewright.calendar
import data.gatewright.question_test

test_a_freeze_lasts_from_its_beginning_to_its_end if {
	every epoch in [1000, 1999] {
		question_test.codes(calendar.deny) == {"calendar.frozen"} with input as _asked({"now": {"epoch": epoch}})
			with data.gatewright.schedule as _calm({})
	}
	every epoch in [0, 999, 2000, 2001] {
		calendar.deny == set() with input as _asked({"now": {"epoch": epoch}})
			with data.gatewright.schedule as _calm({})
	}
}

test_a_freeze_holds_for_everybody_who_asks if {
	every kind in ["person", "machine"] {
		"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({"asker": {"kind": kind}})
			with data.gatewright.schedule as _calm({})
	}
}

test_a_freeze_is_for_the_tenants_it_names if {
	"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({"tenant": "north"})
		with data.gatewright.schedule as _calm({"tenants": ["north", "south"]})
	"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({"tenant": "north"})
		with data.gatewright.schedule as _calm({"tenants": []})
	calendar.deny == set() with input as _asked({"tenant": "east"})
		with data.gatewright.schedule as _calm({"tenants": ["north", "south"]})
}

test_a_freeze_is_for_the_countries_it_names_and_for_unknown_ones if {
	"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({"device": {"country": "DE"}})
		with data.gatewright.schedule as _calm({"countries": ["DE"]})
	"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({"device": {"country": null}})
		with data.gatewright.schedule as _calm({"countries": ["DE"]})
	calendar.deny == set() with input as _asked({"device": {"country": "FR"}})
		with data.gatewright.schedule as _calm({"countries": ["DE"]})
}

test_a_freeze_that_cannot_be_read_holds if {
	every begins in [null, "1000", "never"] {
		"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({"now": {"epoch": 0}})
			with data.gatewright.schedule as _calm({"begins": begins})
	}
	every ends in [null, "2000"] {
		"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({"now": {"epoch": 5000}})
			with data.gatewright.schedule as _calm({"ends": ends})
	}
	every words in [null, "north", 1] {
		"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({})
			with data.gatewright.schedule as _calm({"tenants": words})
		"calendar.frozen" in question_test.codes(calendar.deny) with input as _asked({})
			with data.gatewright.schedule as _calm({"countries": words})
	}
}

test_a_freeze_says_what_it_is if {
	found := calendar.deny with input as _asked({}) with data.gatewright.schedule as _calm({})
	{finding.about.freeze | some finding in found} == {"the freeze christmas"}
}

test_a_freeze_is_told_at_once_and_does_not_hold_back_what_undoes if {
	asked := _asked({"point": "submit"})
	calendar.wait == {"for": {"the freeze christmas"}, "minutes": 600} with input as asked
		with data.gatewright.schedule as _calm({})
	back := object.union(asked, {"point": "rollback"})
	calendar.deny == set() with input as back with data.gatewright.schedule as _calm({})
}

_asked(but) := object.union_n([_changed, {"now": {"epoch": 1500}}, but])

_calm(freeze) := object.union(_schedule, {"freezes": {"christmas": object.union(
	{"begins": 1000, "ends": 2000, "text": "the freeze christmas"},
	freeze,
)}})

_changed := object.union(
	question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9"),
	{"point": "execute"},
)
