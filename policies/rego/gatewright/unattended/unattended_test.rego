package gatewright.unattended_test

import rego.v1

import data.gatewright.question_test
import data.gatewright.unattended

test_a_machine_with_a_level_that_was_earned_passes if {
	count(unattended.review) == 0 with input as _machine
}

test_a_person_is_not_limited_by_it if {
	asked := object.union(_machine, {"asker": {"kind": "person"}, "autonomy": null})
	count(unattended.review) == 0 with input as asked
}

test_a_machine_below_the_last_level_is_reviewed if {
	every level in ["observe", "propose", "act_with_approval", "ACT_ALONE", "", null, 3] {
		asked := object.union(_machine, {"autonomy": {"level": level}})
		finding := {
			"code": "unattended.not_alone", "path": "",
			"group": "approvers", "about": {"level": level},
		}
		unattended.review == {finding} with input as asked
	}
}

test_what_nobody_looked_up_counts_against_a_machine if {
	unknown := [json.remove(_machine, ["autonomy"]), json.remove(_machine, ["autonomy/level"])]
	every asked in array.concat(unknown, [object.union(json.remove(_machine, ["autonomy"]), {"autonomy": null})]) {
		question_test.codes(unattended.review) == {"unattended.not_alone"} with input as asked
	}
	kindless := object.union(json.remove(_machine, ["asker/kind"]), {"autonomy": {"level": "observe"}})
	question_test.codes(unattended.review) == {"unattended.not_alone"} with input as kindless
}

test_a_level_with_too_little_behind_it_is_reviewed if {
	every evidence in [
		{"tried": 19}, {"lower_bound": 0.89}, {"in_a_row": 9},
		{"tried": null}, {"lower_bound": "1"}, {"in_a_row": null},
	] {
		asked := object.union(_machine, {"autonomy": evidence})
		question_test.codes(unattended.review) == {"unattended.thin"} with input as asked
	}
}

test_missing_numbers_carry_nothing if {
	every alone in [
		{}, {"tried": null, "lower_bound": 0, "in_a_row": 0},
		{"tried": 0, "lower_bound": null, "in_a_row": 0}, {"tried": 0, "lower_bound": 0, "in_a_row": "0"},
	] {
		question_test.codes(unattended.review) == {"unattended.thin"} with input as _machine
			with data.gatewright.autonomy as {"alone": alone}
	}
}

_machine := object.union(question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9"), {
	"asker": {"id": "job", "kind": "machine", "roles": ["automation"]},
	"autonomy": {"level": "act_alone", "tried": 40, "succeeded": 40, "lower_bound": 0.912, "in_a_row": 40},
})
