# METADATA
# title: Who comes in from the identity provider
# description: Their groups decide their tenant and their roles; nothing else that they claim does
package gatewright.entry

import rego.v1

import data.gatewright.identity
import data.gatewright.roles

default entry := null

# METADATA
# title: What the groups of somebody are worth here
# description: One tenant and at least one role, or nothing
# entrypoint: true
# scope: document
entry := {"tenant": tenant, "roles": _roles, "groups": _groups} if {
	# Of two tenants nobody knows which is meant.
	count(_tenants) == 1
	count(_roles) > 0
	some tenant in _tenants
}

_worth contains worth if {
	some position, group in input.groups
	is_number(position)
	is_string(group)
	worth := identity.groups[group]
}

_tenants contains worth.tenant if some worth in _worth

_roles contains role if {
	some worth in _worth
	some role in worth.roles

	# A role that may do nothing is none.
	roles[role]
}

_groups contains group if {
	some worth in _worth
	some group in worth.groups
}
