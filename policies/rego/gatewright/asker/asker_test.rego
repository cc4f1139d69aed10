package gatewright.asker_test

import rego.v1

import data.gatewright.asker
import data.gatewright.question_test

test_a_person_needs_a_second_person if {
	count(asker.deny) == 0 with input as _person
	asker.review == {{"code": "asker.second_person", "path": "", "group": "approvers"}} with input as _person
}

test_an_operator_may_let_people_change_some_things_alone if {
	limits := {"people": {"alone": [_resolver]}}
	count(asker.review) == 0 with input as _person with data.gatewright.limits as limits
}

test_one_other_change_still_needs_a_second_person if {
	limits := {"people": {"alone": [_resolver]}}
	changes := {"Device.X": [{"path": "Device.X"}]}
	both := object.union(_person, {"plan": {"changes": changes}})
	count(asker.review) == 1 with input as both with data.gatewright.limits as limits
}

test_nothing_is_alone_by_accident if {
	every limits in [{}, {"people": {}}, {"people": {"alone": []}}] {
		count(asker.review) == 1 with input as _person with data.gatewright.limits as limits
	}
}

test_a_plan_without_changes_is_not_alone if {
	"asker.second_person" in question_test.codes(asker.review) with input as question_test.asked
}

test_what_is_missing_counts_against_the_asker if {
	kindless := json.remove(_person, ["asker/kind"])
	"asker.kind_unknown" in question_test.codes(asker.deny) with input as kindless
	"asker.kind_unknown" in question_test.codes(asker.deny) with input as json.remove(_person, ["asker"])
	"asker.not_entitled" in question_test.codes(asker.deny) with input as json.remove(_person, ["asker"])
	"asker.machine_cannot_undo" in question_test.codes(asker.deny) with input as json.remove(kindless, ["can_roll_back"])
	"asker.machine_unproven" in question_test.codes(asker.review) with input as json.remove(kindless, ["track_record"])
	"asker.machine_reach_unknown" in question_test.codes(asker.review) with input as json.remove(kindless, ["shared_by"])
	"asker.cannot_undo" in question_test.codes(asker.review) with input as json.remove(_person, ["can_roll_back"])
}

test_who_is_neither_is_denied if {
	every kind in [null, "", "robot"] {
		asked := object.union(_person, {"asker": {"kind": kind}})
		"asker.kind_unknown" in question_test.codes(asker.deny) with input as asked
	}
}

test_whose_roles_may_not_propose_is_denied if {
	every roles in [[], ["approver"], ["nobody"], null, [null]] {
		asked := object.union(_person, {"asker": {"roles": roles}})
		question_test.codes(asker.deny) == {"asker.not_entitled"} with input as asked
	}
}

test_who_asked_is_not_held_against_putting_back if {
	every who in [{"roles": []}, {"roles": null}, {"kind": null, "roles": []}] {
		asked := object.union(_person, {"asker": who, "point": "rollback"})
		count(asker.deny) == 0 with input as asked
	}
	every point in ["submit", "execute", null, "ROLLBACK"] {
		asked := object.union(_person, {"asker": {"kind": "robot", "roles": []}, "point": point})
		question_test.codes(asker.deny) == {"asker.kind_unknown", "asker.not_entitled"} with input as asked
	}
}

test_what_cannot_be_undone_is_said_to_a_person if {
	every back in [false, null, "true", 1] {
		asked := object.union(_person, {"can_roll_back": back})
		question_test.codes(asker.review) == {"asker.second_person", "asker.cannot_undo"} with input as asked
	}
}

test_what_the_passphrase_topic_says_is_not_said_twice if {
	template := "Device.WiFi.AccessPoint.{i}.Security.KeyPassphrase"
	asked := object.union(question_test.setting(template, {}), {"can_roll_back": false})
	question_test.codes(asker.review) == {"asker.second_person"} with input as asked
}

test_what_cannot_be_undone_is_denied_to_a_machine if {
	asked := object.union(_machine, {"can_roll_back": false})
	question_test.codes(asker.deny) == {"asker.machine_cannot_undo"} with input as asked
}

test_a_machine_with_a_good_record_passes if {
	count(asker.deny) == 0 with input as _machine
	count(asker.review) == 0 with input as _machine
}

test_a_machine_without_a_good_record_is_reviewed if {
	every record in [
		null, {},
		{"tried": 29, "lower_bound": 0.99},
		{"tried": 30, "lower_bound": 0.94},
		{"tried": "many", "lower_bound": 0.99},
		{"tried": 100, "lower_bound": null},
		{"tried": 100, "lower_bound": "1"},
	] {
		asked := object.union(object.remove(_machine, {"track_record"}), {"track_record": record})
		question_test.codes(asker.review) == {"asker.machine_unproven"} with input as asked
	}
}

test_the_finding_says_how_often_it_was_tried if {
	untried := {"code": "asker.machine_unproven", "path": "", "group": "approvers", "about": {"tried": null}}
	asker.review == {untried} with input as object.union(_machine, {"track_record": null})
}

test_missing_limits_make_no_machine_proven if {
	every machines in [{}, {"tried": null, "lower_bound": 0}, {"tried": 0, "lower_bound": null}] {
		question_test.codes(asker.review) == {"asker.machine_unproven"} with input as _machine
			with data.gatewright.limits as {"machines": machines}
	}
}

test_a_machine_that_cannot_tell_its_reach_is_reviewed if {
	every reach in [null, "0", true] {
		asked := object.union(_machine, {"shared_by": reach})
		question_test.codes(asker.review) == {"asker.machine_reach_unknown"} with input as asked
	}
}

_resolver := "Device.DNS.Client.Server.{i}.DNSServer"

_person := question_test.setting(_resolver, "9.9.9.9")

_machine := object.union(_person, {
	"asker": {"id": "job", "kind": "machine", "roles": ["automation"]},
	"track_record": {"tried": 80, "succeeded": 80, "lower_bound": 0.954},
})
