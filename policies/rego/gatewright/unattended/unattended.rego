# METADATA
# title: What is done unattended
# description: A machine acts alone only where that was earned, and where a person said so
package gatewright.unattended

import rego.v1

import data.gatewright.autonomy

# METADATA
# title: Not trusted to act alone
# description: This playbook stands at {level} on this model, so nobody lets it act alone yet.
# custom:
#   code: unattended.not_alone
#   severity: review
#   remedy: Approve it by hand; once the evidence carries it, raise it with gatewright autonomy raise.
review contains {
	"code": "unattended.not_alone", "path": "",
	"group": "approvers", "about": {"level": level},
} if {
	_machine
	level := object.get(input, ["autonomy", "level"], null)
	not _alone
}

# METADATA
# title: Too little behind it
# description: Changes for this cause were tried {tried} times on this model, too few or too often in vain to act alone.
# custom:
#   code: unattended.thin
#   severity: review
#   remedy: Approve it by hand until the record is good enough.
review contains {
	"code": "unattended.thin", "path": "",
	"group": "approvers", "about": {"tried": tried},
} if {
	_machine
	_alone
	tried := object.get(input, ["autonomy", "tried"], null)
	not _earned
}

# What is not known to be a person is held to be a machine.
_machine if not input.asker.kind == "person"

_alone if input.autonomy.level == "act_alone"

_earned if {
	is_number(input.autonomy.tried)
	is_number(input.autonomy.lower_bound)
	is_number(input.autonomy.in_a_row)
	is_number(autonomy.alone.tried)
	is_number(autonomy.alone.lower_bound)
	is_number(autonomy.alone.in_a_row)
	input.autonomy.tried >= autonomy.alone.tried
	input.autonomy.lower_bound >= autonomy.alone.lower_bound
	input.autonomy.in_a_row >= autonomy.alone.in_a_row
}
