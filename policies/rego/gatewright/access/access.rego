# METADATA
# title: Who may do what
# description: The one question that the front door asks of a caller
package gatewright.access

import rego.v1

import data.gatewright.roles

default allow := false

# METADATA
# title: May this caller do this
# description: A role of the caller grants the action, in the tenant that the caller belongs to
# entrypoint: true
# scope: document
allow if {
	_same_tenant
	_granted
	_in_scope
	not _machine_must_not
}

# Two tenants that nobody named are not the same tenant.
_same_tenant if {
	is_string(input.tenant)
	input.tenant != ""
	input.principal.tenant == input.tenant
}

_granted if {
	is_string(input.action)
	some role in input.principal.roles
	input.action in roles[role]
}

# A credential for some actions is good for no other; null is one without such a limit.
_in_scope if input.scopes == null

_in_scope if {
	some position, scope in input.scopes
	is_number(position)
	scope == input.action
}

# Whatever the roles say: only what is known to be a person answers reviews or hands out power.
_machine_must_not if {
	input.action in {
		"approve",
		"break_glass",
		"manage_halt",
		"manage_policy",
		"manage_tokens",
		"manage_users",
		"manage_webhooks",
		"roll_out",
	}
	not input.principal.kind == "person"
}
