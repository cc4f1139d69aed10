package gatewright.change.upkeep_test

import rego.v1

import data.gatewright.change.upkeep
import data.gatewright.question_test

test_clock_and_log_are_switched_on_at_once_and_the_log_off if {
	every pair in [[_clock, true], [_log, true], [_log, false]] {
		count(upkeep.deny | upkeep.review) == 0 with input as question_test.setting(pair[0], pair[1])
	}
}

test_switching_the_clock_off_is_reviewed if {
	off := {"code": "upkeep.clock_off", "path": _clock, "group": "approvers"}
	upkeep.review == {off} with input as question_test.setting(_clock, false)
	upkeep.deny == set() with input as question_test.setting(_clock, false)
}

test_what_is_no_switch_is_denied if {
	every after in [null, "true", 1, {}] {
		every path in [_clock, _log] {
			unfit := {"code": "upkeep.value_unfit", "path": path}
			upkeep.deny == {unfit} with input as question_test.setting(path, after)
		}
	}
}

test_only_listed_time_servers_are_asked if {
	every number in ["1", "2", "3", "4", "5"] {
		path := concat("", ["Device.Time.NTPServer", number])
		upkeep.deny == set() with input as question_test.setting(path, "ntp.example")
			with data.gatewright.upkeep.time_servers as ["ntp.example"]
		every after in ["time.evil.example", "", "NTP.example", null, true] {
			unlisted := {"code": "upkeep.server_not_listed", "path": path}
			upkeep.deny == {unlisted} with input as question_test.setting(path, after)
				with data.gatewright.upkeep.time_servers as ["ntp.example"]
		}
	}
}

test_as_shipped_and_without_a_list_no_server_is if {
	asked := question_test.setting("Device.Time.NTPServer1", "ntp.example")
	question_test.codes(upkeep.deny) == {"upkeep.server_not_listed"} with input as asked
	question_test.codes(upkeep.deny) == {"upkeep.server_not_listed"} with input as asked
		with data.gatewright.upkeep as {}
	upkeep.deny == set() with input as object.union(asked, {"point": "rollback"})
}

_clock := "Device.Time.Enable"

_log := "Device.Syslog.Enable"
