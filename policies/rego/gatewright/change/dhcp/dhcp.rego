# METADATA
# title: Addresses handed out in the home
# description: The DHCP server of the device, kept within the subnet that the device is in
package gatewright.change.dhcp

import rego.v1

import data.gatewright.dhcp

_switches := {
	"Device.DHCPv4.Server.Enable",
	"Device.DHCPv4.Server.Pool.{i}.Enable",
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}.Enable",
}

_ends := {
	"Device.DHCPv4.Server.Pool.{i}.MaxAddress",
	"Device.DHCPv4.Server.Pool.{i}.MinAddress",
}

_leases := {
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.",
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}.Yiaddr",
}

_duration := "Device.DHCPv4.Server.Pool.{i}.LeaseTime"

covers := (_switches | (_ends | _leases)) | {
	_duration,
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}.",
	"Device.DHCPv4.Server.Pool.{i}.StaticAddress.{i}.Chaddr",
}

# METADATA
# title: Machines do not hand out other addresses
# description: A home whose devices get no address, or one twice, is cut off from the inside.
# custom:
#   code: dhcp.machine
#   severity: deny
#   remedy: Let a support agent do it, with the subscriber on the line.
deny contains {"code": "dhcp.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some template in covers
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: The pool is not in the subnet of the home
# description: The pool is empty, backwards or too small, or has addresses that the home cannot reach.
# custom:
#   code: dhcp.pool_outside
#   severity: deny
#   remedy: Choose both ends within the subnet of the device, far enough apart.
deny contains {"code": "dhcp.pool_outside", "path": change.path} if {
	some template in _ends
	changes := input.plan.changes[template]
	some change in changes
	not _at(change, _good_pools)
}

# METADATA
# title: The fixed address is not one of the home
# description: The address is not in the subnet of the device, or is that of the device itself.
# custom:
#   code: dhcp.lease_outside
#   severity: deny
#   remedy: Choose an address in the subnet of the device.
deny contains {"code": "dhcp.lease_outside", "path": change.path} if {
	some template in _leases
	changes := input.plan.changes[template]
	some change in changes
	not _at(change, _good_leases)
}

# METADATA
# title: The lease is too short or too long
# description: Devices renew an address every {min} to {max} seconds, and none keeps it for ever.
# custom:
#   code: dhcp.lease_time
#   severity: deny
#   remedy: Choose a time within these limits.
deny contains {"code": "dhcp.lease_time", "path": change.path, "about": allowed} if {
	allowed := object.get(dhcp, "lease_seconds", {"min": null, "max": null})
	changes := input.plan.changes["Device.DHCPv4.Server.Pool.{i}.LeaseTime"]
	some change in changes
	not _in_time(change, allowed)
}

# METADATA
# title: No more addresses
# description: Without this no device in the home gets an address from here any more.
# custom:
#   code: dhcp.off
#   severity: review
#   remedy: Make sure that something else in the home hands out addresses.
review contains {"code": "dhcp.off", "path": change.path, "group": "approvers"} if {
	some template in _switches
	changes := input.plan.changes[template]
	some change in changes
	not change.after == true
}

# The changes whose pool, and those whose fixed address, would lie in the subnet.
_good_pools contains at if {
	is_object(input.pools)
	is_number(dhcp.min_addresses)
	some at, pool in input.pools
	is_number(pool.first)
	is_number(pool.last)
	is_number(pool.low)
	is_number(pool.high)
	pool.low <= pool.first
	pool.last <= pool.high
	pool.first + dhcp.min_addresses <= pool.last + 1
}

_good_leases contains at if {
	is_object(input.pools)
	some at, pool in input.pools
	is_number(pool.lease)
	is_number(pool.low)
	is_number(pool.high)
	pool.low <= pool.lease
	pool.lease <= pool.high
	pool.lease != pool.router
}

_at(change, paths) if change.path in paths

_in_time(change, allowed) if {
	is_number(change.after)
	is_number(allowed.min)
	is_number(allowed.max)
	change.after >= allowed.min
	change.after <= allowed.max
}
