package gatewright.access_test

import rego.v1

import data.gatewright.access

test_each_role_may_do_what_it_is_for if {
	every role, action in {
		"admin": "manage_tokens",
		"approver": "approve",
		"automation": "propose",
		"operator": "import_inventory",
		"support": "chat",
	} {
		access.allow with input as _asks(role, action)
	}
}

test_no_role_does_what_it_is_not_for if {
	every pair in [
		["support", "approve"],
		["support", "manage_halt"],
		["approver", "propose"],
		["automation", "approve"],
		["automation", "comment"],
		["admin", "approve"],
		["admin", "propose"],
		["nobody", "read"],
		[null, "read"],
		["support", null],
		["support", "fly"],
	] {
		not access.allow with input as _asks(pair[0], pair[1])
	}
}

test_an_empty_question_is_refused if {
	every asked in [null, {}, {"principal": {}}, {"tenant": "a"}] {
		not access.allow with input as asked
	}
}

test_another_tenant_is_refused if {
	not access.allow with input as object.union(_asks("support", "read"), {"tenant": "other"})
}

test_two_unnamed_tenants_are_not_the_same if {
	every tenant in [null, "", 0] {
		asked := object.union(_asks("support", "read"), {"tenant": tenant, "principal": {"tenant": tenant}})
		not access.allow with input as asked
	}
}

test_a_machine_never_approves_whatever_its_roles if {
	every action in ["approve", "manage_halt", "manage_tokens", "roll_out"] {
		roles := {"automation": [action]}
		asked := object.union(_asks("automation", action), {"principal": {"kind": "machine"}})
		not access.allow with input as asked with data.gatewright.roles as roles
	}
}

test_a_machine_may_read_chat_and_propose if {
	every action in ["read", "chat", "propose", "fetch_policy"] {
		access.allow with input as object.union(_asks("automation", action), {"principal": {"kind": "machine"}})
	}
}

test_without_data_nobody_may_do_anything if {
	not access.allow with input as _asks("support", "read") with data.gatewright.roles as {}
}

test_a_scope_takes_away_and_never_gives if {
	access.allow with input as _scoped("support", "read", ["read"])
	access.allow with input as _scoped("support", "propose", ["read", "propose"])
	every pair in [
		["propose", ["read"]],
		["propose", []],
		["approve", ["approve"]],
		["read", "read"],
		["read", {"read": "read"}],
		["read", [["read"]]],
		["read", 0],
		["read", false],
	] {
		not access.allow with input as _scoped("support", pair[0], pair[1])
	}
}

test_a_credential_that_does_not_say_its_scopes_is_good_for_nothing if {
	not access.allow with input as object.remove(_asks("support", "read"), ["scopes"])
}

_scoped(role, action, scopes) := object.union(_asks(role, action), {"scopes": scopes})

_asks(role, action) := {
	"action": action,
	"principal": {"kind": "person", "roles": [role], "tenant": "default"},
	"scopes": null,
	"tenant": "default",
}
