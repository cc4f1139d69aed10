package gatewright.change.security_test

import rego.v1

import data.gatewright.change.security
import data.gatewright.question_test

test_a_clear_mapping_into_the_home_is_reviewed if {
	every template in _mapping {
		every opening in [{}, {"enabled": null}, {"first": 1024, "last": 1123}, {"first": 65535, "last": 65535}] {
			opens := {"code": "security.opens", "path": question_test.concrete(template), "group": "approvers"}
			security.review == {opens} with input as _asked(template, opening)
			count(security.deny) == 0 with input as _asked(template, opening)
		}
	}
}

test_a_mapping_that_is_off_lets_nothing_in if {
	every template in _mapping {
		asked := _asked(template, {"enabled": false, "first": null, "private": null})
		count(security.deny | security.review) == 0 with input as asked
	}
}

test_a_mapping_to_elsewhere_is_denied if {
	every private in [false, null, "true"] {
		question_test.codes(security.deny) == {"security.not_in_the_home"} with input as _port({"private": private})
	}
}

test_a_mapping_that_is_not_clear_is_denied if {
	every opening in [
		{"protocol": null},
		{"protocol": "GRE"},
		{"internal": null},
		{"internal": 0},
		{"first": 8000, "last": 8100},
		{"first": 8000, "last": 7999},
	] {
		security.deny == {_unclear(100)} with input as _port(opening)
	}
}

test_a_mapping_of_all_ports_or_none_is_denied if {
	every opening in [{"first": 0, "last": 0}, {"first": null}, {"last": null}, {"first": "80"}] {
		"security.mapping_unclear" in question_test.codes(security.deny) with input as _port(opening)
	}
}

test_closed_ports_are_not_given_away if {
	every opening in [
		{"first": 22, "last": 22},
		{"first": 7547, "last": 7547},
		{"first": 7500, "last": 7547},
		{"first": 7547, "last": 7600},
		{"first": 7500, "last": 7599},
		{"first": 1, "last": 65535},
	] {
		"security.port_closed" in question_test.codes(security.deny) with input as _port(opening)
	}
	every opening in [{"first": 26, "last": 52}, {"first": 7548, "last": 7548}, {"first": 7546, "last": 7546}] {
		count(security.deny) == 0 with input as _port(opening)
	}
}

test_a_row_nobody_described_is_denied_for_every_reason if {
	every template in _mapping {
		asked := question_test.setting(template, "x")
		question_test.codes(security.deny) == _whatever_there_is with input as asked
	}
}

test_without_data_nothing_is_opened if {
	security.deny == {
		_unclear(null),
		{"code": "security.port_closed", "path": question_test.concrete(_external)},
	} with input as _port({}) with data.gatewright.openings as {}
	every closed in [{}, {"from": null, "to": 1}, {"from": 9000, "to": null}, {"from": "1", "to": "2"}] {
		ports := {"closed_ports": [closed], "max_ports": 100}
		question_test.codes(security.deny) == {"security.port_closed"} with input as _port({})
			with data.gatewright.openings as ports
	}
}

test_an_exposed_host_is_for_the_network_team if {
	every template in _exposing {
		question_test.codes(security.review) == {"security.opens", "security.exposes_host"} with input as _asked(template, {})
		count(security.deny) == 0 with input as _asked(template, {})
		count(security.review) == 0 with input as _asked(template, {"enabled": false})
		question_test.codes(security.deny) == {"security.not_in_the_home"} with input as question_test.setting(template, "x")
	}
}

test_deleting_a_way_in_is_not_denied if {
	every template in ["Device.Firewall.DMZ.{i}.", "Device.NAT.PortMapping.{i}."] {
		asked := object.union(question_test.asked, {"plan": question_test.plan("delete", template, {})})
		count(security.deny | security.review) == 0 with input as asked
	}
}

test_the_firewall_stays_on if {
	count(security.deny) == 0 with input as question_test.setting("Device.Firewall.Enable", true)
	every after in [false, null, "true", 1] {
		asked := question_test.setting("Device.Firewall.Enable", after)
		question_test.codes(security.deny) == {"security.firewall_lower"} with input as asked
	}
}

test_the_firewall_is_not_lowered if {
	every pair in [["Off", "Low"], ["Low", "Low"], ["Low", "High"]] {
		count(security.deny) == 0 with input as _level(pair[0], pair[1])
	}
	every pair in [["High", "Low"], ["Low", "Off"], ["Low", "Policy"], ["Policy", "High"], [null, "High"], ["Low", null]] {
		question_test.codes(security.deny) == {"security.firewall_lower"} with input as _level(pair[0], pair[1])
	}
}

test_without_levels_the_firewall_is_left_alone if {
	question_test.codes(security.deny) == {"security.firewall_lower"} with input as _level("Low", "High")
		with data.gatewright.openings as {}
}

test_upnp_is_reviewed_unless_it_is_switched_off if {
	every after in [true, null, "false", 0] {
		question_test.codes(security.review) == {"security.opens"} with input as question_test.setting(_upnp, after)
	}
}

test_upnp_may_be_switched_off if {
	count(security.deny | security.review) == 0 with input as question_test.setting(_upnp, false)
}

test_a_machine_is_denied if {
	every kind in ["machine", null] {
		every template in security.covers {
			asked := object.union(_asked(template, {}), {"asker": {"kind": kind}})
			"security.machine" in question_test.codes(security.deny) with input as asked
		}
	}
}

test_nothing_is_said_of_nothing if {
	count(security.deny | security.review) == 0 with input as {}
}

_external := "Device.NAT.PortMapping.{i}.ExternalPort"

_upnp := "Device.UPnP.Device.UPnPIGD"

_mapping contains template if {
	some template in security.covers
	startswith(template, "Device.NAT.PortMapping.")
	template != "Device.NAT.PortMapping.{i}."
}

_exposing := {"Device.Firewall.DMZ.", "Device.Firewall.DMZ.{i}.DestIP", "Device.Firewall.DMZ.{i}.Enable"}

_unclear(most) := {
	"code": "security.mapping_unclear",
	"path": question_test.concrete(_external), "about": {"max": most},
}

_port(opening) := _asked(_external, opening)

_asked(template, opening) := object.union(question_test.setting(template, "x"), {"openings": {at: described}}) if {
	at := question_test.concrete(template)
	described := object.union(_row, opening)
}

_whatever_there_is := {"security.mapping_unclear", "security.not_in_the_home", "security.port_closed"}

_level(before, after) := object.union(question_test.asked, {"plan": question_test.plan(
	"set", "Device.Firewall.Config",
	{"after": after, "before": before},
)})

_row := {
	"enabled": true,
	"first": 8080,
	"internal": 80,
	"last": 8080,
	"private": true,
	"protocol": "TCP",
}
