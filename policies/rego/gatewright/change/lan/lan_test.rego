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

test_the_device_itself_may_be_the_resolver if {
	asked := object.union(_resolvers("10.0.0.1"), {"pools": {_not_listed.path: {"own": "10.0.0.1"}}})
	lan.deny == set() with input as asked
	every own in ["10.0.0.2", null] {
		other := object.union(asked, {"pools": {_not_listed.path: {"own": own}}})
		lan.deny == {_not_listed} with input as other
	}
}

test_a_home_network_moves_whole_and_is_reviewed if {
	every to in ["10.77.0.1", "192.168.77.1", "172.31.0.1"] {
		asked := _moving(to, {"followed": true, "own": true})
		lan.deny == set() with input as asked
		lan.review == {{"code": "lan.moves", "path": _address, "group": "approvers"}} with input as asked
	}
}

test_a_home_network_moves_to_private_addresses_of_its_own_only if {
	every to in ["8.8.8.8", "172.32.0.1", "1.10.0.1", "", null] {
		asked := _moving(to, {"followed": true, "own": true})
		lan.deny == {{"code": "lan.not_of_a_home", "path": _address}} with input as asked
	}
	every own in [false, null] {
		given := _moving("10.77.0.1", {"followed": true, "own": own})
		question_test.codes(lan.deny) == {"lan.not_of_a_home"} with input as given
	}
}

test_without_a_list_no_address_is_of_a_home if {
	asked := _moving("10.77.0.1", {"followed": true, "own": true})
	question_test.codes(lan.deny) == {"lan.not_of_a_home"} with input as asked
		with data.gatewright.lan as {}
}

test_no_pool_is_left_behind if {
	every followed in [false, null] {
		asked := _moving("10.77.0.1", {"followed": followed, "own": true})
		lan.deny == {{"code": "lan.left_behind", "path": _address}} with input as asked
	}
}

test_the_router_is_the_device if {
	template := "Device.DHCPv4.Server.Pool.{i}.IPRouters"
	path := question_test.concrete(template)
	good := object.union(question_test.setting(template, "10.0.0.1"), {"pools": {path: {"own": "10.0.0.1"}}})
	lan.deny == set() with input as good
	question_test.codes(lan.review) == {"lan.moves"} with input as good
	every own in ["10.0.0.2", null] {
		elsewhere := object.union(good, {"pools": {path: {"own": own}}})
		lan.deny == {{"code": "lan.router_elsewhere", "path": path}} with input as elsewhere
	}
}

test_a_router_of_which_nobody_knows_is_denied if {
	asked := question_test.setting("Device.DHCPv4.Server.Pool.{i}.IPRouters", "10.0.0.1")
	question_test.codes(lan.deny) == {"lan.router_elsewhere"} with input as asked
}

test_addresses_of_the_pool_are_reserved_and_enough_are_left if {
	every kept in [_kept(0, null, null), _kept(1, 100, 100), _kept(84, 100, 199)] {
		count(lan.deny | lan.review) == 0 with input as _reserving(kept)
	}
}

test_no_others_are if {
	every kept in [
		_kept(1, 99, 150), _kept(1, 150, 200), _kept(85, 100, 199),
		_kept(null, 100, 199), _kept(1, null, 150), _kept(1, 100, null),
	] {
		lan.deny == {{"code": "lan.reserved_unfit", "path": _reserved}} with input as _reserving(kept)
		lan.deny == set() with input as object.union(_reserving(kept), {"point": "rollback"})
	}
}

test_without_limits_nothing_is_reserved if {
	question_test.codes(lan.deny) == {"lan.reserved_unfit"} with input as _reserving(_kept(1, 100, 100))
		with data.gatewright.dhcp as {}
}

test_machines_move_nothing if {
	every asked in [_reserving(_kept(0, null, null)), _moving("10.77.0.1", {"followed": true, "own": true})] {
		every kind in ["machine", null] {
			machine := object.union(asked, {"asker": {"kind": kind}})
			question_test.codes(lan.deny) == {"lan.machine"} with input as machine
		}
	}
}

_address := "Device.IP.Interface.1.IPv4Address.1.IPAddress"

_reserved := "Device.DHCPv4.Server.Pool.1.ReservedAddresses"

_moving(to, moved) := object.union(
	question_test.setting("Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress", to),
	{"lans": {_address: moved}},
)

_kept(many, least, most) := {"count": many, "least": least, "left": 100 - many, "most": most} if is_number(many)

_kept(null, least, most) := {"count": null, "least": least, "left": null, "most": most}

# A pool from 100 to 199, to count on fingers.
_reserving(kept) := object.union(
	question_test.setting("Device.DHCPv4.Server.Pool.{i}.ReservedAddresses", "x"),
	{"pools": {_reserved: {"first": 100, "last": 199, "kept": kept}}},
)
