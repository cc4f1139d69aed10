package gatewright.change.dhcp_test

import rego.v1

import data.gatewright.change.dhcp
import data.gatewright.question_test

test_a_pool_in_the_subnet_is_neither_denied_nor_reviewed if {
	every template in _ends {
		every pool in [{}, {"first": 101}, {"last": 354}, {"first": 101, "last": 116}] {
			count(dhcp.deny | dhcp.review) == 0 with input as _asked(template, "10.0.0.9", pool)
		}
	}
}

test_a_pool_that_is_not_is_denied if {
	every pool in [
		{"first": 100},
		{"last": 355},
		{"first": 300, "last": 200},
		{"first": 200, "last": 214},
		{"first": null},
		{"last": null},
		{"low": null},
		{"high": null},
		{"first": "102"},
		{"last": true},
	] {
		every template in _ends {
			outside := {"code": "dhcp.pool_outside", "path": question_test.concrete(template)}
			dhcp.deny == {outside} with input as _asked(template, "10.0.0.9", pool)
		}
	}
}

test_a_pool_nobody_described_is_denied if {
	every template in _ends {
		question_test.codes(dhcp.deny) == {"dhcp.pool_outside"} with input as question_test.setting(template, "10.0.0.9")
	}
}

test_a_fixed_address_in_the_subnet_is_not_denied if {
	every lease in [101, 103, 354] {
		every template in _leases {
			count(dhcp.deny) == 0 with input as _asked(template, "10.0.0.9", {"lease": lease})
		}
	}
}

test_a_fixed_address_that_is_not_is_denied if {
	every pool in [
		{"lease": 100},
		{"lease": 355},
		{"lease": 102, "router": 102},
		{"lease": null},
		{"lease": "103"},
		{"lease": 103, "low": null},
		{"lease": 103, "high": "x"},
	] {
		every template in _leases {
			outside := {"code": "dhcp.lease_outside", "path": question_test.concrete(template)}
			dhcp.deny == {outside} with input as _asked(template, "10.0.0.9", pool)
		}
	}
}

test_a_lease_ends_in_good_time if {
	every seconds in [3600, 86400, 604800] {
		count(dhcp.deny | dhcp.review) == 0 with input as question_test.setting(_duration, seconds)
	}
	every seconds in [-1, 0, 3599, 604801, "86400", null, true] {
		dhcp.deny == {_lease_time(3600, 604800)} with input as question_test.setting(_duration, seconds)
	}
}

test_without_data_nothing_is_within_limits if {
	dhcp.deny == {_lease_time(null, null)} with input as question_test.setting(_duration, 86400)
		with data.gatewright.dhcp as {}
	every limits in [{}, {"min_addresses": null}, {"min_addresses": "16"}] {
		every template in _ends {
			question_test.codes(dhcp.deny) == {"dhcp.pool_outside"} with input as _asked(template, "10.0.0.9", {})
				with data.gatewright.dhcp as limits
		}
	}
}

test_switching_on_is_not_reviewed_and_anything_else_is if {
	every template in _switches {
		count(dhcp.deny | dhcp.review) == 0 with input as question_test.setting(template, true)
		every after in [false, null, "true", 1] {
			off := {"code": "dhcp.off", "path": question_test.concrete(template), "group": "approvers"}
			dhcp.review == {off} with input as question_test.setting(template, after)
			count(dhcp.deny) == 0 with input as question_test.setting(template, after)
		}
	}
}

test_a_machine_is_denied if {
	every kind in ["machine", null] {
		every template in dhcp.covers {
			asked := object.union(question_test.setting(template, true), {"asker": {"kind": kind}})
			"dhcp.machine" in question_test.codes(dhcp.deny) with input as asked
		}
	}
}

test_nothing_is_said_of_nothing if {
	count(dhcp.deny | dhcp.review) == 0 with input as {}
}

_duration := "Device.DHCPv4.Server.Pool.{i}.LeaseTime"

_ends := {"Device.DHCPv4.Server.Pool.{i}.MaxAddress", "Device.DHCPv4.Server.Pool.{i}.MinAddress"}

_leases := {
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.",
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}.Yiaddr",
}

_switches := {
	"Device.DHCPv4.Server.Enable",
	"Device.DHCPv4.Server.Pool.{i}.Enable",
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}.Enable",
}

_lease_time(least, most) := {
	"code": "dhcp.lease_time", "path": question_test.concrete(_duration),
	"about": {"min": least, "max": most},
}

# A subnet from 101 to 354, to count on fingers.
_asked(template, after, pool) := object.union(
	question_test.setting(template, after),
	{"pools": {question_test.concrete(template): object.union(
		{"first": 110, "high": 354, "last": 300, "lease": null, "low": 101, "router": 999},
		pool,
	)}},
)
