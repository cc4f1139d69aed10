package gatewright.decision_test

import rego.v1

import data.gatewright.decision
import data.gatewright.question_test

test_a_question_nobody_understands_is_denied if {
	nothing := {"approvals": set(), "rates": {}, "review_after": null, "rollback": "none", "wait": null}
	every asked in [null, {}, [], "allow", {"outcome": "allow"}, {"plan": {}}] {
		decision.decision.outcome == "deny" with input as asked
		"core.not_understood" in question_test.codes(decision.decision.findings) with input as asked
		decision.decision.obligations == nothing with input as asked
	}
}

test_a_resolver_asked_for_by_a_person_is_reviewed if {
	decision.decision == {
		"outcome": "review",
		"findings": {{"code": "asker.second_person", "path": "", "group": "approvers"}},
		"obligations": {
			"approvals": {{"group": "approvers", "min": 1}},
			"rates": {},
			"review_after": null,
			"rollback": "automatic",
			"wait": null,
		},
	} with input as _person
}

test_a_proven_job_is_allowed if {
	decision.decision == {
		"outcome": "allow",
		"findings": set(),
		"obligations": {"approvals": set(), "rates": {}, "review_after": null, "rollback": "automatic", "wait": null},
	} with input as _job with data.gatewright.matrix.models as {"Acme": {"G1": {"*": {"*": "green"}}}}
}

test_a_denial_beats_a_review_and_asks_for_no_approval if {
	asked := object.union(_person, {"halted": true})
	decision.decision.outcome == "deny" with input as asked
	question_test.codes(decision.decision.findings) == {"asker.second_person", "core.halted"} with input as asked
	decision.decision.obligations.approvals == set() with input as asked
}

test_what_a_controller_cannot_promise_is_denied_or_looked_at if {
	asked := object.union(_person, {"controller": null, "plan": {"count": 2}})
	every code, whole in {"controller.half_would_harm": ["Device.DNS."], "controller.not_atomic": []} {
		limits := object.union(data.gatewright.limits, {"controllers": {"whole": whole}})
		found := decision.decision.findings with input as asked with data.gatewright.limits as limits
		code in question_test.codes(found)
	}
}

test_a_topic_denies if {
	decision.decision.outcome == "deny" with input as question_test.setting("Device.ManagementServer.URL", "x")
}

test_each_group_is_asked_for_as_many_as_it_must_give if {
	limits := object.union(data.gatewright.limits, {"approvals": {"approvers": 2, "noc": 3}})
	asked := question_test.setting("Device.PPP.Interface.{i}.Username", "x")
	decision.decision.obligations.approvals == {
		{"group": "approvers", "min": 2},
		{"group": "noc", "min": 3},
	} with input as asked with data.gatewright.limits as limits
}

test_a_group_without_a_number_still_asks_for_one_person if {
	every number in [null, 0, -1, "2"] {
		limits := object.union(data.gatewright.limits, {"approvals": {"approvers": number}})
		decision.decision.obligations.approvals == {{"group": "approvers", "min": 1}} with input as _person
			with data.gatewright.limits as limits
	}
}

test_what_cannot_be_undone_has_no_automatic_rollback if {
	asked := object.union(_person, {"can_roll_back": false})
	decision.decision.outcome == "review" with input as asked
	decision.decision.obligations.rollback == "none" with input as asked
}

test_putting_back_needs_no_second_answer if {
	asked := object.union(_person, {"point": "rollback"})
	decision.decision.outcome == "allow" with input as asked
	decision.decision.findings == set() with input as asked
}

test_putting_back_is_still_denied_what_is_denied if {
	asked := object.union(question_test.setting("Device.ManagementServer.URL", "x"), {"point": "rollback"})
	decision.decision.outcome == "deny" with input as asked
}

test_what_waits_for_a_window_is_told_at_once_and_denied_at_the_write if {
	schedule := object.union(data.gatewright.schedule, {"kinds": {"all": {
		"templates": ["Device.DNS."],
		"windows": ["night"],
	}}})
	decision.decision.outcome == "review" with input as _person with data.gatewright.schedule as schedule
	decision.decision.obligations.wait == {"for": {"night"}, "minutes": 1440} with input as _person
		with data.gatewright.schedule as schedule
	denied := decision.decision with input as _executed with data.gatewright.schedule as schedule
	denied.outcome == "deny"
	"calendar.outside_window" in question_test.codes(denied.findings)
}

test_what_is_too_much_is_denied_at_the_write_and_the_limits_are_told if {
	asked := object.union(_executed, {"usage": {"port": {"under_way": 4, "last_hour": 4}}})
	decision.decision.outcome == "deny" with input as asked
	"rates.too_many_at_once" in question_test.codes(decision.decision.findings) with input as asked
	decision.decision.obligations.rates == data.gatewright.pace with input as asked
}

test_a_job_on_a_model_that_nobody_knows_is_denied if {
	decision.decision.outcome == "deny" with input as _job
	question_test.codes(decision.decision.findings) == {"compatibility.unknown"} with input as _job
}

test_a_pilot_device_needs_an_approval if {
	asked := object.union(_job, {"device": {"ring": "pilot"}})
	decision.decision.outcome == "review" with input as asked
		with data.gatewright.matrix.models as {"Acme": {"G1": {"*": {"*": "yellow"}}}}
}

_executed := object.union(_person, {"point": "execute"})

_person := question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9")

_job := object.union(_person, {
	"asker": {"id": "job", "kind": "machine", "roles": ["automation"]},
	"track_record": {"tried": 80, "succeeded": 80, "lower_bound": 0.954},
	"autonomy": {"level": "act_alone", "tried": 80, "succeeded": 80, "lower_bound": 0.954, "in_a_row": 80},
})
