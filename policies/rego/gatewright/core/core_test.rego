package gatewright.core_test

import rego.v1

import data.gatewright.core
import data.gatewright.question_test

test_a_whole_question_raises_nothing if {
	count(core.deny) == 0 with input as _asked
	count(core.review) == 0 with input as _asked
}

# Counting denials alone would let these through.
test_a_question_that_is_not_whole_is_denied if {
	every asked in [
		null,
		{},
		{"plan": null},
		{"plan": {}},
		_with({"count": 0}),
		_with({"count": "1"}),
		_with({"op": "move"}),
	] {
		"core.not_understood" in question_test.codes(core.deny) with input as asked
	}
}

# To OPA, not f(x.y) is undefined when x.y is missing: a denial written so would be silent.
test_what_is_missing_is_not_understood if {
	every missing in ["count", "changes", "op", "part"] {
		asked := json.remove(_asked, [concat("/", ["plan", missing])])
		"core.not_understood" in question_test.codes(core.deny) with input as asked
	}
}

test_what_is_missing_is_denied_or_reviewed if {
	every pair in [
		["plan/count", "core.plan_too_large"],
		["point", "core.not_understood"],
		["halted", "core.halted"],
		["author", "core.composed_freely"],
	] {
		findings := core.deny | core.review with input as json.remove(_asked, [pair[0]])
		pair[1] in question_test.codes(findings)
	}
}

test_a_device_of_which_nothing_is_said_is_absent if {
	every missing in ["device", "device/seen_seconds_ago"] {
		asked := object.union(json.remove(_asked, [missing]), {"point": "execute"})
		question_test.codes(core.deny) == {"core.device_absent"} with input as asked
	}
}

test_a_change_without_a_path_is_not_understood if {
	every path in [null, 1, {}] {
		changes := {"Device.DNS.Client.Server.{i}.DNSServer": [{"path": path}]}
		asked := object.union(_asked, {"plan": {"changes": changes}})
		"core.not_understood" in question_test.codes(core.deny) with input as asked
	}
	nameless := _with({"changes": {"Device.DNS.Client.Server.{i}.DNSServer": [{"after": "9.9.9.9"}]}})
	"core.not_understood" in question_test.codes(core.deny) with input as nameless
}

test_a_plan_without_changes_is_denied if {
	every changes in [null, {}, [], "x"] {
		plan := object.union(object.remove(_asked.plan, {"changes"}), {"changes": changes})
		asked := object.union(object.remove(_asked, {"plan"}), {"plan": plan})
		"core.not_understood" in question_test.codes(core.deny) with input as asked
	}
}

test_a_point_nobody_knows_is_denied if {
	every point in [null, "", "later"] {
		question_test.codes(core.deny) == {"core.not_understood"} with input as object.union(_asked, {"point": point})
	}
}

test_a_path_of_another_kind_is_denied if {
	every op, template in {
		"set": "Device.Reboot()",
		"delete": "Device.Reboot()",
		"command": "Device.NAT.PortMapping.{i}.",
	} {
		asked := object.union(question_test.asked, {"plan": question_test.plan(op, template, {})})
		"core.not_understood" in question_test.codes(core.deny) with input as asked
	}
}

test_a_path_of_its_own_kind_is_understood if {
	every op, template in {
		"command": "Device.Reboot()",
		"delete": "Device.NAT.PortMapping.{i}.",
		"add": "Device.NAT.PortMapping.",
	} {
		asked := object.union(question_test.asked, {"plan": question_test.plan(op, template, {})})
		not "core.not_understood" in question_test.codes(core.deny) with input as asked
	}
}

test_a_plan_that_is_too_large_is_denied if {
	limits := {"plan": {"max_changes": 2}}
	too_large := {"code": "core.plan_too_large", "path": "", "about": {"count": 3, "limit": 2}}
	core.deny == {too_large} with input as _with({"count": 3}) with data.gatewright.limits as limits
}

test_without_a_limit_every_plan_is_too_large if {
	every limits in [{}, {"plan": {"max_changes": null}}, {"plan": {"max_changes": "9"}}] {
		question_test.codes(core.deny) == {"core.plan_too_large"} with input as _asked with data.gatewright.limits as limits
	}
}

test_what_no_topic_covers_is_denied if {
	every template in [
		"Device.NAT.PortTrigger.{i}.Port",
		"Device.X.WiFi.Radio.{i}.Channel",
		"Device.WiFi.Radio.{i}.Channel.X",
		"WiFi.Radio.{i}.Channel",
	] {
		asked := question_test.setting(template, 1)
		core.deny == {{"code": "core.not_covered", "path": question_test.concrete(template)}} with input as asked
	}
}

test_what_a_topic_speaks_of_is_not_called_uncovered if {
	every template in ["Device.PPP.Interface.{i}.Username", "Device.ManagementServer.URL"] {
		count(core.deny) == 0 with input as question_test.setting(template, "x")
	}
}

test_a_halt_denies_at_every_point if {
	every point in ["submit", "execute", "rollback"] {
		every halted in [true, null, 0, "false"] {
			asked := object.union(_asked, {"halted": halted, "point": point})
			question_test.codes(core.deny) == {"core.halted"} with input as asked
		}
	}
}

test_an_absent_device_is_denied_at_execution if {
	every seen in [null, 901, "10", true] {
		asked := object.union(_asked, {"point": "execute", "device": {"seen_seconds_ago": seen}})
		core.deny == {{"code": "core.device_absent", "path": "", "about": {"minutes": 15}}} with input as asked
	}
}

test_a_device_that_was_just_there_is_not if {
	every point, seen in {"execute": 900, "submit": null, "rollback": null} {
		asked := object.union(_asked, {"point": point, "device": {"seen_seconds_ago": seen}})
		count(core.deny) == 0 with input as asked
	}
}

test_without_a_limit_no_device_is_there if {
	every presence in [{}, {"minutes": null}, {"minutes": "15"}] {
		limits := {"plan": {"max_changes": 9}, "presence": presence}
		question_test.codes(core.deny) == {"core.device_absent"} with input as object.union(_asked, {"point": "execute"})
			with data.gatewright.limits as limits
	}
}

test_a_change_that_reaches_others_is_reviewed_by_the_network_team if {
	reaches := {"code": "core.reaches_others", "path": "", "group": "noc", "about": {"shared": 1}}
	core.review == {reaches} with input as object.union(_asked, {"shared_by": 1})
}

test_without_a_limit_any_reach_is_reviewed if {
	count(core.review) == 1 with input as _asked with data.gatewright.limits as {}
}

test_free_composition_is_reviewed if {
	every author in ["llm_composed", null, "", "somebody"] {
		question_test.codes(core.review) == {"core.composed_freely"} with input as object.union(_asked, {"author": author})
	}
}

_asked := question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9")

_with(change) := object.union(_asked, {"plan": change})
