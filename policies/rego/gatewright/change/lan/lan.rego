# METADATA
# title: The network in the home
# description: The resolvers that the device hands out to what is connected to it
package gatewright.change.lan

import rego.v1

import data.gatewright.resolvers
import data.gatewright.suspension

covers := {"Device.DHCPv4.Server.Pool.{i}.DNSServers"}

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
