package gatewright.change.suspension_test

import rego.v1

import data.gatewright.change.suspension
import data.gatewright.decision
import data.gatewright.question_test

test_switching_a_line_off_is_for_those_who_may if {
	every template in _switches {
		every after in [false, null, "true", 0] {
			asked := question_test.setting(template, after)
			question_test.codes(suspension.deny) == {"suspension.not_entitled"} with input as asked
				with data.gatewright.suspension as _numbers
			count(suspension.deny) == 0 with input as _by_billing(asked)
				with data.gatewright.suspension as _numbers
		}
	}
}

test_a_line_that_manages_the_device_is_not_switched_off if {
	every apart in [{}, {"Acme": []}, {"Other": ["G1"]}, null] {
		asked := _by_billing(question_test.setting(_line, false))
		suspension.deny == {{"code": "suspension.no_way_back", "path": question_test.concrete(_line)}} with input as asked
			with data.gatewright.suspension as object.union(
				object.remove(_numbers, {"managed_apart"}),
				{"managed_apart": apart},
			)
	}
	every device in [{"model": null}, {"manufacturer": null}, {"model": "G2"}] {
		asked := object.union(_by_billing(question_test.setting(_line, false)), {"device": device})
		question_test.codes(suspension.deny) == {"suspension.no_way_back"} with input as asked
			with data.gatewright.suspension as _numbers
	}
}

test_lines_of_the_operator_s_own_count_too if {
	asked := question_test.setting("Device.PSTN.{i}.Enable", false)
	question_test.codes(suspension.deny) == {"suspension.not_entitled"} with input as asked
		with data.gatewright.suspension as _numbers
	count(suspension.deny) == 0 with input as asked
}

test_the_walled_garden_is_for_those_who_may if {
	every template, after in _gardened {
		count(suspension.deny) == 0 with input as _by_billing(question_test.setting(template, after))
			with data.gatewright.suspension as _numbers
		every groups in [[], ["support"], null] {
			asked := object.union(question_test.setting(template, after), {"asker": {"groups": groups}})
			question_test.codes(suspension.deny) == {"suspension.not_entitled"} with input as asked
				with data.gatewright.suspension as _numbers
		}
	}
}

test_only_the_operator_s_own_page_is_shown if {
	every after in ["https://elsewhere.example/", "", null, 1] {
		asked := _by_billing(question_test.setting("Device.CaptivePortal.URL", after))
		question_test.codes(suspension.deny) == {"suspension.page_not_listed"} with input as asked
			with data.gatewright.suspension as _numbers
	}
}

test_anybody_who_may_ask_for_changes_may_ask_to_restore if {
	every asked in _restored {
		count(suspension.deny) == 0 with input as asked with data.gatewright.suspension as _numbers
		question_test.codes(suspension.review) == {"suspension.four_eyes"} with input as asked
			with data.gatewright.suspension as _numbers
	}
}

test_restoring_asks_for_no_more_than_suspending if {
	every template in _switches {
		taken := decision.decision with input as _by_billing(question_test.setting(template, false))
			with data.gatewright.suspension as _numbers
		given := decision.decision with input as question_test.setting(template, true)
			with data.gatewright.suspension as _numbers
		taken.outcome == "review"
		given.outcome == "review"
		given.obligations.approvals & taken.obligations.approvals == given.obligations.approvals
	}
}

test_whichever_way_it_goes_a_second_person_looks if {
	every after in [true, false] {
		asked := question_test.setting(_line, after)
		suspension.review == {{
			"code": "suspension.four_eyes",
			"path": question_test.concrete(_line), "group": "approvers",
		}} with input as asked
	}
}

test_a_machine_neither_takes_nor_gives if {
	every kind in ["machine", null] {
		every asked in _restored | {_by_billing(question_test.setting(_line, false))} {
			by := object.union(asked, {"asker": {"kind": kind}})
			question_test.codes(suspension.deny) == {"suspension.machine"} with input as by
				with data.gatewright.suspension as _numbers
		}
	}
}

test_another_resolver_is_no_suspension if {
	every after in ["9.9.9.9", "9.9.9.9,149.112.112.112", "", null, 7] {
		count(suspension.deny | suspension.review) == 0 with input as question_test.setting(_dns, after)
			with data.gatewright.suspension as _numbers
	}
}

test_without_data_nobody_may_suspend if {
	every template in ["Device.CaptivePortal.Enable", "Device.CaptivePortal.URL", _line] {
		asked := _by_billing(question_test.setting(template, template == "Device.CaptivePortal.Enable"))
		"suspension.not_entitled" in question_test.codes(suspension.deny) with input as asked
			with data.gatewright.suspension as {}
	}
}

test_nothing_is_said_of_nothing if {
	count(suspension.deny | suspension.review) == 0 with input as {}
}

_line := "Device.IP.Interface.{i}.Enable"

_dns := "Device.DNS.Client.Server.{i}.DNSServer"

_switches := {
	_line,
	"Device.Ethernet.Link.{i}.Enable",
	"Device.PPP.Interface.{i}.Enable",
	"Device.Services.VoiceService.{i}.CallControl.Line.{i}.Enable",
}

_gardened := {
	"Device.CaptivePortal.Enable": true,
	"Device.CaptivePortal.URL": "https://pay.example/",
	"Device.DHCPv4.Server.Pool.{i}.DNSServers": "9.9.9.9,192.0.2.66",
	_dns: "192.0.2.66",
}

_restored := {
	question_test.setting(_line, true),
	question_test.setting("Device.CaptivePortal.Enable", false),
	object.union(question_test.asked, {"plan": question_test.plan("set", _dns, {
		"after": "9.9.9.9",
		"before": "192.0.2.66",
	})}),
}

_numbers := {
	"groups": ["billing"],
	"more_lines": {"internet": ["Device.Ethernet.Link.{i}.Enable"], "voice": ["Device.PSTN.{i}.Enable"]},
	"managed_apart": {"Acme": ["G1"]},
	"pages": ["https://pay.example/"],
	"resolvers": ["192.0.2.66"],
}

_by_billing(asked) := object.union(asked, {"asker": {"groups": ["billing"]}})
