package gatewright.break_glass_test

import rego.v1

import data.gatewright.break_glass
import data.gatewright.decision
import data.gatewright.question_test

test_a_person_who_may_goes_ahead_and_answers_for_it if {
	break_glass.holds with input as _broken
	decision.decision == {
		"outcome": "allow",
		"findings": set(),
		"obligations": {
			"approvals": set(),
			"rates": data.gatewright.pace,
			"review_after": "approvers",
			"rollback": "automatic",
			"wait": null,
		},
	} with input as _broken
}

test_without_a_broken_glass_nothing_is_different if {
	every asked in [object.remove(_broken, ["break_glass"]), _with({"break_glass": null})] {
		not break_glass.holds with input as asked
		break_glass.deny == set() with input as asked
		decision.decision.outcome == "review" with input as asked
		decision.decision.obligations.review_after == null with input as asked
	}
}

test_what_is_denied_stays_denied if {
	plan := question_test.plan("set", "Device.ManagementServer.URL", {"after": "x", "before": null})
	every asked in [
		_with({"halted": true}),
		_with({"halted": null}),
		_with({"device": object.union(_broken.device, {"seen_seconds_ago": 86400})}),
		_with({"asker": object.union(_broken.asker, {"roles": []})}),
		object.union(object.remove(_broken, ["plan"]), {"plan": plan}),
		object.union(object.remove(_broken, ["plan"]), {"plan": {}}),
	] {
		decision.decision.outcome == "deny" with input as asked
		decision.decision.obligations.review_after == null with input as asked
	}
}

test_windows_and_freezes_do_not_hold if {
	schedule := object.union(data.gatewright.schedule, {
		"freezes": {"always": {}},
		"kinds": {"all": {"templates": ["Device.DNS."], "windows": ["night"]}},
	})
	decision.decision.outcome == "allow" with input as _broken with data.gatewright.schedule as schedule
	frozen := _with({"break_glass": null})
	question_test.codes(decision.decision.findings) & {"calendar.frozen", "calendar.outside_window"} == {
		"calendar.frozen",
		"calendar.outside_window",
	} with input as frozen with data.gatewright.schedule as schedule
}

test_rates_and_compatibility_hold if {
	busy := _with({"usage": {}})
	decision.decision.outcome == "deny" with input as busy
	decision.decision.outcome == "deny" with input as _broken
		with data.gatewright.matrix.models as {"Acme": {"G1": {"*": {"*": "red"}}}}
}

test_only_at_the_write if {
	submitted := _with({"point": "submit"})
	not break_glass.holds with input as submitted
	decision.decision.outcome == "review" with input as submitted
}

test_putting_back_is_not_refused_for_what_is_over if {
	back := object.union(_told({"expires_in_seconds": -5}), {"point": "rollback"})
	break_glass.deny == set() with input as back
	decision.decision.outcome == "allow" with input as back
	decision.decision.obligations.review_after == null with input as back
}

test_only_people_break_it if {
	every kind in ["machine", "", null, true, ["person"]] {
		question_test.codes(break_glass.deny) == {"break_glass.not_a_person"} with input as _told({"kind": kind})
	}
}

test_only_who_may_breaks_it if {
	question_test.codes(break_glass.deny) == set() with input as _told({"roles": ["support", "operator"]})
	every roles in [[], ["support"], ["approver", "admin", "automation"], null, "operator", ["Operator"]] {
		question_test.codes(break_glass.deny) == {"break_glass.not_entitled"} with input as _told({"roles": roles})
	}
}

test_a_ticket_is_needed if {
	question_test.codes(break_glass.deny) == set() with input as _told({"ticket_length": 64})
	every ticket in [
		{"ticket_length": 0}, {"ticket_length": 65}, {"ticket_length": null},
		{"ticket": null}, {"ticket": 7}, {"ticket_length": "6"},
	] {
		question_test.codes(break_glass.deny) == {"break_glass.no_ticket"} with input as _told(ticket)
	}
}

test_a_ticket_is_of_a_kind_that_is_known if {
	limits := _limits({"ticket": {"longest": 64, "prefixes": ["INC-", "CHG-"]}})
	question_test.codes(break_glass.deny) == set() with input as _told({"ticket": "CHG-7"})
		with data.gatewright.limits as limits
	question_test.codes(break_glass.deny) == {"break_glass.no_ticket"} with input as _told({"ticket": "inc-7"})
		with data.gatewright.limits as limits
}

test_it_ends_by_itself if {
	question_test.codes(break_glass.deny) == set() with input as _told({"expires_in_seconds": 1})
	every left in [0, -1, null, "60", true] {
		question_test.codes(break_glass.deny) == {"break_glass.over"} with input as _told({"expires_in_seconds": left})
	}
}

test_it_is_not_broken_for_long if {
	question_test.codes(break_glass.deny) == set() with input as _told({"lasts_seconds": 1800})
	every lasts in [1801, null, "600", true] {
		question_test.codes(break_glass.deny) == {"break_glass.too_long"} with input as _told({"lasts_seconds": lasts})
	}
}

test_it_is_not_broken_again_before_it_is_answered_for if {
	question_test.codes(break_glass.deny) == set() with input as _with({"unreviewed": 2})
	every waiting in [3, 4, null, "0", false] {
		question_test.codes(break_glass.deny) == {"break_glass.unreviewed"} with input as _with({"unreviewed": waiting})
	}
}

test_what_a_model_composed_freely_is_looked_at_first if {
	question_test.codes(break_glass.deny) == set() with input as _with({"author": "llm_chosen"})
	every author in ["llm_composed", "", null] {
		question_test.codes(break_glass.deny) == {"break_glass.composed_freely"} with input as _with({"author": author})
	}
}

test_a_broken_glass_of_another_shape_denies_for_every_reason if {
	every junk in [true, false, "yes", 1, [], {}] {
		asked := object.union(object.remove(_broken, ["break_glass"]), {"break_glass": junk})
		count(break_glass.deny) == 5 with input as asked
		decision.decision.outcome == "deny" with input as asked
	}
}

test_missing_numbers_deny if {
	every limits in [
		object.remove(data.gatewright.limits, ["break_glass"]),
		_limits({"minutes": null, "reviewers": null, "ticket": null, "unreviewed": null}),
	] {
		question_test.codes(break_glass.deny) == {
			"break_glass.no_ticket",
			"break_glass.too_long",
			"break_glass.unreviewed",
		} with input as _broken with data.gatewright.limits as limits
	}
}

_broken := object.union(
	question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9"),
	{"break_glass": _glass, "point": "execute"},
)

_glass := {
	"by": "ops",
	"expires_in_seconds": 540,
	"kind": "person",
	"lasts_seconds": 600,
	"roles": ["operator"],
	"ticket": "INC-42",
	"ticket_length": 6,
}

_told(about) := _with({"break_glass": object.union(_glass, about)})

_with(about) := object.union(object.remove(_broken, object.keys(about)), about)

_limits(about) := object.union(data.gatewright.limits, {"break_glass": object.union(
	object.remove(data.gatewright.limits.break_glass, object.keys(about)),
	about,
)})
