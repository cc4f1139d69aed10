package gatewright.entry_test

import rego.v1

import data.gatewright.entry

test_the_groups_of_somebody_are_added_up if {
	found := entry.entry with input as _several with data.gatewright.identity as _identity
	found == {"tenant": "north", "roles": {"approver", "support"}, "groups": {"approvers", "noc"}}
}

test_one_group_is_enough if {
	found := entry.entry with input as {"groups": ["desk"]} with data.gatewright.identity as _identity
	found == {"tenant": "north", "roles": {"support"}, "groups": set()}
}

test_groups_that_nobody_mapped_give_nothing if {
	every groups in [[], ["gardeners"], [""], ["Desk"], [["desk"]], [null], [0]] {
		entry.entry == null with input as {"groups": groups} with data.gatewright.identity as _identity
	}
}

test_groups_of_two_tenants_give_nothing if {
	entry.entry == null with input as {"groups": ["desk", "south-desk"]} with data.gatewright.identity as _identity
}

test_what_is_no_list_of_groups_gives_nothing if {
	every groups in [null, "desk", {"desk": "desk"}, {"desk"}, 0, true] {
		entry.entry == null with input as {"groups": groups} with data.gatewright.identity as _identity
	}
}

test_an_empty_question_gives_nothing if {
	every asked in [null, {}, {"principal": {"roles": ["admin"]}}] {
		entry.entry == null with input as asked with data.gatewright.identity as _identity
	}
}

test_a_role_that_may_do_nothing_is_none if {
	entry.entry == null with input as {"groups": ["kings"]} with data.gatewright.identity as _identity
}

test_nobody_comes_in_unless_the_operator_says_so if {
	every groups in [["leads"], ["admin"], ["default"]] {
		entry.entry == null with input as {"groups": groups}
	}
}

_several := {"groups": ["leads", "desk", "gardeners"]}

_identity := {"groups": {
	"leads": {"tenant": "north", "roles": ["approver"], "groups": ["approvers", "noc"]},
	"desk": {"tenant": "north", "roles": ["support"], "groups": []},
	"south-desk": {"tenant": "south", "roles": ["support"], "groups": []},
	"kings": {"tenant": "north", "roles": ["king"], "groups": []},
}}
