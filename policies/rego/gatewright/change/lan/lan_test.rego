package gatewright.change.lan_test

import rego.v1

import data.gatewright.change.lan
import data.gatewright.question_test

test_listed_resolvers_are_not_denied if {
	every addresses in ["9.9.9.9", "9.9.9.9,149.112.112.112"] {
		count(lan.deny) == 0 with input as _resolvers(addresses) with data.gatewright.resolvers as _listed
	}
}

test_one_resolver_that_is_not_listed_denies if {
	every addresses in ["9.9.9.9,6.6.6.6", "", ",", "9.9.9.9,", "9.9.9.9, 149.112.112.112", null, 9] {
		lan.deny == {_not_listed} with input as _resolvers(addresses)
			with data.gatewright.resolvers as _listed
	}
}

test_a_change_to_nothing_is_denied if {
	changes := {"Device.DHCPv4.Server.Pool.{i}.DNSServers": [{"path": "Device.DHCPv4.Server.Pool.1.DNSServers"}]}
	lan.deny == {_not_listed} with input as {"plan": {"changes": changes}}
}

test_without_a_list_no_resolver_is_listed if {
	count(lan.deny) == 1 with input as _resolvers("9.9.9.9") with data.gatewright.resolvers as {}
}

test_the_walled_garden_is_entered_whole_or_not_at_all if {
	garden := {"resolvers": ["192.0.2.66", "192.0.2.67"]}
	every addresses in ["192.0.2.66", "192.0.2.66,192.0.2.67"] {
		count(lan.deny) == 0 with input as _resolvers(addresses) with data.gatewright.suspension as garden
		count(lan.deny) == 1 with input as _resolvers(addresses) with data.gatewright.suspension as {}
	}
}

test_nobody_is_half_in_the_walled_garden if {
	count(lan.deny) == 1 with input as _resolvers("9.9.9.9,192.0.2.66")
		with data.gatewright.suspension as {"resolvers": ["192.0.2.66"]}
}

_not_listed := {"code": "lan.resolver_not_listed", "path": "Device.DHCPv4.Server.Pool.1.DNSServers"}

_listed := {"addresses": ["9.9.9.9", "149.112.112.112"]}

_resolvers(addresses) := question_test.setting("Device.DHCPv4.Server.Pool.{i}.DNSServers", addresses)
