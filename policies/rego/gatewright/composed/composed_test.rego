package gatewright.composed_test

import rego.v1

import data.gatewright.composed
import data.gatewright.question_test

test_what_gives_may_be_composed if {
	every template, values in data.gatewright.composable.values {
		every after in values {
			composed.deny == set() with input as _composing(template, after)
		}
	}
}

test_what_takes_away_may_not if {
	every template in {
		"Device.DHCPv4.Server.Enable",
		"Device.Time.Enable",
		"Device.WiFi.Radio.{i}.Enable",
	} {
		every after in [false, null, "true", "false", 1, 0, {}] {
			taken := {"code": "composed.takes_away", "path": question_test.concrete(template)}
			composed.deny == {taken} with input as _composing(template, after)
		}
	}
}

test_what_no_list_names_may_not_be_composed_at_all if {
	every template in [
		"Device.DHCPv4.Server.Pool.{i}.MaxAddress",
		"Device.Firewall.Config",
		"Device.IP.Interface.{i}.Enable",
		"Device.IP.Interface.{i}.MaxMTUSize",
		"Device.NAT.PortMapping.{i}.Enable",
		"Device.PPP.Interface.{i}.Enable",
		"Device.WiFi.AccessPoint.{i}.IsolationEnable",
		"Device.WiFi.AccessPoint.{i}.Security.ModeEnabled",
		"Device.WiFi.Radio.{i}.Channel",
		"Device.WiFi.Radio.{i}.TransmitPower",
		"Device.WiFi.SSID.{i}.Enable",
		"Device.X_00D09E_Anything",
	] {
		every after in [true, false, 1, "High"] {
			denied := {"code": "composed.not_composable", "path": question_test.concrete(template)}
			composed.deny == {denied} with input as _composing(template, after)
		}
	}
}

test_a_row_is_neither_added_nor_deleted_by_what_was_composed if {
	every op in ["add", "delete"] {
		asked := object.union(_model, {"plan": question_test.plan(op, "Device.NAT.PortMapping.", {})})
		question_test.codes(composed.deny) == {"composed.not_composable"} with input as asked
	}
}

test_a_quantity_is_never_made_less if {
	every after in [60, 61, 100] {
		composed.deny == set() with input as _power(60, after)
			with data.gatewright.composable.no_less as [_strength]
	}
	every pair in [[60, 59], [60, 10], [100, -1], [null, 100], [60, null], ["10", "60"], [60, true]] {
		question_test.codes(composed.deny) == {"composed.takes_away"} with input as _power(pair[0], pair[1])
			with data.gatewright.composable.no_less as [_strength]
	}
}

test_where_any_value_will_do_others_rule_on_it if {
	asked := _composing("Device.DNS.Client.Server.{i}.DNSServer", "9.9.9.9")
	question_test.codes(composed.deny) == {"composed.not_composable"} with input as asked
	composed.deny == set() with input as asked
		with data.gatewright.composable.any as ["Device.DNS.Client.Server.{i}.DNSServer"]
}

test_only_so_many_are_composed_together if {
	every many in [1, data.gatewright.composable.max_changes] {
		composed.deny == set() with input as _counting(many)
	}
	refused := {"code": "composed.too_many", "path": "", "about": {"limit": data.gatewright.composable.max_changes}}
	every many in [data.gatewright.composable.max_changes + 1, null, "1", true] {
		composed.deny == {refused} with input as _counting(many)
	}
}

test_nobody_known_is_held_to_be_a_model if {
	every author in ["llm_composed", "somebody", "", null, 1] {
		asked := object.union(_composing("Device.WiFi.Radio.{i}.Enable", false), {"author": author})
		question_test.codes(composed.deny) == {"composed.takes_away"} with input as asked
	}
}

test_what_others_compose_is_not_spoken_of if {
	every author in ["rules", "llm_chosen", "person"] {
		asked := object.union(_composing("Device.WiFi.Radio.{i}.Enable", false), {"author": author})
		composed.deny == set() with input as asked
	}
}

test_what_was_composed_can_be_put_back if {
	every template in ["Device.WiFi.Radio.{i}.Enable", "Device.IP.Interface.{i}.Enable"] {
		asked := object.union(_composing(template, false), {"point": "rollback"})
		composed.deny == set() with input as asked
	}
}

test_without_the_list_nothing_is_composed if {
	all_of_it := {"composed.not_composable", "composed.too_many"}
	asked := _composing("Device.WiFi.Radio.{i}.Enable", true)
	question_test.codes(composed.deny) == all_of_it with input as asked
		with data.gatewright.composable as {}
	question_test.codes(composed.deny) == all_of_it with input as asked
		with data.gatewright.composable as {"any": null, "max_changes": null, "no_less": null, "values": null}
}

_model := object.union(question_test.asked, {"author": "llm_composed"})

_composing(template, after) := object.union(question_test.setting(template, after), {"author": "llm_composed"})

_counting(many) := asked if {
	on := _composing("Device.WiFi.Radio.{i}.Enable", true)
	asked := object.union(on, {"plan": {"count": many}})
}

_power(before, after) := object.union(_model, {"plan": question_test.plan(
	"set", _strength,
	{"after": after, "before": before},
)})

_strength := "Device.WiFi.Radio.{i}.TransmitPower"
