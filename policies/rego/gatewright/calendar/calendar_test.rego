package gatewright.calendar_test

import rego.v1

import data.gatewright.calendar
import data.gatewright.question_test

test_what_needs_no_window_is_made_at_any_time if {
	asked := _at(600, question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9"))
	calendar.deny == set() with input as asked with data.gatewright.schedule as _schedule
	is_null(calendar.wait) with input as asked with data.gatewright.schedule as _schedule
}

test_a_window_is_open_from_its_first_minute_and_not_in_its_last if {
	every minute in [120, 121, 299] {
		calendar.deny == set() with input as _at(minute, _reboot) with data.gatewright.schedule as _schedule
	}
	every minute in [0, 119, 300, 301] {
		question_test.codes(calendar.deny) == {"calendar.outside_window"} with input as _at(minute, _reboot)
			with data.gatewright.schedule as _schedule
	}
}

test_any_open_window_will_do if {
	calendar.deny == set() with input as _at(10000, _reboot) with data.gatewright.schedule as _schedule
}

test_the_week_is_counted_from_monday if {
	calendar.deny == set() with input as _at(130, _reboot) with data.gatewright.schedule as _schedule
	tuesday := object.union(_reboot, {"now": {"local": {"minute": 130, "weekday": 1}}})
	question_test.codes(calendar.deny) == {"calendar.outside_window"} with input as tuesday
		with data.gatewright.schedule as _schedule
}

test_an_object_needs_a_window_with_all_that_is_in_it if {
	image := "Device.DeviceInfo.FirmwareImage.{i}.Download()"
	asked := object.union(_reboot, {"plan": question_test.plan("command", image, {"arguments": {}})})
	question_test.codes(calendar.deny) == {"calendar.outside_window"} with input as _at(600, asked)
		with data.gatewright.schedule as _schedule
}

test_each_kind_needs_its_own_window if {
	schedule := object.union(_schedule, {"kinds": {"never": {
		"templates": ["Device.Reboot()"], "windows": [],
		"when": "in no window",
	}}})
	found := calendar.deny with input as _at(130, _reboot) with data.gatewright.schedule as schedule
	{finding.about.kind | some finding in found} == {"never"}
}

test_who_is_told_to_wait_is_told_for_what if {
	found := calendar.deny with input as _at(600, _reboot) with data.gatewright.schedule as _schedule
	{finding.about.when | some finding in found} == {"night, Monday 02:00 to 05:00"}
}

test_a_window_that_cannot_be_read_is_never_open if {
	every minutes in [null, [], [null], [{"from": "0", "until": 10080}], [{"from": 0, "until": "10080"}], [{}], "all"] {
		windows := {"windows": {"night": {"minutes": minutes}, "weekend": {"minutes": minutes}}}
		schedule := object.union(_schedule, windows)
		found := calendar.deny with input as _at(130, _reboot) with data.gatewright.schedule as schedule
		question_test.codes(found) == {"calendar.outside_window"}
	}
}

test_a_window_that_is_not_there_is_never_open if {
	schedule := object.union(object.remove(_schedule, ["windows"]), {"windows": {}})
	found := calendar.deny with input as _at(130, _reboot) with data.gatewright.schedule as schedule
	question_test.codes(found) == {"calendar.outside_window"}
	calendar.wait.for == {"night", "weekend"} with input as _reboot with data.gatewright.schedule as schedule
}

test_without_the_time_nothing_is_changed if {
	every now in [
		null, {}, {"epoch": 0},
		{"epoch": 0, "local": {"minute": "1", "weekday": 0}},
		{"epoch": 0, "local": {"minute": 1, "weekday": null}},
		{"epoch": "0", "local": {"minute": 1, "weekday": 0}},
	] {
		asked := object.union(object.remove(_reboot, ["now"]), {"now": now})
		"calendar.unreadable" in question_test.codes(calendar.deny) with input as asked
			with data.gatewright.schedule as _schedule
	}
}

test_without_the_calendar_nothing_is_changed if {
	every name in ["windows", "kinds", "freezes", "max_wait_minutes"] {
		"calendar.unreadable" in question_test.codes(calendar.deny) with input as _at(130, _reboot)
			with data.gatewright.schedule as object.remove(_schedule, [name])
	}
}

test_only_the_write_is_held_back if {
	every point in ["submit", "rollback"] {
		asked := object.union(_at(600, _reboot), {"point": point})
		question_test.codes(calendar.deny) == set() with input as asked
			with data.gatewright.schedule as _schedule
	}
}

test_whoever_asks_is_told_at_once_what_it_will_wait_for if {
	asked := object.union(_at(130, _reboot), {"point": "submit"})
	found := calendar.wait with input as asked with data.gatewright.schedule as _schedule
	found == {"for": {"Mondays", "Sundays"}, "minutes": 600}
}

test_taking_back_waits_for_nothing if {
	asked := object.union(_reboot, {"point": "rollback"})
	is_null(calendar.wait) with input as asked with data.gatewright.schedule as _schedule
}

test_without_a_number_nobody_is_told_that_it_may_wait if {
	schedule := object.union(_schedule, {"max_wait_minutes": null})
	is_null(calendar.wait) with input as _reboot with data.gatewright.schedule as schedule
}

_at(minute, asked) := object.union(asked, {"now": {"local": {"minute": minute, "weekday": 0}}})

_reboot := object.union(question_test.asked, {
	"plan": question_test.plan("command", "Device.Reboot()", {"arguments": {}}),
	"point": "execute",
})

_schedule := {
	"max_wait_minutes": 600,
	"windows": {
		"night": {"minutes": [{"from": 120, "until": 300}], "text": "Mondays"},
		"weekend": {"minutes": [{"from": 9999, "until": 10080}], "text": "Sundays"},
	},
	"kinds": {"disruptive": {
		"templates": ["Device.Reboot()", "Device.DeviceInfo.FirmwareImage."],
		"windows": ["night", "weekend"],
		"when": "night, Monday 02:00 to 05:00",
	}},
	"freezes": {},
}
