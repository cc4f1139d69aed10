# METADATA
# title: The network in the home
# description: Which network it is, and the router, resolvers and reserved addresses that devices are told
package gatewright.change.lan

import rego.v1

import data.gatewright.dhcp
import data.gatewright.lan
import data.gatewright.resolvers
import data.gatewright.suspension

_moving := {
	"Device.DHCPv4.Server.Pool.{i}.IPRouters",
	"Device.DHCPv4.Server.Pool.{i}.ReservedAddresses",
	"Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress",
}

covers := _moving | {"Device.DHCPv4.Server.Pool.{i}.DNSServers"}

# METADATA
# title: A resolver that is not listed
# description: The list is empty, or names an address that the operator neither runs nor trusts.
# custom:
#   code: lan.resolver_not_listed
#   severity: deny
#   remedy: Use listed resolvers only, with commas and no spaces between them.
deny contains {"code": "lan.resolver_not_listed", "path": change.path} if {
	some change in input.plan.changes["Device.DHCPv4.Server.Pool.{i}.DNSServers"]
	not _all_listed(change)
}

# METADATA
# title: Machines do not move a home network
# description: Every device in the home asks for a new address then, and nobody would be there to see it.
# custom:
#   code: lan.machine
#   severity: deny
#   remedy: Let a support agent do it, with the subscriber on the line.
deny contains {"code": "lan.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some template in _moving
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: Not an address of a home
# description: The address does not begin as the operator lets homes begin, or the network gave the old one.
# custom:
#   code: lan.not_of_a_home
#   severity: deny
#   remedy: Choose a private address, and only for the device's own address inside.
deny contains {"code": "lan.not_of_a_home", "path": change.path} if {
	changes := input.plan.changes["Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress"]
	some change in changes
	not _of_a_home(change)
}

# METADATA
# title: The pool would be left behind
# description: The device gets another address, and no pool of the same plan moves along whole.
# custom:
#   code: lan.left_behind
#   severity: deny
#   remedy: Move both ends of the pool and its router in the same plan, all in the new subnet.
deny contains {"code": "lan.left_behind", "path": change.path} if {
	changes := input.plan.changes["Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress"]
	some change in changes
	not _followed(change)
}

# METADATA
# title: A router that is not the device
# description: Everything in the home would send its traffic to an address that the device does not have.
# custom:
#   code: lan.router_elsewhere
#   severity: deny
#   remedy: Set it to the device's own address, together with that address.
deny contains {"code": "lan.router_elsewhere", "path": change.path} if {
	changes := input.plan.changes["Device.DHCPv4.Server.Pool.{i}.IPRouters"]
	some change in changes
	not _own(change)
}

# METADATA
# title: Reserved addresses that are not of the pool
# description: A reserved address is outside of the pool, or so many are reserved that too few are left.
# custom:
#   code: lan.reserved_unfit
#   severity: deny
#   remedy: Reserve addresses between both ends of the pool, and leave enough of them.
deny contains {"code": "lan.reserved_unfit", "path": change.path} if {
	not input.point == "rollback"
	changes := input.plan.changes["Device.DHCPv4.Server.Pool.{i}.ReservedAddresses"]
	some change in changes
	not _reserved(change)
}

# METADATA
# title: The home network moves
# description: Every device in the home is cut off until it asks for its new address.
# custom:
#   code: lan.moves
#   severity: review
#   remedy: Make sure that the subscriber knows, and which of their devices have an address typed in.
review contains {"code": "lan.moves", "path": change.path, "group": "approvers"} if {
	some template in {
		"Device.DHCPv4.Server.Pool.{i}.IPRouters",
		"Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress",
	}
	changes := input.plan.changes[template]
	some change in changes
}

# An empty text splits into one empty address, which no list names.
_all_listed(change) if {
	is_string(change.after)
	every address in split(change.after, ",") {
		address in resolvers.addresses
	}
}

# The walled garden, whole: beside another resolver, a home would get in and out of it by chance.
# Who may lead a home there is for the topic of suspension to say.
_all_listed(change) if {
	is_string(change.after)
	every address in split(change.after, ",") {
		address in suspension.resolvers
	}
}

# The device's own address: it passes on what is asked of it.
_all_listed(change) if _own(change)

_own(change) if {
	is_string(change.after)
	change.after == input.pools[change.path].own
}

_of_a_home(change) if {
	is_string(change.after)
	input.lans[change.path].own == true
	some beginning in lan.networks
	startswith(change.after, beginning)
}

_followed(change) if input.lans[change.path].followed == true

_reserved(change) if change.path in _reserving

# The changes that leave enough, and name only addresses of the pool.
_reserving contains at if {
	some at, pool in input.pools
	pool.kept.count == 0
}

_reserving contains at if {
	is_object(input.pools)
	is_number(dhcp.min_addresses)
	some at, pool in input.pools
	is_number(pool.first)
	is_number(pool.last)
	kept := pool.kept
	is_number(kept.least)
	is_number(kept.most)
	is_number(kept.left)
	kept.least >= pool.first
	kept.most <= pool.last
	kept.left >= dhcp.min_addresses
}
